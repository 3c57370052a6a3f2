import type { CaptureTexts } from "./en";

export const capture: CaptureTexts = {
  title: "Photographier la tache",
  lead: "Placez la tache dans le cercle et ne bougez plus.",
  asking: "Autorisez l’appareil photo. Rien n’est enregistré avant la prise de vue.",
  number: (number, most) => `Photo ${number} sur ${most}`,
  preview: "Image en direct de l’appareil photo",
  hints: {
    off_centre: "Placez la tache dans le cercle",
    too_far: "Rapprochez-vous",
    moving: "Ne bougez plus",
    too_dark: "Il faut plus de lumière",
    too_bright: "Il faut moins de lumière",
    blurred: "Pas net. Reculez un peu",
    good: "C’est bon. Ne bougez plus",
  },
  closerByZoom: "Rapprochez-vous ou zoomez",
  goodByHand: "C’est bon. Prenez la photo",
  shoot: "Prendre la photo",
  stop: "Arrêter le retardateur",
  taking: "Prise de la photo",
  left: (seconds) => `${seconds} secondes`,
  automatic: "Déclencher tout seul",
  timer: "Retardateur",
  timerOff: "Non",
  seconds: (seconds) => `${seconds} s`,
  torch: "Lampe",
  lens: (number, count) => `Appareil ${number} sur ${count}, changer`,
  zoom: "Zoom",
  ghost: "Photo précédente",
  choose: "Photos",
  chooseLong: "Choisir une photo",
  phoneCamera: "Utiliser l’appareil photo du téléphone",
  again: "Réessayer",
  blocked: {
    denied: {
      title: "L’appareil photo n’est pas autorisé",
      text: "Autorisez-le pour cette page dans les réglages du navigateur, puis réessayez. Ou prenez la photo autrement :",
    },
    none: {
      title: "Aucun appareil photo trouvé",
      text: "Branchez-en un et réessayez, ou choisissez une photo que vous avez déjà.",
    },
    busy: {
      title: "L’appareil photo est occupé",
      text: "Une autre application ou page semble l’utiliser. Fermez-la, puis réessayez. Ou prenez la photo autrement :",
    },
    stopped: {
      title: "L’appareil photo s’est arrêté",
      text: "Une autre application l’a pris, ou il a été débranché. Réessayez, ou prenez la photo autrement :",
    },
    insecure: {
      title: "L’image en direct demande une adresse sécurisée",
      text: "Cette page a été ouverte sans chiffrement (http), le navigateur garde donc l’appareil photo fermé. Vous pouvez prendre la photo autrement :",
    },
  },
  another: "Prendre une autre photo",
};
