import { capture } from "./capture/de";
import { en, type Texts } from "./en";
export const de: Texts = { ...en, capture };
