// Sums and means of the short lists that the graph gives.
import type { Vector } from "./output";

export function sum(values: Vector): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: Vector): number {
  return sum(values) / values.length;
}

// (N, C) -> (C,), or the same one level deeper.
export function meanVector(rows: readonly Vector[]): number[] {
  return (rows[0] ?? []).map((_, place) => mean(rows.map((row) => row[place] ?? 0)));
}

// Place of the largest; of equal ones the first.
export function largestPlace(values: Vector): number {
  return values.reduce((best, value, place) => (value > (values[best] ?? 0) ? place : best), 0);
}

// As Python rounds: by the exact value, not by the value times a power of ten.
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
