import type { Texts } from "../en";

export const phone: Texts["phone"] = {
  title: "El modelo en este dispositivo",
  lead: "El modelo puede funcionar en este dispositivo. Así ninguna foto sale de él, y usted recibe respuestas sin red.",
  automatic: "Automático",
  now: {
    phone: "Las fotos se analizan en este dispositivo.",
    server: "Las fotos se analizan en el servidor.",
  },
  why: {
    chosen: "Usted lo eligió.",
    fast: "Es lo bastante rápido.",
    offline: "Aquí es lento, pero no hay red.",
    slow: "En este dispositivo es lento. Sin red se usa de todos modos.",
    no_model: "El modelo aún no está en este dispositivo.",
    failed: "Este navegador no pudo ejecutar el modelo.",
  },
  kept: (name, version, size) => `El modelo ${name} ${version} está en este dispositivo (${size}).`,
  speed: (milliseconds) => `Una foto tarda ${milliseconds} ms.`,
  slowSpeed: (seconds) => `Una foto tarda ${seconds} s.`,
  notKept: (size) =>
    `El modelo no está en este dispositivo. Ocupa ${size} y se descarga solo cuando no le cuesta nada, o cuando usted lo pide.`,
  fetch: "Descargar el modelo",
  fetchAgain: "Intentar de nuevo",
  fetching: (share) => `El modelo está llegando a este dispositivo: ${share}`,
  remove: "Borrar el modelo",
  fetchTroubles: {
    network: "La conexión se cortó. Lo que ya está aquí se queda.",
    damaged: "El modelo no llegó como se envió, así que no se guardó.",
    full: "No hay espacio suficiente en este dispositivo para el modelo.",
  },
  unchecked:
    "El servidor rechaza las fotos en las que se ve una cara. Aquí no se comprueba, porque la foto se queda con usted.",
  privacy:
    "Este dispositivo mira su foto él mismo; no sale de él. Lo que usted guarda también se queda aquí.",
  analysed: { phone: "Analizada en este dispositivo.", server: "Analizada en el servidor." },
  waiting: "A la espera de este dispositivo",
  keptText: "No se envía. Se analiza en cuanto este dispositivo pueda.",
  sendToServer: "Enviarla al servidor",
  troubles: {
    phone_no_model: "El modelo aún no está en este dispositivo.",
    phone_unreadable: "Este navegador no puede abrir este tipo de foto. Quizá el servidor pueda.",
    phone_failed: "Este dispositivo no pudo analizar la foto. Inténtelo de nuevo o envíela al servidor.",
  },
  about:
    "Con el modelo en su dispositivo, la foto se analiza allí y no se envía. Usted lo elige en los ajustes.",
};
