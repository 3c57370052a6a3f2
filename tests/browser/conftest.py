"""The real server, and Debian's Chromium in the sizes of a phone and a desktop."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.series import DATES, SERIES
from tests.browser.steps import follow
from tests.made import photo_bytes
from tests.servers import start, stop

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT_MS = 10_000
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
PAGE = Path(__file__).parents[2] / "src/lentigo/service/static/index.html"


def chromium_path() -> str | None:
    return os.environ.get("LENTIGO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("needs Chromium: apt-get install chromium, or set LENTIGO_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def server_process(bundle_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    if not PAGE.is_file():
        pytest.skip("the page is not built: run `make web`")
    process, address = start(bundle_path, LENTIGO_RATE_LIMIT="")
    yield process, address
    if process.poll() is None:
        stop(process)
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture(scope="session")
def address(server_process: tuple[subprocess.Popen[str], str]) -> str:
    return server_process[1]


@pytest.fixture(params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The start page, in every size and scheme; errors, broken rules and foreign requests fail the test."""
    size, scheme = request.param
    yield from open_page(browser, address, size, scheme)


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """The start page on a phone."""
    yield from open_page(browser, address, "phone", "light")


def open_page(browser: Browser, address: str, size: str, scheme: str) -> Iterator[Page]:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("console", lambda message: faults.append(message.text) if is_fault(message.text, message.type) else None)
    page.on("request", lambda sent: None if is_own(sent.url, address) else faults.append(f"foreign: {sent.url}"))
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    yield page
    context.close()
    assert not faults


def open_followed(browser: Browser, address: str, size: str, name: str = "Left arm") -> Iterator[Page]:
    """The screen of a spot with three photos over half a year."""
    for page in open_page(browser, address, size, "light"):
        # Three answers and what is computed from them take their time where many tests run at once.
        page.set_default_timeout(90_000)
        follow(page, address, SERIES, DATES, name)
        page.locator(".chart").first.wait_for()
        yield page


def is_fault(text: str, kind: str) -> bool:
    """An error in the console; a refused request is the page's business and no fault of it."""
    return kind == "error" and "Failed to load resource" not in text


def is_own(url: str, address: str) -> bool:
    return url.startswith((address, "blob:", "data:"))


@pytest.fixture(scope="session")
def photo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "spot.jpg"
    path.write_bytes(photo_bytes("nv", 480))
    return path
