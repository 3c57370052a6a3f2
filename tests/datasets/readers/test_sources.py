"""Sources of other packages, by the very example that the documentation gives; and the page that lists all."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lentigo.cli import run
from lentigo.datasets import Dataset
from lentigo.datasets.readers import READERS, find_source, source_names
from lentigo.errors import SourceError, UsageError
from tests.made import write_photo

DOCS = Path(__file__).parents[3] / "docs"
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package of one module that names sources."""
    site = tmp_path / "site-packages"
    monkeypatch.syspath_prepend(site)

    def make(module: str, code: str, *names: str) -> None:
        site.mkdir(exist_ok=True)
        (site / f"{module}.py").write_text(code, encoding="utf-8")
        info = site / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        lines = "".join(f"{name} = {module}:SOURCE\n" for name in names)
        (info / "entry_points.txt").write_text(f"[lentigo.sources]\n{lines}")

    return make


def test_the_example_in_the_documentation_runs(
    install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = re.findall(r"```python\n(.*?)```", (DOCS / "how-to/add-a-reader.md").read_text(), flags=re.DOTALL)
    assert len(code) == 1
    install("made_clinic", code[0], "clinic")
    assert source_names() == [*READERS, "clinic"]
    folder = tmp_path / "clinic"
    rows = ["photo,diagnosis,patient,age,sex"]
    for number in range(9):
        write_photo(folder / "photos" / f"p{number}.jpg", "nv", number)
        rows.append(f"p{number},{('melanoma', 'mole', 'eczema')[number % 3]},{number // 2},40,female")
    (folder / "clinic.csv").write_text("\n".join([*rows, "p77,mole,9,40,male", "p0,wart,9,40,male"]))
    assert run(["prepare", "clinic", str(folder), "--out", str(tmp_path / "out"), "--workers", "1"]) == 0
    dataset = Dataset.open(tmp_path / "out")
    assert dataset.manifest.height == 9
    assert [(one.code, one.tier) for one in dataset.diagnoses] == [("mel", "high"), ("nv", "low"), ("eczema", "low")]
    assert [(one.name, one.row, one.reason) for one in dataset.record.rejects] == [
        ("p77", 11, "image_missing"),
        ("p0", 12, "duplicated_id"),
    ]
    assert "no diagnosis by histology" in capsys.readouterr().out


def test_a_source_that_ships_goes_first_and_a_broken_one_is_named(install: Install) -> None:
    install("made_broken", "raise RuntimeError('no such luck')", "broken", "folders")
    install("made_wrong", "SOURCE = 3", "wrong")
    assert find_source("folders") is READERS["folders"]
    with pytest.raises(SourceError, match=r"'broken'.*no such luck"):
        find_source("broken")
    with pytest.raises(SourceError, match=r"'wrong'.*is no"):
        find_source("wrong")
    with pytest.raises(UsageError, match=r"Sources: ham10000, .*, broken, wrong"):
        find_source("nothing")


def test_every_source_is_described_with_its_licence() -> None:
    lines = (DOCS / "reference/sources.md").read_text().splitlines()
    for name, source in READERS.items():
        [line] = [line for line in lines if line.startswith(f"| `{name}`")]
        if source.origin is not None:
            assert source.licence in line
            assert ("`--download`" in line) == source.origin.downloadable
