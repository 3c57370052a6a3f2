"""``lentigo predict``."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from tqdm import tqdm

from lentigo.answers import HISTORY, SEXES, YES_NO, AnswerValue, from_text
from lentigo.errors import ImageError, StorageError, UsageError
from lentigo.imaging import EXTENSIONS

if TYPE_CHECKING:
    from lentigo.cli.pictures import Pictures
    from lentigo.inference import Assessment, Predictor
    from lentigo.inference.assembly import Wanted
    from lentigo.inference.combination import Combination

Spot = tuple[Path, ...]
"""The photos of one spot."""

SHOWN_IN_FULL = 5
"""Up to so many photos are answered in full; more get one line each."""


def _answer_options(command: Any) -> Any:
    for name in reversed(HISTORY):
        command = click.option(
            f"--{name}",
            type=click.Choice(YES_NO, case_sensitive=False),
            help=f"Whether the spot {_HISTORY_HELP[name]}.",
        )(command)
    command = click.option("--site", help="Place on the body, for example back or face.")(command)
    command = click.option("--sex", type=click.Choice(SEXES, case_sensitive=False))(command)
    return click.option("--age", type=float, help="Age in years.")(command)


_HISTORY_HELP = {
    "itches": "itches",
    "grew": "grew",
    "hurts": "hurts",
    "changed": "changed its look",
    "bleeds": "bleeds",
    "raised": "is raised above the skin",
}


@click.command()
@click.argument("photos", nargs=-1, required=True)
@click.option("--bundle", default="lesions", show_default=True, help="Name or folder of a bundle.")
@click.option(
    "--metadata",
    type=click.Path(path_type=Path),
    help="A CSV with answers; its column image, image_id or img_id names the photos.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--out", type=click.Path(path_type=Path), help="Write a table: predictions.csv or .parquet.")
@click.option("--same-spot", is_flag=True, help="The photos (up to three) show one spot: one answer for all.")
@click.option("--explain", metavar="CODE", help="Explain this diagnosis, for example mel, not the likeliest one.")
@click.option(
    "--overlay",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write a picture of each photo with what spoke for and against the diagnosis drawn over it.",
)
@click.option("--locale", default="en", show_default=True, help="Language of the texts: de, en, es, fr, it or nl.")
@click.option("--no-vetting", is_flag=True, help="Assess photos of faces too.")
@_answer_options
def predict(
    photos: tuple[str, ...],
    bundle: str,
    metadata: Path | None,
    as_json: bool,
    out: Path | None,
    same_spot: bool,
    explain: str | None,
    overlay: Path | None,
    locale: str,
    no_vetting: bool,
    **answers: AnswerValue,
) -> int:
    """Assess PHOTOS: files, folders or globs.

    With --metadata, a photo is looked for by its path as written, then by its file name, then by that without its
    ending. What fits two rows is refused. Answers given as options go before those of the table. HAM10000's and
    PAD-UFES-20's own tables work as they are.

    With --json, one file that is named prints its assessment, the same as over HTTP. Folders, globs and several
    arguments print a line {"image", "assessment"} for each photo, however many they are. A photo that cannot be read
    prints {"image", "error"}, error being {"code", "message"}.

    With --same-spot, all photos are averaged into one answer, and it is told whether they agree. A photo that shows too
    little, or something else, is left out and named.

    --overlay writes one PNG a photo, named as the photo. Photos that get no estimate get no picture.

    Ends with 0 when every photo could be read, 1 when some could not (each is named), 2 when the call was wrong.

    \b
    Examples:
      lentigo predict mole.jpg
      lentigo predict mole.jpg --age 71 --sex female --site back --grew yes
      lentigo predict near.jpg far.jpg --same-spot --age 71
      lentigo predict mole.jpg --explain mel --overlay pictures/
      lentigo predict photos/ --out predictions.csv
      lentigo predict 'HAM10000/*.jpg' --metadata HAM10000_metadata.csv --out predictions.parquet
    """
    from lentigo.cli.metadata import read_metadata
    from lentigo.cli.pictures import Pictures
    from lentigo.inference import Predictor
    from lentigo.inference.assembly import Wanted
    from lentigo.inference.explanation import place_of

    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise UsageError(f"--out {out} is neither .csv nor .parquet.", "Name the file predictions.csv, for example.")
    if out is not None and as_json:
        raise UsageError("--json and --out exclude each other.", "Choose one.")
    files = find_photos(photos)
    spots = _spots(files, same_spot)
    predictor = Predictor.load(bundle, threads=1, vetting=not no_vetting)
    if explain is not None:
        place_of(predictor.card, explain)
    given = _given(answers, predictor)
    table = read_metadata(metadata, predictor.card.answers, predictor.taxonomy).match(files) if metadata else {}
    pictures = Pictures(overlay, files, predictor.taxonomy, locale) if overlay else None
    why = explain or out is None or pictures is not None
    assess = _Assessor(predictor, given, table, Wanted(locale, why), pictures)
    if out is not None:
        with _place_of(out) as part:
            code = _write_table(out, part, spots, assess)
    elif as_json:
        code = _print_json(spots, assess, bare=same_spot or (len(photos) == 1 and Path(photos[0]).is_file()))
    else:
        code = _print_text(spots, assess)
    if pictures is not None:
        click.echo(f"Wrote {pictures.count} of {len(files)} pictures into {overlay}.", err=True)
    missed = len(files) - len(table)
    if metadata and missed:
        click.echo(f"{missed} of {len(files)} photos are not in {metadata}: assessed without answers.", err=True)
    return code


def _given(answers: Mapping[str, AnswerValue], predictor: Predictor) -> dict[str, AnswerValue]:
    """The options that were given, understood as the server understands a form's fields.

    Raises:
        AnswerError: One is no such answer.
    """
    specs = {spec.name: spec for spec in predictor.card.answers}
    understood = {
        name: from_text(specs[name], value, predictor.taxonomy) if isinstance(value, str) and name in specs else value
        for name, value in answers.items()
    }
    return {name: value for name, value in understood.items() if value is not None}


def find_photos(arguments: tuple[str, ...]) -> list[Path]:
    """The files that the arguments name: files as they are, folders searched, globs expanded.

    Raises:
        UsageError: An argument names nothing.
    """
    found: dict[Path, None] = {}
    for argument in arguments:
        matches = _matches(argument)
        if not matches:
            raise UsageError(
                f"'{argument}' is no photo, no folder with photos and matches none.",
                "Give a file, a folder, or a glob in quotes.",
            )
        found.update(dict.fromkeys(matches))
    return list(found)


def _matches(argument: str) -> list[Path]:
    """The files of one argument, sorted. Hidden ones, such as the ``._mole.jpg`` of macOS, only where it names them."""
    path = Path(argument)
    if not argument:
        return []
    if path.is_file():
        return [path]
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.suffix.lower() in EXTENSIONS and not _hidden(p) and p.is_file())
    anchor = Path(path.anchor) if path.is_absolute() else Path()
    pattern = argument[len(path.anchor) :] if path.is_absolute() else argument
    try:
        globbed = [match for match in anchor.glob(pattern) if _hidden(path) or not _hidden(match)]
    except ValueError as error:
        raise UsageError(f"'{argument}' is no glob that can be searched: {error}.") from error
    return sorted(match for match in globbed if match.is_file())


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")


def _spots(files: list[Path], same_spot: bool) -> list[Spot]:
    """The photos of each spot.

    Raises:
        UsageError: More photos of one spot than are taken.
    """
    from lentigo.inference.predictor import MAX_PHOTOS

    if not same_spot:
        return [(path,) for path in files]
    if len(files) > MAX_PHOTOS:
        raise UsageError(
            f"--same-spot takes up to {MAX_PHOTOS} photos, not {len(files)}.", "Name the best ones, or leave it out."
        )
    return [tuple(files)]


@dataclass(frozen=True)
class Answered:
    """The numbers and the words about one spot."""

    numbers: Combination
    assessment: Assessment


class _Assessor:
    """Assesses one spot; a photo that cannot be read is returned with its error, which is not raised."""

    def __init__(
        self,
        predictor: Predictor,
        answers: dict[str, AnswerValue],
        table: Mapping[Path, Mapping[str, AnswerValue]],
        wanted: Wanted,
        pictures: Pictures | None,
    ) -> None:
        self.predictor, self.answers, self.table = predictor, answers, table
        self.wanted, self.pictures = wanted, pictures

    def __call__(self, spot: Spot) -> tuple[Spot, Answered | ImageError | OSError]:
        answers: dict[str, AnswerValue] = {}
        photos = []
        for path in spot:
            answers = {**self.table.get(path, {}), **answers}
            try:
                photos.append(self.predictor.decode(path.read_bytes()))
            except (ImageError, OSError) as error:
                return (path,), error
        judgement = self.predictor.judge(photos, {**answers, **self.answers})
        found = self.predictor.tell(judgement, self.wanted)
        if self.pictures is not None:
            self.pictures.write(spot, photos, found)
        return spot, Answered(judgement.combination, found)


def _assess_all(spots: list[Spot], assess: _Assessor) -> Iterator[tuple[Spot, Answered | ImageError | OSError]]:
    """Results in order, on all cores, with a bounded number in flight."""
    workers = os.cpu_count() or 1
    remaining = iter(spots)
    with ThreadPoolExecutor(workers) as pool:
        pending = [pool.submit(assess, spot) for spot in islice(remaining, 4 * workers)]
        while pending:
            yield pending.pop(0).result()
            pending += [pool.submit(assess, spot) for spot in islice(remaining, 1)]


def _print_json(spots: list[Spot], assess: _Assessor, bare: bool) -> int:
    """One line for each spot. ``bare``: the assessment alone, as the HTTP API gives it."""
    failed = 0
    for (path, *_), result in _assess_all(spots, assess):
        if isinstance(result, Exception):
            failed += 1
            click.echo(json.dumps({"image": str(path), "error": _problem(result)}))
        elif bare:
            click.echo(result.assessment.model_dump_json())
        else:
            click.echo(json.dumps({"image": str(path), "assessment": result.assessment.model_dump(mode="json")}))
    return _end(failed, len(spots))


def _print_text(spots: list[Spot], assess: _Assessor) -> int:
    from lentigo.cli.answer import format_answer, format_line

    failed = 0
    for (path, *others), result in _assess_all(spots, assess):
        if isinstance(result, Exception):
            failed += 1
            click.echo(f"{path}: {_problem(result)['message']}", err=True)
        elif len(spots) <= SHOWN_IN_FULL:
            click.echo(format_answer((path, *others), result.assessment, assess.wanted.locale))
        else:
            click.echo(format_line(path, result.assessment, assess.wanted.locale))
    return _end(failed, len(spots))


@contextmanager
def _place_of(out: Path) -> Iterator[Path]:
    """A file beside ``out`` that is open for writing before any photo is assessed; what is left of it is removed.

    Raises:
        StorageError: Nothing can be written there.
    """
    part = out.with_name(out.name + ".part")
    try:
        if out.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        out.parent.mkdir(parents=True, exist_ok=True)
        part.open("wb").close()
    except OSError as error:
        raise StorageError(f"{out} cannot be written: {error.strerror}.", "Name another file by --out.") from error
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _write_table(out: Path, part: Path, spots: list[Spot], assess: _Assessor) -> int:
    """Write one row per image (the first of several of one spot); rows done before a stop are written too."""
    import polars as pl

    rows: list[dict[str, object]] = []
    failed, stopped = 0, False
    codes = assess.predictor.card.codes
    try:
        for spot, result in tqdm(_assess_all(spots, assess), total=len(spots), unit="photo", desc="Assessing"):
            failed += isinstance(result, Exception)
            rows.append(_table_row(spot[0], result, codes))
    except KeyboardInterrupt:
        stopped = True
    frame = pl.DataFrame(rows, schema=_schema(codes))
    frame.write_csv(part) if out.suffix == ".csv" else frame.write_parquet(part)
    part.replace(out)
    click.echo(f"Wrote {out}: {frame.height:,} of {len(spots):,} photos.")
    if stopped:
        raise KeyboardInterrupt
    return _end(failed, len(spots))


def _schema(codes: tuple[str, ...]) -> dict[str, Any]:
    import polars as pl

    texts = dict.fromkeys(("image", "outcome", "reasons", "risk_tier"), pl.String)
    return {**texts, **dict.fromkeys(("p_malignant", "novelty", *(f"p_{code}" for code in codes)), pl.Float64)}


def _table_row(path: Path, result: Answered | ImageError | OSError, codes: tuple[str, ...]) -> dict[str, object]:
    """A row of the table; a file that cannot be read is ``rejected``, its error code among the reasons.

    What the model computed stands there whatever the outcome: a table is for people who measure.
    """
    if isinstance(result, Exception):
        return {"image": str(path), "outcome": "rejected", "reasons": _problem(result)["code"]}
    found = result.numbers
    return {
        "image": str(path),
        "outcome": found.outcome,
        "reasons": " ".join(found.reasons) or None,
        "risk_tier": found.risk.tier if found.risk else None,
        "p_malignant": found.risk.p_malignant if found.risk else None,
        "novelty": found.novelty,
        **{f"p_{code}": float(one) for code, one in zip(codes, found.probabilities, strict=True)},
    }


def _problem(error: ImageError | OSError) -> dict[str, str]:
    if isinstance(error, ImageError):
        return {"code": error.code, "message": str(error)}
    return {"code": "file_unreadable", "message": f"The file cannot be read: {error.strerror or error}."}


def _end(failed: int, total: int) -> int:
    if failed:
        click.echo(f"{failed} of {total} photos could not be read.", err=True)
    return 1 if failed else 0
