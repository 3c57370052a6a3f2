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
        return FileResponse(page, headers={"Cache-Control": "no-cache"})

    @router.head("/favicon.svg")
    @router.get("/favicon.svg")
    def favicon() -> Response:
        icon = folder / "favicon.svg"
        return FileResponse(icon) if icon.is_file() else PlainTextResponse(_NOT_BUILT, 404)

    app.include_router(router)
    if (folder / "assets").is_dir():
        app.mount("/assets", ImmutableFiles(directory=folder / "assets"))
