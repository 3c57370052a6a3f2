"""Describing a dataset: what it says of made troubles, and that the page stands for any set."""

from __future__ import annotations

import html.parser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.signal import convolve2d

from lentigo.datasets import Dataset
from lentigo.datasets.dataset import ClassRecord, DatasetRecord, DuplicateRecord, RejectRecord, SourceRecord
from lentigo.datasets.description import DescribeOptions, Description, body, charts, describe, sampling, summary
from lentigo.datasets.description import page as page_module
from lentigo.datasets.description import photo_troubles as in_photos
from lentigo.datasets.description import troubles as checks
from lentigo.datasets.description.photos import PHOTOS_SCHEMA, Look, Seen, Unseen, look_at, measure
from lentigo.datasets.description.troubles import Trouble, find_troubles
from lentigo.datasets.description.wording import count, listing, percent
from lentigo.datasets.manifest import MANIFEST_SCHEMA, SPLITS, write_manifest
from lentigo.taxonomy import load_taxonomy
from tests.made import photo_bytes

Rows = list[dict[str, Any]]


def rows(diagnosis: str, number: int, **values: Any) -> Rows:
    """Rows of one class, each a group of its own, dealt to the splits in turn: 8 in 10 to train."""
    source = values.get("source", "a")
    return [
        {
            "image": f"images/{source}_{diagnosis}_{place}.jpg",
            "source": source,
            "diagnosis": diagnosis,
            "group": f"{source}_{diagnosis}_{place}",
            "split": ("train", "train", "validation", "test", "train")[place % 5],
            "fold": place % 5,
            "sha1": f"{source}_{diagnosis}_{place}",
            "patient_id": f"{source}_{diagnosis}_{place}",
            "image_type": "clinical",
            "age": 50.0,
            "sex": "female",
            "site": "back",
            "itches": True,
            "grew": True,
            "hurts": True,
            "changed": True,
            "bleeds": True,
            "raised": True,
            "fitzpatrick_skin_type": place % 6 + 1,
            **values,
        }
        for place in range(number)
    ]


def table(*parts: Rows) -> pl.DataFrame:
    return pl.DataFrame([row for part in parts for row in part], schema=MANIFEST_SCHEMA)


def sound() -> tuple[Rows, Rows]:
    """Two classes of two sources in equal parts: nothing to complain of."""
    return (
        [*rows("mel", 100), *rows("mel", 100, source="b")],
        [*rows("nv", 100), *rows("nv", 100, source="b")],
    )


def troubles_of(manifest: pl.DataFrame) -> dict[str, Trouble]:
    diagnoses = [load_taxonomy().diagnosis(code) for code in sorted(set(manifest["diagnosis"]))]
    return {trouble.code: trouble for trouble in find_troubles(manifest, diagnoses)}


def write_dataset(folder: Path, manifest: pl.DataFrame, photos: bool = True, **record: Any) -> Dataset:
    (folder / "images").mkdir(parents=True)
    generator = np.random.default_rng(0)
    for name in manifest["image"] if photos else []:
        pixels = generator.integers(0, 256, (24, 32, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / name)
    write_manifest(manifest, folder)
    known = [load_taxonomy().diagnosis(code) for code in sorted(set(manifest["diagnosis"]))]
    sources = sorted(set(manifest["source"]))
    fields: dict[str, Any] = {
        "created": "2026-01-01T00:00:00+00:00",
        "lentigo_version": "0",
        "options": {"shorter_side_px": 24},
        "sources": tuple(SourceRecord(name=name, licence="CC made", citation="Made (2026).") for name in sources),
        "diagnoses": tuple(ClassRecord(code=one.code, malignancy=one.malignancy, tier=one.tier) for one in known),
        "counts": {},
        "notes": (),
        "duplicates": (),
        "rejects": (),
    }
    (folder / "dataset.json").write_text(DatasetRecord(**{**fields, **record}).model_dump_json(), encoding="utf-8")
    return Dataset.open(folder)


def described(dataset: Dataset, **options: Any) -> Description:
    return describe(dataset, DescribeOptions(**options), lambda _: None, lambda: None)


class Page(html.parser.HTMLParser):
    """What a page would load, its pictures and its visible words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.pictures = 0
        self.codes: list[str] = []
        self.words = ""
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._hidden = tag in ("style", "title")
        self.codes += [values["data-code"] or ""] if "data-code" in values else []
        link = values.get("src") or (values.get("href") if tag in ("link", "image", "use") else None)
        if link:
            self.pictures += link.startswith("data:image/jpeg")
            self.loaded += [] if link.startswith("data:") else [link]

    def handle_data(self, data: str) -> None:
        self.words += "" if self._hidden else data


def test_a_sound_set_has_no_trouble() -> None:
    assert troubles_of(table(*sound())) == {}


def test_accuracy_misleads_names_the_dangerous_class_and_what_always_guessing_gives() -> None:
    trouble = troubles_of(table(rows("nv", 335), rows("mel", 55), rows("bkl", 110)))["accuracy_misleads"]
    assert trouble.title == "Melanoma is 11\N{NO-BREAK SPACE}%: accuracy will mislead."
    assert "“Mole (naevus)” is right 67\N{NO-BREAK SPACE}%" in trouble.detail
    assert trouble.weight == "serious"


def test_accuracy_misleads_names_the_rarest_where_no_class_is_known_as_dangerous() -> None:
    trouble = troubles_of(table(rows("eczema", 60), rows("acne", 39), rows("wart", 1)))["accuracy_misleads"]
    assert trouble.title.startswith("wart is 1")


def wrecked(change: Callable[[Rows, Rows], tuple[Rows, Rows]]) -> pl.DataFrame:
    return table(*change(*sound()))


def with_values(part: Rows, **values: Any) -> Rows:
    return [{**row, **values} for row in part]


TROUBLES: dict[str, tuple[pl.DataFrame, str]] = {
    "single_class": (table(rows("nv", 100)), "only one class, “Mole (naevus)”"),
    "class_absent_from_split": (
        wrecked(lambda mel, nv: (with_values(mel, split="train", fold=0), nv)),
        "validation lacks Melanoma; test lacks Melanoma",
    ),
    "few_groups": (
        wrecked(lambda mel, nv: (with_values(mel[:100], group="one", split="train", fold=0), nv)),
        "Melanoma (1) has fewer than 30 groups",
    ),
    "few_to_judge": (wrecked(lambda mel, nv: (mel[:40], nv)), "fewer than 10 groups of Melanoma (8)"),
    "source_of_one_class": (wrecked(lambda mel, nv: (mel, nv[:100])), "b holds only “Melanoma”"),
    "class_of_one_source": (wrecked(lambda mel, nv: (mel, nv[:100])), "Only a holds Mole (naevus)."),
    "class_mix_by_source": (
        wrecked(lambda mel, nv: (mel[:150], nv[50:])),
        "“Melanoma” is 67\N{NO-BREAK SPACE}% of a and 33\N{NO-BREAK SPACE}% of b",
    ),
    "image_type_by_class": (
        wrecked(lambda mel, nv: (mel, with_values(nv, image_type="dermoscopic"))),
        "The kind of photo goes with the class",
    ),
    "missing_by_class": (
        wrecked(lambda mel, nv: (mel, with_values(nv, age=None))),
        "age is unknown for 0\N{NO-BREAK SPACE}% of “Melanoma” and 100\N{NO-BREAK SPACE}% of “Mole (naevus)”",
    ),
    "mostly_missing": (
        wrecked(lambda mel, nv: (with_values(mel, site=None, itches=None), with_values(nv, site=None, itches=None))),
        "No photo comes with body site and “itches”.",
    ),
    "skin_type_unknown": (
        wrecked(
            lambda mel, nv: (with_values(mel, fitzpatrick_skin_type=None), with_values(nv, fitzpatrick_skin_type=None))
        ),
        "unknown for 100",
    ),
    "dark_skin_rare": (
        wrecked(lambda mel, nv: (with_values(mel, fitzpatrick_skin_type=2), with_values(nv, fitzpatrick_skin_type=3))),
        "no photo of 400",
    ),
    "patients_unknown": (
        wrecked(lambda mel, nv: (mel, with_values(nv, patient_id=None))),
        "unknown for 200 photos of 400 (a and b)",
    ),
}


@pytest.mark.parametrize("code", TROUBLES)
def test_each_trouble_is_found_where_it_is(code: str) -> None:
    manifest, words = TROUBLES[code]
    found = troubles_of(manifest)
    assert words in found[code].title
    assert found[code].detail
    assert found[code].advice


def test_each_check_of_the_manifest_has_its_test_and_its_code() -> None:
    assert {check.__name__ for check in checks.CHECKS} == set(TROUBLES)


def test_troubles_come_by_weight() -> None:
    found = find_troubles(table(rows("nv", 90, patient_id=None), rows("mel", 10, fitzpatrick_skin_type=None)), [])
    weights = [checks.WEIGHTS.index(trouble.weight) for trouble in found]
    assert len(set(weights)) > 1
    assert weights == sorted(weights)


def test_photos_without_patient_and_lesion_weigh_more() -> None:
    with_lesion = [{**row, "patient_id": None, "lesion_id": row["group"]} for row in sound()[0]]
    without = with_values(with_lesion, lesion_id=None)
    assert troubles_of(table(with_lesion, sound()[1]))["patients_unknown"].weight == "know"
    assert troubles_of(table(without, sound()[1]))["patients_unknown"].weight == "mind"


def photos(**columns: Any) -> pl.DataFrame:
    """40 measured photos: 20 of source a and diagnosis mel, 20 of b and nv."""
    base = {
        "image": [f"{place}.jpg" for place in range(40)],
        "source": ["a"] * 20 + ["b"] * 20,
        "diagnosis": ["mel"] * 20 + ["nv"] * 20,
        "width_px": [300] * 40,
        "height_px": [200] * 40,
        "brightness": [0.5] * 40,
        "sharpness": [0.02] * 40,
    }
    return pl.DataFrame({**base, **columns}, schema=PHOTOS_SCHEMA)


@pytest.mark.parametrize(
    ("measure_name", "columns"),
    [
        ("size", {"width_px": [300] * 20 + [600] * 20, "height_px": [200] * 20 + [400] * 20}),
        ("shape", {"width_px": [200] * 20 + [400] * 20}),
        ("brightness", {"brightness": list(np.linspace(0.3, 0.5, 20)) + list(np.linspace(0.45, 0.7, 20))}),
        ("sharpness", {"sharpness": [0.01] * 20 + [0.02] * 20}),
    ],
)
def test_photos_that_differ_by_source_and_class_are_found(measure_name: str, columns: dict[str, Any]) -> None:
    found = {one.code: one.title for one in in_photos.find_photo_troubles(photos(**columns), [])}
    assert set(found) == {f"{measure_name}_by_source", f"{measure_name}_by_class"}
    assert found[f"{measure_name}_by_source"].startswith("A photo of b is")
    assert "than one of “Melanoma”" in found[f"{measure_name}_by_class"]


def test_photos_that_are_alike_are_no_trouble() -> None:
    brightness = list(np.random.default_rng(0).normal(0.5, 0.1, 40))
    assert in_photos.find_photo_troubles(photos(brightness=brightness), []) == []
    assert in_photos.find_photo_troubles(photos().clear(), []) == []


@given(
    st.lists(st.integers(0, 9).map(float), min_size=1, max_size=12),
    st.lists(st.integers(0, 9).map(float), min_size=1, max_size=12),
)
def test_exceeds_counts_pairs(ones: list[float], others: list[float]) -> None:
    pairs = [(one > other) + 0.5 * (one == other) for one in ones for other in others]
    assert in_photos.exceeds(np.array(ones), np.array(others)) == pytest.approx(np.mean(pairs))


def test_brightness_is_mean_lightness_and_sharpness_the_spread_of_its_laplacian() -> None:
    grey = np.full((8, 8, 3), 51, dtype=np.uint8)
    assert measure(grey) == pytest.approx((0.2, 0), abs=1e-6)
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    lightness = np.asarray(Image.fromarray(pixels).convert("L")) / 255
    laplacian = convolve2d(lightness, [[0, 1, 0], [1, -4, 1], [0, 1, 0]], mode="valid")
    assert measure(pixels) == pytest.approx((lightness.mean(), laplacian.std()), rel=5e-3)
    assert measure(pixels[:2])[1] == 0


def test_a_look_gives_the_size_of_the_file_and_a_small_picture(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(photo_bytes(size_px=900))
    seen = look_at(Look("a.jpg", tmp_path / "a.jpg", 40))
    assert isinstance(seen, Seen)
    assert (seen.width_px, seen.height_px) == (900, 900)
    assert seen.thumbnail.startswith("data:image/jpeg;base64,")
    assert 0 < seen.sharpness < seen.brightness < 1


@pytest.mark.parametrize(
    ("content", "code"), [(None, "image_missing"), (b"", "empty_file"), (photo_bytes()[:-900], "corrupt_image")]
)
def test_a_photo_that_cannot_be_seen_says_why(tmp_path: Path, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / "a.jpg").write_bytes(content)
    unseen = look_at(Look("a.jpg", tmp_path / "a.jpg", 0))
    assert isinstance(unseen, Unseen)
    assert unseen.code == code


def test_a_sample_is_as_large_as_allowed_repeats_and_sees_rare_classes() -> None:
    manifest = table(rows("nv", 970), rows("mel", 30))
    drawn = sampling.draw(sampling.shuffled(manifest, 0), 100)
    assert len(drawn) == len(set(drawn)) == 100
    assert drawn == sampling.draw(sampling.shuffled(manifest.reverse(), 0), 100)
    assert drawn != sampling.draw(sampling.shuffled(manifest, 1), 100)
    assert sum("mel" in image for image in drawn) >= 25
    assert len(sampling.draw(manifest, 2000)) == 1000


def test_samples_are_of_different_groups_and_sources() -> None:
    manifest = table(with_values(rows("mel", 40), group="one", split="train", fold=0), rows("mel", 9, source="b"))
    chosen = sampling.samples(sampling.shuffled(manifest, 0))["mel"]
    assert len(chosen) == 8
    assert sum("a_mel" in image for image in chosen) == 1


def test_a_hundred_photos_show_the_shares_of_a_few_classes() -> None:
    chosen = sampling.hundred(table(rows("mel", 30), rows("nv", 170)))
    assert {code: len(images) for code, images in chosen.items()} == {"nv": 85, "mel": 15}
    assert list(chosen) == ["nv", "mel"]
    assert sampling.hundred(table(rows("nv", 99))) == {}
    assert sampling.hundred(table(*(rows(f"own_{number}", 10) for number in range(17)))) == {}


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 10_000), min_size=1, max_size=300), st.integers(0, 200))
def test_seats_are_in_proportion_and_all_given(counts: dict[str, int], seats: int) -> None:
    given_seats = sampling.apportion(counts, seats)
    assert sum(given_seats.values()) == seats
    total = sum(counts.values())
    assert all(abs(given_seats[name] - seats * number / total) < 1 for name, number in counts.items())


def test_every_site_of_the_taxonomy_is_drawn_or_named_beside_the_figure() -> None:
    every = dict.fromkeys(load_taxonomy().sites, 3)
    drawn = {label.text for figure in body.figures(every) for label in figure.labels}
    assert {"arm", "leg", "face", "back"} <= drawn
    assert len(drawn) + len(body.off_the_figure(every)) == len(every)
    assert body.off_the_figure({"tail": 1, "back": 2}) == {"tail": 1}
    assert all(shape.tint == 0 for figure in body.figures({}) for shape in figure.shapes)


def test_labels_of_the_body_do_not_touch() -> None:
    for figure in body.figures(dict.fromkeys(load_taxonomy().sites, 1)):
        heights = [label.y for label in figure.labels]
        assert min(np.diff(heights)) >= 20


def test_ages_are_counted_in_steps_and_the_oldest_stand_last() -> None:
    counts = charts.age_counts([0.0, 4.9, 5.0, 99.0, 120.0])
    assert (counts[0], counts[1], counts[-1], sum(counts)) == (2, 1, 2, 5)
    assert charts.steps(counts, 2).endswith("V40Z")
    assert charts.steps([0, 0], 0) == ""


def test_classes_are_sorted_by_urgency_then_number() -> None:
    manifest = table(rows("nv", 30), rows("mel", 10), rows("own", 50), rows("bcc", 20), rows("scc", 20))
    diagnoses = [load_taxonomy().diagnosis(code) for code in ("nv", "mel", "bcc", "scc")]
    found = summary.classes(manifest, diagnoses)
    assert [one.code for one in found] == ["scc", "mel", "bcc", "nv", "own"]
    assert sum(found[0].by_split[split] for split in SPLITS) == found[0].photos == 20


def test_words_of_numbers() -> None:
    assert [percent(share).replace("\N{NO-BREAK SPACE}", " ") for share in (0, 0.004, 0.5, 0.996, 1)] == [
        "0 %",
        "under 1 %",
        "50 %",
        "over 99 %",
        "100 %",
    ]
    assert (count(1, "class", "classes"), count(2000, "photo")) == ("1 class", "2,000 photos")
    assert listing([]) == ""
    assert listing(["a", "b"]) == "a and b"
    assert listing([*"abcdefgh"]) == "a, b, c, d, e and 3 more"


def test_the_page_of_a_whole_set_stands_alone(tmp_path: Path) -> None:
    manifest = table(rows("mel", 20), rows("nv", 40), rows("nv", 50, source="b", image_type="dermoscopic"))
    dataset = write_dataset(
        tmp_path / "spots & co",
        manifest,
        duplicates=(DuplicateRecord(images=("images/a_nv_0.jpg", "images/a_nv_1.jpg"), exact=False),),
        rejects=(RejectRecord(source="a", name="<b>x</b>", row=3, reason="image_missing", detail="Not there."),),
        notes=("Made for a test.",),
    )
    found = described(dataset, workers=2)
    assert found.photos.height == 110
    assert found.photos.equals(described(dataset, workers=1).photos)
    page = Page(page_module.to_html(found))
    assert page.loaded == []
    assert page.codes == [trouble.code for trouble in found.troubles]
    assert page.pictures == 100 + 8 + 8 + 2
    for words in ("spots & co", "CC made", "Made for a test.", "<b>x</b>", "image missing 1", "Melanoma", "32 × 24"):
        assert words in page.words, words
    assert page.words.index("What will make trouble") < page.words.index("Where it comes from")


def test_missing_and_damaged_photos_are_counted_and_named(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "set", table(rows("mel", 10), rows("nv", 10)))
    (dataset.path / "images/a_mel_3.jpg").unlink()
    (dataset.path / "images/a_nv_4.jpg").write_bytes(b"no image")
    found = described(dataset)
    assert [(one.image, one.code) for one in found.unseen] == [
        ("images/a_mel_3.jpg", "image_missing"),
        ("images/a_nv_4.jpg", "unsupported_format"),
    ]
    assert found.photos.height == 18
    page = Page(page_module.to_html(found))
    assert "photos_unseen" in page.codes
    assert "images/a_mel_3.jpg: There is no such file." in page.words


def test_missing_photos_are_found_outside_the_sample_too(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "set", table(rows("mel", 10), rows("nv", 10)))
    (dataset.path / "images/a_mel_3.jpg").unlink()
    found = described(dataset, photos=4)
    assert (found.photos.height, len(found.unseen)) == (4, 1)
    assert "Measured on 4 of 20 photos" in Page(page_module.to_html(found)).words


NOTHING_KNOWN = {
    **dict.fromkeys(("patient_id", "image_type", "age", "sex", "site", "fitzpatrick_skin_type")),
    **dict.fromkeys(("itches", "grew", "hurts", "changed", "bleeds", "raised")),
}


@pytest.mark.parametrize("classes", [1, 2, 200])
def test_a_set_of_own_classes_without_answers_works(tmp_path: Path, classes: int) -> None:
    parts = [rows(f"own_class_{number}", 5 if classes > 2 else 60, **NOTHING_KNOWN) for number in range(classes)]
    found = described(write_dataset(tmp_path / "set", table(*parts), photos=classes < 3), workers=1)
    page = Page(page_module.to_html(found))
    assert "own class 0" in page.words
    assert "No photo comes with an age and a sex." in page.words
    assert "No photo names the skin type." in page.words
    assert "risk" not in page.words
    assert len(page.codes) == len(set(page.codes))
    assert all(len(trouble.title) < 400 for trouble in found.troubles)
    assert ("single_class" in page.codes) == (classes == 1)


def test_a_code_that_the_record_does_not_know_is_shown(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "set", table(rows("mel", 10), rows("nv", 10)), diagnoses=(), sources=())
    words = Page(page_module.to_html(described(dataset))).words
    assert "not recorded" in words
    assert "Melanoma" in words
