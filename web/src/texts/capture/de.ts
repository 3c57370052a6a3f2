import type { CaptureTexts } from "./en";

export const capture: CaptureTexts = {
  title: "Fleck fotografieren",
  lead: "Bringen Sie den Fleck in den Kreis, und halten Sie still.",
  asking: "Bitte erlauben Sie die Kamera. Es wird nichts gespeichert, bevor ein Bild aufgenommen ist.",
  number: (number, most) => `Foto ${number} von ${most}`,
  preview: "Livebild der Kamera",
  hints: {
    off_centre: "Fleck in den Kreis bringen",
    too_far: "Näher heran",
    moving: "Still halten",
    too_dark: "Mehr Licht, bitte",
    too_bright: "Weniger Licht, bitte",
    blurred: "Unscharf. Etwas weiter weg",
    good: "Gut. Still halten",
  },
  closerByZoom: "Näher heran oder zoomen",
  goodByHand: "Gut. Jetzt aufnehmen",
  shoot: "Bild aufnehmen",
  stop: "Selbstauslöser anhalten",
  taking: "Bild wird aufgenommen",
  left: (seconds) => `${seconds} Sekunden`,
  automatic: "Von selbst auslösen",
  timer: "Timer",
  timerOff: "Aus",
  seconds: (seconds) => `${seconds} s`,
  torch: "Licht",
  lens: (number, count) => `Kamera ${number} von ${count}, wechseln`,
  zoom: "Zoom",
  ghost: "Letztes Foto",
  choose: "Fotos",
  chooseLong: "Bild auswählen",
  phoneCamera: "Kamera-App des Telefons nutzen",
  again: "Noch einmal versuchen",
  blocked: {
    denied: {
      title: "Die Kamera ist nicht erlaubt",
      text: "Erlauben Sie sie in den Einstellungen dieses Browsers für diese Seite und versuchen Sie es noch einmal. Oder nehmen Sie das Bild anders auf:",
    },
    none: {
      title: "Keine Kamera gefunden",
      text: "Schließen Sie eine an und versuchen Sie es noch einmal, oder wählen Sie ein vorhandenes Bild aus.",
    },
    busy: {
      title: "Die Kamera ist belegt",
      text: "Offenbar benutzt sie eine andere App oder Seite. Schließen Sie diese und versuchen Sie es noch einmal. Oder nehmen Sie das Bild anders auf:",
    },
    stopped: {
      title: "Die Kamera hat aufgehört",
      text: "Eine andere App hat sie übernommen, oder sie wurde abgezogen. Versuchen Sie es noch einmal, oder nehmen Sie das Bild anders auf:",
    },
    insecure: {
      title: "Die Livekamera braucht eine sichere Adresse",
      text: "Diese Seite wurde ohne Verschlüsselung (http) geöffnet, deshalb gibt der Browser die Kamera nicht frei. Sie können das Bild anders aufnehmen:",
    },
  },
  another: "Noch ein Foto aufnehmen",
};
