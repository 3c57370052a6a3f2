"""Writes a picture of every screen into screenshots/: `make screenshots`.

Uses the bundle that ships, and the photo in the environment variable LENTIGO_PHOTO, else a drawn one.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, SIZES, chromium_path
from tests.made import photo_bytes
from tests.servers import start, stop

OUT = Path(__file__).parents[2] / "screenshots"


def main() -> None:
    """Walk through the page in every size and scheme."""
    OUT.mkdir(exist_ok=True)
    photo = OUT / "photo.jpg"
    given = os.environ.get("LENTIGO_PHOTO")
    photo.write_bytes(Path(given).read_bytes() if given else photo_bytes("nv", 640))
    process, address = start(Path("lesions"))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
            for size in SIZES:
                for scheme in ("light", "dark"):
                    walk(browser, address, photo, size, scheme)
            browser.close()
    finally:
        stop(process)
    photo.unlink()


def walk(browser: Browser, address: str, photo: Path, size: str, scheme: str) -> None:
    """One picture of each screen."""
    width, height = SIZES[size]
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2,
    )
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.screenshot(path=OUT / f"{size}-{scheme}-start.png")
    page.locator("input[type=file]").last.set_input_files(photo)
    page.get_by_role("button", name="Use this photo").wait_for()
    page.wait_for_function("[...document.images].every(image => image.complete)")
    page.screenshot(path=OUT / f"{size}-{scheme}-review.png")
    page.get_by_role("button", name="Use this photo").click()
    page.locator(".result-body").wait_for()
    page.screenshot(path=OUT / f"{size}-{scheme}-result.png", full_page=True)
    page.close()


if __name__ == "__main__":
    main()
