"""The page: files that `make web` built, as they are, or as it packed them for browsers that unpack."""

from __future__ import annotations

import mimetypes
from importlib.resources import as_file, files
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_NOT_BUILT = (
    "The page is not built: in a clone of Lentigo, run `make web` and then `pip install .`; "
    "the API works without it, see /openapi.json.\n"
)

_FILES = {
    "favicon.svg": "image/svg+xml",
    "manifest.webmanifest": "application/manifest+json",
    "service-worker.js": "text/javascript",
}
"""What lies beside the page under a name that stays, so that a browser has to ask whether it is still the same."""

_ASK_AGAIN = {"Cache-Control": "no-cache"}
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
"""For what has an address of its own for every content."""

_PACKED = ".gz"


class ImmutableFiles(StaticFiles):
    """Files whose names hold a hash of their content: a browser need never ask for one again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file, packed where there is a packed one and the browser takes it."""
        packed = _takes_packed(Headers(scope=scope)) and self.lookup_path(path + _PACKED)[1] is not None
        response = await super().get_response(path + _PACKED if packed else path, scope)
        response.headers.update({**FOR_GOOD, "Vary": "Accept-Encoding"})
        if packed:
            response.headers.update(_packed_headers(path))
        return response


def _takes_packed(headers: Headers) -> bool:
    """Whether a request accepts gzip, by name and not with quality 0 (RFC 9110, 12.5.3)."""
    for offer in headers.get("accept-encoding", "").lower().split(","):
        name, _, quality = offer.replace(" ", "").partition(";q=")
        if name == "gzip":
            return quality.strip("0.") != "" or not quality
    return False


def _packed_headers(name: str) -> dict[str, str]:
    return {"Content-Encoding": "gzip", "Content-Type": mimetypes.guess_type(name)[0] or "application/octet-stream"}


def static_folder() -> Path:
    """Where the built page lies."""
    with as_file(files("lentigo.service") / "static") as folder:
        return folder


def add_page(app: FastAPI, folder: Path) -> None:
    """Serve the page at / and what it needs at /assets."""
    router = APIRouter(include_in_schema=False)

    @router.head("/")
    @router.get("/")
    def index(request: Request) -> Response:
        page = folder / "index.html"
        if not page.is_file():
            return PlainTextResponse(_NOT_BUILT, 503)
        return _file(request, page, "text/html; charset=utf-8")

    def add_file(name: str, media_type: str) -> None:
        @router.head(f"/{name}")
        @router.get(f"/{name}")
        def one(request: Request) -> Response:
            file = folder / name
            if not file.is_file():
                return PlainTextResponse(_NOT_BUILT, 404)
            return _file(request, file, media_type)

    for name, media_type in _FILES.items():
        add_file(name, media_type)
    app.include_router(router)
    if (folder / "assets").is_dir():
        app.mount("/assets", ImmutableFiles(directory=folder / "assets"))


def _file(request: Request, file: Path, media_type: str) -> Response:
    """A file whose name stays, packed where there is a packed one and the browser takes it."""
    headers = {**_ASK_AGAIN, "Vary": "Accept-Encoding"}
    packed = file.with_name(file.name + _PACKED)
    if _takes_packed(request.headers) and packed.is_file():
        return FileResponse(packed, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
    return FileResponse(file, media_type=media_type, headers=headers)
