import type { CaptureTexts } from "./en";

export const capture: CaptureTexts = {
  title: "Fotografare la macchia",
  lead: "Metta la macchia nel cerchio e tenga fermo il telefono.",
  asking: "Consenta l’uso della fotocamera. Non si registra nulla prima dello scatto.",
  number: (number, most) => `Foto ${number} di ${most}`,
  preview: "Immagine dal vivo della fotocamera",
  hints: {
    off_centre: "Metta la macchia nel cerchio",
    too_far: "Si avvicini",
    moving: "Tenga fermo il telefono",
    too_dark: "Serve più luce",
    too_bright: "Serve meno luce",
    blurred: "Sfocata. Si allontani un po’",
    good: "Bene. Tenga fermo",
  },
  closerByZoom: "Si avvicini o ingrandisca",
  goodByHand: "Bene. Scatti la foto",
  shoot: "Scattare la foto",
  stop: "Fermare l’autoscatto",
  taking: "Scatto in corso",
  left: (seconds) => `${seconds} secondi`,
  automatic: "Scatto automatico",
  timer: "Autoscatto",
  timerOff: "No",
  seconds: (seconds) => `${seconds} s`,
  torch: "Luce",
  lens: (number, count) => `Fotocamera ${number} di ${count}, cambiare`,
  zoom: "Zoom",
  ghost: "Foto precedente",
  choose: "Foto",
  chooseLong: "Scegliere una foto",
  phoneCamera: "Usare la fotocamera del telefono",
  again: "Riprovare",
  blocked: {
    denied: {
      title: "La fotocamera non è consentita",
      text: "La consenta per questa pagina nelle impostazioni del browser, poi riprovi. Oppure scatti la foto in un altro modo:",
    },
    none: {
      title: "Nessuna fotocamera trovata",
      text: "Ne colleghi una e riprovi, oppure scelga una foto che ha già.",
    },
    busy: {
      title: "La fotocamera è occupata",
      text: "Sembra che la usi un’altra app o pagina. La chiuda, poi riprovi. Oppure scatti la foto in un altro modo:",
    },
    stopped: {
      title: "La fotocamera si è fermata",
      text: "Un’altra app l’ha presa, oppure è stata scollegata. Riprovi, oppure scatti la foto in un altro modo:",
    },
    insecure: {
      title: "La fotocamera dal vivo richiede un indirizzo sicuro",
      text: "Questa pagina è stata aperta senza cifratura (http), perciò il browser tiene chiusa la fotocamera. Può scattare la foto in un altro modo:",
    },
  },
  another: "Scattare un’altra foto",
};
