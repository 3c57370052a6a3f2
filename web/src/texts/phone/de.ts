import type { Texts } from "../en";

export const phone: Texts["phone"] = {
  title: "Das Modell auf diesem Gerät",
  lead: "Das Modell kann auf diesem Gerät laufen. Dann verlässt kein Foto das Gerät, und Sie bekommen auch ohne Netz Antworten.",
  automatic: "Automatisch",
  now: {
    phone: "Fotos werden auf diesem Gerät ausgewertet.",
    server: "Fotos werden auf dem Server ausgewertet.",
  },
  why: {
    chosen: "Sie haben das gewählt.",
    fast: "Es ist schnell genug.",
    offline: "Hier dauert es lange, aber es gibt kein Netz.",
    slow: "Auf diesem Gerät dauert es lange. Ohne Netz wird es trotzdem verwendet.",
    no_model: "Das Modell ist noch nicht auf diesem Gerät.",
    failed: "Dieser Browser konnte das Modell nicht ausführen.",
  },
  kept: (name, version, size) => `Das Modell ${name} ${version} ist auf diesem Gerät (${size}).`,
  speed: (milliseconds) => `Ein Foto dauert ${milliseconds} ms.`,
  slowSpeed: (seconds) => `Ein Foto dauert ${seconds} s.`,
  notKept: (size) =>
    `Das Modell ist nicht auf diesem Gerät. Es hat ${size} und wird von selbst geholt, wo es Sie nichts kostet, oder wenn Sie es sagen.`,
  fetch: "Modell holen",
  fetchAgain: "Noch einmal versuchen",
  fetching: (share) => `Das Modell ist auf dem Weg zu diesem Gerät: ${share}`,
  remove: "Modell löschen",
  fetchTroubles: {
    network: "Die Verbindung ist abgebrochen. Was schon hier ist, bleibt.",
    damaged: "Das Modell kam nicht so an, wie es gesendet wurde, und wurde nicht behalten.",
    full: "Auf diesem Gerät ist nicht genug Platz für das Modell.",
  },
  unchecked:
    "Der Server weist Fotos zurück, auf denen ein Gesicht zu sehen ist. Hier wird das nicht geprüft, denn das Foto bleibt bei Ihnen.",
  privacy:
    "Dieses Gerät sieht sich Ihr Foto selbst an; es verlässt das Gerät nicht. Was Sie behalten, bleibt auch hier.",
  analysed: { phone: "Auf diesem Gerät ausgewertet.", server: "Auf dem Server ausgewertet." },
  waiting: "Wartet auf dieses Gerät",
  keptText: "Es wird nicht gesendet. Es wird ausgewertet, sobald dieses Gerät das kann.",
  sendToServer: "An den Server senden",
  troubles: {
    phone_no_model: "Das Modell ist noch nicht auf diesem Gerät.",
    phone_unreadable: "Dieser Browser kann diese Art Foto nicht öffnen. Der Server kann es vielleicht.",
    phone_failed:
      "Dieses Gerät konnte das Foto nicht auswerten. Versuchen Sie es noch einmal, oder senden Sie es an den Server.",
  },
  about:
    "Ist das Modell auf Ihrem Gerät, wird das Foto dort ausgewertet und gar nicht gesendet. Das wählen Sie in den Einstellungen.",
};
