import { capture } from "./capture/es";
import { en, type Texts } from "./en";
export const es: Texts = { ...en, capture };
