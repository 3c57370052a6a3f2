// What is said about analysing photos on the phone itself, in English. Another language is one more file of the same shape.
export const phone = {
  title: "The model on this device",
  lead: "The model can run on this device. Then no photo leaves it, and you get answers without a network.",
  automatic: "Automatic",
  now: {
    phone: "Photos are analysed on this device.",
    server: "Photos are analysed on the server.",
  },
  why: {
    chosen: "You chose this.",
    fast: "It is fast enough.",
    offline: "It is slow here, but there is no network.",
    slow: "This device is slow at it. Without a network it is used all the same.",
    no_model: "The model is not on this device yet.",
    failed: "This browser could not run the model.",
  },
  kept: (name: string, version: string, size: string) =>
    `The model ${name} ${version} is on this device (${size}).`,
  speed: (milliseconds: string) => `A photo takes ${milliseconds} ms.`,
  slowSpeed: (seconds: string) => `A photo takes ${seconds} s.`,
  notKept: (size: string) =>
    `The model is not on this device. It has ${size}, and is fetched by itself where that costs you nothing, or when you say so.`,
  fetch: "Fetch the model",
  fetchAgain: "Try again",
  fetching: (share: string) => `The model is on its way to this device: ${share}`,
  remove: "Delete the model",
  fetchTroubles: {
    network: "The connection broke off. What is already here stays.",
    damaged: "The model did not arrive as it was sent, so it was not kept.",
    full: "There is not enough space on this device for the model.",
  },
  unchecked:
    "On the server, photos that show a face are sent back. That is not checked here, as the photo stays with you.",
  privacy: "This device looks at your photo itself; it does not leave it. What you keep stays here too.",
  analysed: { phone: "Analysed on this device.", server: "Analysed on the server." },
  waiting: "Waiting for this device",
  keptText: "It is not sent. It is analysed as soon as this device can.",
  sendToServer: "Send it to the server",
  troubles: {
    phone_no_model: "The model is not on this device yet.",
    phone_unreadable: "This browser cannot open this kind of photo. The server may.",
    phone_failed: "This device could not analyse the photo. Try again, or send it to the server.",
  },
  about:
    "With the model on your device, the photo is analysed there and is not sent at all. You choose in the settings.",
};
