// Every screen, by the first part of its address. The first one comes with the app, the others as one file (see later.ts).
import type { ComponentType } from "preact";
import { Start } from "./start/start";

export interface ScreenProps {
  // What follows the screen's name in the address.
  rest: readonly string[];
}

export type Load = () => Promise<ComponentType<ScreenProps>>;

const later = () => import("../later");

export const SCREENS: Record<string, Load> = {
  "": async () => Start,
  capture: () => later().then((module) => module.Capture),
  review: () => later().then((module) => module.Review),
  result: () => later().then((module) => module.Result),
  spots: () => later().then((module) => module.SpotScreen),
  compare: () => later().then((module) => module.Compare),
  measure: () => later().then((module) => module.Measure),
  doctor: () => later().then((module) => module.Doctor),
  waiting: () => later().then((module) => module.Waiting),
  about: () => later().then((module) => module.About),
  settings: () => later().then((module) => module.SettingsScreen),
  trouble: () => later().then((module) => module.TroubleScreen),
};

export const lost: Load = () => later().then((module) => module.Lost);
