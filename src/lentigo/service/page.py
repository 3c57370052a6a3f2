"""The page: files that `make web` built, as they are."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
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


class ImmutableFiles(StaticFiles):
    """Files whose names hold a hash of their content: a browser need never ask for one again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def static_folder() -> Path:
    """Where the built page lies."""
    with as_file(files("lentigo.service") / "static") as folder:
        return folder


def add_page(app: FastAPI, folder: Path) -> None:
    """Serve the page at / and what it needs at /assets."""
    router = APIRouter(include_in_schema=False)

    @router.head("/")
    @router.get("/")
    def index() -> Response:
        page = folder / "index.html"
        if not page.is_file():
            return PlainTextResponse(_NOT_BUILT, 503)
        return FileResponse(page, headers=_ASK_AGAIN)

    def add_file(name: str, media_type: str) -> None:
        @router.head(f"/{name}")
        @router.get(f"/{name}")
        def one() -> Response:
            file = folder / name
            if not file.is_file():
                return PlainTextResponse(_NOT_BUILT, 404)
            return FileResponse(file, media_type=media_type, headers=_ASK_AGAIN)

    for name, media_type in _FILES.items():
        add_file(name, media_type)
    app.include_router(router)
    if (folder / "assets").is_dir():
        app.mount("/assets", ImmutableFiles(directory=folder / "assets"))
