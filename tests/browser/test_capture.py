"""The camera screen with a made camera: what it says, when it releases, and the ways out when there is no camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.camera import MOVING, launch, write_video
from tests.browser.conftest import SIZES, is_fault, is_own
from tests.browser.steps import choose, keep, send, wait_until

pytestmark = pytest.mark.browser

SLOW_MS = 60_000
"""Machines that run many tests at once are slow, and a video on them slower."""

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera plays; a test that wants another picture writes it before it opens the camera."""
    return tmp_path_factory.mktemp("camera") / "camera.y4m"


@pytest.fixture(scope="module")
def camera_browser(video: Path, browser: Browser) -> Iterator[Browser]:
    """A browser with a camera. Asks for the other one first, whose Playwright it shares."""
    opened = launch(browser.browser_type, video)
    yield opened
    opened.close()


@pytest.fixture
def open_camera(camera_browser: Browser, address: str, video: Path) -> Open:
    """Opens a screen with a camera that shows a made picture; errors and foreign requests fail the test."""

    @contextmanager
    def opened(
        path: str = "capture", *, size: tuple[int, int] = SIZES["phone"], allowed: bool = True, **look: Any
    ) -> Iterator[Page]:
        write_video(video, **look)
        with screen(camera_browser, f"{address}/#/{path}", address, size, allowed=allowed) as page:
            yield page

    return opened


@contextmanager
def screen(
    browser: Browser, url: str, address: str, size: tuple[int, int], *, allowed: bool = True, script: str | None = None
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, permissions=["camera"] if allowed else []
    )
    context.set_default_timeout(SLOW_MS)
    if script:
        context.add_init_script(script)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("console", lambda message: faults.append(message.text) if is_fault(message.text, message.type) else None)
    page.on("request", lambda sent: None if is_own(sent.url, address) else faults.append(f"foreign: {sent.url}"))
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for(state="attached")
    yield page
    context.close()
    assert not faults


def shutter(page: Page) -> Any:
    return page.get_by_role("button", name="Take the picture")


def turn_automatic_off(page: Page) -> None:
    page.get_by_label("Take it when it is good").uncheck()


def hold_track(page: Page) -> None:
    """Remember the camera's track, so that it can be asked after its screen is gone."""
    expect(shutter(page)).to_be_enabled(timeout=SLOW_MS)
    wait_until(page, "document.querySelector('video')?.srcObject != null")
    page.evaluate("window.track = document.querySelector('video').srcObject.getVideoTracks()[0]")
    assert page.evaluate("track.readyState") == "live"


def wait_for_review(page: Page) -> None:
    page.get_by_role("button", name="Use this photo").wait_for()
    wait_until(page, "document.querySelector('.cropper img')?.naturalWidth > 0")


def test_a_good_picture_is_taken_by_itself_and_the_camera_is_closed(open_camera: Open) -> None:
    with open_camera("") as page:
        page.get_by_role("link", name="Take a picture").click()
        hold_track(page)
        expect(page.locator(".hint")).to_have_text("Good. Hold still", timeout=SLOW_MS)
        wait_for_review(page)
        assert page.evaluate("track.readyState") == "ended"
        assert page.evaluate("document.querySelector('.cropper img').naturalWidth") == 480
        page.get_by_role("button", name="Use this photo").click()
        page.locator(".result-body").wait_for()


@pytest.mark.parametrize("size", [(390, 844), (360, 640), (1280, 800), (740, 360)])
def test_every_control_is_in_sight_and_accessible(open_camera: Open, size: tuple[int, int]) -> None:
    with open_camera(size=size, places=MOVING) as page:
        expect(page.locator(".hint")).to_have_text("Hold still", timeout=SLOW_MS)
        expect(shutter(page)).to_be_in_viewport(ratio=1)
        expect(page.get_by_label("Take it when it is good")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the window"
        assert_accessible(page)


def test_a_moving_spot_is_not_taken_by_itself_but_by_the_keyboard(open_camera: Open) -> None:
    with open_camera(places=MOVING) as page:
        expect(page.locator(".hint")).to_have_text("Hold still", timeout=SLOW_MS)
        expect(page.locator("p[aria-live=polite]")).to_have_text("Hold still", timeout=SLOW_MS)
        page.wait_for_timeout(4000)
        assert page.url.endswith("#/capture")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Take the picture":
                break
        page.keyboard.press("Enter")
        wait_for_review(page)


@pytest.mark.parametrize(
    ("look", "hint"),
    [
        ({"light": 0.12}, "More light, please"),
        ({"radius": 0.06}, "Move closer"),
        ({"places": ((0.35, 0.0),)}, "Put the spot in the circle"),
    ],
    ids=["dark", "far", "beside"],
)
def test_a_hint_says_what_to_change(open_camera: Open, look: dict[str, Any], hint: str) -> None:
    with open_camera(**look) as page:
        expect(page.locator(".hint")).to_have_text(hint, timeout=SLOW_MS)


def test_the_hints_follow_the_rules_of_the_card(open_camera: Open) -> None:
    def stricter(route: Route) -> None:
        found = route.fetch().json()
        found["bundles"][0]["quality"] = [
            {"reason": "too_dark", "measure": "light", "good": 1.0, "limit": 0.97, "refuses": True, "chosen_on": "made"}
        ]
        route.fulfill(json=found)

    with open_camera("") as page:
        page.context.route("**/api/v1/bundles*", stricter)
        page.reload()
        page.get_by_role("link", name="Take a picture").click()
        # The picture that is good by the rules of the bundle that is served.
        expect(page.locator(".hint")).to_have_text("More light, please", timeout=SLOW_MS)


def test_the_shutter_waits_for_the_first_frame(camera_browser: Browser, address: str, video: Path) -> None:
    write_video(video, places=MOVING)
    # The browser tells that it has a frame only when the test lets it.
    script = """addEventListener("loadeddata", (event) => {
        if (!window.hasFrame) event.stopImmediatePropagation();
    }, true);"""
    with screen(camera_browser, f"{address}/#/capture", address, SIZES["phone"], script=script) as page:
        wait_until(page, "document.querySelector('video')?.videoWidth > 0")
        expect(shutter(page)).to_be_disabled()
        page.evaluate("window.hasFrame = true")
        page.evaluate("document.querySelector('video').dispatchEvent(new Event('loadeddata'))")
        expect(shutter(page)).to_be_enabled()
        shutter(page).click()
        wait_for_review(page)


def test_automatic_release_is_off_once_turned_off(open_camera: Open) -> None:
    with open_camera() as page:
        turn_automatic_off(page)
        expect(page.locator(".hint")).to_have_text("Good. Take the picture", timeout=SLOW_MS)
        page.reload()
        expect(page.locator(".hint")).to_have_text("Good. Take the picture", timeout=SLOW_MS)
        expect(page.get_by_label("Take it when it is good")).not_to_be_checked()
        page.wait_for_timeout(2500)
        assert page.url.endswith("#/capture")
        shutter(page).click()
        wait_for_review(page)


def test_the_timer_counts_down_and_can_be_stopped(open_camera: Open) -> None:
    with open_camera() as page:
        hold_track(page)
        page.get_by_role("button", name="Timer: Off").click()
        page.get_by_role("button", name="Timer: 3 s").click()
        shutter(page).click()
        expect(page.locator(".left")).to_have_text("10")
        expect(page.get_by_role("status").filter(has_text="10 seconds")).to_have_count(1)
        page.get_by_role("button", name="Stop the timer").click()
        expect(page.locator(".left")).to_have_count(0)
        page.get_by_role("button", name="Timer: 10 s").click()
        page.get_by_role("button", name="Timer: Off").click()
        shutter(page).click()
        expect(page.locator(".left")).to_have_text("3")
        wait_for_review(page)


def test_leaving_and_hiding_the_screen_stops_the_camera(open_camera: Open) -> None:
    with open_camera("") as page:
        page.get_by_role("link", name="Take a picture").click()
        hold_track(page)
        page.go_back()
        wait_until(page, "track.readyState === 'ended'")
        page.go_forward()
        hold_track(page)
        # Playwright cannot hide a page, so the page is told that it is hidden.
        page.evaluate(
            "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }); "
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        assert page.evaluate("track.readyState") == "ended"
        page.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))")
        hold_track(page)


def test_up_to_three_photos_of_one_spot(open_camera: Open) -> None:
    with open_camera() as page:
        wait_for_review(page)
        for number in (2, 3):
            page.get_by_role("link", name="Take one more").click()
            expect(page.get_by_text(f"Photo {number} of 3", exact=True)).to_be_visible(timeout=SLOW_MS)
            expect(page.locator(".thumb-button")).to_have_count(number, timeout=SLOW_MS)
            assert page.url.endswith("#/review")
        expect(page.get_by_role("link", name="Take one more")).to_have_count(0)


def test_the_last_photo_of_a_spot_lies_over_the_live_picture(open_camera: Open, photo_file: Path) -> None:
    with open_camera("", places=MOVING) as page:
        choose(page, photo_file)
        send(page)
        keep(page)
        page.get_by_role("link", name="See this spot over time").click()
        page.get_by_role("link", name="Take the next picture").click()
        hold_track(page)
        slider = page.get_by_label("Last photo")
        slider.fill("60")
        expect(page.locator(".ghost")).to_have_css("opacity", "0.6")
        wait_until(page, "document.querySelector('.ghost img')?.naturalWidth > 0")
        assert_accessible(page)
        page.reload()
        expect(slider).to_have_value("60", timeout=SLOW_MS)
        shutter(page).click()
        wait_for_review(page)


def test_a_denied_camera_leads_to_a_chosen_picture(open_camera: Open, photo_file: Path) -> None:
    with open_camera(allowed=False) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("The camera is not allowed", timeout=SLOW_MS)
        assert_accessible(page)
        page.context.grant_permissions(["camera"])
        page.get_by_role("button", name="Try again").click()
        hold_track(page)
        page.context.clear_permissions()
        page.reload()
        page.locator(".blocked-body input[type=file]").last.set_input_files(photo_file)
        wait_for_review(page)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_without_a_camera_there_is_a_way_out(
    browser: Browser, address: str, photo_file: Path, size: tuple[int, int]
) -> None:
    with screen(browser, f"{address}/#/capture", address, size) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("No camera was found", timeout=SLOW_MS)
        assert_accessible(page)
        page.locator(".blocked-body input[type=file]").last.set_input_files(photo_file)
        wait_for_review(page)


def test_a_page_without_encryption_says_so(browser: Browser, address: str) -> None:
    # What a browser gives such a page; the test's own address counts as safe.
    script = (
        "delete Navigator.prototype.mediaDevices; Object.defineProperty(window, 'isSecureContext', { value: false })"
    )
    with screen(browser, f"{address}/#/capture", address, SIZES["phone"], script=script) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("The live camera needs a secure address")
        expect(page.get_by_role("button", name="Try again")).to_have_count(0)
        assert_accessible(page)


def test_a_camera_that_is_busy_or_taken_away_can_be_tried_again(
    camera_browser: Browser, address: str, video: Path
) -> None:
    write_video(video, places=MOVING)
    script = """
        const get = MediaDevices.prototype.getUserMedia;
        let first = true;
        MediaDevices.prototype.getUserMedia = function (wanted) {
          if (first) { first = false; return Promise.reject(new DOMException("", "NotReadableError")); }
          return get.call(this, wanted);
        };"""
    with screen(camera_browser, f"{address}/#/capture", address, SIZES["phone"], script=script) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("The camera is busy", timeout=SLOW_MS)
        page.get_by_role("button", name="Try again").click()
        hold_track(page)
        page.evaluate("track.dispatchEvent(new Event('ended'))")
        expect(page.get_by_role("heading", level=1)).to_have_text("The camera stopped")
        wait_until(page, "track.readyState === 'ended'")
