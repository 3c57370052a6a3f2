"""What in a dataset will make trouble, said in words.

Each check is a pure function of the manifest and gives None where all is well. The limits are rules of thumb, each
with its reason; a trouble does not say that a set is bad, but what its figures will not show by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from lentigo.answers import HISTORY
from lentigo.datasets.description.wording import count, listing, name_of, percent
from lentigo.datasets.manifest import SPLITS
from lentigo.taxonomy import Diagnosis

Weight = Literal["serious", "mind", "know"]
WEIGHTS: tuple[Weight, ...] = ("serious", "mind", "know")
"""From what spoils a result to what is good to know."""

MAJORITY = 0.6
"""A class with three photos of five makes accuracy look good by itself."""
FEW_GROUPS = 30
"""With 30 independent cases the 95 % interval of a recall of one half is 34 points wide (Wilson)."""
FEW_TO_JUDGE = 10
"""The same count in the test split below which the report calls a figure too few to say."""
ENOUGH_PHOTOS = 20
"""Shares of fewer photos are not compared with each other."""
DIFFERING_SHARE = 0.25
"""Shares that differ by a quarter of all photos or more are a cue that a model can learn instead of skin."""
DARK_SKIN_TYPES = (5, 6)
DARK_SKIN_SHARE = 0.05
ANSWERS = ("age", "sex", "site", *HISTORY)


@dataclass(frozen=True)
class Trouble:
    """Something that will make trouble.

    Attributes:
        code: Stable, for programs and tests.
        weight: How much it matters.
        title: What is so, in one sentence with its numbers.
        detail: Why it matters.
        advice: What to do about it.
    """

    code: str
    weight: Weight
    title: str
    detail: str
    advice: str


def find_troubles(manifest: pl.DataFrame, diagnoses: Sequence[Diagnosis]) -> list[Trouble]:
    """Every trouble that the manifest shows, the most serious first."""
    found = [accuracy_misleads(manifest, diagnoses), *(check(manifest) for check in CHECKS)]
    return in_order([trouble for trouble in found if trouble is not None])


def in_order(troubles: Sequence[Trouble]) -> list[Trouble]:
    """The most serious first; those that weigh the same stay in their order."""
    return sorted(troubles, key=lambda trouble: WEIGHTS.index(trouble.weight))


def accuracy_misleads(manifest: pl.DataFrame, diagnoses: Sequence[Diagnosis]) -> Trouble | None:
    """``accuracy_misleads``: one class is so common that naming it always looks good."""
    shares = _shares(manifest, "diagnosis")
    commonest, share = next(iter(shares.items()))
    if len(shares) < 2 or share < MAJORITY:
        return None
    dangerous = [one.code for one in diagnoses if one.dangerous and one.code in shares and one.code != commonest]
    worth_naming = dangerous[0] if dangerous else list(shares)[-1]
    return Trouble(
        "accuracy_misleads",
        "serious",
        f"{name_of(worth_naming)} is {percent(shares[worth_naming])}: accuracy will mislead.",
        f"Always answering “{name_of(commonest)}” is right {percent(share)} of the time and finds none of the others.",
        "Judge by recall of the dangerous classes and by balanced accuracy, and weight the classes in training.",
    )


def single_class(manifest: pl.DataFrame) -> Trouble | None:
    """``single_class``: there is nothing to tell apart."""
    if manifest["diagnosis"].n_unique() > 1:
        return None
    return Trouble(
        "single_class",
        "serious",
        f"There is only one class, “{name_of(manifest['diagnosis'][0])}”.",
        "A model needs two or more to tell apart.",
        "Merge it with a set that holds other classes: lentigo merge.",
    )


def class_absent_from_split(manifest: pl.DataFrame) -> Trouble | None:
    """``class_absent_from_split``: a class that a split lacks is not learned, tuned or measured there."""
    absent: list[str] = []
    for split in SPLITS:
        here = set(manifest.filter(pl.col("split") == split)["diagnosis"])
        lacking = [code for code in _shares(manifest, "diagnosis") if code not in here]
        if not here:
            absent.append(f"the {split} split is empty")
        elif lacking:
            absent.append(f"{split} lacks {listing([name_of(code) for code in lacking])}")
    if not absent:
        return None
    first, *others = absent
    return Trouble(
        "class_absent_from_split",
        "serious",
        f"Not every class is in every split: {'; '.join([first, *others])}.",
        "What train lacks is never learned; what test lacks is never measured.",
        "Gather more patients of these classes, or prepare with larger --validation and --test.",
    )


def few_groups(manifest: pl.DataFrame) -> Trouble | None:
    """``few_groups``: classes with too few independent cases to learn or to measure."""
    groups = _groups(manifest)
    few = [(code, n) for code, n in groups.items() if n < FEW_GROUPS]
    if not few:
        return None
    names = listing([f"{name_of(code)} ({n:,})" for code, n in few])
    verb = "has" if len(few) == 1 else "have"
    return Trouble(
        "few_groups",
        "serious",
        f"{names} {verb} fewer than {FEW_GROUPS} groups.",
        "Photos of one patient or lesion teach and prove little more than one of them: groups count, not photos.",
        "Gather more, or join the class with one that leads to the same next step.",
    )


def few_to_judge(manifest: pl.DataFrame) -> Trouble | None:
    """``few_to_judge``: classes whose recall on the test split will be mostly chance."""
    groups = _groups(manifest.filter(pl.col("split") == "test"))
    few = [(code, n) for code, n in groups.items() if n < FEW_TO_JUDGE]
    if not few:
        return None
    names = listing([f"{name_of(code)} ({n})" for code, n in few])
    return Trouble(
        "few_to_judge",
        "mind",
        f"The test split holds fewer than {FEW_TO_JUDGE} groups of {names}.",
        "One case more or less moves such a recall by ten points and more.",
        "Read the intervals, not the figures.",
    )


def source_of_one_class(manifest: pl.DataFrame) -> Trouble | None:
    """``source_of_one_class``: where a source is a class, a model may learn the camera instead of the skin."""
    if manifest["diagnosis"].n_unique() < 2 or manifest["source"].n_unique() < 2:
        return None
    classes = manifest.group_by("source").agg(pl.col("diagnosis").unique()).sort("source")
    single = [(source, codes[0]) for source, codes in classes.iter_rows() if len(codes) == 1]
    if not single:
        return None
    names = listing([f"{source} holds only “{name_of(code)}”" for source, code in single])
    return Trouble(
        "source_of_one_class",
        "serious",
        f"{names}.",
        "A model can name the class by the source's camera and light, without looking at the skin.",
        "Find other classes of the same source, or leave it out of the measuring.",
    )


def class_of_one_source(manifest: pl.DataFrame) -> Trouble | None:
    """``class_of_one_source``: classes that only one of several sources holds."""
    if manifest["source"].n_unique() < 2:
        return None
    sources = manifest.group_by("diagnosis").agg(pl.col("source").unique())
    of_one = {code: names[0] for code, names in sources.iter_rows() if len(names) == 1}
    if not of_one:
        return None
    held = {
        source: [name_of(code) for code in _shares(manifest, "diagnosis") if of_one.get(code) == source]
        for source in sorted(set(of_one.values()))
    }
    title = "; ".join(f"only {source} holds {listing(names)}" for source, names in held.items())
    return Trouble(
        "class_of_one_source",
        "mind",
        f"O{title[1:]}.",
        "On photos from elsewhere these classes are unproven, and the source's look may stand in for them.",
        "Measure each source by itself; do not promise these classes for other cameras.",
    )


def class_mix_by_source(manifest: pl.DataFrame) -> Trouble | None:
    """``class_mix_by_source``: the source alone says much about the class."""
    return _differing_mix(
        manifest,
        of="diagnosis",
        among="source",
        code="class_mix_by_source",
        title="The sources hold different mixtures: “{value}” is {high} of {upper} and {low} of {lower}.",
        detail="Knowing the source is then half the answer, and every difference between the cameras becomes a cue.",
        advice="Compare figures within each source; a good average can hide a bad source.",
    )


def image_type_by_class(manifest: pl.DataFrame) -> Trouble | None:
    """``image_type_by_class``: some classes are mostly dermoscopic, others mostly clinical."""
    return _differing_mix(
        manifest.filter(pl.col("image_type").is_not_null()),
        of="image_type",
        among="diagnosis",
        code="image_type_by_class",
        title="The kind of photo goes with the class: {high} of “{upper}” is {value}, of “{lower}” {low}.",
        detail="A dermatoscope is easy to recognise. A model can take the instrument for the diagnosis.",
        advice="Look at recall for dermoscopic and clinical photos apart.",
    )


def missing_by_class(manifest: pl.DataFrame) -> Trouble | None:
    """``missing_by_class``: whether an answer is known says something about the diagnosis."""
    known = _enough(manifest, "diagnosis")
    if known["diagnosis"].n_unique() < 2:
        return None
    differing: list[tuple[float, str, str]] = []
    for column in (*ANSWERS, "fitzpatrick_skin_type"):
        missing = _share_by(known, "diagnosis", pl.col(column).is_null())
        (lower, low), (upper, high) = missing[0], missing[-1]
        if high - low >= DIFFERING_SHARE:
            shares = f"{percent(low)} of “{name_of(lower)}” and {percent(high)} of “{name_of(upper)}”"
            words = f"{_column(column)} is unknown for {shares}"
            differing.append((high - low, column, words))
    if not differing:
        return None
    (_, _, title), *others = sorted(differing, key=lambda one: (-one[0], one[1]))
    also = f" So it is for {listing([_column(column) for _, column, _ in others], 9)}." if others else ""
    return Trouble(
        "missing_by_class",
        "mind",
        f"Missing answers differ by class: {title}.",
        f"Who was asked depends on who was suspected; a model can learn from the asking.{also}",
        "Lentigo adds nothing for an answer that was not given; compare with the figures by photo alone.",
    )


def mostly_missing(manifest: pl.DataFrame) -> Trouble | None:
    """``mostly_missing``: answers that less than half of the photos come with."""
    lacking = [name for name in ANSWERS if manifest[name].null_count() > manifest.height / 2]
    never = [name for name in lacking if manifest[name].null_count() == manifest.height]
    if not lacking:
        return None
    some = [name for name in lacking if name not in never]
    parts = [f"No photo comes with {listing([_column(name) for name in never], 9)}"] if never else []
    if some:
        shares = [f"{_column(name)} ({percent(1 - manifest[name].null_count() / manifest.height)})" for name in some]
        parts.append(f"{'few' if parts else 'Few photos'} come with {listing(shares, 9)}")
    return Trouble(
        "mostly_missing",
        "know",
        f"{'; '.join(parts)}.",
        "What was rarely asked is learned from few people, and what was never asked is not learned.",
        "Do not expect these answers to help; a source that asked for them would.",
    )


def skin_type_unknown(manifest: pl.DataFrame) -> Trouble | None:
    """``skin_type_unknown``: most photos do not say whose skin it is."""
    unknown = manifest["fitzpatrick_skin_type"].null_count() / manifest.height
    if unknown <= 0.5:
        return None
    return Trouble(
        "skin_type_unknown",
        "mind",
        f"The skin type is unknown for {percent(unknown)} of the photos.",
        "Whether a model works on darker skin as well as on lighter cannot be measured here.",
        "Do not claim that it does; measure on a set that names skin types.",
    )


def dark_skin_rare(manifest: pl.DataFrame) -> Trouble | None:
    """``dark_skin_rare``: where skin types are known, V and VI are hardly among them."""
    types = manifest["fitzpatrick_skin_type"].drop_nulls()
    dark = int(types.is_in(DARK_SKIN_TYPES).sum())
    if types.is_empty() or dark / len(types) >= DARK_SKIN_SHARE:
        return None
    seen = count(dark, "photo") if dark else "no photo"
    return Trouble(
        "dark_skin_rare",
        "serious",
        f"Skin types V and VI are hardly covered: {seen} of {len(types):,} that name the type.",
        "Melanoma looks different on dark skin and is found later there; a model that never saw it will not find it.",
        "Say so wherever the model is offered, and add photos of darker skin.",
    )


def patients_unknown(manifest: pl.DataFrame) -> Trouble | None:
    """``patients_unknown``: photos of one person may stand on both sides of a split."""
    nobody = pl.col("patient_id").is_null()
    unknown = manifest.filter(nobody)
    if unknown.is_empty():
        return None
    neither = unknown.filter(pl.col("lesion_id").is_null())
    sources = listing(sorted(set(unknown["source"])))
    of_all = "" if unknown.height == manifest.height else f" of {manifest.height:,}"
    detail = "Two lesions of one person may stand on both sides of a split and flatter the figures."
    if neither.height:
        where = listing(sorted(set(neither["source"])))
        detail += f" {count(neither.height, 'photo')} ({where}) name no lesion either: only duplicates are kept apart."
    return Trouble(
        "patients_unknown",
        "mind" if neither.height else "know",
        f"The patient is unknown for {count(unknown.height, 'photo')}{of_all} ({sources}).",
        detail,
        "Trust figures from sources that name patients more.",
    )


CHECKS: tuple[Callable[[pl.DataFrame], Trouble | None], ...] = (
    single_class,
    class_absent_from_split,
    few_groups,
    source_of_one_class,
    dark_skin_rare,
    image_type_by_class,
    class_mix_by_source,
    class_of_one_source,
    missing_by_class,
    few_to_judge,
    skin_type_unknown,
    patients_unknown,
    mostly_missing,
)
"""Every check that needs nothing but the manifest."""


def _shares(manifest: pl.DataFrame, column: str) -> dict[str, float]:
    """Share of each value, the commonest first."""
    counted = manifest[column].value_counts(sort=True, name="photos").sort(["photos", column], descending=[True, False])
    return {value: photos / manifest.height for value, photos in counted.iter_rows()}


def _groups(manifest: pl.DataFrame) -> dict[str, int]:
    """Groups of each class, the fewest first."""
    counted = manifest.group_by("diagnosis").agg(pl.col("group").n_unique()).sort("group", "diagnosis")
    return dict(counted.iter_rows())


def _enough(manifest: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows whose value of ``column`` stands in :data:`ENOUGH_PHOTOS` or more."""
    return manifest.filter(pl.len().over(column) >= ENOUGH_PHOTOS)


def _share_by(manifest: pl.DataFrame, column: str, condition: pl.Expr) -> list[tuple[str, float]]:
    """Share of rows that meet a condition, for each value of ``column``, the lowest first."""
    shares = manifest.group_by(column).agg(condition.mean().alias("share")).sort("share", column)
    return list(shares.iter_rows())


def _differing_mix(
    manifest: pl.DataFrame, *, of: str, among: str, code: str, title: str, detail: str, advice: str
) -> Trouble | None:
    """A trouble where the share of one value of ``of`` differs most between values of ``among``, and by enough."""
    manifest = _enough(manifest, among)
    if manifest[among].n_unique() < 2 or manifest[of].n_unique() < 2:
        return None
    worst: tuple[float, str, tuple[str, float], tuple[str, float]] | None = None
    for value in _shares(manifest, of):
        shares = _share_by(manifest, among, pl.col(of) == value)
        difference = shares[-1][1] - shares[0][1]
        if worst is None or difference > worst[0]:
            worst = (difference, value, shares[0], shares[-1])
    if worst is None or worst[0] < DIFFERING_SHARE:
        return None
    _, value, (lower, low), (upper, high) = worst
    words = {
        "value": name_of(value),
        "lower": name_of(lower) if among == "diagnosis" else lower,
        "upper": name_of(upper) if among == "diagnosis" else upper,
        "low": percent(low),
        "high": percent(high),
    }
    return Trouble(code, "mind", title.format(**words), detail, advice)


def _column(name: str) -> str:
    return (
        f"“{name}”" if name in HISTORY else {"fitzpatrick_skin_type": "skin type", "site": "body site"}.get(name, name)
    )
