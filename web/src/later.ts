// All that the first screen does without, in one file: a phone on a slow line waits for round trips, not for bytes, and
// the app kept for offline use holds all of it anyway. Whatever is imported lazily is imported from here; each further
// place to import from would cut the shared code into more files.
export { deleteModels, fetchModels, keepUp } from "./phone/keeping";
export { assessHere, prepare } from "./phone/runner";
export { About } from "./screens/about/about";
export { Capture } from "./screens/capture/capture";
export { Compare } from "./screens/compare/compare";
export { Doctor } from "./screens/doctor/doctor";
export { Measure } from "./screens/measure/measure";
export { Result } from "./screens/result/result";
export { Review } from "./screens/review/review";
export { SettingsScreen } from "./screens/settings/settings";
export { SpotScreen } from "./screens/spot/spot";
export { Lost } from "./screens/trouble/lost";
export { TroubleScreen } from "./screens/trouble/trouble";
export { Waiting } from "./screens/waiting/waiting";
