// An e-mail draft as a file (RFC 5322 and 2045 to 2047). X-Unsent makes mail programs that know it open it for writing.

export interface Email {
  to: string;
  subject: string;
  text: string;
  attachments: readonly File[];
}

const LINE = 76;

// The most bytes in one encoded word: with "Subject: " before it the line stays within 76 characters (RFC 2047).
const WORD_BYTES = 39;

export async function toDraft(email: Email, now = new Date()): Promise<Blob> {
  const boundary = `lentigo-${hex(crypto.getRandomValues(new Uint8Array(16)))}`;
  const to = email.to.trim();
  const head = [
    "X-Unsent: 1",
    `Date: ${rfcDate(now)}`,
    ...(isAddress(to) ? [`To: ${to}`] : []),
    `Subject: ${encodedWords(email.subject)}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
  ];
  const text = part(
    ["Content-Type: text/plain; charset=utf-8"],
    new TextEncoder().encode(email.text.replace(/\r?\n/g, "\r\n")),
  );
  const files = await Promise.all(
    email.attachments.map(async (file) =>
      part(
        [
          `Content-Type: ${file.type}; name="${file.name}"`,
          `Content-Disposition: attachment; filename="${file.name}"`,
        ],
        new Uint8Array(await file.arrayBuffer()),
      ),
    ),
  );
  const body = [text, ...files].map((one) => `--${boundary}\r\n${one}\r\n`).join("");
  return new Blob([`${head.join("\r\n")}\r\n\r\n${body}--${boundary}--\r\n`], { type: "message/rfc822" });
}

// One plain address: nothing in it can begin another header.
export function isAddress(text: string): boolean {
  return /^[^\s@<>,;:"()[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text) && /^[\x21-\x7e]+$/.test(text);
}

function part(headers: readonly string[], bytes: Uint8Array): string {
  const lines = toBase64(bytes).match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  return [...headers, "Content-Transfer-Encoding: base64", "", ...lines].join("\r\n");
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // In steps: a call takes only so many arguments.
  for (let place = 0; place < bytes.length; place += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(place, place + 0x8000));
  return btoa(binary);
}

// A header's text, which is plain ASCII on the wire; a line break in it becomes a space.
export function encodedWords(text: string): string {
  const words: string[] = [];
  let word: number[] = [];
  for (const character of text.replace(/[\r\n]+/g, " ")) {
    const bytes = [...new TextEncoder().encode(character)];
    if (word.length + bytes.length > WORD_BYTES) {
      words.push(encodedWord(word));
      word = [];
    }
    word.push(...bytes);
  }
  if (word.length > 0) words.push(encodedWord(word));
  return words.join("\r\n ");
}

function encodedWord(bytes: readonly number[]): string {
  return `=?UTF-8?B?${toBase64(new Uint8Array(bytes))}?=`;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// RFC 5322, 3.3, in universal time.
function rfcDate(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
