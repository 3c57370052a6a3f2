import type { Texts } from "../en";

export const phone: Texts["phone"] = {
  title: "Het model op dit apparaat",
  lead: "Het model kan op dit apparaat werken. Dan verlaat geen foto het apparaat, en krijgt u ook zonder netwerk antwoord.",
  automatic: "Automatisch",
  now: {
    phone: "Foto’s worden op dit apparaat bekeken.",
    server: "Foto’s worden op de server bekeken.",
  },
  why: {
    chosen: "Dat hebt u gekozen.",
    fast: "Het is snel genoeg.",
    offline: "Het is hier traag, maar er is geen netwerk.",
    slow: "Op dit apparaat is het traag. Zonder netwerk wordt het toch gebruikt.",
    no_model: "Het model is nog niet op dit apparaat.",
    failed: "Deze browser kon het model niet uitvoeren.",
  },
  kept: (name, version, size) => `Het model ${name} ${version} is op dit apparaat (${size}).`,
  speed: (milliseconds) => `Een foto duurt ${milliseconds} ms.`,
  slowSpeed: (seconds) => `Een foto duurt ${seconds} s.`,
  notKept: (size) =>
    `Het model is niet op dit apparaat. Het is ${size} groot en wordt vanzelf opgehaald waar het u niets kost, of als u dat zegt.`,
  fetch: "Model ophalen",
  fetchAgain: "Opnieuw proberen",
  fetching: (share) => `Het model komt naar dit apparaat: ${share}`,
  remove: "Model verwijderen",
  fetchTroubles: {
    network: "De verbinding is verbroken. Wat al hier is, blijft.",
    damaged: "Het model kwam niet aan zoals het is verstuurd, en is niet bewaard.",
    full: "Er is op dit apparaat niet genoeg ruimte voor het model.",
  },
  unchecked:
    "De server stuurt foto’s terug waarop een gezicht te zien is. Hier wordt dat niet nagegaan, want de foto blijft bij u.",
  privacy: "Dit apparaat bekijkt uw foto zelf; die verlaat het niet. Wat u bewaart, blijft ook hier.",
  analysed: { phone: "Bekeken op dit apparaat.", server: "Bekeken op de server." },
  waiting: "Wacht op dit apparaat",
  keptText: "De foto wordt niet verstuurd. Ze wordt bekeken zodra dit apparaat dat kan.",
  sendToServer: "Naar de server sturen",
  troubles: {
    phone_no_model: "Het model is nog niet op dit apparaat.",
    phone_unreadable: "Deze browser kan dit soort foto niet openen. De server misschien wel.",
    phone_failed: "Dit apparaat kon de foto niet bekijken. Probeer het opnieuw, of stuur hem naar de server.",
  },
  about:
    "Met het model op uw apparaat wordt de foto daar bekeken en helemaal niet verstuurd. U kiest dat in de instellingen.",
};
