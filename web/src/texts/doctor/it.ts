import type { DoctorTexts } from "./en";

export const doctor: DoctorTexts = {
  title: "Per il medico",
  lead: "Una relazione da stampare o inviare. Viene fatta su questo dispositivo.",
  none: "Conservi prima un risultato; poi potrà farne una relazione.",
  spot: "Macchia",
  photos: "Foto",
  photosHelp: "Le foto scelte vanno nella relazione, con la risposta di quel giorno.",
  sections: "Che cosa includere",
  section: {
    estimate: "Le stime dell’app",
    answers: "Le mie risposte",
    course: "L’andamento",
    notes: "Le mie note",
  },
  person: "Il Suo nome (facoltativo)",
  born: "Data di nascita (facoltativa)",
  preview: "Anteprima",
  pdf: "PDF",
  print: "Stampa",
  send: "Invia al medico",
  sending: {
    title: "Invia al medico",
    to: "Indirizzo e-mail del medico (qui facoltativo)",
    toWrong: "Questo non è un indirizzo e-mail.",
    replyTo: "Il Suo indirizzo e-mail, per la risposta (facoltativo)",
    subject: "Oggetto",
    message: "Il Suo messaggio",
    subjectDefault: "Una macchia sulla mia pelle",
    messageDefault:
      "Gentile dottore, gentile dottoressa,\n\nprego di guardare le foto e la relazione allegate.\n\nCordiali saluti",
    attached: (count) => (count === 1 ? "1 allegato" : `${count} allegati`),
    preparing: "Preparazione della relazione…",
    sending: "Invio in corso…",
    share: "Invia con un’altra app",
    shareHelp: "Apre la Sua app di posta, o un’altra, con foto e relazione allegate.",
    server: "Invia tramite questo server",
    serverHelp:
      "Il server invia al medico messaggio, foto e relazione, con un oggetto proprio, e non conserva nulla.",
    lacks: {
      address: "Per questo, scriva sopra l’indirizzo e-mail del medico.",
      photos: "Per questo, scelga da una a tre foto.",
      message: "Per questo, scriva un messaggio.",
    },
    email: "Salva come bozza di e-mail",
    emailHelp:
      "Un file che il Suo programma di posta apre come bozza, con foto e relazione allegate. Lì controlli l’indirizzo e invii.",
    privacy: "Una normale e-mail non è cifrata. Chieda allo studio se c’è una via più sicura.",
    done: {
      share: "Passato all’altra app.",
      server: "Il server di posta ha accettato l’e-mail. Solo lo studio sa se viene letta.",
      email: "La bozza è stata salvata. La apra con il Suo programma di posta.",
    },
    kept: "Il Suo messaggio è conservato.",
    unsent: (when) => `L’invio della Sua lettera del ${when} non è riuscito.`,
    again: "Invia di nuovo",
    codes: {
      recipient_not_allowed:
        "Questo server non può scrivere a quell’indirizzo. Lo controlli, o usi la Sua app di posta.",
      address_invalid:
        "Uno degli indirizzi non è un semplice indirizzo e-mail. Lo scriva come nome@clinica.example.",
      referrals_off: "Questo server non invia più e-mail. Usi la Sua app di posta.",
      malformed_request:
        "Il messaggio non si può inviare così. Scriva al massimo 4000 caratteri di testo semplice.",
      report_unusable: "La relazione è troppo grande per essere inviata. Scelga meno foto.",
      mail_too_large: "L’e-mail è troppo grande. Scelga meno foto.",
      photo_unusable: "Una delle foto non si può inviare. La tolga.",
      mail_refused:
        "Il server di posta del medico rifiuta l’e-mail. Controlli l’indirizzo; la stessa non sarà accettata neanche più tardi.",
      mail_misconfigured:
        "La posta di questo server è impostata male; deve rimediare chi lo gestisce. Non è stato inviato nulla.",
      mail_deferred:
        "Il server di posta del medico ora non accetta l’e-mail. Non è stato inviato nulla; riprovi tra qualche minuto.",
      mail_unreachable:
        "Il server di posta non è raggiungibile. Non è stato inviato nulla; riprovi più tardi.",
      mail_unsure:
        "La connessione si è interrotta durante la consegna dell’e-mail. Può essere arrivata; inviata di nuovo, può arrivare due volte.",
      rate_limited: "Sono state molte e-mail in poco tempo. Non è stato inviato nulla; riprovi più tardi.",
      overloaded: "In questo momento inviano in molti. Non è stato inviato nulla; riprovi tra poco.",
      too_slow: "La Sua connessione è lenta. Non è stato inviato nulla; riprovi dove è migliore.",
      offline: "È offline. Non è stato inviato nulla.",
      network:
        "Il server non è raggiungibile. Se la connessione si è interrotta durante l’invio, l’e-mail può essere arrivata lo stesso.",
      internal_error: "Qualcosa è andato storto da parte nostra. Riprovi più tardi.",
    },
    failed: "Non ha funzionato. Il Suo messaggio è conservato; riprovi, o scelga un’altra via.",
    cancelled: "Non inviato. Il Suo messaggio è conservato.",
  },
  report: {
    title: (name) => `Macchia della pelle: ${name}`,
    made: (date) => `Relazione del ${date}`,
    made_by:
      "Fatta con Lentigo, un’app che stima dalle foto. Non è un dispositivo medico, e questa non è una diagnosi.",
    person: "Persona",
    born: "Data di nascita",
    place: "Punto del corpo",
    followed: "Seguita dal",
    photoCount: "Foto conservate",
    photos: "Foto",
    estimate: (date) => `Stima del ${date}`,
    chance: "Probabilità di tumore o di una fase iniziale",
    outcome: "Esito",
    model: "Modello",
    answers: "Risposte della persona",
    course: "Andamento",
    notes: "Note della persona",
    of100: (value) => `${value} su 100`,
    page: (page, pages) => `Pagina ${page} di ${pages}`,
  },
};
