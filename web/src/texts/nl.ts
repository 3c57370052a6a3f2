import { capture } from "./capture/nl";
import { en, type Texts } from "./en";
export const nl: Texts = { ...en, capture };
