"""``lentigo export``."""

from __future__ import annotations

from pathlib import Path

import click

from lentigo.card import WEIGHTS_LICENCE


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the bundle.")
@click.option(
    "--data",
    "dataset",
    type=click.Path(path_type=Path),
    required=True,
    help="A dataset with photos on which graph and trained model are compared before anything is written.",
)
@click.option("--name", help="The bundle's name; without it, that of the --out folder.")
@click.option("--bundle-version", default="1", show_default=True, help="The bundle's version.")
@click.option(
    "--licence",
    default=WEIGHTS_LICENCE,
    show_default=True,
    help="Licence of the weights.",
)
def export(run: Path, out: Path, dataset: Path, name: str | None, bundle_version: str, licence: str) -> None:
    """Turn a finished RUN into a bundle: model.onnx and card.json.

    The graph takes a photo of any size and holds everything after decoding. Its weights are stored in 8 bits. It is
    refused if it answers differently from the trained model. Evaluate the run first: its figures go onto the card.

    \b
    Examples:
      lentigo export runs/first --data data/ham --out bundles/first
      lentigo export runs/first --data data/ham --out bundles/lesions --name lesions --bundle-version 2026.11
    """
    from lentigo.datasets import Dataset
    from lentigo.export import ExportOptions, export_run
    from lentigo.training import Run

    options = ExportOptions(name or out.name, bundle_version, licence)
    card, parity = export_run(Run(run), Dataset.open(dataset), out, options)
    click.echo(
        f"Graph and trained model agree on {parity.images} photos: probabilities differ by at most "
        f"{parity.probability:.1g}."
    )
    if not card.figures:
        click.echo(
            f"The card carries no figures: run `lentigo evaluate {run} --data {dataset}` and export again.", err=True
        )
    click.echo(f"Wrote {out}: {card.name} {card.version}, {card.graph.bytes / 1e6:.1f} MB.")
    click.echo(f"Next: lentigo predict PHOTO --bundle {out}")
