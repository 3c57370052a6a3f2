// Made frames: a mole on skin with pores, as a phone's camera gives it.
import { FRAME_PX, type Pixels } from "../../src/screens/capture/measures";

export interface Made {
  // Radius and centre of the mole, and how far its edge is blurred, in shares of the side.
  radius?: number;
  x?: number;
  y?: number;
  blur?: number;
  // Factor on all light.
  light?: number;
  // How much darker the right side is than the left.
  shadow?: number;
  skin?: readonly [number, number, number];
  mole?: readonly [number, number, number];
  seed?: number;
}

export const LIGHT_SKIN = [214, 166, 140] as const;
export const DARK_SKIN = [92, 62, 48] as const;

export function frame(made: Made = {}): Pixels {
  const { radius = 0.22, x = 0.5, y = 0.5, blur = 0.012, light = 1, shadow = 0, skin = LIGHT_SKIN } = made;
  const mole = made.mole ?? skin.map((value) => 0.45 * value);
  const random = generator(made.seed ?? 1);
  const pixels = new Uint8ClampedArray(4 * FRAME_PX * FRAME_PX);
  for (let row = 0; row < FRAME_PX; row++)
    for (let column = 0; column < FRAME_PX; column++) {
      const distance = Math.hypot((column + 0.5) / FRAME_PX - x, (row + 0.5) / FRAME_PX - y);
      const inside = 1 / (1 + Math.exp((distance - radius) / (blur / 4)));
      // Pores and noise go with the sharpness of the picture.
      const grain = (random() - 0.5) * (blur > 0.05 ? 1 : 18);
      const here = light * (1 - shadow * (column / FRAME_PX - 0.5));
      const at = 4 * (row * FRAME_PX + column);
      for (let k = 0; k < 3; k++)
        pixels[at + k] = here * ((skin[k] ?? 0) * (1 - inside) + (mole[k] ?? 0) * inside + grain);
      pixels[at + 3] = 255;
    }
  return pixels;
}

// mulberry32.
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
