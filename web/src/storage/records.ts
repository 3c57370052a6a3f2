// What the phone keeps. Blobs are photos as they were sent: upright, cropped, without EXIF.
import type { Answers, Assessment } from "../api/client";
import type { Place } from "../phone/choice";

// A spot that is followed over time.
export interface Spot {
  id: string;
  name: string;
  site: string | null;
  bundle: string | null;
  created: number;
  notes: string;
  // When to look again, in milliseconds since 1970; null for no reminder.
  due: number | null;
  // The `due` that a notification has told of, so that it tells once.
  told?: number | null;
}

export interface Photo {
  id: string;
  spotId: string;
  assessmentId: string;
  taken: number;
  blob: Blob;
  size?: PhotoSize;
  // The spot's mean colour less the skin's, in CIELAB (../look/region.ts); null when no spot was found.
  contrast?: readonly [number, number, number] | null;
  // How this photo is laid over an earlier one, by the earlier one's id.
  alignments?: Record<string, Alignment>;
}

// Lays a photo over another: first turned by `angle` degrees (clockwise) and scaled about its middle, then moved by
// `x` and `y`, fractions of the frame's side.
export interface Alignment {
  x: number;
  y: number;
  scale: number;
  angle: number;
}

// Fractions of the photo's width and height.
export interface Point {
  x: number;
  y: number;
}

export type Segment = readonly [Point, Point];

// A size as the person marked it: something of known length, and the spot's longest diameter.
export interface PhotoSize {
  // An id of screens/measure/references.ts, or "ruler".
  reference: string;
  reference_mm: number;
  referenceMark: Segment;
  spotMark: Segment;
  diameter_mm: number;
  error_mm: number;
}

// One answer about a kept spot, with the photos that it is about in the order they were sent.
export interface KeptAssessment extends Analysed {
  id: string;
  spotId: string;
  created: number;
  photoIds: string[];
  bundle: string | null;
  answers: Answers;
  assessment: Assessment;
}

// Where a photo is analysed. Missing in records from before phones could; those went to the server.
export interface Analysed {
  analysedOn?: Place | undefined;
}

export type QueueState = "waiting" | "answered" | "refused";

// Photos on their way to an answer. Whatever is asked goes through here, so that a lost network loses nothing.
export interface QueueItem extends Analysed {
  id: string;
  created: number;
  spotId: string | null;
  bundle: string | null;
  answers: Answers;
  locale: string;
  photos: Blob[];
  state: QueueState;
  attempts: number;
  // Why the last attempt failed, as a code of texts.trouble.codes.
  code: string | null;
  assessment: Assessment | null;
  // The spot it was kept in; a second tap must not keep it twice.
  keptIn: string | null;
  seen: boolean;
  // What the notification says, in the language of the moment: the service worker has no texts.
  notice: { title: string; body: string };
}

// The square that is looked at: its centre and side as fractions of the photo's width, height and shorter side.
export interface Crop {
  x: number;
  y: number;
  side: number;
}

export interface DraftPhoto {
  id: string;
  file: Blob;
  crop: Crop;
}

// The photos in hand, before they are sent. There is one draft, and it survives a reload.
export interface Draft {
  id: string;
  created: number;
  spotId: string | null;
  bundle: string | null;
  answers: Answers;
  photos: DraftPhoto[];
  // The queue item it was sent as, once it was.
  sentAs: string | null;
}

export function newId(): string {
  // Not randomUUID, which Chrome 90 lacks.
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
