"""The ``lentigo`` command. Each command lives in its own file and is imported only when it is called."""

from __future__ import annotations

import errno
import importlib
import signal
import sys
from collections.abc import Sequence

import click

import lentigo
from lentigo.errors import LentigoError

COMMANDS = {
    "prepare": ("lentigo.cli.prepare:prepare", "Turn a source folder into a dataset."),
    "merge": ("lentigo.cli.prepare:merge", "Join datasets into one."),
    "describe": ("lentigo.cli.describe:describe", "Write a page about a dataset and its troubles."),
    "train": ("lentigo.cli.train:train", "Train a model on a dataset."),
    "tune": ("lentigo.cli.tune:tune", "Try settings and say what mattered."),
    "evaluate": ("lentigo.cli.evaluate:evaluate", "Measure a run or a bundle and write a report."),
    "export": ("lentigo.cli.export:export", "Turn a run into a bundle that answers anywhere."),
    "predict": ("lentigo.cli.predict:predict", "Assess photos, folders or globs."),
    "serve": ("lentigo.cli.serve:serve", "Serve the page and the API."),
    "federated": ("lentigo.cli.federated:federated", "Train with others, without sharing a photo."),
    "bundle": ("lentigo.cli.bundle:bundle", "Show or verify a bundle."),
}
"""Name -> where it lives and its line in the overview, in the order in which a project uses them."""

_FULL_DISK = "The disk is full. What was written before is still there; make room and run the same command again."
_EXTRA_HINT = "This command needs the training parts: in a clone of Lentigo, pip install '.[train]'"


class LazyGroup(click.Group):
    """A group that imports a command when it is used, so that ``lentigo predict`` never imports torch."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of :data:`COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(lentigo.__version__, prog_name="lentigo")
def cli() -> None:
    """From photos of skin to an honest, explained answer.

    \b
    lentigo prepare ham10000 HAM10000/ --out data/ham       photos -> dataset
    lentigo describe data/ham                               dataset -> description.html
    lentigo train data/ham --out runs/a                     dataset -> run
    lentigo evaluate runs/a --data data/ham                 run -> report.html
    lentigo export runs/a --data data/ham --out bundles/a   run -> bundle
    lentigo predict mole.jpg --bundle bundles/a             photo -> answer

    Lentigo is no medical device.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every expected failure becomes one clear line and an exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    0: done; 1: something failed; 2: the call was wrong; 130: stopped by the user.
    """
    try:
        result = cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except LentigoError as error:
        _complain(str(error))
        return error.exit_code
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _complain("Stopped.")
        return 128 + signal.SIGINT
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lentigo"):
            raise
        _complain(f"{error.name} is not installed. {_EXTRA_HINT}")
        return 1
    except OSError as error:
        if error.errno == errno.ENOSPC:
            _complain(_FULL_DISK)
        else:
            _complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return 1
    return result if isinstance(result, int) else 0


def _complain(text: str) -> None:
    click.echo(f"{click.style('Error:', fg='red', bold=True)} {text}", err=True)
