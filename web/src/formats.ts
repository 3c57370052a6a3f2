// Which files the page offers, and the one kind that people have and nothing here reads: HEIC.

// The formats of lentigo.imaging. An iPhone turns its HEIC photos into JPEG where HEIC is not on the list.
export const ACCEPTED = "image/jpeg,image/png,image/webp,image/bmp,image/tiff";

// Brands of ISO/IEC 23008-12 (HEIF) in the first box of the file, which begins with its size and "ftyp".
const HEIF_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

export async function isHeif(file: Blob): Promise<boolean> {
  const start = await file
    .slice(4, 12)
    .text()
    // A file that cannot be read is told by what sends it.
    .catch(() => "");
  return start.startsWith("ftyp") && HEIF_BRANDS.includes(start.slice(4));
}
