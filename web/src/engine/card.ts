// The parts of a bundle's card.json that an answer needs; src/lentigo/card.py says what each means.
import type { AnswerSpec, Tier } from "../api/client";
import type { Reason } from "./output";

export const SCHEMA_VERSION = 2;

export interface CardDiagnosis {
  code: string;
  tier: Tier | null;
}

interface Threshold {
  threshold: number;
}

export interface QualityRule {
  reason: Reason;
  measure: string;
  good: number;
  limit: number;
  refuses: boolean;
}

export interface ModelCard {
  schema_version: number;
  name: string;
  version: string;
  graph: {
    sha256: string;
    input_size_px: number;
    evidence_rows: number;
    evidence_columns: number;
    views: number;
    quality_measures: string[];
  };
  diagnoses: CardDiagnosis[];
  answers: AnswerSpec[];
  thresholds: { high: Threshold | null; malignant: Threshold | null };
  novelty: Threshold | null;
  no_skin: Threshold | null;
  confidence: Threshold | null;
  quality: QualityRule[];
}
