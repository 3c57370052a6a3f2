// Why a letter was not sent, in words.
import { Trouble } from "../../api/client";
import { named, t } from "../../texts";

// Codes that mean the same to the person.
const SAME: Record<string, string> = {
  file_too_large: "mail_too_large",
  body_too_large: "mail_too_large",
  too_many_pixels: "mail_too_large",
  corrupt_image: "photo_unusable",
  decoding_failed: "photo_unusable",
  empty_file: "photo_unusable",
  unsupported_format: "photo_unusable",
  photo_missing: "photo_unusable",
};

// The code of what a way threw; null where it was no answer of the server.
export function codeOf(error: unknown): string | null {
  return error instanceof Trouble ? error.code : null;
}

export function reasonOf(code: string | null): string {
  const texts = t.doctor.sending;
  if (code === null) return texts.failed;
  return `${named(texts.codes, SAME[code] ?? code) ?? texts.codes.internal_error} ${texts.kept}`;
}
