"""Getting a public set: what it is, where it is and under which licence; and fetching it where its publisher allows it.

An archive with a DOI that pooch knows (Dataverse, Zenodo, Figshare) publishes the checksum of each file, and what comes
is checked against it. Where a publisher lists none, none is made up.
"""

from __future__ import annotations

import fnmatch
from pathlib import Path

from lentigo.datasets.source import Origin, Source
from lentigo.errors import DownloadError, UsageError

TIMEOUT_S = 60.0

_TABULAR = ".tab"
"""What Dataverse makes of an uploaded CSV; the checksum that it publishes is that of the upload."""


def how_to_get(source: Source, folder: Path) -> str:
    """What to get, where, how large it is, and where to put it; empty for a collection of one's own."""
    origin = source.origin
    if origin is None:
        return ""
    text = (
        f"Get it from {origin.page} ({origin.size}; licence: {source.licence}) and put into {folder}: {origin.contents}"
    )
    return f"{text} Or let --download fetch it." if origin.downloadable else text


def terms(source: Source, origin: Origin) -> str:
    """What to read before a download."""
    return "\n".join(
        (
            f"Source:   {source.name}, {origin.page}",
            f"Size:     {origin.size}",
            f"Licence:  {source.licence}",
            f"Cite:     {source.citation}",
        )
    )


def downloadable(source: Source, folder: Path) -> Origin:
    """The origin of a set that can be fetched.

    Raises:
        UsageError: It has none; says what to do instead.
    """
    if source.origin is None:
        raise UsageError(f"The source '{source.name}' is a collection of your own.", "Leave --download out.")
    if not source.origin.downloadable:
        raise UsageError(
            f"The publisher of '{source.name}' offers no download that a program can fetch and check.",
            how_to_get(source, folder),
        )
    return source.origin


def download(origin: Origin, folder: Path, progress: bool = True) -> list[Path]:
    """Fetch the files of a set into a folder and unpack its archives; what is there already is kept.

    Args:
        origin: Where from.
        folder: Where to.
        progress: Show a bar for each file.

    Returns:
        The files that were fetched, before unpacking.

    Raises:
        DownloadError: The publisher cannot be reached, lists no such file, or sent one with another checksum.
    """
    import requests

    folder.mkdir(parents=True, exist_ok=True)
    try:
        files = _listed(origin) if origin.doi else [(url, url.rpartition("/")[2], None) for url in origin.files]
        return [_fetch(url, name, checksum, folder, progress) for url, name, checksum in files]
    # pooch raises ValueError for a checksum that differs and for a DOI that leads nowhere.
    except (requests.RequestException, ValueError) as error:
        raise DownloadError(
            f"The download from {origin.page} failed: {error}",
            f"Run the same command again to go on, or get it by hand and put into {folder}: {origin.contents}",
        ) from error


def _listed(origin: Origin) -> list[tuple[str, str, str | None]]:
    """Address, name and checksum of the wanted files, as the archive lists them."""
    import pooch
    from pooch.downloaders import doi_to_repository

    archive = pooch.create(path="", base_url=f"doi:{origin.doi}/", registry=None)
    repository = doi_to_repository(origin.doi, timeout=TIMEOUT_S)
    repository.populate_registry(archive)
    found = []
    for pattern in origin.wanted:
        names = fnmatch.filter(sorted(archive.registry), pattern)
        if not names:
            raise ValueError(f"the archive lists no {pattern}")
        for name in names:
            url = repository.download_url(name)
            if name.endswith(_TABULAR):
                found.append((f"{url}?format=original", f"{Path(name).stem}.csv", archive.registry[name]))
            else:
                found.append((url, name, archive.registry[name]))
    return found


def _fetch(url: str, name: str, checksum: str | None, folder: Path, progress: bool) -> Path:
    """Fetch one file, unless it is there with this checksum, and unpack it beside itself."""
    import pooch

    unpack = pooch.Unzip(extract_dir=f"{name.removesuffix('.zip')}") if name.endswith(".zip") else None
    pooch.retrieve(
        url,
        known_hash=checksum,
        fname=name,
        path=folder,
        processor=unpack,
        downloader=pooch.HTTPDownloader(progressbar=progress, timeout=TIMEOUT_S),
    )
    return folder / name
