// Colours as people see them: CIELAB (CIE 15) under D65, from sRGB (IEC 61966-2-1).
export type Lab = readonly [l: number, a: number, b: number];

const WHITE = [0.95047, 1, 1.08883] as const;

export function toLab(red: number, green: number, blue: number): Lab {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE[0]);
  const y = curve((0.2126729 * r + 0.7151522 * g + 0.072175 * b) / WHITE[1]);
  const z = curve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / WHITE[2]);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function curve(value: number): number {
  return value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
}

// CIE 1976: the distance in Lab. Two colours side by side begin to differ at about 2.3.
export function difference(one: Lab, other: Lab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

export function minus(one: Lab, other: Lab): Lab {
  return [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
}
