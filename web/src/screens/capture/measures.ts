// What a live frame is like. Brightness, light, sharpness and blur are computed as in lentigo.export.quality, on the same
// number of pixels, so that the camera asks for what the server then looks at; their sources stand there.

// Side of the square frame, in pixels: what the network takes.
export const FRAME_PX = 224;
const CELLS = 32;
const CELL_PX = FRAME_PX / CELLS;
const REBLUR_PX = 9;
const RING = 2;
// `light` is that of the cell that 5 % of the cells surpass.
const BRIGHTEST = Math.round(0.05 * CELLS * CELLS);
// The part of the frame in which a spot is looked for, as radii in shares of the side. The outline has the inner one.
export const OUTLINE_RADIUS = 0.28;
const OUTER_RADIUS = 0.5;
// The strongest differences are those of the cell with this rank, so that one glint or hair does not count.
const STRONGEST = 5;

// RGBA of FRAME_PX by FRAME_PX, as ImageData holds it.
export type Pixels = Uint8ClampedArray;

export interface Measures {
  // Mean lightness, 0 to 1.
  brightness: number;
  light: number;
  // Standard deviation of the lightness's Laplacian (LAP4).
  sharpness: number;
  // Share of the variation that one more blur leaves.
  blur: number;
  // How much more the middle differs from the skin around than its surroundings do, in colour from 0 to 1.
  contrast: number;
  // Spread of what differs from the skin around (for a disc, its radius over the root of 2), and how far its centre is
  // from the middle, in shares of the side.
  spotSize: number;
  spotOffset: number;
  // How much has changed since the frame before, in shares of the frame's own contrast; 0 for the first.
  motion: number;
}

// Red, green, blue and lightness of averaged cells, 0 to 1.
type Cells = Record<"red" | "green" | "blue" | "lightness", Float32Array>;

// Measures frames that follow each other.
export function measurer(): (pixels: Pixels) => Measures {
  let before: Float32Array | null = null;
  return (pixels) => {
    const lightness = lightnessOf(pixels);
    const cells = cellsOf(pixels);
    const motion = before ? motionBetween(before, cells.lightness) : 0;
    before = cells.lightness;
    return {
      brightness: mean(cells.lightness),
      light: lightOf(cells),
      sharpness: sharpnessOf(lightness),
      blur: Math.max(reblurred(lightness, 1, FRAME_PX), reblurred(lightness, FRAME_PX, 1)),
      ...spotOf(cells),
      motion,
    };
  };
}

// ITU-R BT.601.
function grey(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

function lightnessOf(pixels: Pixels): Float32Array {
  const lightness = new Float32Array(FRAME_PX * FRAME_PX);
  for (let at = 0; at < lightness.length; at++)
    lightness[at] = grey(byte(pixels, 4 * at), byte(pixels, 4 * at + 1), byte(pixels, 4 * at + 2)) / 255;
  return lightness;
}

function byte(pixels: Pixels, at: number): number {
  return pixels[at] ?? 0;
}

function cellsOf(pixels: Pixels): Cells {
  const make = () => new Float32Array(CELLS * CELLS);
  const cells = { red: make(), green: make(), blue: make(), lightness: make() };
  const share = 1 / (255 * CELL_PX * CELL_PX);
  for (let row = 0; row < FRAME_PX; row++)
    for (let column = 0; column < FRAME_PX; column++) {
      const cell = Math.floor(row / CELL_PX) * CELLS + Math.floor(column / CELL_PX);
      const at = 4 * (row * FRAME_PX + column);
      add(cells.red, cell, share * byte(pixels, at));
      add(cells.green, cell, share * byte(pixels, at + 1));
      add(cells.blue, cell, share * byte(pixels, at + 2));
    }
  cells.lightness = cells.lightness.map((_, cell) =>
    grey(get(cells.red, cell), get(cells.green, cell), get(cells.blue, cell)),
  );
  return cells;
}

function add(values: Float32Array, at: number, value: number): void {
  values[at] = get(values, at) + value;
}

function get(values: Float32Array, at: number): number {
  return values[at] ?? 0;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function deviation(values: Float32Array): number {
  const middle = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - middle) ** 2;
  return Math.sqrt(squares / values.length);
}

// By the highest channel, which is red on skin of any tone and falls less with pigment than lightness does.
function lightOf(cells: Cells): number {
  const highest = cells.red
    .map((red, cell) => Math.max(red, get(cells.green, cell), get(cells.blue, cell)))
    .sort();
  return get(highest, highest.length - BRIGHTEST);
}

function sharpnessOf(lightness: Float32Array): number {
  const side = FRAME_PX - 2;
  const laplacian = new Float32Array(side * side);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const at = (row + 1) * FRAME_PX + column + 1;
      const around =
        get(lightness, at - 1) +
        get(lightness, at + 1) +
        get(lightness, at - FRAME_PX) +
        get(lightness, at + FRAME_PX);
      laplacian[row * side + column] = around - 4 * get(lightness, at);
    }
  return deviation(laplacian);
}

// The share of the variation along one direction that is still there after a box blur along it. `step` leads to the next
// pixel in that direction, `across` to the next line.
function reblurred(lightness: Float32Array, step: number, across: number): number {
  const half = (REBLUR_PX - 1) / 2;
  let variation = 0;
  let lost = 0;
  for (let line = 0; line < FRAME_PX; line++)
    for (let place = half; place < FRAME_PX - half - 1; place++) {
      const at = line * across + place * step;
      const sharp = Math.abs(get(lightness, at + step) - get(lightness, at));
      // The blurred values of two neighbours differ by what enters and leaves the box.
      const entering = get(lightness, at + (half + 1) * step);
      const blurred = Math.abs(entering - get(lightness, at - half * step)) / REBLUR_PX;
      variation += sharp;
      lost += Math.max(0, sharp - blurred);
    }
  return 1 - lost / (variation + 1e-6);
}

// Where a spot is. Unlike in the graph, only what differs at least half as much as the strongest differences counts: a
// live picture has shadows and folds beside the spot, which photos that were cropped to it have not.
function spotOf(cells: Cells): Pick<Measures, "contrast" | "spotSize" | "spotOffset"> {
  const squares = differencesFromSkin(cells);
  const inside = squares.filter((_, cell) => placeOf(cell).radius < OUTER_RADIUS).sort();
  const least = get(inside, inside.length - STRONGEST) / 4;
  const inner = { sum: 0, count: 0 };
  const outer = { sum: 0, count: 0 };
  let [weight, x, y, spread] = [0, 0, 0, 0];
  squares.forEach((square, cell) => {
    const { across, down, radius } = placeOf(cell);
    if (radius >= OUTER_RADIUS) return;
    const part = radius < OUTLINE_RADIUS ? inner : outer;
    part.sum += square;
    part.count += 1;
    const share = (square >= least ? square : 0) + 1e-9;
    weight += share;
    x += share * across;
    y += share * down;
    spread += share * radius ** 2;
  });
  const offset = Math.hypot(x, y) / weight;
  return {
    contrast: Math.sqrt(inner.sum / inner.count) - Math.sqrt(outer.sum / outer.count),
    spotSize: Math.sqrt(Math.max(0, spread / weight - offset ** 2)),
    spotOffset: offset,
  };
}

// From the middle, in shares of the side.
function placeOf(cell: number): { across: number; down: number; radius: number } {
  const across = ((cell % CELLS) + 0.5) / CELLS - 0.5;
  const down = (Math.floor(cell / CELLS) + 0.5) / CELLS - 0.5;
  return { across, down, radius: Math.hypot(across, down) };
}

// Squared distance of each cell's colour from the skin's.
function differencesFromSkin(cells: Cells): Float32Array {
  const skin = skinOf(cells);
  return cells.red.map(
    (red, cell) =>
      (red - skin.red) ** 2 +
      (get(cells.green, cell) - skin.green) ** 2 +
      (get(cells.blue, cell) - skin.blue) ** 2,
  );
}

// The median colour of the frame's border.
function skinOf(cells: Cells): Record<"red" | "green" | "blue", number> {
  const isInside = (place: number) => place >= RING && place < CELLS - RING;
  const border = (_: number, cell: number) => !(isInside(cell % CELLS) && isInside(Math.floor(cell / CELLS)));
  const median = (channel: Float32Array) => {
    const values = channel.filter(border).sort();
    return get(values, Math.floor(values.length / 2));
  };
  return { red: median(cells.red), green: median(cells.green), blue: median(cells.blue) };
}

// Light that changes everywhere alike, as when the camera adapts, is no motion.
function motionBetween(before: Float32Array, now: Float32Array): number {
  const change = mean(now) - mean(before);
  const moved = mean(now.map((value, cell) => Math.abs(value - get(before, cell) - change)));
  // Below this contrast, differences are the sensor's noise.
  return moved / (deviation(now) + 0.02);
}
