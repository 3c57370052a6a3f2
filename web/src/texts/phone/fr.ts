import type { Texts } from "../en";

export const phone: Texts["phone"] = {
  title: "Le modèle sur cet appareil",
  lead: "Le modèle peut fonctionner sur cet appareil. Alors aucune photo ne le quitte, et vous avez des réponses sans réseau.",
  automatic: "Automatique",
  now: {
    phone: "Les photos sont analysées sur cet appareil.",
    server: "Les photos sont analysées sur le serveur.",
  },
  why: {
    chosen: "C’est votre choix.",
    fast: "Il est assez rapide.",
    offline: "C’est lent ici, mais il n’y a pas de réseau.",
    slow: "C’est lent sur cet appareil. Sans réseau, il sert tout de même.",
    no_model: "Le modèle n’est pas encore sur cet appareil.",
    failed: "Ce navigateur n’a pas pu faire fonctionner le modèle.",
  },
  kept: (name, version, size) => `Le modèle ${name} ${version} est sur cet appareil (${size}).`,
  speed: (milliseconds) => `Une photo prend ${milliseconds} ms.`,
  slowSpeed: (seconds) => `Une photo prend ${seconds} s.`,
  notKept: (size) =>
    `Le modèle n’est pas sur cet appareil. Il pèse ${size} et est téléchargé de lui-même quand cela ne vous coûte rien, ou quand vous le demandez.`,
  fetch: "Télécharger le modèle",
  fetchAgain: "Réessayer",
  fetching: (share) => `Le modèle arrive sur cet appareil : ${share}`,
  remove: "Supprimer le modèle",
  fetchTroubles: {
    network: "La connexion a été coupée. Ce qui est déjà ici y reste.",
    damaged: "Le modèle n’est pas arrivé tel qu’il a été envoyé ; il n’a pas été gardé.",
    full: "Il n’y a pas assez de place sur cet appareil pour le modèle.",
  },
  unchecked:
    "Le serveur renvoie les photos où l’on voit un visage. Ici ce n’est pas vérifié, car la photo reste chez vous.",
  privacy:
    "Cet appareil regarde lui-même votre photo ; elle ne le quitte pas. Ce que vous gardez reste ici aussi.",
  analysed: { phone: "Analysée sur cet appareil.", server: "Analysée sur le serveur." },
  waiting: "En attente de cet appareil",
  keptText: "Elle n’est pas envoyée. Elle est analysée dès que cet appareil le peut.",
  sendToServer: "L’envoyer au serveur",
  troubles: {
    phone_no_model: "Le modèle n’est pas encore sur cet appareil.",
    phone_unreadable: "Ce navigateur ne peut pas ouvrir ce type de photo. Le serveur le peut peut-être.",
    phone_failed: "Cet appareil n’a pas pu analyser la photo. Réessayez, ou envoyez-la au serveur.",
  },
  about:
    "Quand le modèle est sur votre appareil, la photo y est analysée et n’est pas envoyée du tout. Vous choisissez dans les réglages.",
};
