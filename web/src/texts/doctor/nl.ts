import type { DoctorTexts } from "./en";

export const doctor: DoctorTexts = {
  title: "Voor de arts",
  lead: "Een verslag om af te drukken of te versturen. Het wordt op dit apparaat gemaakt.",
  none: "Bewaar eerst een uitslag; daarna kunt u er een verslag van maken.",
  spot: "Plekje",
  photos: "Foto’s",
  photosHelp: "De gekozen foto’s komen in het verslag, met het antwoord van die dag.",
  sections: "Wat erin komt",
  section: {
    estimate: "De inschattingen van de app",
    answers: "Mijn antwoorden",
    course: "Het verloop",
    notes: "Mijn notities",
  },
  person: "Uw naam (niet verplicht)",
  born: "Geboortedatum (niet verplicht)",
  preview: "Voorbeeld",
  pdf: "PDF",
  print: "Afdrukken",
  send: "Naar de arts sturen",
  sending: {
    title: "Naar de arts sturen",
    to: "E-mailadres van de arts (hier niet verplicht)",
    toWrong: "Dit is geen e-mailadres.",
    replyTo: "Uw e-mailadres, voor het antwoord (niet verplicht)",
    subject: "Onderwerp",
    message: "Uw bericht",
    subjectDefault: "Een plekje op mijn huid",
    messageDefault:
      "Geachte dokter,\n\nWilt u de bijgevoegde foto’s en het verslag bekijken?\n\nMet vriendelijke groet",
    attached: (count) => (count === 1 ? "1 bijlage" : `${count} bijlagen`),
    preparing: "Het verslag wordt voorbereid…",
    sending: "Wordt verstuurd…",
    share: "Versturen met een andere app",
    shareHelp: "Opent uw mailapp, of een andere, met foto’s en verslag als bijlage.",
    server: "Versturen via deze server",
    serverHelp:
      "De server mailt bericht, foto’s en verslag naar de arts, met een eigen onderwerp, en bewaart niets.",
    lacks: {
      address: "Vul hiervoor boven het e-mailadres van de arts in.",
      photos: "Kies hiervoor één tot drie foto’s.",
      message: "Schrijf hiervoor een bericht.",
    },
    email: "Opslaan als e-mailconcept",
    emailHelp:
      "Een bestand dat uw mailprogramma als concept opent, met foto’s en verslag als bijlage. Controleer daar het adres en verstuur.",
    privacy: "Een gewone e-mail is niet versleuteld. Vraag de praktijk of er een veiliger manier is.",
    done: {
      share: "Doorgegeven aan de andere app.",
      server: "De mailserver heeft de mail aangenomen. Of hij wordt gelezen, weet alleen de praktijk.",
      email: "Het concept is opgeslagen. Open het met uw mailprogramma.",
    },
    kept: "Uw bericht is bewaard.",
    unsent: (when) => `Het versturen van uw brief van ${when} is niet gelukt.`,
    again: "Opnieuw versturen",
    codes: {
      recipient_not_allowed:
        "Deze server mag niet naar dat adres schrijven. Controleer het, of gebruik uw eigen mailapp.",
      address_invalid:
        "Een van de adressen is geen gewoon e-mailadres. Schrijf het als naam@praktijk.example.",
      referrals_off: "Deze server verstuurt geen mail meer. Gebruik uw eigen mailapp.",
      malformed_request:
        "Zo kan het bericht niet worden verstuurd. Schrijf hoogstens 4000 tekens gewone tekst.",
      report_unusable: "Het verslag is te groot om te versturen. Kies er minder foto’s voor.",
      mail_too_large: "De mail is te groot. Kies minder foto’s.",
      photo_unusable: "Een van de foto’s kan niet worden verstuurd. Laat die weg.",
      mail_refused:
        "De mailserver van de arts weigert de mail. Controleer het adres; dezelfde mail wordt ook later niet aangenomen.",
      mail_misconfigured:
        "De mail van deze server is verkeerd ingesteld; de beheerder moet dat herstellen. Er is niets verstuurd.",
      mail_deferred:
        "De mailserver van de arts neemt de mail nu niet aan. Er is niets verstuurd; probeer het over een paar minuten opnieuw.",
      mail_unreachable:
        "De mailserver is niet te bereiken. Er is niets verstuurd; probeer het later opnieuw.",
      mail_unsure:
        "De verbinding brak af toen de mail werd overgedragen. Hij kan zijn aangekomen; opnieuw verstuurd komt hij misschien dubbel.",
      rate_limited: "Dat was veel mail in korte tijd. Er is niets verstuurd; probeer het later opnieuw.",
      overloaded: "Er versturen nu veel mensen. Er is niets verstuurd; probeer het straks opnieuw.",
      too_slow: "Uw verbinding is traag. Er is niets verstuurd; probeer het waar die beter is.",
      offline: "U bent offline. Er is niets verstuurd.",
      network:
        "De server is niet te bereiken. Brak de verbinding af tijdens het versturen, dan kan de mail toch zijn aangekomen.",
      internal_error: "Er ging bij ons iets mis. Probeer het later opnieuw.",
    },
    failed: "Dat lukte niet. Uw bericht is bewaard; probeer het opnieuw, of kies een andere manier.",
    cancelled: "Niet verstuurd. Uw bericht is bewaard.",
  },
  report: {
    title: (name) => `Plekje op de huid: ${name}`,
    made: (date) => `Verslag van ${date}`,
    made_by:
      "Gemaakt met Lentigo, een app die schat op grond van foto’s. Het is geen medisch hulpmiddel, en dit is geen diagnose.",
    person: "Persoon",
    born: "Geboren",
    place: "Plaats op het lichaam",
    followed: "Gevolgd sinds",
    photoCount: "Bewaarde foto’s",
    photos: "Foto’s",
    estimate: (date) => `Inschatting van ${date}`,
    chance: "Kans op kanker of een vroeg stadium",
    outcome: "Uitkomst",
    model: "Model",
    answers: "Antwoorden van de persoon",
    course: "Verloop",
    notes: "Notities van de persoon",
    of100: (value) => `${value} op 100`,
    page: (page, pages) => `Pagina ${page} van ${pages}`,
  },
};
