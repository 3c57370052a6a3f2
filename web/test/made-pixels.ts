// Pictures that tests make: a spot on skin, with a darker part off its middle so that a turn can be seen.
import type { Pixels } from "../src/look/region";

export interface MadeSpot {
  x: number;
  y: number;
  radius: number;
  angle: number;
  colour?: readonly [number, number, number];
}

const SKIN = [214, 166, 140] as const;

export function madeSpot({ x, y, radius, angle, colour = [130, 80, 55] }: MadeSpot, side = 96): Pixels {
  const data = new Uint8ClampedArray(4 * side * side);
  const radians = (angle * Math.PI) / 180;
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const [dx, dy] = [(column + 0.5) / side - x, (row + 0.5) / side - y];
      const [u, v] = [
        Math.cos(radians) * dx + Math.sin(radians) * dy,
        -Math.sin(radians) * dx + Math.cos(radians) * dy,
      ];
      const inside = Math.hypot(u / 1.25, v / 0.8) < radius;
      const dark = Math.hypot(u - 0.5 * radius, v) < 0.35 * radius;
      const pixel = dark ? [50, 35, 35] : inside ? colour : SKIN;
      data.set([...pixel, 255], 4 * (row * side + column));
    }
  return { width: side, height: side, data };
}

export function plainSkin(side = 96): Pixels {
  const data = new Uint8ClampedArray(4 * side * side);
  for (let place = 0; place < side * side; place++) data.set([...SKIN, 255], 4 * place);
  return { width: side, height: side, data };
}
