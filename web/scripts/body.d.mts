import type { BodyShape } from "../src/parts/body/shapes";

type Shapes = Record<"front" | "back", BodyShape[]>;

export function readShapes(toml: string): Shapes;
export function toModule(shapes: Shapes): string;
