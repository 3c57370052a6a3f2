import type { DoctorTexts } from "./en";

export const doctor: DoctorTexts = {
  title: "Pour le médecin",
  lead: "Un rapport à imprimer ou à envoyer. Il est fait sur cet appareil.",
  none: "Conservez d’abord un résultat ; vous pourrez ensuite en faire un rapport.",
  spot: "Tache",
  photos: "Photos",
  photosHelp: "Les photos choisies vont dans le rapport, avec la réponse de ce jour-là.",
  sections: "À inclure",
  section: {
    estimate: "Les estimations de l’application",
    answers: "Mes réponses",
    course: "L’évolution",
    notes: "Mes notes",
  },
  person: "Votre nom (facultatif)",
  born: "Date de naissance (facultatif)",
  preview: "Aperçu",
  pdf: "PDF",
  print: "Imprimer",
  send: "Envoyer au médecin",
  sending: {
    title: "Envoyer au médecin",
    to: "Adresse e-mail du médecin (facultatif ici)",
    toWrong: "Ce n’est pas une adresse e-mail.",
    replyTo: "Votre adresse e-mail, pour la réponse (facultatif)",
    subject: "Objet",
    message: "Votre message",
    subjectDefault: "Une tache sur ma peau",
    messageDefault:
      "Bonjour docteur,\n\nVeuillez regarder les photos et le rapport ci-joints.\n\nCordialement",
    attached: (count) => (count === 1 ? "1 pièce jointe" : `${count} pièces jointes`),
    preparing: "Préparation du rapport…",
    sending: "Envoi en cours…",
    share: "Envoyer avec une autre application",
    shareHelp: "Ouvre votre application de messagerie, ou une autre, avec photos et rapport joints.",
    server: "Envoyer par ce serveur",
    serverHelp:
      "Le serveur envoie au médecin le message, les photos et le rapport, avec un objet à lui, et ne garde rien.",
    lacks: {
      address: "Pour cela, indiquez ci-dessus l’adresse e-mail du médecin.",
      photos: "Pour cela, choisissez une à trois photos.",
      message: "Pour cela, écrivez un message.",
    },
    email: "Enregistrer un brouillon d’e-mail",
    emailHelp:
      "Un fichier que votre messagerie ouvre comme brouillon, avec photos et rapport joints. Vérifiez-y l’adresse, puis envoyez.",
    privacy: "Un e-mail ordinaire n’est pas chiffré. Demandez au cabinet s’il existe un moyen plus sûr.",
    done: {
      share: "Transmis à l’autre application.",
      server: "Le serveur de messagerie a pris l’e-mail en charge. Seul le cabinet peut dire s’il a été lu.",
      email: "Le brouillon est enregistré. Ouvrez-le avec votre messagerie.",
    },
    kept: "Votre message est conservé.",
    unsent: (when) => `L’envoi de votre lettre du ${when} n’a pas abouti.`,
    again: "Renvoyer",
    codes: {
      recipient_not_allowed:
        "Ce serveur n’a pas le droit d’écrire à cette adresse. Vérifiez-la, ou utilisez votre propre messagerie.",
      address_invalid:
        "L’une des adresses n’est pas une simple adresse e-mail. Écrivez-la comme nom@clinique.example.",
      referrals_off: "Ce serveur n’envoie plus d’e-mails. Utilisez votre propre messagerie.",
      malformed_request:
        "Le message ne peut pas être envoyé ainsi. Écrivez au plus 4000 caractères de texte simple.",
      report_unusable: "Le rapport est trop lourd pour être envoyé. Choisissez moins de photos.",
      mail_too_large: "L’e-mail est trop lourd. Choisissez moins de photos.",
      photo_unusable: "L’une des photos ne peut pas être envoyée. Retirez-la.",
      mail_refused:
        "Le serveur de messagerie du médecin refuse l’e-mail. Vérifiez l’adresse ; le même ne sera pas accepté plus tard non plus.",
      mail_misconfigured:
        "L’envoi d’e-mails est mal réglé sur ce serveur ; son exploitant doit y remédier. Rien n’a été envoyé.",
      mail_deferred:
        "Le serveur de messagerie du médecin n’accepte pas l’e-mail pour l’instant. Rien n’a été envoyé ; réessayez dans quelques minutes.",
      mail_unreachable:
        "Le serveur de messagerie est injoignable. Rien n’a été envoyé ; réessayez plus tard.",
      mail_unsure:
        "La connexion s’est coupée pendant la remise de l’e-mail. Il est peut-être arrivé ; renvoyé, il peut arriver deux fois.",
      rate_limited: "Beaucoup d’e-mails en peu de temps. Rien n’a été envoyé ; réessayez plus tard.",
      overloaded: "Beaucoup de personnes envoient en ce moment. Rien n’a été envoyé ; réessayez bientôt.",
      too_slow: "Votre connexion est lente. Rien n’a été envoyé ; réessayez là où elle est meilleure.",
      offline: "Vous êtes hors ligne. Rien n’a été envoyé.",
      network:
        "Le serveur est injoignable. Si la connexion s’est coupée pendant l’envoi, l’e-mail est peut-être arrivé quand même.",
      internal_error: "Un problème est survenu de notre côté. Réessayez plus tard.",
    },
    failed: "Cela n’a pas marché. Votre message est conservé ; réessayez, ou choisissez un autre moyen.",
    cancelled: "Pas envoyé. Votre message est conservé.",
  },
  report: {
    title: (name) => `Tache cutanée : ${name}`,
    made: (date) => `Rapport du ${date}`,
    made_by:
      "Fait avec Lentigo, une application qui estime d’après des photos. Ce n’est pas un dispositif médical, et ceci n’est pas un diagnostic.",
    person: "Personne",
    born: "Date de naissance",
    place: "Endroit du corps",
    followed: "Suivie depuis",
    photoCount: "Photos conservées",
    photos: "Photos",
    estimate: (date) => `Estimation du ${date}`,
    chance: "Probabilité de cancer ou d’un stade précoce",
    outcome: "Résultat",
    model: "Modèle",
    answers: "Réponses de la personne",
    course: "Évolution",
    notes: "Notes de la personne",
    of100: (value) => `${value} sur 100`,
    page: (page, pages) => `Page ${page} sur ${pages}`,
  },
};
