// The ways a report leaves the phone. Each new one is an entry of WAYS, the first that is there being offered first.
import { type Features, refer } from "../../api/client";
import { saveFile } from "../../parts/save";
import { locale } from "../../texts";
import { toDraft } from "./email";

export interface Referral {
  to: string;
  replyTo: string;
  subject: string;
  message: string;
  report: File;
  photos: readonly File[];
}

export type Sent = "done" | "cancelled";

// What a way still needs; names a text of texts.doctor.sending.lacks.
export type Lack = "address" | "photos" | "message";

export interface Way {
  // Names its texts in texts.doctor.sending.
  id: "share" | "server" | "email";
  isThere(referral: Referral, features: Features): boolean;
  lacks(referral: Referral): Lack | null;
  // Throws when it fails; the draft stays as it is.
  send(referral: Referral): Promise<Sent>;
}

// The phone's own list of apps, with the files attached. Mail apps fill in subject and text.
const share: Way = {
  id: "share",
  isThere: (referral) => navigator.canShare?.({ files: filesOf(referral) }) ?? false,
  lacks: () => null,
  async send(referral) {
    const { subject, message } = referral;
    try {
      await navigator.share({ title: subject, text: message, files: filesOf(referral) });
      return "done";
    } catch (error) {
      if ((error as Error | null)?.name === "AbortError") return "cancelled";
      throw error;
    }
  },
};

// As many as the server takes.
const MOST_PHOTOS = 3;

const server: Way = {
  id: "server",
  isThere: (_, features) => features.referrals,
  lacks({ to, message, photos }) {
    if (message.trim() === "") return "message";
    if (to === "") return "address";
    return photos.length === 0 || photos.length > MOST_PHOTOS ? "photos" : null;
  },
  async send(referral) {
    await refer({ ...referral, locale });
    return "done";
  },
};

const email: Way = {
  id: "email",
  isThere: () => true,
  lacks: () => null,
  async send(referral) {
    const { to, subject, message } = referral;
    const draft = await toDraft({ to, subject, text: message, attachments: filesOf(referral) });
    saveFile(new File([draft], "lentigo-report.eml", { type: "message/rfc822" }));
    return "done";
  },
};

export const WAYS: readonly Way[] = [share, server, email];

export function filesOf({ report, photos }: Referral): File[] {
  return [report, ...photos];
}
