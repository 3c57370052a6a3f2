// The whole way from pixels to an answer, with one model; src/lentigo/inference/predictor.py. Runs in the worker.
import type { Assessment } from "../api/client";
import { encode, parseAnswers } from "../engine/answers";
import { assemble } from "../engine/assembly";
import type { ModelCard } from "../engine/card";
import { type Reading, readPhoto } from "../engine/combination";
import type { Taxonomy } from "../engine/taxonomy";
import { contentOf } from "./files";
import type { Asked, ModelPaths } from "./messages";
import type { Pixels } from "./pixels";
import { Session } from "./session";
import { shrink } from "./shrink";

// The trial: a photo as large as the app hands over, after one that warms up; the median of these.
const TRIAL_SIDE_PX = 1600;
const TRIALS = 3;

export class Predictor {
  private constructor(
    private readonly card: ModelCard,
    private readonly taxonomy: Taxonomy,
    private readonly session: Session,
  ) {}

  static async open(paths: ModelPaths): Promise<Predictor> {
    const card = (await (await contentOf(paths.card)).json()) as ModelCard;
    const taxonomy = (await (await contentOf(paths.taxonomy)).json()) as Taxonomy;
    return new Predictor(card, taxonomy, await Session.open(card, paths));
  }

  async assess({ photos, answers, locale }: Asked): Promise<Assessment> {
    const given = parseAnswers(this.card.answers, answers);
    const encoded = encode(this.card.answers, given);
    const readings: Reading[] = [];
    for (const photo of photos) {
      const output = await this.session.run(shrink(photo, this.card.graph.input_size_px), encoded);
      readings.push(readPhoto(this.card, { width_px: photo.width, height_px: photo.height }, output));
    }
    return assemble(this.card, this.taxonomy, readings, given, locale);
  }

  // Milliseconds that one photo takes.
  async measure(): Promise<number> {
    const times: number[] = [];
    for (let trial = 0; trial <= TRIALS; trial++) {
      const started = performance.now();
      await this.assess({ photos: [blank()], answers: {}, locale: "en" });
      times.push(performance.now() - started);
    }
    const [, ...warm] = times;
    return warm.sort((a, b) => a - b)[Math.floor(TRIALS / 2)] ?? Number.POSITIVE_INFINITY;
  }
}

function blank(): Pixels {
  const rgba = new Uint8ClampedArray(4 * TRIAL_SIDE_PX * TRIAL_SIDE_PX).fill(128);
  return { rgba, width: TRIAL_SIDE_PX, height: TRIAL_SIDE_PX };
}
