// What the graph says of one photo, and the parts of an answer; src/lentigo/inference/engine.py and assessment.py.
import type { Assessment } from "../api/client";

export type Outcome = Assessment["outcome"];
export type Reason = Assessment["reasons"][number];
export type Risk = NonNullable<Assessment["risk"]>;
export type Quality = Assessment["quality"];
export type PhotoUse = Assessment["photos"][number];
export type Disagreement = NonNullable<Assessment["disagreement"]>;
export type Evidence = NonNullable<Assessment["evidence"]>;
export type NextStep = Assessment["next_step"];
export type DiagnosisEstimate = Assessment["diagnoses"][number];

export type Vector = readonly number[];

export interface Size {
  width_px: number;
  height_px: number;
}

export interface RawOutput {
  // (C,) calibrated.
  logits: Vector;
  // (C, h, w): the photo's share of the logits, by place.
  evidence_map: readonly (readonly Vector[])[];
  // (Q, C): each answer's share.
  answer_evidence: readonly Vector[];
  // (V, C) calibrated, by each view of the photo.
  view_logits: readonly Vector[];
  novelty: number;
  no_skin: number;
  // Plain measures of the photo, by name.
  quality: Readonly<Record<string, number>>;
}
