import { doctor } from "./doctor/fr";
import { en, type Texts } from "./en";
import { history } from "./history/fr";

export const fr: Texts = { ...en, history, doctor };
