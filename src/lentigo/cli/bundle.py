"""``lentigo bundle``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lentigo.card import Interval, ModelCard


@click.group()
def bundle() -> None:
    """Show what a bundle is, or verify that it can be trusted."""


@bundle.command()
@click.argument("name")
def show(name: str) -> None:
    """Show a bundle's card: what it tells apart, what it learned from, how well it does.

    \b
    Examples:
      lentigo bundle show lesions
      lentigo bundle show bundles/first
    """
    from lentigo.inference.bundle import open_bundle

    card = open_bundle(name).card
    click.secho(f"{card.name} {card.version}", bold=True)
    click.echo(f"{card.licence}. Made {card.created} by Lentigo {card.lentigo_version}.")
    click.echo(f"\n{card.intended_use}")
    _show_diagnoses(card)
    _show_training(card)
    _show_thresholds(card)
    _show_figures(card)
    click.secho("\nLimits", bold=True)
    for limit in card.limits:
        click.echo(f"  - {limit}")


@bundle.command()
@click.argument("name")
def verify(name: str) -> None:
    """Check a bundle's hashes, its graph and that it does what its card says.

    \b
    Examples:
      lentigo bundle verify lesions
      lentigo bundle verify bundles/first
    """
    from lentigo.inference.bundle import find_bundle, open_bundle
    from lentigo.inference.verification import verify_answers

    path = find_bundle(name)
    opened = open_bundle(path)
    _tick("The card and the graph are as they were written")
    _tick("The graph asks for no outside file and runs no code but ONNX's own")
    for sentence in verify_answers(opened):
        _tick(sentence)
    click.echo(f"{Path(path).name} can be used: {opened.card.name} {opened.card.version}.")


def _tick(sentence: str) -> None:
    click.echo(f"{click.style('✓', fg='green')} {sentence}")


def _show_diagnoses(card: ModelCard) -> None:
    from lentigo.taxonomy import load_taxonomy

    taxonomy = load_taxonomy()
    click.secho("\nTells apart", bold=True)
    for diagnosis in card.diagnoses:
        name = taxonomy.diagnosis_text(diagnosis.code).name
        click.echo(f"  {diagnosis.code:<8}{name:<42}{diagnosis.tier or ''}")


def _show_training(card: ModelCard) -> None:
    click.secho("\nLearned from", bold=True)
    for source in card.training:
        kinds = ", ".join(source.image_types)
        click.echo(
            f"  {source.name:<16}{source.images:>7,} photos of {source.groups:,} groups, {kinds}; {source.licence}"
        )


def _show_thresholds(card: ModelCard) -> None:
    click.secho("\nThresholds", bold=True)
    for name, point in (("high", card.thresholds.high), ("malignant", card.thresholds.malignant)):
        if point is not None:
            click.echo(
                f"  {name:<12}{point.threshold:.3f}   recall {_interval(point.recall)}, specificity "
                f"{_interval(point.specificity)} on the {point.chosen_on}"
            )


def _show_figures(card: ModelCard) -> None:
    click.secho("\nFigures (with 95 % intervals)", bold=True)
    if not card.figures:
        click.echo("  none: the model was exported without having been evaluated")
    for figure in card.figures:
        click.echo(f"  {figure.name:<48}{_interval(figure.value):<24}n = {figure.n:,}, {figure.measured_on}")


def _interval(value: Interval) -> str:
    if value.value is None:
        return "not measured"
    if value.low is None or value.high is None:
        return f"{value.value:.3f}"
    return f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f})"
