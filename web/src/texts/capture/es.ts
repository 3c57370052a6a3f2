import type { CaptureTexts } from "./en";

export const capture: CaptureTexts = {
  title: "Fotografiar la mancha",
  lead: "Ponga la mancha dentro del círculo y no se mueva.",
  asking: "Permita el uso de la cámara. No se guarda nada hasta que se hace la foto.",
  number: (number, most) => `Foto ${number} de ${most}`,
  preview: "Imagen en directo de la cámara",
  hints: {
    off_centre: "Ponga la mancha en el círculo",
    too_far: "Acérquese más",
    moving: "No se mueva",
    too_dark: "Hace falta más luz",
    too_bright: "Hace falta menos luz",
    blurred: "Borrosa. Aléjese un poco",
    good: "Bien. No se mueva",
  },
  closerByZoom: "Acérquese más o amplíe",
  goodByHand: "Bien. Haga la foto",
  shoot: "Hacer la foto",
  stop: "Parar el temporizador",
  taking: "Haciendo la foto",
  left: (seconds) => `${seconds} segundos`,
  automatic: "Disparar sola",
  timer: "Temporizador",
  timerOff: "No",
  seconds: (seconds) => `${seconds} s`,
  torch: "Luz",
  lens: (number, count) => `Cámara ${number} de ${count}, cambiar`,
  zoom: "Zoom",
  ghost: "Foto anterior",
  choose: "Fotos",
  chooseLong: "Elegir una foto",
  phoneCamera: "Usar la cámara del teléfono",
  again: "Intentar de nuevo",
  blocked: {
    denied: {
      title: "La cámara no está permitida",
      text: "Permítala para esta página en los ajustes del navegador e inténtelo de nuevo. O haga la foto de otra manera:",
    },
    none: {
      title: "No se encontró ninguna cámara",
      text: "Conecte una e inténtelo de nuevo, o elija una foto que ya tenga.",
    },
    busy: {
      title: "La cámara está ocupada",
      text: "Parece que la usa otra aplicación o página. Ciérrela e inténtelo de nuevo. O haga la foto de otra manera:",
    },
    stopped: {
      title: "La cámara se ha parado",
      text: "Otra aplicación la ha tomado o se ha desconectado. Inténtelo de nuevo o haga la foto de otra manera:",
    },
    insecure: {
      title: "La cámara en directo necesita una dirección segura",
      text: "Esta página se abrió sin cifrado (http), por eso el navegador no abre la cámara. Puede hacer la foto de otra manera:",
    },
  },
  another: "Hacer otra foto",
};
