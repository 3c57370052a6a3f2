// Which part of the live picture is seen in the finder, and looked at: the square in its middle.
import type { Size } from "../../crop";
import type { Crop } from "../../storage/records";
import { FRAME_PX, type Pixels } from "./measures";

// Side in the video's own pixels, when it covers a finder of this size.
export function squarePx(video: Size, finder: Size): number {
  const scale = Math.max(finder.width / video.width, finder.height / video.height);
  return Math.min(finder.width, finder.height) / scale;
}

// The same square in the photo that is taken, whatever its resolution.
export function cropOf(video: Size, finder: Size): Crop {
  return { x: 0.5, y: 0.5, side: Math.min(1, squarePx(video, finder) / Math.min(video.width, video.height)) };
}

export function videoSize(video: HTMLVideoElement): Size {
  return { width: video.videoWidth, height: video.videoHeight };
}

export function finderSize(video: HTMLVideoElement): Size {
  return { width: video.clientWidth, height: video.clientHeight };
}

// Gives the square of the current frame, made small; null while there is none.
export function framer(): (video: HTMLVideoElement) => Pixels | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = FRAME_PX;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context) context.imageSmoothingQuality = "high";
  return (video) => {
    const size = videoSize(video);
    if (!context || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || size.width === 0) return null;
    const side = squarePx(size, finderSize(video));
    const left = (size.width - side) / 2;
    const top = (size.height - side) / 2;
    context.drawImage(video, left, top, side, side, 0, 0, FRAME_PX, FRAME_PX);
    return context.getImageData(0, 0, FRAME_PX, FRAME_PX).data;
  };
}
