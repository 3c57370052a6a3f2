"""Without a network, with a dying server, a full disk, two tabs, and over an update of the app."""

from __future__ import annotations

import gzip
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PAGE, SIZES, TIMEOUT_MS
from tests.browser.steps import choose, end, keep, send, serve_again, visit
from tests.servers import start

pytestmark = pytest.mark.browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone whose network can be cut."""
    opened = browser.new_context(viewport={"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
    opened.set_default_timeout(TIMEOUT_MS)
    yield opened
    opened.close()


def queue_photo(context: BrowserContext, page: Page, photo: Path) -> None:
    """Send a photo without a network."""
    choose(page, photo)
    context.set_offline(True)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your photo is kept")


def kept_by_the_worker(page: Page) -> list[str]:
    return page.evaluate(  # type: ignore[no-any-return]  # what the page answers
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))"
        ".then(all => all.flat().map(request => new URL(request.url).pathname))"
    )


def test_the_app_opens_offline_and_every_screen_is_there(
    context: BrowserContext, address: str, photo_file: Path
) -> None:
    page = visit(context, address)
    choose(page, photo_file)
    send(page)
    page.locator(".result-body").wait_for()
    keep(page)
    context.set_offline(True)
    page.goto("about:blank")
    page.goto(address)
    page.get_by_role("link", name="Left arm").click()
    page.get_by_role("link", name="See the answer").click()
    page.locator(".bars").wait_for()
    for name in ("waiting", "about", "settings"):
        page.evaluate("path => { location.hash = path }", f"/{name}")
        page.locator(f".{name}-body").wait_for()
    page.get_by_label("Language").select_option("fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("Réglages")
    kept = kept_by_the_worker(page)
    assert "/" in kept
    assert not [path for path in kept if path.startswith("/api")]


def test_a_photo_taken_offline_is_answered_when_the_network_is_back(
    context: BrowserContext, address: str, photo_file: Path
) -> None:
    context.grant_permissions(["notifications"], origin=address)
    page = visit(context, address)
    queue_photo(context, page, photo_file)
    expect(page.get_by_text("You will get a notification")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Waiting to be sent")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Answer is ready")).to_be_visible()
    page.wait_for_timeout(300)
    shown = page.evaluate(
        "navigator.serviceWorker.ready.then(ready => ready.getNotifications())"
        ".then(all => all.map(one => [one.title, one.body]))"
    )
    assert shown == [["Your answer is ready", "Tap to see it in Lentigo."]]
    page.get_by_role("link", name="See the answer").click()
    page.locator(".result-body").wait_for()
    page.goto(f"{address}/#/waiting")
    expect(page.get_by_text("Nothing is waiting")).to_be_visible()


def test_with_notifications_denied_the_answer_waits_in_the_app(
    context: BrowserContext, address: str, photo_file: Path
) -> None:
    context.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    page = visit(context, address)
    queue_photo(context, page, photo_file)
    expect(page.get_by_text("Notifications are off")).to_be_visible()
    expect(page.get_by_role("button", name="Tell me")).to_have_count(0)
    context.set_offline(False)
    expect(page.get_by_text("Answer is ready")).to_be_visible()


def test_what_waits_can_be_dropped(context: BrowserContext, address: str, photo_file: Path) -> None:
    page = visit(context, address)
    queue_photo(context, page, photo_file)
    page.get_by_role("button", name="Drop").click()
    expect(page.get_by_text("Nothing is waiting")).to_be_visible()
    context.set_offline(False)
    page.reload()
    expect(page.get_by_text("Nothing is waiting")).to_be_visible()


def test_two_tabs_send_a_photo_once(context: BrowserContext, address: str, photo_file: Path) -> None:
    page = visit(context, address)
    other = visit(context, address)
    queue_photo(context, page, photo_file)
    other.goto(f"{address}/#/waiting")
    expect(other.get_by_text("Waiting to be sent")).to_be_visible()
    sent: list[str] = []
    context.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    context.set_offline(False)
    for tab in (page, other):
        expect(tab.get_by_text("Answer is ready")).to_be_visible()
    assert len(sent) == 1


def test_a_server_that_dies_in_mid_upload_loses_nothing(
    context: BrowserContext, bundle_path: Path, photo_file: Path
) -> None:
    process, address = start(bundle_path)
    page = visit(context, address)
    choose(page, photo_file)
    # Stopped, it takes the connection and never answers.
    process.send_signal(signal.SIGSTOP)
    send(page)
    expect(page.get_by_text("Looking at your photo")).to_be_visible()
    page.wait_for_timeout(200)
    end(process)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your photo is kept")
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Waiting to be sent")).to_be_visible()
    again = serve_again(bundle_path, address)
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_text("Answer is ready")).to_be_visible()
    end(again)


def test_a_full_storage_is_told_and_the_answer_comes_all_the_same(
    context: BrowserContext, address: str, photo_file: Path
) -> None:
    # Chromium's own limit cannot be lowered for a private context: the error is made where the browser would raise it.
    context.add_init_script(
        """for (const name of ["add", "put"]) {
            const write = IDBObjectStore.prototype[name];
            IDBObjectStore.prototype[name] = function (...given) {
                if (window.storageIsFull) throw new DOMException("full", "QuotaExceededError");
                return write.apply(this, given);
            };
        }"""
    )
    page = visit(context, address)
    choose(page, photo_file)
    page.evaluate("window.storageIsFull = true")
    send(page)
    page.locator(".result-body").wait_for()
    expect(page.get_by_role("alert")).to_contain_text("storage of this phone is full")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Keep result").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("storage of this phone is full")
    page.evaluate("window.storageIsFull = false")
    keep(page)


def test_an_update_asks_first_and_keeps_the_draft(context: BrowserContext, address: str, photo_file: Path) -> None:
    worker, packed = PAGE.parent / "service-worker.js", PAGE.parent / "service-worker.js.gz"
    built, built_packed = worker.read_bytes(), packed.read_bytes()
    page = visit(context, address)
    choose(page, photo_file)
    page.locator("details.questions summary").click()
    page.get_by_label("Age").fill("71")
    try:
        packed.write_bytes(gzip.compress(built + b"\n// another version\n"))
        worker.write_bytes(built + b"\n// another version\n")
        page.evaluate("navigator.serviceWorker.ready.then(ready => ready.update())")
        expect(page.get_by_text("A new version is ready")).to_be_visible()
        with page.expect_navigation():
            page.get_by_role("button", name="Reload").click()
    finally:
        worker.write_bytes(built)
        packed.write_bytes(built_packed)
    page.get_by_role("heading", level=1).wait_for()
    expect(page.locator(".cropper img")).to_be_visible()
    page.locator("details.questions summary").click()
    expect(page.get_by_label("Age")).to_have_value("71")
    expect(page.get_by_text("A new version is ready")).to_have_count(0)


def test_an_unfinished_photo_is_offered_at_the_start(context: BrowserContext, address: str, photo_file: Path) -> None:
    page = visit(context, address)
    choose(page, photo_file)
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_text("not sent yet")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    expect(page.locator(".cropper img")).to_be_visible()
    page.get_by_role("button", name="Take another").click()
    expect(page.get_by_text("not sent yet")).to_have_count(0)
