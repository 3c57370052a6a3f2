"""``lentigo prepare`` and ``lentigo merge``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lentigo.cli.progress import Progress
from lentigo.datasets.readers import READERS

if TYPE_CHECKING:
    from lentigo.datasets import Dataset
    from lentigo.datasets.dataset import DatasetRecord, RejectRecord
    from lentigo.datasets.grouping import SplitOptions
    from lentigo.datasets.source import Source

REJECTS_SHOWN = 5


def _split_options(command: Any) -> Any:
    """The options that both commands share."""
    for option in (
        click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the splits."),
        click.option("--folds", type=click.IntRange(2), default=5, show_default=True, help="Number of folds."),
        click.option(
            "--test", type=click.FloatRange(0, 0.8), default=0.15, show_default=True, help="Share of the test split."
        ),
        click.option(
            "--validation", type=click.FloatRange(0, 0.8), default=0.10, show_default=True, help="Share of validation."
        ),
        click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the dataset."),
    ):
        command = option(command)
    return command


_HELP = f"""Turn the FOLDERs of a SOURCE, as published, into a dataset.

    SOURCE is {", ".join(READERS)}, or one that another package brings. 'folders' takes photos of your own: a folder for
    each class, with or without train, validation and test above them.

    Every image is decoded once, turned upright, freed of metadata and shrunk; duplicates are found; everything of one
    patient, lesion or picture is kept on one side of the split; every row that cannot be used is named with its reason.

    \b
    Examples:
      lentigo prepare ham10000 HAM10000/ --out data/ham10000
      lentigo prepare ham10000 HAM10000/ --out data/ham10000 --download --accept-licence
      lentigo prepare pad-ufes-20 PAD-UFES-20/ --out data/pad --test 0.2
      lentigo prepare isic2017 Training/ Validation/ Test/ --out data/isic2017
      lentigo prepare skincare SKINCARE/ --out data/skincare --classes benign-malignant
      lentigo prepare folders photos/ --out data/photos --malignant dangerous
    """


@click.command(help=_HELP)
@click.argument("source")
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True)
@_split_options
@click.option("--size", type=click.IntRange(32, 2048), default=256, show_default=True, help="Shorter side in pixels.")
@click.option("--workers", type=click.IntRange(1), help="Processes; without it, one for each core.")
@click.option(
    "--classes", metavar="NAME", help="How classes are joined: kat (default) or benign-malignant for skincare."
)
@click.option(
    "--malignant",
    metavar="CLASS[,CLASS]",
    multiple=True,
    help="Classes of your own that must not be missed: they count as malignant, of the high tier.",
)
@click.option("--resplit", is_flag=True, help="Split anew, though the folders give splits.")
@click.option("--download", is_flag=True, help="Fetch a public set into the FOLDER first.")
@click.option("--accept-licence", is_flag=True, help="With --download: you have read the licence and keep to it.")
def prepare(
    source: str,
    folders: tuple[Path, ...],
    out: Path,
    validation: float,
    test: float,
    folds: int,
    seed: int,
    size: int,
    workers: int | None,
    classes: str | None,
    malignant: tuple[str, ...],
    resplit: bool,
    download: bool,
    accept_licence: bool,
) -> int:
    """See ``_HELP``: it names the sources."""
    from lentigo.datasets.prepare import PrepareOptions
    from lentigo.datasets.prepare import prepare as prepare_source
    from lentigo.datasets.readers import find_source

    found = find_source(source)
    split = _checked_split(validation, test, folds, seed)
    if download:
        _download(found, folders, accept_licence)
    options = PrepareOptions(split, size, workers, classes, malignant, resplit)
    with Progress("Preparing", "image") as progress:
        dataset = prepare_source(found, folders, out, options, progress.begin, progress.advance)
    return _report(dataset)


def _download(source: Source, folders: tuple[Path, ...], accepted: bool) -> None:
    """Show the licence; fetch the set once it is accepted."""
    from lentigo.datasets.download import download, downloadable, terms
    from lentigo.errors import UsageError

    if len(folders) > 1:
        raise UsageError("--download fetches into one folder.", "Give one FOLDER.")
    origin = downloadable(source, folders[0])
    click.echo(terms(source, origin))
    if not accepted:
        raise UsageError(
            f"'{source.name}' comes under a licence: {source.licence}.",
            "Read it on the page above; if you keep to it, run the same command with --accept-licence.",
        )
    fetched = download(origin, folders[0])
    checked = (
        "their checksums are those that the archive publishes" if origin.doi else "the publisher lists no checksums"
    )
    click.echo(f"Fetched {len(fetched)} files into {folders[0]}; {checked}.")


@click.command()
@click.argument("datasets", type=click.Path(path_type=Path), nargs=-1, required=True)
@_split_options
def merge(datasets: tuple[Path, ...], out: Path, validation: float, test: float, folds: int, seed: int) -> int:
    """Join DATASETs into one; each image keeps its source, and the whole is split anew.

    \b
    Example:
      lentigo merge data/ham10000 data/isic2017 data/pad --out data/lesions
    """
    from lentigo.datasets import Dataset
    from lentigo.datasets.prepare import merge as merge_datasets

    split = _checked_split(validation, test, folds, seed)
    return _report(merge_datasets([Dataset.open(path) for path in datasets], out, split))


def _checked_split(validation: float, test: float, folds: int, seed: int) -> SplitOptions:
    from lentigo.datasets.grouping import SplitOptions
    from lentigo.errors import UsageError

    if validation + test >= 1:
        raise UsageError("--validation and --test leave nothing to train on.", "Their sum must be below 1.")
    return SplitOptions(validation, test, folds, seed)


def _report(dataset: Dataset) -> int:
    """Say what was written, what was not used, and what comes next; the exit code, 1 where there is only one class."""
    from lentigo.datasets.manifest import SPLITS
    from lentigo.taxonomy import load_taxonomy

    record, taxonomy = dataset.record, load_taxonomy()
    names = {
        known.code: f"{known.code:<8}{taxonomy.diagnosis_text(known.code).name}"
        if known.code in taxonomy.diagnoses
        else known.code + (f" ({known.malignancy})" if known.malignancy else "")
        for known in record.diagnoses
    }
    width = max(map(len, names.values())) + 2
    click.echo()
    click.echo("".join([f"{'':{width}}", *(f"{split:>12}" for split in SPLITS)]))
    for code, name in names.items():
        click.echo(f"{name:{width}}" + "".join(f"{record.counts[split].get(code, 0):>12,}" for split in SPLITS))
    click.echo(f"{'':{width}}" + "".join(f"{sum(record.counts[split].values()):>12,}" for split in SPLITS))
    click.echo()
    for note in record.notes:
        click.echo(f"Note: {note}")
    if record.duplicates:
        images = sum(len(found.images) for found in record.duplicates)
        click.echo(f"{images} images look alike and were kept together in {len(record.duplicates)} groups.")
    _report_rejects(dataset)
    _warn_of_thin_classes(dataset)
    click.echo(
        f"Wrote {dataset.path}: {dataset.manifest.height:,} images of {', '.join(s.name for s in record.sources)}."
    )
    click.echo(f"Look at it: lentigo describe {dataset.path}")
    problem = _unlearnable(record)
    if problem is None:
        click.echo(f"Next: lentigo train {dataset.path} --out runs/first")
        return 0
    click.echo(problem, err=True)
    return 1 if len(record.diagnoses) < 2 else 0


def _unlearnable(record: DatasetRecord) -> str | None:
    """Why no model can be trained on a dataset, None where one can."""
    if len(record.diagnoses) < 2:
        return "There is only one class: a model needs two or more to tell apart. Add photos of another class."
    for split in ("train", "validation"):
        if len(record.counts[split]) < 2:
            return (
                f"The {split} split has fewer than two classes, so nothing can be trained on it yet. "
                f"Add photos, or give {split} a larger share."
            )
    return None


def _warn_of_thin_classes(dataset: Dataset) -> None:
    """A class that a split lacks cannot be learnt or judged there."""
    counts = dataset.record.counts
    used = [split for split, classes in counts.items() if classes]
    for known in dataset.record.diagnoses:
        lacking = [split for split in used if known.code not in counts[split]]
        if lacking:
            images = sum(counts[split].get(known.code, 0) for split in used)
            click.echo(
                f"The class '{known.code}' has {images} image{'' if images == 1 else 's'} and does not reach "
                f"{' and '.join(lacking)}: no figure there tells of it.",
                err=True,
            )


def _place(reject: RejectRecord) -> str:
    """Where to look for what was rejected; its name only where the sentence does not hold it."""
    row = f"row {reject.row}" if reject.table is None else f"{reject.table} row {reject.row}"
    name = "" if reject.name in reject.detail else reject.name
    return ", ".join(filter(None, (reject.source, row if reject.row is not None else "", name)))


def _report_rejects(dataset: Dataset) -> None:
    rejects = dataset.record.rejects
    if not rejects:
        return
    reasons = ", ".join(f"{count} {reason}" for reason, count in Counter(r.reason for r in rejects).most_common())
    click.echo(f"{len(rejects)} rows or files were not used ({reasons}):", err=True)
    for reject in rejects[:REJECTS_SHOWN]:
        click.echo(f"  {_place(reject)}: {reject.detail}", err=True)
    if len(rejects) > REJECTS_SHOWN:
        click.echo(f"  ... all of them stand in {dataset.path / 'dataset.json'}", err=True)
