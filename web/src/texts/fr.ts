import { capture } from "./capture/fr";
import { en, type Texts } from "./en";
export const fr: Texts = { ...en, capture };
