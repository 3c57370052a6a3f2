"""``lentigo train``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the run.")
@click.option(
    "--preset",
    default="efficientnet",
    show_default=True,
    help="efficientnet, vgg16, mobilenet, resnet50, or cnn (from scratch).",
)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="A TOML file that changes the preset.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one setting; may be repeated.")
@click.option(
    "--weights",
    type=click.Path(path_type=Path),
    help="Pretrained weights of the backbone (safetensors); without it they come from timm's hub.",
)
@click.option(
    "--preview",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Only write a picture (PNG) of what augmentation does to photos of the dataset.",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def train(
    dataset: Path,
    out: Path | None,
    preset: str,
    config_file: Path | None,
    settings: tuple[str, ...],
    weights: Path | None,
    preview: Path | None,
    quiet: bool,
) -> None:
    """Train a model on a DATASET that `lentigo prepare` wrote.

    Stop it with Ctrl-C and run the same command again: it goes on where it was, to the same result.

    \b
    Examples:
      lentigo train data/ham --out runs/first --weights efficientnet_lite0.safetensors
      lentigo train data/ham --out runs/scratch --preset cnn
      lentigo train data/ham --out runs/resnet --preset resnet50 --set imbalance=focal
      lentigo train data/ham --out runs/again --config runs/first/config.toml
      lentigo train data/ham --preview augmentation.png --set augmentation.hair_probability=0.2
      accelerate launch --num_processes 4 -m lentigo train data/ham --out runs/four
    """
    from accelerate import PartialState

    from lentigo.datasets import Dataset
    from lentigo.errors import UsageError
    from lentigo.training import load_config
    from lentigo.training import train as train_run
    from lentigo.training.preview import draw_preview

    if weights is not None:
        settings = (*settings, f"weights={weights}")
    config = load_config(preset, config_file, settings)
    opened = Dataset.open(dataset)
    if preview is not None:
        draw_preview(opened, config, preview)
        click.echo(f"Wrote {preview}: what augmentation does to photos of {dataset}.")
        return
    if out is None:
        raise UsageError("It is not said where the run goes.", "Give a folder by --out.")
    try:
        run = train_run(opened, config, out, show_progress=not quiet)
    except KeyboardInterrupt:
        click.echo(f"Stopped. Run the same command again to go on: {out} holds everything so far.", err=True)
        raise
    if not PartialState().is_main_process:
        return
    best = max(run.epochs(), key=lambda epoch: float(epoch["balanced_accuracy"]))
    click.echo(f"\nKept epoch {best['epoch']}: validation balanced accuracy {best['balanced_accuracy']:.3f}.")
    click.echo(f"Wrote {run.path}: weights, learning curves (curves.png), calibration, predictions.")
    click.echo(f"Next: lentigo evaluate {run.path} --data {dataset}")
