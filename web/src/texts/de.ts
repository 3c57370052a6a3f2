import { doctor } from "./doctor/de";
import { en, type Texts } from "./en";
import { history } from "./history/de";

export const de: Texts = { ...en, history, doctor };
