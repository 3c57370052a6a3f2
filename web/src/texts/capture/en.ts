// What the camera screen says, in English. Another language is one more file of the same shape.
export const capture = {
  title: "Photograph the spot",
  lead: "Put the spot in the circle and hold still.",
  asking: "Please allow the camera. Nothing is recorded until a picture is taken.",
  number: (number: number, most: number) => `Photo ${number} of ${most}`,
  preview: "Live picture of the camera",
  hints: {
    off_centre: "Put the spot in the circle",
    too_far: "Move closer",
    moving: "Hold still",
    too_dark: "More light, please",
    too_bright: "Less light, please",
    blurred: "Not sharp. Move back a little",
    good: "Good. Hold still",
  },
  closerByZoom: "Move closer, or zoom in",
  goodByHand: "Good. Take the picture",
  shoot: "Take the picture",
  stop: "Stop the timer",
  taking: "Taking the picture",
  left: (seconds: number) => `${seconds} seconds`,
  automatic: "Take it when it is good",
  timer: "Timer",
  timerOff: "Off",
  seconds: (seconds: number) => `${seconds} s`,
  torch: "Light",
  lens: (number: number, count: number) => `Camera ${number} of ${count}, switch`,
  zoom: "Zoom",
  ghost: "Last photo",
  choose: "Photos",
  chooseLong: "Choose a picture",
  phoneCamera: "Use the phone’s own camera",
  again: "Try again",
  blocked: {
    denied: {
      title: "The camera is not allowed",
      text: "Allow it in the settings of this browser for this page, then try again. Or take the picture another way:",
    },
    none: {
      title: "No camera was found",
      text: "Connect one and try again, or choose a picture that you already have.",
    },
    busy: {
      title: "The camera is busy",
      text: "Another app or page uses it, it seems. Close that one, then try again. Or take the picture another way:",
    },
    stopped: {
      title: "The camera stopped",
      text: "Another app took it, or it was unplugged. Try again, or take the picture another way:",
    },
    insecure: {
      title: "The live camera needs a secure address",
      text: "This page was opened without encryption (http), so the browser keeps the camera closed. You can take the picture another way:",
    },
  },
  another: "Take one more",
};

export type CaptureTexts = typeof capture;
