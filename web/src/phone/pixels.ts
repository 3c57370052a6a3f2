// A photo's pixels, upright and in sRGB, as the browser decodes them.
import { decode } from "../crop";

// RGBA, rows from the top.
export interface Pixels {
  rgba: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

// Null where this browser cannot read the file.
export async function pixelsOf(file: Blob): Promise<Pixels | null> {
  const image = await decode(file);
  if (!image) return null;
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || width === 0 || height === 0) return null;
  // Transparency is laid over white, as in src/lentigo/imaging.py.
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0);
  return { rgba: context.getImageData(0, 0, width, height).data, width, height };
}
