"""The documentation says what is so."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest

from lentigo.cli import COMMANDS, cli
from lentigo.datasets.manifest import MANIFEST_SCHEMA
from lentigo.service import Settings
from lentigo.training.config import AugmentationConfig, TrainConfig

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize(
    ("script", "page"),
    [("command_reference", "docs/reference/commands.md"), ("next_step_page", "docs/explanation/next-step.md")],
)
def test_a_page_written_by_a_script_is_as_written(script: str, page: str) -> None:
    spec = importlib.util.spec_from_file_location(script, ROOT / "scripts" / f"{script}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / page).read_text(encoding="utf-8") == module.text(), "run `make docs`"


def test_every_setting_of_the_server_is_described() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text()
    for name in Settings.model_fields:
        assert f"`LENTIGO_{name.upper()}`" in text, name


def test_every_setting_of_training_is_described() -> None:
    text = (ROOT / "docs/reference/training.md").read_text()
    for name in [*TrainConfig.model_fields, *AugmentationConfig.model_fields]:
        assert f"`{name}`" in text, name


def test_every_column_of_the_manifest_is_described() -> None:
    text = (ROOT / "docs/reference/manifest.md").read_text()
    for name in MANIFEST_SCHEMA:
        assert f"`{name}`" in text, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_examples_exist(page: Path) -> None:
    for name in re.findall(r"^lentigo ([a-z]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE):
        assert name in COMMANDS, f"{page.name}: lentigo {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_examples_can_be_called_as_they_stand(page: Path) -> None:
    for line in re.findall(r"^ *(?:[A-Z_]+=\S+ )*lentigo ([a-z].*)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        # What a command is for stands two spaces or a # behind it.
        arguments = shlex.split(re.split(r"\s{2,}|#", line)[0])
        command: click.Command = cli
        # As the command line makes it: click keeps a command's help option from the first context that asks for it.
        context = click.Context(cli, **cli.context_settings)
        while isinstance(command, click.Group) and arguments:
            name = arguments.pop(0)
            found = command.get_command(context, name)
            assert found is not None, f"lentigo {line}"
            command = found
        try:
            command.make_context(command.name, arguments, parent=context)
        except click.UsageError as error:
            pytest.fail(f"lentigo {line}: {error.format_message()}")


def test_no_page_installs_lentigo_from_an_index() -> None:
    for page in PAGES:
        assert not re.search(r"pip install [\"']?lentigo", page.read_text(encoding="utf-8")), page


def test_no_page_names_a_place_of_this_machine() -> None:
    for page in PAGES:
        assert not re.search(r"(^|[\s`(])/(work|tmp|root|home)/", page.read_text(encoding="utf-8")), page
