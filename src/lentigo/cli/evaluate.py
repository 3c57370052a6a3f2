"""``lentigo evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lentigo.api.targets import Target
    from lentigo.datasets import Dataset
    from lentigo.datasets.predictions import PredictionTable
    from lentigo.evaluation import Comparison
    from lentigo.evaluation.report import Report

LEADING = (
    "recall_dangerous",
    "specificity_dangerous",
    "recall_high",
    "balanced_accuracy",
    "accuracy",
    "auroc_melanoma",
    "auroc_malignant",
    "tier_accuracy",
    "ece",
    "membership_auroc",
)


@click.command()
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The dataset to measure on.")
@click.option("--split", type=click.Choice(["test", "validation", "train", "all"]), default="test", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the report; without it the run (its own test split), else reports/.",
)
@click.option("--resamples", type=click.IntRange(100, 100_000), default=1000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the resampling.")
@click.option("--membership", is_flag=True, help="Also attack a run: can its training photos be told from others?")
@click.option("--common", is_flag=True, help="Compare on the photos that all models have a prediction for.")
def evaluate(
    models: tuple[str, ...],
    data: Path,
    split: str,
    out: Path | None,
    resamples: int,
    seed: int,
    membership: bool,
    common: bool,
) -> None:
    """Measure a MODEL (a run's folder, or a bundle's name or folder) and write a report.

    With several, compare them on the same photos: every figure side by side, and its difference to the first model
    with an interval of its own.

    \b
    Examples:
      lentigo evaluate runs/first --data data/ham
      lentigo evaluate runs/first --data data/ham --membership
      lentigo evaluate lesions --data data/pad --split all --out reports/pad
      lentigo evaluate runs/first runs/second --data data/ham --out reports/second-against-first
    """
    from lentigo.api.targets import open_target
    from lentigo.datasets import Dataset

    dataset = Dataset.open(data)
    targets = [open_target(model, dataset, split) for model in models]
    if len(targets) > 1:
        _compare(targets, dataset, split, out, resamples, seed, common)
        return
    learned = _learned(targets[0], dataset, split) if membership else None
    _report(targets[0], dataset, split, out, resamples, seed, learned)


def _learned(target: Target, dataset: Dataset, split: str) -> PredictionTable:
    """A run's predictions on the photos that it learned from.

    Raises:
        UsageError: Nobody can tell which these are, or the photos it is judged on are among them.
    """
    from lentigo.errors import UsageError
    from lentigo.training import predict_run

    if not target.own or split not in ("test", "validation"):
        raise UsageError(
            "--membership compares the training photos of a run with its test photos.",
            "Give a run, --data with the dataset that it learned from, and --split test.",
        )
    return predict_run(Path(target.model), dataset, "train")


def _report(
    target: Target,
    dataset: Dataset,
    split: str,
    out: Path | None,
    resamples: int,
    seed: int,
    learned: PredictionTable | None,
) -> None:
    from lentigo.api.reports import about as about_report
    from lentigo.api.reports import own_place
    from lentigo.evaluation import write_report

    about = about_report(target.name, target.independence, dataset, split, resamples, seed)
    folder = out or own_place(target, about)
    report = write_report(target.table, target.calibration, about, dataset.path, folder, learned)
    _print(report)
    click.echo(f"\nWrote {folder / 'report.html'}, report.json and plots.")
    click.echo(
        f"Next: lentigo export {target.model} --data {dataset.path} --out bundles/first" if target.is_run else ""
    )


def _compare(
    targets: list[Target], dataset: Dataset, split: str, out: Path | None, resamples: int, seed: int, common: bool
) -> None:
    from lentigo.api.reports import about as about_report
    from lentigo.evaluation import Candidate, write_comparison

    names = _apart(targets)
    told = dict.fromkeys(one.independence for one in targets)
    sentences = [f"{name}: {one.independence}" for name, one in zip(names, targets, strict=True)]
    independence = "\n".join(told if len(told) == 1 else sentences)
    about = about_report(", ".join(names), independence, dataset, split, resamples, seed)
    folder = out or Path("reports") / f"{'-against-'.join(Path(name).name for name in names)}-on-{about.data}"
    candidates = [Candidate(name, one.table, one.calibration) for name, one in zip(names, targets, strict=True)]
    comparison = write_comparison(candidates, about, folder, common=common)
    _print_comparison(comparison)
    click.echo(f"\nWrote {folder / 'comparison.html'}, comparison.json, comparison.csv and plots.")


def _apart(targets: list[Target]) -> list[str]:
    """Names that tell the targets apart: their own, or as they were called.

    Raises:
        UsageError: One was called twice.
    """
    from lentigo.errors import UsageError

    names = [one.name for one in targets]
    if len(set(names)) == len(names):
        return names
    called = [one.model for one in targets]
    if twice := [model for model in called if called.count(model) > 1]:
        raise UsageError(f"{twice[0]} is named twice.", "A model does not differ from itself.")
    return called


def _print(report: Report) -> None:
    click.echo()
    for name in LEADING:
        figure = report.figure(name)
        if figure is None or figure.value.value is None:
            continue
        value = figure.value
        click.echo(f"  {name:<24}{value.value:>7.3f}   ({value.low:.3f} to {value.high:.3f})   n = {figure.n:,}")


def _print_comparison(comparison: Comparison) -> None:
    width = max(len(name) for name in comparison.names)
    click.echo(f"\n  {comparison.images:,} photos, {comparison.groups:,} groups; differences to {comparison.names[0]}")
    for figure in comparison.figures:
        if figure.name not in LEADING:
            continue
        click.echo(f"\n  {figure.name}")
        for name, value, change, said in zip(
            comparison.names, figure.values, figure.differences, figure.verdicts, strict=True
        ):
            line = f"    {name:<{width}}  " + ("    –" if value.value is None else f"{value.value:.3f}")
            if change is not None and change.low is not None:
                line += f"  {change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})  {said}"
            click.echo(line)
