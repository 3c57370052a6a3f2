import type { CaptureTexts } from "./en";

export const capture: CaptureTexts = {
  title: "Maak een foto van de plek",
  lead: "Breng de plek in de cirkel en houd stil.",
  asking: "Sta de camera toe. Er wordt niets vastgelegd voordat er een foto is gemaakt.",
  number: (number, most) => `Foto ${number} van ${most}`,
  preview: "Livebeeld van de camera",
  hints: {
    off_centre: "Breng de plek in de cirkel",
    too_far: "Kom dichterbij",
    moving: "Houd stil",
    too_dark: "Meer licht, graag",
    too_bright: "Minder licht, graag",
    blurred: "Niet scherp. Iets verder weg",
    good: "Goed. Houd stil",
  },
  closerByZoom: "Kom dichterbij of zoom in",
  goodByHand: "Goed. Maak de foto",
  shoot: "Foto maken",
  stop: "Timer stoppen",
  taking: "De foto wordt gemaakt",
  left: (seconds) => `${seconds} seconden`,
  automatic: "Vanzelf afdrukken",
  timer: "Timer",
  timerOff: "Uit",
  seconds: (seconds) => `${seconds} s`,
  torch: "Licht",
  lens: (number, count) => `Camera ${number} van ${count}, wisselen`,
  zoom: "Zoom",
  ghost: "Vorige foto",
  choose: "Foto’s",
  chooseLong: "Kies een foto",
  phoneCamera: "Gebruik de camera van de telefoon",
  again: "Probeer opnieuw",
  blocked: {
    denied: {
      title: "De camera is niet toegestaan",
      text: "Sta de camera voor deze pagina toe in de instellingen van de browser en probeer het opnieuw. Of maak de foto op een andere manier:",
    },
    none: {
      title: "Geen camera gevonden",
      text: "Sluit er een aan en probeer het opnieuw, of kies een foto die u al hebt.",
    },
    busy: {
      title: "De camera is bezet",
      text: "Een andere app of pagina lijkt de camera te gebruiken. Sluit die en probeer het opnieuw. Of maak de foto op een andere manier:",
    },
    stopped: {
      title: "De camera is gestopt",
      text: "Een andere app heeft de camera overgenomen, of die is losgekoppeld. Probeer het opnieuw, of maak de foto op een andere manier:",
    },
    insecure: {
      title: "De livecamera heeft een veilig adres nodig",
      text: "Deze pagina is zonder versleuteling (http) geopend, daarom houdt de browser de camera dicht. U kunt de foto op een andere manier maken:",
    },
  },
  another: "Nog een foto maken",
};
