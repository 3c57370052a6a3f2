// The ways a report leaves the phone. Each new one is an entry of WAYS, the first that is there being offered first.
import { saveFile } from "../../parts/save";
import { toDraft } from "./email";

export interface Referral {
  to: string;
  subject: string;
  message: string;
  // The report as a PDF, then the photos.
  files: readonly File[];
}

export type Sent = "done" | "cancelled";

export interface Way {
  // Names its texts in texts.doctor.sending.
  id: "share" | "email";
  isThere(referral: Referral): boolean;
  // Throws when it fails; the draft stays as it is.
  send(referral: Referral): Promise<Sent>;
}

// The phone's own list of apps, with the files attached. Mail apps fill in subject and text.
const share: Way = {
  id: "share",
  isThere: ({ files }) => navigator.canShare?.({ files: [...files] }) ?? false,
  async send({ subject, message, files }) {
    try {
      await navigator.share({ title: subject, text: message, files: [...files] });
      return "done";
    } catch (error) {
      if ((error as Error | null)?.name === "AbortError") return "cancelled";
      throw error;
    }
  },
};

const email: Way = {
  id: "email",
  isThere: () => true,
  async send({ to, subject, message, files }) {
    const draft = await toDraft({ to, subject, text: message, attachments: files });
    saveFile(new File([draft], "lentigo-report.eml", { type: "message/rfc822" }));
    return "done";
  },
};

export const WAYS: readonly Way[] = [share, email];
