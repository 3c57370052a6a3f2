"""``lentigo tune``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the study.")
@click.option("--trials", type=click.IntRange(1), default=30, show_default=True, help="End when there are so many.")
@click.option("--space", type=click.Path(path_type=Path), help="TOML file of the settings to try, and their bounds.")
@click.option("--storage", help="URL of a database that several workers share; without it a file in the folder.")
@click.option("--preset", default="efficientnet", show_default=True, help="Settings that stay.")
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="A TOML file that changes the preset.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one setting that stays.")
@click.option("--weights", type=click.Path(path_type=Path), help="Pretrained weights of the backbone (safetensors).")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of what is tried.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def tune(
    dataset: Path,
    out: Path,
    trials: int,
    space: Path | None,
    storage: str | None,
    preset: str,
    config_file: Path | None,
    settings: tuple[str, ...],
    weights: Path | None,
    seed: int,
    quiet: bool,
) -> None:
    """Try settings on a DATASET, judge them by its validation split, and say what mattered.

    Trials that fall behind are ended early. Stop it with Ctrl-C and run the same command again: the study goes on, and
    so does the trial that was under way. Several of these commands with one --storage share the work.

    \b
    Examples:
      lentigo tune data/ham --out studies/ham --trials 40 --set epochs=6
      lentigo tune data/ham --out studies/mine --space space.toml
      lentigo tune data/ham --out studies/team --storage postgresql://tuner@db/lentigo
    """
    from lentigo.datasets import Dataset
    from lentigo.training.space import read_space
    from lentigo.training.tuning import TuneOptions, finished
    from lentigo.training.tuning import tune as run_study
    from lentigo.training.tuning_page import importances, write_results

    if weights is not None:
        settings = (*settings, f"weights={weights}")
    options = TuneOptions(read_space(space), preset, config_file, settings, trials, storage, seed)
    opened = Dataset.open(dataset)
    try:
        study = run_study(opened, options, out, show_progress=not quiet)
    except KeyboardInterrupt:
        click.echo(f"Stopped. Run the same command again to go on: {out} holds everything so far.", err=True)
        raise
    page, best = write_results(study, options, opened.name, out)
    done = finished(study)
    if best is None:
        click.echo(f"No trial ran to its end. Wrote {page}.")
        return
    click.echo(f"\nBest of {len(done)} finished trials: balanced accuracy {done[0].value:.3f} on validation.")
    for name, share in list(importances(study).items())[:3]:
        click.echo(f"  {name} explains {share:.0%} of the differences")
    click.echo(f"Wrote {page} and {best}.")
    click.echo(f"Next: lentigo train {dataset} --config {best} --out runs/best")
