// Scales of the charts: values to places in the drawing.

export interface Scale {
  (value: number): number;
  ticks: readonly number[];
}

// From 0 to a round number at or above `largest`, drawn from `bottom` (0) to `top`, with two or three ticks.
export function fromZero(largest: number, bottom: number, top: number): Scale {
  const end = roundUp(largest);
  const scale = (value: number) => bottom + ((top - bottom) * value) / end;
  return Object.assign(scale, { ticks: [0, end / 2, end] });
}

// The next of 1, 2, 4, 5, 6, 8, 10 times a power of ten: each halves to a short number.
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 6, 8, 10].find((one) => value <= one * power * (1 + 1e-9)) ?? 10;
  return step * power;
}

// Times along the width; a single moment lies in the middle.
export function overTime(times: readonly number[], left: number, right: number): (time: number) => number {
  const first = Math.min(...times);
  const last = Math.max(...times);
  if (first === last) return () => (left + right) / 2;
  return (time) => left + ((right - left) * (time - first)) / (last - first);
}

// Which of the points, by their places, get a label: the last and the first, then the highest and the lowest, then
// the others, as long as no two come closer than `gap`.
export function labelled(places: readonly number[], values: readonly number[], gap: number): Set<number> {
  const order = values.map((_, index) => index);
  const extremes = [...order].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const wanted = [order.at(-1), order[0], extremes[0], extremes.at(-1), ...order].filter(
    (index) => index !== undefined,
  );
  const chosen = new Set<number>();
  for (const index of wanted)
    if (
      [...chosen].every((one) => one === index || Math.abs((places[one] ?? 0) - (places[index] ?? 0)) >= gap)
    )
      chosen.add(index);
  return chosen;
}
