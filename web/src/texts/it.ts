import { doctor } from "./doctor/it";
import { en, type Texts } from "./en";
import { history } from "./history/it";

export const it: Texts = { ...en, history, doctor };
