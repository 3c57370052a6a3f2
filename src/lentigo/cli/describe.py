"""``lentigo describe``."""

from __future__ import annotations

from pathlib import Path

import click

from lentigo.cli.progress import Progress

PAGE_FILE = "description.html"


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=f"The page; without it, DATASET/{PAGE_FILE}.")
@click.option(
    "--photos", type=click.IntRange(1), default=2000, show_default=True, help="Of a larger set, measure so many."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the choice of photos.")
@click.option("--workers", type=click.IntRange(1), help="Processes; without it, one for each core.")
def describe(dataset: Path, out: Path | None, photos: int, seed: int, workers: int | None) -> None:
    """Write a page about a DATASET: what it holds, and what in it will make trouble.

    The page is one file that loads nothing from anywhere. It begins with the troubles, in words: classes too rare to
    judge, a source that is a class, answers missing for some, skin types hardly covered, photos that differ in light
    or size. It shows photos of the set: pass it on only as their licences allow.

    \b
    Examples:
      lentigo describe data/ham10000
      lentigo describe data/lesions --out lesions.html --photos 500
    """
    from lentigo.datasets import Dataset
    from lentigo.datasets.description import DescribeOptions, write_page
    from lentigo.datasets.description import describe as describe_dataset
    from lentigo.errors import UsageError

    opened = Dataset.open(dataset)
    page = out or dataset / PAGE_FILE
    if page.is_dir():
        raise UsageError(f"{page} is a folder.", "Give --out the name of a file, for example description.html.")
    with Progress("Looking", "photo") as progress:
        found = describe_dataset(opened, DescribeOptions(photos, seed, workers), progress.begin, progress.advance)
    page.parent.mkdir(parents=True, exist_ok=True)
    write_page(found, page)
    click.echo()
    for trouble in found.troubles:
        mark = click.style("!", fg="red", bold=True) if trouble.weight == "serious" else "-"
        click.echo(f"  {mark} {trouble.title}")
    click.echo(f"\nWrote {page}.")
    click.echo(f"Next: lentigo train {dataset} --out runs/first")
