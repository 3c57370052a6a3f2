"""Does the evidence map show what the model goes by? The literature's sanity checks, on test photos.

- Randomised weights must destroy the map (Adebayo et al. 2018, "Sanity checks for saliency maps").
- Taking away, or putting back, the pixels that the map ranks highest must change the answer soonest: deletion and
  insertion (Petsiuk et al. 2018, "RISE"), against a random map, a map of the photo's middle, and captum's Grad-CAM.
- The map's maximum should lie on the lesion: the pointing game (Zhang et al. 2018, "Top-down neural attention by
  excitation backprop").
- The parts must sum to the logit.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import torch
from PIL import Image, ImageFilter

from benchmarks.cascade import STAGES, cascade
from benchmarks.saliency import enlarged, gradcam, likeness, order_of, partly
from benchmarks.studies import RESAMPLES, cell
from lentigo.answers import encode
from lentigo.card import Interval
from lentigo.datasets import Dataset
from lentigo.imaging import Photo, Pixels, read
from lentigo.inference import Predictor
from lentigo.inference.decision import softmax
from lentigo.inference.explanation import centred_map
from lentigo.metrics.resampling import group_weights, to_interval
from lentigo.training import Run
from lentigo.training.model import EvidenceModel
from lentigo.training.prediction import load_model
from lentigo.training.preprocessing import centre_square
from lentigo.training.views import seen

Floats = npt.NDArray[np.float64]

PER_DIAGNOSIS = 25
"""Photos of each diagnosis, or all where there are fewer: as they come, most would be moles."""
CASCADE_PHOTOS, CASCADE_SEEDS = 64, 2
RANDOM_PHOTOS = 200
STEPS = 10
GREY = (124, 116, 104)
"""The network's mean colour, which is zero to it: what Petsiuk et al. put in a deleted pixel's place."""
BLUR_SIGMA_PX = 5
"""Of the blurred photo on which pixels are put back, as Petsiuk et al. have it."""
NEAR = 0.25
"""How far from the photo's middle, as a share of its side, still counts as the middle."""
OURS, GRADCAM, RANDOM, MIDDLE = "evidence map", "Grad-CAM (captum)", "random map", "the photo's middle"


def measure(data: Path, run_path: Path, bundle: Path, work: Path) -> str:
    """Make all checks of a run and the bundle exported from it; returns tables. Finished parts are read again."""
    work.mkdir(parents=True, exist_ok=True)
    predictor, model = Predictor.load(bundle), load_model(Run(run_path))
    test = Dataset.open(data).manifest.filter(pl.col("split") == "test")
    drawn = draw(test)
    size_px = predictor.card.graph.input_size_px
    photos = [square(data / name, size_px) for name in drawn["image"]]
    ham = test.filter(pl.col("source") == "ham10000")
    parts = {
        "additivity": lambda: additivity(predictor, model, photos, drawn),
        "pointing": lambda: pointing(
            predictor, model, Run(run_path), [square(data / name, size_px) for name in ham["image"]]
        ),
        "randomised": lambda: randomised(model, Run(run_path), photos),
        "curves": lambda: curves(predictor, model, photos),
    }
    found = {name: kept(work / f"{name}.npz", part) for name, part in parts.items()}
    return "\n".join(
        (
            additivity_table(found["additivity"], len(photos)),
            randomised_table(found["randomised"]),
            curves_table(found["curves"], drawn["group"].to_numpy(), predictor.card.codes.index("nv")),
            pointing_table(found["pointing"], ham["group"].to_numpy()),
        )
    )


def kept(path: Path, part: Callable[[], dict[str, Floats]]) -> dict[str, Floats]:
    """A part's arrays: read where they were measured before."""
    if not path.is_file():
        np.savez(path, **part())  # type: ignore[arg-type]  # numpy's stub takes the names for its own options
    with np.load(path) as arrays:
        return dict(arrays)


def draw(test: pl.DataFrame) -> pl.DataFrame:
    """Up to :data:`PER_DIAGNOSIS` photos of each diagnosis, in random order."""
    shuffled = test.sort("image").sample(fraction=1, shuffle=True, seed=0)
    return shuffled.filter(pl.int_range(pl.len()).over("diagnosis") < PER_DIAGNOSIS)


def square(path: Path, size_px: int) -> Pixels:
    """The pixels that the network sees of a photo, as uint8 (S, S, 3)."""
    channels = centre_square(read(path).pixels, size_px)
    return channels.round().clamp(0, 255).byte().permute(1, 2, 0).numpy()


def as_photo(pixels: Pixels) -> Photo:
    """Pixels as the predictor takes them."""
    return Photo(pixels, pixels.shape[1], pixels.shape[0], "PNG")


def as_channels(photos: list[Pixels]) -> torch.Tensor:
    """(N, 3, S, S) in 0..255."""
    return torch.from_numpy(np.stack(photos)).permute(0, 3, 1, 2).float()


def additivity(
    predictor: Predictor, model: EvidenceModel, photos: list[Pixels], rows: pl.DataFrame
) -> dict[str, Floats]:
    """Largest |sum of parts - logit| of any diagnosis, for each photo with its answers (N,)."""
    specs = predictor.card.answers
    trained, graph, told = [], [], []
    for pixels, row in zip(photos, rows.iter_rows(named=True), strict=True):
        answers = {spec.name: row[spec.name] for spec in specs if row[spec.name] is not None}
        encoded = torch.from_numpy(encode(specs, answers))[None]
        with torch.inference_mode():
            one = as_channels([pixels])
            parts = model.explain(one, encoded)
            looked = seen(one, model.views)
            pooled = model(looked, encoded.expand(len(looked), -1)).mean(0)
        trained.append((parts.logits[0] - pooled).abs().max().item())
        photo = as_photo(pixels)
        output = predictor.raw(photo, answers)
        graph.append(np.abs(output.evidence_map.sum((1, 2)) + output.answer_evidence.sum(0) - output.logits).max())
        evidence = predictor.assess(photo, answers, explain=True).evidence
        if evidence is not None:
            place = predictor.card.codes.index(evidence.map.code)
            total = sum(map(sum, evidence.map.values)) + sum(answer.evidence for answer in evidence.answers)
            told.append(abs(total - float(output.logits[place] - output.logits.mean())))
    return {"trained": np.array(trained), "graph": np.array(graph), "told": np.array(told)}


def additivity_table(found: dict[str, Floats], photos: int) -> str:
    """The largest error of each way of looking."""
    return (
        f"## The parts sum to the logit\n\n{photos} test photos with their answers, all diagnoses.\n\n"
        "| sum of the parts, against | largest error, log-odds |\n|---|---|\n"
        f"| the trained network's logits, computed the usual way: average first, then the head | "
        f"{found['trained'].max():.1e} |\n"
        f"| the logits of the exported graph | {found['graph'].max():.1e} |\n"
        f"| the same, from the Assessment's rounded numbers ({len(found['told'])} assessed photos) | "
        f"{found['told'].max():.1e} |\n"
    )


def randomised(model: EvidenceModel, run: Run, photos: list[Pixels]) -> dict[str, Floats]:
    """Likeness of each photo's map to that of the trained network, (S, K, N, 3) over seeds, stages and photos.

    ``others``: likeness of each photo's map to another photo's, (N, 3): what all maps have in common.
    """
    channels = as_channels(photos[:CASCADE_PHOTOS])
    places = np.arange(len(channels))
    every = maps_of(model, channels)
    chosen = every.sum((2, 3)).argmax(1)
    trained, others = (every[places, of] - every.mean(1) for of in (chosen, np.roll(chosen, -1)))

    def alike(network: EvidenceModel) -> list[tuple[float, float, float]]:
        now = maps_of(network, channels)
        return [likeness(*pair) for pair in zip(trained, now[places, chosen] - now.mean(1), strict=True)]

    found = [[alike(network) for network in cascade(model, run, channels, seed)] for seed in range(CASCADE_SEEDS)]
    # Photo n's map for the diagnosis of photo n + 1, beside that of photo n + 1.
    pairs = zip(np.roll(trained, -1, axis=0), others, strict=True)
    return {"stages": np.array(found), "others": np.array([likeness(*pair) for pair in pairs])}


def maps_of(model: EvidenceModel, channels: torch.Tensor) -> Floats:
    """(N, C, h, w) of photos without answers."""
    nothing = torch.zeros(1, sum(model.answer_columns))
    with torch.inference_mode():
        return np.concatenate([model.explain(one[None], nothing).map.double().numpy() for one in channels])


def randomised_table(found: dict[str, Floats]) -> str:
    """Mean likeness after each stage."""
    names = ["nothing: another photo's map for the same diagnosis", *STAGES]
    means = [found["others"].mean(0), *found["stages"].mean((0, 2))]
    lines = "".join(
        f"| {name} | {' | '.join(f'{value:.2f}' for value in values)} |\n"
        for name, values in zip(names, means, strict=True)
    )
    return (
        f"## Randomised weights\n\n{found['others'].shape[0]} photos, mean of {found['stages'].shape[0]} draws. "
        "1 is the trained network's own map.\n\n"
        "| randomised | rank correlation | of magnitudes | structural similarity |\n|---|---|---|---|\n" + lines
    )


def curves(predictor: Predictor, model: EvidenceModel, photos: list[Pixels]) -> dict[str, Floats]:
    """What :func:`curves_of` finds for each photo, (N,) each."""
    found = [curves_of(predictor, model, pixels, number) for number, pixels in enumerate(photos)]
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def curves_of(predictor: Predictor, model: EvidenceModel, pixels: Pixels, seed: int) -> dict[str, float]:
    """Areas under each map's deletion and insertion curves, the place of the likeliest diagnosis, and a correlation.

    ``alike`` is that of captum's Grad-CAM, before its ReLU, with the evidence before it is told against the mean.
    """
    generator = np.random.default_rng(seed)
    output = predictor.raw(as_photo(pixels))
    place = int(output.logits.argmax())
    grid, side = output.evidence_map[place].shape, len(pixels)
    cam = gradcam(model, as_channels([pixels]), place)
    maps = {
        OURS: enlarged(centred_map(output, place), side),
        GRADCAM: enlarged(np.maximum(cam, 0), side),
        RANDOM: enlarged(generator.random(grid), side),
        MIDDLE: -np.hypot(*(np.mgrid[:side, :side] - (side - 1) / 2)),
    }

    def probability(shown: Pixels) -> float:
        return float(softmax(predictor.raw(as_photo(shown)).logits)[place])

    found = {"chosen": float(place), "alike": np.corrcoef(cam.ravel(), output.evidence_map[place].ravel())[0, 1]}
    for way, ends in WAYS.items():
        first, last = ends(pixels)
        outer = probability(first), probability(last)
        for name, saliency in maps.items():
            order = order_of(saliency, generator)
            inner = [probability(partly(first, last, order, step / STEPS)) for step in range(1, STEPS)]
            found[f"{way}/{name}"] = float(np.trapezoid([outer[0], *inner, outer[1]], dx=1 / STEPS))
    return found


def _deletion(pixels: Pixels) -> tuple[Pixels, Pixels]:
    return pixels, np.full_like(pixels, GREY)


def _insertion(pixels: Pixels) -> tuple[Pixels, Pixels]:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(BLUR_SIGMA_PX))), pixels


WAYS: dict[str, Callable[[Pixels], tuple[Pixels, Pixels]]] = {"deletion": _deletion, "insertion": _insertion}
"""Both as where they begin and where they end."""


def curves_table(found: dict[str, Floats], groups: npt.NDArray[np.str_], naevus: int) -> str:
    """Areas, and how much better or worse than ours the others are, photo by photo."""
    everything = np.ones(len(groups), np.bool_)
    text = "## Deletion and insertion\n\n"
    for title, chosen in (("All", everything), ("Not taken for a mole", found["chosen"] != naevus)):
        weights = group_weights(groups[chosen], RESAMPLES, seed=0)
        text += f"{title}: {chosen.sum()} photos.\n\n"
        text += "| map | deletion, less is better | ours less this | insertion, more is better | ours less this |\n"
        text += "|---|---|---|---|---|\n"
        for name in (OURS, GRADCAM, MIDDLE, RANDOM):
            cells = []
            for way in WAYS:
                area, ours = found[f"{way}/{name}"][chosen], found[f"{way}/{OURS}"][chosen]
                cells.append(cell(mean(weights, area)))
                cells.append("" if name == OURS else cell(mean(weights, ours - area)))
            text += f"| {name} | {' | '.join(cells)} |\n"
        text += "\n"
    return text + (
        "Correlation of captum's Grad-CAM, before its ReLU, with the evidence map before it is told against the mean "
        f"diagnosis: at least {found['alike'].min():.6f} in every photo.\n"
    )


def mean(weights: Floats, values: Floats) -> Interval:
    """The mean with its interval."""
    return to_interval((weights @ values) / weights.sum(1))


def pointing(predictor: Predictor, model: EvidenceModel, run: Run, photos: list[Pixels]) -> dict[str, Floats]:
    """Whether each photo's map is highest near the middle, (N,); and the share of places that are near it.

    ``random network`` is asked of the first :data:`RANDOM_PHOTOS` only.
    """
    grid = predictor.card.graph.evidence_rows, predictor.card.graph.evidence_columns
    rows, columns = ((np.arange(count) + 0.5) / count - 0.5 for count in grid)
    near = np.hypot(rows[:, None], columns[None]) <= NEAR
    hits: dict[str, list[bool]] = {OURS: [], GRADCAM: []}
    places = []
    for pixels in photos:
        output = predictor.raw(as_photo(pixels))
        places.append(int(output.logits.argmax()))
        hits[OURS].append(bool(near.flat[centred_map(output, places[-1]).argmax()]))
        hits[GRADCAM].append(bool(near.flat[output.evidence_map[places[-1]].argmax()]))
    channels = as_channels(photos[:RANDOM_PHOTOS])
    *_, random_network = cascade(model, run, channels, seed=0)
    blind = maps_of(random_network, channels)
    hits["random network"] = [
        bool(near.flat[(one[place] - one.mean(0)).argmax()]) for one, place in zip(blind, places, strict=False)
    ]
    return {**{name: np.array(values, np.float64) for name, values in hits.items()}, "chance": np.array([near.mean()])}


def pointing_table(found: dict[str, Floats], groups: npt.NDArray[np.str_]) -> str:
    """Share of photos whose map is highest near the middle."""
    names = {
        OURS: OURS,
        GRADCAM: "the same before it is told against the mean diagnosis, which is Grad-CAM's",
        "random network": f"{OURS} of a network with random weights ({RANDOM_PHOTOS} photos)",
    }
    lines = ""
    for name, title in names.items():
        weights = group_weights(groups[: len(found[name])], RESAMPLES, seed=0)
        lines += f"| {title} | {cell(mean(weights, found[name]))} |\n"
    return (
        f"## Pointing at the lesion\n\nHAM10000, {len(groups):,} test photos.\n\n"
        "| map | highest in the middle of the photo |\n|---|---|\n"
        f"{lines}| chance: the share of places that are in the middle | {found['chance'][0]:.3f} |\n"
    )
