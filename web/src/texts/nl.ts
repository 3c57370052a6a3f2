import { doctor } from "./doctor/nl";
import { en, type Texts } from "./en";
import { history } from "./history/nl";

export const nl: Texts = { ...en, history, doctor };
