import type { Texts } from "../en";

export const phone: Texts["phone"] = {
  title: "Il modello su questo dispositivo",
  lead: "Il modello può funzionare su questo dispositivo. Così nessuna foto lo lascia, e ha risposte anche senza rete.",
  automatic: "Automatico",
  now: {
    phone: "Le foto vengono analizzate su questo dispositivo.",
    server: "Le foto vengono analizzate sul server.",
  },
  why: {
    chosen: "L’ha scelto lei.",
    fast: "È abbastanza veloce.",
    offline: "Qui è lento, ma non c’è rete.",
    slow: "Su questo dispositivo è lento. Senza rete si usa comunque.",
    no_model: "Il modello non è ancora su questo dispositivo.",
    failed: "Questo browser non è riuscito a eseguire il modello.",
  },
  kept: (name, version, size) => `Il modello ${name} ${version} è su questo dispositivo (${size}).`,
  speed: (milliseconds) => `Una foto richiede ${milliseconds} ms.`,
  slowSpeed: (seconds) => `Una foto richiede ${seconds} s.`,
  notKept: (size) =>
    `Il modello non è su questo dispositivo. Occupa ${size} e viene scaricato da solo dove non le costa nulla, o quando lo chiede lei.`,
  fetch: "Scarica il modello",
  fetchAgain: "Riprova",
  fetching: (share) => `Il modello sta arrivando su questo dispositivo: ${share}`,
  remove: "Elimina il modello",
  fetchTroubles: {
    network: "La connessione si è interrotta. Ciò che è già qui resta.",
    damaged: "Il modello non è arrivato come è stato inviato, quindi non è stato conservato.",
    full: "Su questo dispositivo non c’è abbastanza spazio per il modello.",
  },
  unchecked:
    "Il server rifiuta le foto in cui si vede un volto. Qui non viene controllato, perché la foto resta con lei.",
  privacy: "Questo dispositivo guarda da sé la sua foto; non lo lascia. Anche ciò che conserva resta qui.",
  analysed: { phone: "Analizzata su questo dispositivo.", server: "Analizzata sul server." },
  waiting: "In attesa di questo dispositivo",
  keptText: "Non viene inviata. Viene analizzata appena questo dispositivo può farlo.",
  sendToServer: "Inviala al server",
  troubles: {
    phone_no_model: "Il modello non è ancora su questo dispositivo.",
    phone_unreadable: "Questo browser non può aprire questo tipo di foto. Forse il server può.",
    phone_failed: "Questo dispositivo non è riuscito ad analizzare la foto. Riprovi, o la invii al server.",
  },
  about:
    "Con il modello sul suo dispositivo, la foto viene analizzata lì e non viene inviata. Lo sceglie nelle impostazioni.",
};
