"""Writes a picture of every screen into screenshots/: `make screenshots`.

Uses the bundle that ships, and the photo in the environment variable LENTIGO_PHOTO, else a drawn one.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from lentigo.card import CARD_FILE, GRAPH_FILE
from lentigo.inference.bundle import open_bundle
from tests.browser.camera import MOVING, draw_frame, launch, write_video
from tests.browser.conftest import SIZES
from tests.browser.series import DATES, SERIES, spot_photo
from tests.browser.steps import UNANSWERED, answer_with, choose, follow, keep, open_questions, outcome, send
from tests.servers import start, stop

DARKER = spot_photo(22.0, light=0.8, angle=60, coin=False)
OUT = Path(__file__).parents[2] / "screenshots"


def main() -> None:
    """Walk through the app in every size and scheme."""
    OUT.mkdir(exist_ok=True)
    given = os.environ.get("LENTIGO_PHOTO")
    photo = Path(given).read_bytes() if given else spot_photo(14.0, coin=False)
    with TemporaryDirectory() as folder:
        _walk_all(trusting_bundle(Path(folder) / "lesions"), photo)


def trusting_bundle(folder: Path) -> Path:
    """The bundle that ships, but without its limits: it would send a drawn photo back."""
    shipped = open_bundle("lesions")
    card = shipped.card.model_copy(update={"no_skin": None, "novelty": None, "confidence": None, "quality": ()})
    folder.mkdir()
    (folder / GRAPH_FILE).write_bytes(shipped.graph)
    (folder / CARD_FILE).write_text(card.sealed().to_json(), encoding="utf-8")
    return folder


def _walk_all(bundle: Path, photo: bytes) -> None:
    process, address = start(bundle)
    handing_out, with_model = start(bundle, LENTIGO_HAND_OUT_BUNDLES="true")
    try:
        with sync_playwright() as playwright, TemporaryDirectory() as folder:
            video = Path(folder) / "camera.y4m"
            browser = launch(playwright.chromium, video)
            for size in SIZES:
                for scheme in ("light", "dark"):
                    capture(browser, address, video, size, scheme)
                    walk(browser, address, photo, size, scheme)
                    model(browser, with_model, size, scheme)
            browser.close()
    finally:
        stop(process)
        stop(handing_out)


def model(browser: Browser, address: str, size: str, scheme: str) -> None:
    """The settings, once the model is kept on this device."""
    page = _open(browser, size, scheme)
    page.goto(f"{address}/#/settings")
    page.get_by_text("The model lesions").wait_for(timeout=120_000)
    page.screenshot(path=OUT / f"{size}-{scheme}-settings-model.png", full_page=True)
    page.close()


def _open(browser: Browser, size: str, scheme: str) -> Page:
    width, height = SIZES[size]
    return browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2,
    )


def capture(browser: Browser, address: str, video: Path, size: str, scheme: str) -> None:
    """The camera: not allowed, with a hint, good, counting down, and with the photo from last time over it."""
    width, height = SIZES[size]
    page = _open(browser, size, scheme)
    context = page.context
    frame_size = (960, 1280) if height > width else (1280, 960)

    def show(name: str, ready: str, path: str = "capture", **look: Any) -> None:
        write_video(video, size=frame_size, **look)
        page.goto("about:blank")
        page.goto(f"{address}/#/{path}")
        page.locator(ready).first.wait_for()
        page.screenshot(path=OUT / f"{size}-{scheme}-{name}.png")

    show("capture-denied", ".blocked-body")
    context.grant_permissions(["camera"])
    show("capture-hint", ".hint", places=MOVING)
    page.locator(".switch input").uncheck()
    show("capture-good", ".hint.good")
    page.locator(".beside").last.click()
    page.locator(".shutter").click()
    page.locator(".left").wait_for()
    page.screenshot(path=OUT / f"{size}-{scheme}-capture-timer.png")
    page.goto(f"{address}/#/")
    last = io.BytesIO()
    Image.fromarray(draw_frame((960, 960), x=0.03, y=0.02)).save(last, "JPEG")
    choose(page, last.getvalue())
    send(page)
    keep(page)
    page.get_by_role("link", name="See this spot over time").click()
    page.locator(".spot-body").wait_for()
    spot = page.url.rsplit("/", 1)[-1]
    show("capture-ghost", ".shutter:enabled", path=f"capture/spot/{spot}", places=((-0.06, 0.0),))
    context.close()


def walk(browser: Browser, address: str, photo: bytes, size: str, scheme: str) -> None:
    """One picture of each screen."""
    page = _open(browser, size, scheme)

    def picture(name: str, *, whole: bool = False) -> None:
        page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => {})))")
        page.screenshot(path=OUT / f"{size}-{scheme}-{name}.png", full_page=whole)

    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    picture("start")
    choose(page, photo)
    picture("review")
    open_questions(page)
    page.locator(".site[data-site=back]").last.click()
    picture("review-questions", whole=True)
    send(page)
    page.locator(".result-body").wait_for()
    picture("result")
    picture("result-whole", whole=True)
    page.get_by_role("button", name="Keep result").click()
    picture("keep")
    page.get_by_role("button", name="Cancel").click()
    keep(page)
    page.get_by_role("link", name="See this spot over time").click()
    page.locator(".spot-body").wait_for()
    picture("spot")
    series(page, address, picture)
    for name in UNANSWERED:
        unanswered(page, address, photo, name)
        picture(f"result-{name}")
    page.context.unroute("**/api/v1/assessments")
    several(page, address, photo, picture)
    page.goto(f"{address}/#/")
    page.locator(".cards").wait_for()
    picture("start-spots")
    choose(page, photo)
    page.context.set_offline(True)
    send(page)
    page.locator(".waiting-body").wait_for()
    picture("waiting")
    page.context.set_offline(False)
    for name in ("about", "settings"):
        page.goto(f"{address}/#/{name}")
        page.locator(f".{name}-body").wait_for()
        picture(name, whole=True)
    page.goto(f"{address}/#/trouble/heif")
    page.locator(".trouble-body").wait_for()
    picture("trouble")
    page.close()


def several(page: Page, address: str, photo: bytes, picture: Callable[..., None]) -> None:
    """An answer from two photos that differ."""
    page.goto(f"{address}/#/")
    choose(page, photo)
    page.get_by_label("Add a photo").set_input_files([{"name": "b.jpg", "mimeType": "image/jpeg", "buffer": DARKER}])
    page.get_by_role("button", name="Use these photos").click()
    page.locator(".each-photo").scroll_into_view_if_needed()
    picture("result-several", whole=True)


def series(page: Page, address: str, picture: Callable[..., None]) -> None:
    """A spot over half a year, its comparison and measurement, and the report about it."""
    follow(page, address, SERIES, DATES, "Right forearm")
    page.locator(".chart").nth(1).wait_for()
    picture("history")
    picture("history-whole", whole=True)
    page.get_by_role("link", name="Measure").click()
    page.locator(".mark-end").nth(3).wait_for()
    picture("measure")
    page.go_back()
    page.get_by_role("link", name="Compare").click()
    page.get_by_text("Both spots are shown equally large").wait_for()
    picture("compare")
    for name, way in (("side", "Side by side"), ("line-up", "Line up")):
        page.locator(".segments").get_by_text(way).click()
        picture(f"compare-{name}")
    page.go_back()
    # As a server that sends mail says.
    page.context.route("**/api/v1/features", lambda route: route.fulfill(json={"referrals": True}))
    page.get_by_role("link", name="For the doctor").click()
    page.locator(".report").wait_for()
    picture("doctor")
    picture("doctor-whole", whole=True)
    page.get_by_role("button", name="Send to doctor").click()
    page.locator(".way").first.wait_for()
    picture("doctor-send")
    page.keyboard.press("Escape")


def unanswered(page: Page, address: str, photo: bytes, name: str) -> None:
    """Bring one of the outcomes without an estimate."""
    page.context.unroute("**/api/v1/assessments")
    answer_with(page, outcome(name, **UNANSWERED[name]))
    page.goto(f"{address}/#/")
    choose(page, photo)
    send(page)
    page.locator(f".result-body.{name}").wait_for()


if __name__ == "__main__":
    main()
