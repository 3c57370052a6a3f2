"""Does a photo's quality tell when the answer cannot be trusted? Good test photos, made worse step by step.

For each way to go wrong: how often the bundle's answer changes, how well the score tells when it does, and how many
photos are sent back; then how many good photos are.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import polars as pl
from tqdm import tqdm

from benchmarks.degradations import KINDS, Chances, draw_chances
from benchmarks.studies import RESAMPLES, cell
from lentigo import imaging
from lentigo.card import QualityReason
from lentigo.datasets import Dataset
from lentigo.datasets.pool import on_all_cores
from lentigo.imaging import Photo, Pixels
from lentigo.inference import Predictor
from lentigo.inference.combination import read_photo
from lentigo.inference.decision import decide_risk, softmax
from lentigo.metrics.curves import auroc
from lentigo.metrics.discrimination import share
from lentigo.metrics.resampling import group_weights, to_interval

MELANOMA = "mel"
LOOKED_FOR: dict[str, QualityReason] = {
    "out of focus": "blurred",
    "moved": "blurred",
    "middle out of focus": "blurred",
    "dark": "too_dark",
    "over-exposed": "too_bright",
    "glare": "glare",
    "far away": "too_far",
    "cut off": "cut_off",
    "hair": "obstructed",
    "pen marks": "obstructed",
}
"""The reason that is to notice each way to go wrong."""


@dataclass(frozen=True)
class Job:
    """One photo to judge: as it is, and if ``seed`` is given in every worse way too."""

    image: str
    path: Path
    bundle: str
    seed: int | None


def measure(prepared: Path, work: Path, plot: Path, bundle: str, photos: int = 100) -> str:
    """Judge a bundle on the test split of a prepared dataset; returns two tables and writes the plot.

    Args:
        prepared: The dataset.
        work: Keeps what was judged of a bundle, so that a study that was stopped goes on with its tables.
        plot: Where the plot is written (SVG).
        bundle: Name or path of the bundle.
        photos: How many photos of each source are made worse. All are judged as they are.
    """
    manifest = Dataset.open(prepared).manifest.filter(pl.col("split") == "test").sort("image")
    worse = pl.concat(
        [part.sample(min(photos, part.height), seed=0) for part in manifest.partition_by("source", maintain_order=True)]
    )
    seeds = {image: number for number, image in enumerate(worse["image"])}
    jobs = [Job(image, prepared / image, bundle, seeds.get(image)) for image in manifest["image"]]
    judged = _judge_all(jobs, work, bundle).join(manifest, on="image")
    degraded = judged.filter(pl.col("image").is_in(worse["image"].implode()))
    refusing = {rule.reason for rule in Predictor.load(bundle).card.quality if rule.refuses}
    _draw(degraded, plot)
    return (
        f"{worse.height} photos made worse, {photos} of each source:\n\n{_kinds_table(degraded, refusing)}\n"
        f"Good photos ({judged.filter(pl.col('step') == 0)['image'].n_unique():,}, the whole test split):\n\n"
        f"{_good_table(judged.filter(pl.col('kind') == ''), refusing)}"
    )


def _judge_all(jobs: Sequence[Job], work: Path, bundle: str) -> pl.DataFrame:
    card = Predictor.load(bundle).card
    file = work / f"{hashlib.sha256((card.sha256 + str(jobs)).encode()).hexdigest()[:16]}.parquet"
    if not file.is_file():
        parts = list(tqdm(on_all_cores(_judge, jobs), total=len(jobs), desc="Judging", unit="photo", leave=False))
        work.mkdir(parents=True, exist_ok=True)
        pl.DataFrame([row for part in parts for row in part], infer_schema_length=None).write_parquet(file)
    return pl.read_parquet(file).sort("image", "kind", "step")


@functools.cache
def _predictor(bundle: str) -> Predictor:
    return Predictor.load(bundle)


def _judge(job: Job) -> list[dict[str, object]]:
    """A row for the photo as it is (kind "", step 0), and one for each step of each kind."""
    pixels = _square(imaging.read(job.path).pixels)
    predictor = _predictor(job.bundle)
    rows = [{"image": job.image, "kind": "", "step": 0, **_read(predictor, pixels)}]
    if job.seed is not None:
        chances: Chances = draw_chances(np.random.default_rng(job.seed))
        for name, kind in KINDS.items():
            for step, amount in enumerate(kind.steps, start=1):
                worse = np.ascontiguousarray(kind.apply(pixels, amount, chances))
                rows.append({"image": job.image, "kind": name, "step": step, **_read(predictor, worse)})
    return rows


def _square(pixels: Pixels) -> Pixels:
    """The centre square, which is all that the graph looks at."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def _read(predictor: Predictor, pixels: Pixels) -> dict[str, object]:
    photo = Photo(pixels, pixels.shape[1], pixels.shape[0], "PNG")
    reading = read_photo(predictor.card, photo, predictor.raw(photo))
    probabilities = softmax(reading.output.logits)
    risk = decide_risk(predictor.card, probabilities)
    scores = {f"score_{check.reason}": check.score for check in reading.quality.checks}
    return {
        "likeliest": predictor.card.codes[int(np.argmax(probabilities))],
        "tier": risk.tier if risk else None,
        **scores,
    }


def _steps_of(judged: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The rows of one kind with step 0, and whether the answer changed (diagnosis or tier), and from right to wrong."""
    asis = judged.filter(pl.col("kind") == "")
    before = asis.select("image", likeliest_before="likeliest", tier_before="tier")
    rows = pl.concat([asis, judged.filter(pl.col("kind") == kind)]).join(before, on="image")
    return rows.with_columns(
        changed=(pl.col("likeliest") != pl.col("likeliest_before")) | pl.col("tier").ne_missing(pl.col("tier_before")),
        right_before=pl.col("likeliest_before") == pl.col("diagnosis"),
        wrong=pl.col("likeliest") != pl.col("diagnosis"),
    ).sort("step", "image")


def _kinds_table(judged: pl.DataFrame, refusing: set[QualityReason]) -> str:
    head = (
        "| photo made worse | noticed as | AUROC: answer changed | AUROC: right became wrong | answers changed at "
        "steps 1–4 | noticed at steps 1–4 |\n|---|---|---|---|---|---|\n"
    )
    lines = []
    for kind in KINDS:
        reason = LOOKED_FOR[kind]
        rows = _steps_of(judged, kind)
        right = rows.filter("right_before")
        does = "sent back" if reason in refusing else "only told"
        lines.append(
            f"| {kind} | `{reason}`, {does} | {_auroc(rows, reason, 'changed')} | {_auroc(right, reason, 'wrong')} | "
            f"{_at_steps(rows, pl.col('changed'))} | {_at_steps(rows, pl.col(f'score_{reason}') < 0.5)} |\n"
        )
    return head + "".join(lines)


def _auroc(rows: pl.DataFrame, reason: str, event: str) -> str:
    weights = group_weights(rows["group"].to_numpy(), RESAMPLES, seed=0)
    return cell(to_interval(auroc(weights, -rows[f"score_{reason}"].to_numpy(), rows[event].to_numpy())))


def _at_steps(rows: pl.DataFrame, what: pl.Expr) -> str:
    shares = rows.group_by("step").agg(what.mean().alias("share")).sort("step").filter(pl.col("step") > 0)["share"]
    return ", ".join(f"{100 * one:.0f}" for one in shares) + " %"


def _good_table(good: pl.DataFrame, refusing: set[QualityReason]) -> str:
    """Shares of good photos beyond each limit, by source; melanomas apart."""
    reasons = [name.removeprefix("score_") for name in good.columns if name.startswith("score_")]
    back = [reason for reason in reasons if reason in refusing or reason == "too_small"]
    parts = {
        f"{source}, {image_type}": part
        for (source, image_type), part in sorted(good.partition_by("source", "image_type", as_dict=True).items())
    }
    parts |= {"all": good, "all melanomas": good.filter(pl.col("diagnosis") == MELANOMA)}
    lines = [f"| | {' | '.join(parts)} |\n|---|{'---|' * len(parts)}\n"]
    lines.append(_good_line("photos", [f"{part.height:,}" for part in parts.values()]))
    for reason in reasons:
        name = f"`{reason}`" + ("" if reason in back else ", only told")
        lines.append(_good_line(name, [_share(part, pl.col(f"score_{reason}") < 0.5) for part in parts.values()]))
    any_of = pl.any_horizontal(pl.col(f"score_{reason}") < 0.5 for reason in back)
    lines.append(_good_line("**sent back in all**", [_share(part, any_of) for part in parts.values()]))
    return "".join(lines)


def _good_line(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |\n"


def _share(part: pl.DataFrame, what: pl.Expr) -> str:
    flags = part.select(what)[:, 0].to_numpy()
    weights = group_weights(part["group"].to_numpy(), RESAMPLES, seed=0)
    interval = to_interval(share(weights, flags, np.ones(len(flags), np.bool_)))
    if interval.value is None or interval.low is None or interval.high is None:
        return "–"
    return f"{100 * interval.value:.1f} % ({100 * interval.low:.1f}–{100 * interval.high:.1f})"


def _draw(judged: pl.DataFrame, path: Path) -> None:
    """The median score, and how many answers changed, over the steps of each kind."""
    matplotlib.use("svg")
    from matplotlib import pyplot

    # The same figures give the same file.
    with pyplot.rc_context({"svg.hashsalt": "lentigo", "svg.fonttype": "none", "font.size": 9}):
        columns = 5
        figure, axes = pyplot.subplots(
            math.ceil(len(KINDS) / columns), columns, figsize=(10, 4.6), sharex=True, sharey=True
        )
        for axis, (name, kind) in zip(axes.flat, KINDS.items(), strict=True):
            rows = _steps_of(judged, name).group_by("step").agg(
                pl.col("changed").mean(),
                pl.col(f"score_{LOOKED_FOR[name]}").median().alias("middle"),
                pl.col(f"score_{LOOKED_FOR[name]}").quantile(0.1).alias("low"),
                pl.col(f"score_{LOOKED_FOR[name]}").quantile(0.9).alias("high"),
            ).sort("step")  # fmt: skip
            axis.axhline(0.5, color="0.7", linewidth=0.8)
            axis.fill_between(rows["step"], rows["low"], rows["high"], color="#0072b2", alpha=0.2, linewidth=0)
            axis.plot(
                rows["step"],
                rows["middle"],
                color="#0072b2",
                marker="o",
                markersize=3,
                label="score, median and 10–90 %",
            )
            axis.plot(
                rows["step"],
                rows["changed"],
                color="#d55e00",
                linestyle="--",
                marker="s",
                markersize=3,
                label="answers changed",
            )
            axis.set_title(name, fontsize=9)
            axis.set_xticks(range(len(kind.steps) + 1))
            axis.set_ylim(-0.03, 1.03)
        figure.supxlabel("step (0: the photo as it is)", fontsize=9)
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="upper center", ncols=2, frameon=False)
        figure.tight_layout(rect=(0, 0, 1, 0.94))
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)
