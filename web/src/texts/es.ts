import { doctor } from "./doctor/es";
import { en, type Texts } from "./en";
import { history } from "./history/es";

export const es: Texts = { ...en, history, doctor };
