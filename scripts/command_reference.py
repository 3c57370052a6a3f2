"""Write docs/reference/commands.md from the commands' own help, so that the two cannot drift apart.

Usage: python scripts/command_reference.py [--check]
"""

from __future__ import annotations

from pathlib import Path

import click

from lentigo.cli import COMMANDS, cli

TARGET = Path(__file__).resolve().parent.parent / "docs" / "reference" / "commands.md"


def text() -> str:
    """The page."""
    context = click.Context(
        cli, info_name="lentigo", terminal_width=100, max_content_width=100, help_option_names=["-h", "--help"]
    )
    sections = ["# Commands\n", "Written by `make docs` from each command's `--help`.\n", block(cli, context)]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if command is None:
            continue
        inner = click.Context(command, parent=context, info_name=name, terminal_width=100, max_content_width=100)
        sections += [f"## lentigo {name}\n", block(command, inner)]
        if isinstance(command, click.Group):
            for child in command.commands.values():
                below = click.Context(
                    child, parent=inner, info_name=child.name, terminal_width=100, max_content_width=100
                )
                sections += [f"### lentigo {name} {child.name}\n", block(child, below)]
    return "\n".join(sections)


def block(command: click.Command, context: click.Context) -> str:
    """A command's help as a code block."""
    return f"```\n{command.get_help(context).strip()}\n```\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"Wrote {TARGET}")
