import type { DoctorTexts } from "./en";

export const doctor: DoctorTexts = {
  title: "Für die Arztpraxis",
  lead: "Ein Bericht zum Drucken oder Senden. Er entsteht auf diesem Gerät.",
  none: "Behalten Sie zuerst ein Ergebnis; daraus lässt sich dann ein Bericht machen.",
  spot: "Fleck",
  photos: "Fotos",
  photosHelp: "Die gewählten Fotos kommen in den Bericht, mit der Antwort von jenem Tag.",
  sections: "Was hinein soll",
  section: {
    estimate: "Die Einschätzungen der App",
    answers: "Meine Antworten",
    course: "Der Verlauf",
    notes: "Meine Notizen",
  },
  person: "Ihr Name (freiwillig)",
  born: "Geburtsdatum (freiwillig)",
  preview: "Vorschau",
  pdf: "PDF",
  print: "Drucken",
  send: "An die Praxis senden",
  sending: {
    title: "An die Praxis senden",
    to: "E-Mail-Adresse der Praxis (hier freiwillig)",
    toWrong: "Das ist keine E-Mail-Adresse.",
    replyTo: "Ihre E-Mail-Adresse, für die Antwort (freiwillig)",
    subject: "Betreff",
    message: "Ihre Nachricht",
    subjectDefault: "Ein Fleck auf meiner Haut",
    messageDefault:
      "Guten Tag,\n\nbitte sehen Sie sich die angehängten Fotos und den Bericht an.\n\nMit freundlichen Grüßen",
    attached: (count) => (count === 1 ? "1 Anhang" : `${count} Anhänge`),
    preparing: "Der Bericht wird vorbereitet …",
    sending: "Wird gesendet …",
    share: "Mit einer anderen App senden",
    shareHelp: "Öffnet Ihre Mail-App oder eine andere, mit Fotos und Bericht im Anhang.",
    server: "Von diesem Server senden lassen",
    serverHelp:
      "Der Server schickt Nachricht, Fotos und Bericht an die Praxis, mit eigenem Betreff, und behält nichts.",
    lacks: {
      address: "Schreiben Sie dafür oben die E-Mail-Adresse der Praxis hinein.",
      photos: "Wählen Sie dafür ein bis drei Fotos aus.",
      message: "Schreiben Sie dafür eine Nachricht.",
    },
    email: "Als E-Mail-Entwurf speichern",
    emailHelp:
      "Eine Datei, die Ihr Mailprogramm als Entwurf öffnet, mit Fotos und Bericht im Anhang. Prüfen Sie dort die Adresse und senden Sie.",
    privacy:
      "Eine gewöhnliche E-Mail ist nicht verschlüsselt. Fragen Sie die Praxis nach einem sichereren Weg.",
    done: {
      share: "An die andere App übergeben.",
      server: "Der Mailserver hat die E-Mail angenommen. Ob sie gelesen wird, weiß nur die Praxis.",
      email: "Der Entwurf wurde gespeichert. Öffnen Sie ihn mit Ihrem Mailprogramm.",
    },
    kept: "Ihre Nachricht bleibt erhalten.",
    unsent: (when) => `Das Senden Ihres Briefs vom ${when} hat nicht geklappt.`,
    again: "Noch einmal senden",
    codes: {
      recipient_not_allowed:
        "Dieser Server darf an diese Adresse nicht schreiben. Prüfen Sie sie, oder nehmen Sie Ihre eigene Mail-App.",
      address_invalid:
        "Eine der Adressen ist keine einfache E-Mail-Adresse. Schreiben Sie sie wie name@praxis.example.",
      referrals_off: "Dieser Server verschickt keine E-Mails mehr. Nehmen Sie Ihre eigene Mail-App.",
      malformed_request:
        "So lässt sich die Nachricht nicht senden. Schreiben Sie höchstens 4000 Zeichen einfachen Text.",
      report_unusable: "Der Bericht ist zu groß zum Senden. Wählen Sie weniger Fotos dafür.",
      mail_too_large: "Die E-Mail ist zu groß. Wählen Sie weniger Fotos.",
      photo_unusable: "Eines der Fotos lässt sich nicht senden. Lassen Sie es weg.",
      mail_refused:
        "Der Mailserver der Praxis lehnt die E-Mail ab. Prüfen Sie die Adresse; auch später wird dieselbe nicht angenommen.",
      mail_misconfigured:
        "Der Mailversand dieses Servers ist falsch eingestellt; wer ihn betreibt, muss das beheben. Nichts wurde gesendet.",
      mail_deferred:
        "Der Mailserver der Praxis nimmt die E-Mail gerade nicht an. Nichts wurde gesendet; versuchen Sie es in einigen Minuten noch einmal.",
      mail_unreachable:
        "Der Mailserver ist nicht zu erreichen. Nichts wurde gesendet; versuchen Sie es später noch einmal.",
      mail_unsure:
        "Die Verbindung brach ab, während die E-Mail übergeben wurde. Sie kann angekommen sein; noch einmal gesendet, kommt sie vielleicht doppelt.",
      rate_limited:
        "Das waren viele E-Mails in kurzer Zeit. Nichts wurde gesendet; versuchen Sie es später noch einmal.",
      overloaded: "Gerade senden viele. Nichts wurde gesendet; versuchen Sie es bald noch einmal.",
      too_slow: "Ihre Verbindung ist langsam. Nichts wurde gesendet; versuchen Sie es, wo sie besser ist.",
      offline: "Sie sind offline. Nichts wurde gesendet.",
      network:
        "Der Server ist nicht zu erreichen. Falls die Verbindung beim Senden abbrach, kann die E-Mail trotzdem angekommen sein.",
      internal_error: "Bei uns ist etwas schiefgegangen. Versuchen Sie es später noch einmal.",
    },
    failed:
      "Das hat nicht geklappt. Ihre Nachricht bleibt erhalten; versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.",
    cancelled: "Nicht gesendet. Ihre Nachricht bleibt erhalten.",
  },
  report: {
    title: (name) => `Hautfleck: ${name}`,
    made: (date) => `Bericht vom ${date}`,
    made_by:
      "Erstellt mit Lentigo, einer App, die aus Fotos schätzt. Sie ist kein Medizinprodukt, und dies ist keine Diagnose.",
    person: "Person",
    born: "Geboren",
    place: "Körperstelle",
    followed: "Beobachtet seit",
    photoCount: "Fotos aufbewahrt",
    photos: "Fotos",
    estimate: (date) => `Einschätzung vom ${date}`,
    chance: "Wahrscheinlichkeit von Krebs oder einer Vorstufe",
    outcome: "Ergebnis",
    model: "Modell",
    answers: "Antworten der Person",
    course: "Verlauf",
    notes: "Notizen der Person",
    of100: (value) => `${value} von 100`,
    page: (page, pages) => `Seite ${page} von ${pages}`,
  },
};
