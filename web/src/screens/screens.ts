// Every screen, by the first part of its address. A screen is loaded when it is first shown.
import type { ComponentType } from "preact";

export interface ScreenProps {
  // What follows the screen's name in the address.
  rest: readonly string[];
}

export type Load = () => Promise<ComponentType<ScreenProps>>;

export const SCREENS: Record<string, Load> = {
  "": () => import("./start/start").then((module) => module.Start),
  capture: () => import("./capture/capture").then((module) => module.Capture),
  review: () => import("./review/review").then((module) => module.Review),
  result: () => import("./result/result").then((module) => module.Result),
  spots: () => import("./spot/spot").then((module) => module.SpotScreen),
  compare: () => import("./compare/compare").then((module) => module.Compare),
  measure: () => import("./measure/measure").then((module) => module.Measure),
  doctor: () => import("./doctor/doctor").then((module) => module.Doctor),
  waiting: () => import("./waiting/waiting").then((module) => module.Waiting),
  about: () => import("./about/about").then((module) => module.About),
  settings: () => import("./settings/settings").then((module) => module.SettingsScreen),
  trouble: () => import("./trouble/trouble").then((module) => module.TroubleScreen),
};

export const lost: Load = () => import("./trouble/lost").then((module) => module.Lost);
