"""Downloads from a local server that speaks as Dataverse and as a plain file server do."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pooch.downloaders
import pytest

from lentigo.cli import run
from lentigo.datasets.download import download
from lentigo.datasets.readers import READERS
from lentigo.datasets.source import Origin
from lentigo.errors import DownloadError
from tests.made import photo_bytes

TABLE = b"lesion_id,image_id,dx,dx_type,age,sex,localization\n" + b"".join(
    f"HAM_{n},ISIC_{n},{'mel' if n % 2 else 'nv'},histo,50,male,back\n".encode() for n in range(6)
)


def origin_of(name: str) -> Origin:
    origin = READERS[name].origin
    assert origin is not None
    return origin


def archive(first: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as images:
        for n in range(first, first + 3):
            images.writestr(f"ISIC_{n}.jpg", photo_bytes(size_px=64, seed=n))
    return file.getvalue()


class Archive:
    """A server; ``answers`` are bodies by path with query, ``asked`` what came."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        archive = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name that http.server calls
                archive.asked.append(self.path)
                body = archive.answers.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def server() -> Iterator[Archive]:
    made = Archive()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def dataverse(server: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """HAM10000 as Dataverse lists it: its table was made tabular, the checksum is still that of the upload."""
    files = {
        "HAM10000_images_part_1.zip": archive(0),
        "HAM10000_images_part_2.zip": archive(3),
        "HAM10000_metadata.tab": TABLE,
        "HAM10000_segmentations_lesion_tschandl.zip": b"not wanted",
    }
    listed = []
    for number, (name, body) in enumerate(files.items()):
        md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
        listed.append({"dataFile": {"id": number, "filename": name, "md5": md5}})
        query = "?format=original" if name.endswith(".tab") else ""
        server.answers[f"/api/access/datafile/{number}{query}"] = body
    server.answers["/api/access/datafile/2"] = TABLE.replace(b",", b"\t")
    listing = {"data": {"latestVersion": {"files": listed}}}
    server.answers["/api/datasets/:persistentId?persistentId=doi:10.7910/DVN/DBW86T"] = json.dumps(listing).encode()
    # The border: doi.org is asked where the archive is.
    monkeypatch.setattr(pooch.downloaders, "doi_to_url", lambda doi, **_: f"{server.address}/dataset.xhtml?id={doi}")
    return server


def prepare(folder: Path, out: Path, *options: str) -> int:
    return run(["prepare", "ham10000", str(folder), "--out", str(out), "--workers", "1", *options])


def test_the_licence_comes_first(dataverse: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prepare(tmp_path / "ham", tmp_path / "out", "--download") == 2
    printed = capsys.readouterr()
    assert "CC BY-NC 4.0" in printed.out
    assert "Tschandl" in printed.out
    assert "https://doi.org/10.7910/DVN/DBW86T" in printed.out
    assert "--accept-licence" in printed.err
    assert dataverse.asked == []
    assert not (tmp_path / "ham").exists()


def test_a_set_is_fetched_checked_unpacked_and_prepared(
    dataverse: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ham"
    assert prepare(folder, tmp_path / "out", "--download", "--accept-licence") == 0
    assert "Fetched 3 files" in capsys.readouterr().out
    assert (folder / "HAM10000_metadata.csv").read_bytes() == TABLE
    assert (folder / "HAM10000_images_part_2" / "ISIC_5.jpg").is_file()
    assert not any("datafile/3" in path for path in dataverse.asked)
    dataverse.asked.clear()
    download(origin_of("ham10000"), folder, progress=False)
    assert not any("datafile" in path for path in dataverse.asked), "what is there is not fetched again"


def test_another_checksum_is_refused_and_leaves_nothing(dataverse: Archive, tmp_path: Path) -> None:
    dataverse.answers["/api/access/datafile/0"] = b"something else"
    with pytest.raises(DownloadError, match=r"HAM10000_images_part_1\.zip"):
        download(origin_of("ham10000"), tmp_path, progress=False)
    assert not (tmp_path / "HAM10000_images_part_1.zip").exists()


def test_an_archive_that_lacks_a_file_or_is_not_there_is_named(
    dataverse: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = origin_of("ham10000")
    with pytest.raises(DownloadError, match=r"lists no pictures\.zip"):
        download(replace(origin, wanted=("pictures.zip",)), tmp_path, progress=False)
    dataverse.answers.clear()
    assert prepare(tmp_path / "ham", tmp_path / "out", "--download", "--accept-licence") == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error:")]
    assert len(errors) == 1
    assert "get it by hand" in errors[0]


def test_a_publisher_without_checksums_is_fetched_from(server: Archive, tmp_path: Path) -> None:
    official = origin_of("isic2017")
    assert len(official.files) == 6
    assert all(file.startswith("https://isic-challenge-data.s3.amazonaws.com/2017/") for file in official.files)
    local = tuple(
        file.replace("https://isic-challenge-data.s3.amazonaws.com", server.address) for file in official.files
    )
    for file in local:
        body = archive(0) if file.endswith(".zip") else b"image_id,melanoma,seborrheic_keratosis\nISIC_0,1.0,0.0\n"
        server.answers[file.removeprefix(server.address)] = body
    fetched = download(replace(official, files=local), tmp_path, progress=False)
    assert len(fetched) == 6
    assert (tmp_path / "ISIC-2017_Test_v2_Data" / "ISIC_2.jpg").is_file()
    del server.answers["/2017/ISIC-2017_Training_Data.zip"]
    with pytest.raises(DownloadError, match="404"):
        download(replace(official, files=local), tmp_path / "again", progress=False)


def test_a_set_that_is_not_there_says_what_to_get(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, wanted in (
        ("ham10000", "HAM10000_images_part_1.zip"),
        ("isic2017", "Part3_GroundTruth.csv"),
        ("pad-ufes-20", "imgs_part_1.zip"),
        ("skincare", "SET_D"),
    ):
        place = tmp_path / "not there"
        assert run(["prepare", name, str(place), "--out", str(tmp_path / "out")]) == 2
        printed = capsys.readouterr().err
        origin = origin_of(name)
        for expected in (origin.page, origin.size, READERS[name].licence, str(place), wanted):
            assert expected in printed
        assert ("--download" in printed) == origin.downloadable


def test_images_that_are_missing_for_all_rows_say_what_to_get(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "HAM10000_metadata.csv").write_bytes(TABLE)
    assert prepare(tmp_path, tmp_path / "out") == 2
    printed = capsys.readouterr().err
    assert "There is no image file named 'ISIC_0'" in printed
    assert "https://doi.org/10.7910/DVN/DBW86T" in printed


def test_what_cannot_be_fetched_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, expected in (("pad-ufes-20", "data.mendeley.com"), ("folders", "your own"), ("skincare", "its owner")):
        call = ["prepare", name, str(tmp_path), "--out", str(tmp_path / "out"), "--download", "--accept-licence"]
        assert run(call) == 2
        assert expected in capsys.readouterr().err
    call = ["prepare", "ham10000", "a", "b", "--out", str(tmp_path / "out"), "--download"]
    assert run(call) == 2
    assert "Give one FOLDER" in capsys.readouterr().err
