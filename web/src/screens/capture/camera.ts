// The phone's camera: opening it, its lenses, light and zoom, and the picture itself.
import { readSetting, writeSetting } from "../../storage/settings";
import { orTell } from "../../storage/trouble";

export type CameraCode = "insecure" | "denied" | "none" | "busy";

export class CameraTrouble extends Error {
  constructor(readonly code: CameraCode) {
    super(code);
  }
}

export interface Zoom {
  min: number;
  max: number;
  step: number;
  value: number;
}

export interface Camera {
  stream: MediaStream;
  track: MediaStreamTrack;
  deviceId: string;
  // A camera that faces the person is shown as a mirror does.
  facesUser: boolean;
  hasTorch: boolean;
  zoom: Zoom | null;
  // All cameras, those on the back first.
  lenses: readonly string[];
}

// What TypeScript's DOM leaves out of the Image Capture specification.
interface Capabilities extends MediaTrackCapabilities {
  torch?: boolean;
  zoom?: { min: number; max: number; step?: number };
  focusMode?: string[];
}
interface PhotoSettings {
  imageWidth?: number;
  imageHeight?: number;
}
interface ImageCapture {
  takePhoto(settings?: PhotoSettings): Promise<Blob>;
  getPhotoCapabilities(): Promise<{ imageWidth?: { max: number }; imageHeight?: { max: number } }>;
}
declare const ImageCapture: (new (track: MediaStreamTrack) => ImageCapture) | undefined;

const IDEAL = { width: { ideal: 2560 }, height: { ideal: 1920 } };
// A photo larger than this costs memory and time, and the cut-out square is smaller by far.
const MOST_PHOTO_PX = 4096;
// Some phones never answer takePhoto.
const PHOTO_MS = 4000;
const JPEG_QUALITY = 0.95;

// Opens the camera that was used last, else the one on the back. Throws CameraTrouble.
export async function openCamera(deviceId?: string): Promise<Camera> {
  // Browsers hide the camera from pages that came without encryption.
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraTrouble(isSecureContext ? "none" : "insecure");
  const wanted = deviceId ?? (await orTell(readSetting<string>("camera"))) ?? undefined;
  try {
    return await described(await open(wanted));
  } catch (error) {
    throw toTrouble(error);
  }
}

function open(deviceId: string | undefined): Promise<MediaStream> {
  // None of this is required: a camera that has less is better than none, and one that is gone is replaced.
  const which = deviceId ? { deviceId: { ideal: deviceId } } : { facingMode: { ideal: "environment" } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { ...IDEAL, ...which } });
}

async function described(stream: MediaStream): Promise<Camera> {
  const [track] = stream.getVideoTracks();
  if (!track) throw new CameraTrouble("none");
  const { deviceId = "", facingMode } = track.getSettings();
  const capabilities = capabilitiesOf(track);
  if (capabilities.focusMode?.includes("continuous")) await adjust(track, { focusMode: "continuous" });
  return {
    stream,
    track,
    deviceId,
    facesUser: facingMode === "user",
    hasTorch: capabilities.torch === true,
    zoom: zoomOf(track, capabilities),
    lenses: await lenses(),
  };
}

function capabilitiesOf(track: MediaStreamTrack): Capabilities {
  // Firefox lacks it.
  return track.getCapabilities?.() ?? {};
}

function zoomOf(track: MediaStreamTrack, { zoom }: Capabilities): Zoom | null {
  if (!zoom || zoom.max <= zoom.min) return null;
  const value = (track.getSettings() as { zoom?: number }).zoom ?? zoom.min;
  return { min: zoom.min, max: zoom.max, step: zoom.step || (zoom.max - zoom.min) / 100, value };
}

// Browsers name the cameras only once one was allowed.
async function lenses(): Promise<string[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const cameras = devices.filter((one) => one.kind === "videoinput" && one.deviceId);
  return cameras.sort((a, b) => Number(isFront(a)) - Number(isFront(b))).map((one) => one.deviceId);
}

function isFront(device: MediaDeviceInfo): boolean {
  const facing = (device as InputDeviceInfo).getCapabilities?.().facingMode;
  return facing?.length ? facing.includes("user") : /front|user|facetime/i.test(device.label);
}

function toTrouble(error: unknown): CameraTrouble {
  if (error instanceof CameraTrouble) return error;
  switch ((error as Error | null)?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return new CameraTrouble("denied");
    case "NotReadableError":
    case "AbortError":
      return new CameraTrouble("busy");
    default:
      return new CameraTrouble("none");
  }
}

export function closeCamera(camera: Camera): void {
  for (const track of camera.stream.getTracks()) track.stop();
}

// The camera after this one, which is then taken first the next time.
export async function nextLens(camera: Camera): Promise<string | undefined> {
  const next = camera.lenses[(camera.lenses.indexOf(camera.deviceId) + 1) % camera.lenses.length];
  await orTell(writeSetting("camera", next));
  return next;
}

// Whether the light is then on.
export async function setTorch(camera: Camera, on: boolean): Promise<boolean> {
  return (await adjust(camera.track, { torch: on })) ? on : !on;
}

export function setZoom(camera: Camera, value: number): Promise<boolean> {
  return adjust(camera.track, { zoom: value });
}

async function adjust(track: MediaStreamTrack, setting: Record<string, unknown>): Promise<boolean> {
  try {
    await track.applyConstraints({ advanced: [setting as MediaTrackConstraintSet] });
    return true;
  } catch {
    // A phone that promises more than it can do; the picture is as it was.
    return false;
  }
}

// A picture in the sensor's full resolution where the browser can, else the frame that is shown, as a JPEG.
export async function takePhoto(camera: Camera, video: HTMLVideoElement): Promise<Blob> {
  const frame = frameOf(video);
  const photo = await still(camera.track);
  return photo && (await isLarger(photo, frame)) ? photo : toJpeg(frame);
}

async function still(track: MediaStreamTrack): Promise<Blob | null> {
  if (typeof ImageCapture === "undefined") return null;
  const capture = new ImageCapture(track);
  const photo = async () => {
    const { imageWidth, imageHeight } = await capture.getPhotoCapabilities();
    const most = Math.max(imageWidth?.max ?? 0, imageHeight?.max ?? 0);
    const wanted = Math.min(1, MOST_PHOTO_PX / most);
    return capture.takePhoto(
      imageWidth && imageHeight && most > 0
        ? {
            imageWidth: Math.round(imageWidth.max * wanted),
            imageHeight: Math.round(imageHeight.max * wanted),
          }
        : undefined,
    );
  };
  const late = new Promise<null>((resolve) => setTimeout(resolve, PHOTO_MS, null));
  return Promise.race([photo().catch(() => null), late]);
}

// Some phones give a thumbnail as their photo.
async function isLarger(photo: Blob, frame: HTMLCanvasElement): Promise<boolean> {
  try {
    const image = await createImageBitmap(photo);
    const least = Math.min(image.width, image.height);
    image.close();
    return least >= Math.min(frame.width, frame.height);
  } catch {
    return false;
  }
}

function frameOf(video: HTMLVideoElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return canvas;
}

function toJpeg(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new CameraTrouble("busy"))),
      "image/jpeg",
      JPEG_QUALITY,
    ),
  );
}
