import { capture } from "./capture/it";
import { en, type Texts } from "./en";
export const it: Texts = { ...en, capture };
