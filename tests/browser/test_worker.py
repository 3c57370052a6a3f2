"""What the service worker does while no page is open: sending what waits, reminding, and opening what it told of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Worker, expect

from tests.browser.conftest import SIZES, TIMEOUT_MS
from tests.browser.steps import choose, end, follow, send, serve_again, visit
from tests.made import photo_bytes
from tests.servers import start

pytestmark = pytest.mark.browser

WORKER = "/service-worker.js"
NOTIFICATIONS = "registration.getNotifications().then(all => all.map(one => [one.title, one.body]))"
LONG_AGO = "2020-01-01"
PATIENCE_MS = 30_000


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone that lets the app notify and work in the background."""
    width, height = SIZES["phone"]
    opened = browser.new_context(
        viewport={"width": width, "height": height}, permissions=["notifications", "background-sync"]
    )
    opened.set_default_timeout(TIMEOUT_MS)
    yield opened
    opened.close()


class Background:
    """The browser's part: it wakes the service worker, here by the protocol for its developer tools."""

    def __init__(self, context: BrowserContext, page: Page, address: str) -> None:
        self._page, self._address = page, address
        self._session: CDPSession = context.new_cdp_session(page)
        self._registrations: list[str] = []
        self._session.on("ServiceWorker.workerRegistrationUpdated", self._updated)
        self._session.send("ServiceWorker.enable")

    def _updated(self, event: dict[str, Any]) -> None:
        mine = [one for one in event["registrations"] if one["scopeURL"].startswith(self._address)]
        self._registrations += [one["registrationId"] for one in mine if not one["isDeleted"]]

    def wake(self, event: str, tag: str, **options: Any) -> None:
        """Dispatch a sync event (``Sync`` or ``PeriodicSync``)."""
        while not self._registrations:
            self._page.wait_for_timeout(50)
        where = {"origin": self._address, "registrationId": self._registrations[-1]}
        self._session.send(f"ServiceWorker.dispatch{event}Event", {**where, "tag": tag, **options})


def worker_of(context: BrowserContext) -> Worker:
    return next(one for one in context.service_workers if one.url.endswith(WORKER))


def wait_for_notifications(context: BrowserContext, page: Page) -> list[list[str]]:
    for _ in range(PATIENCE_MS // 100):
        shown: list[list[str]] = worker_of(context).evaluate(NOTIFICATIONS)
        if shown:
            return shown
        page.wait_for_timeout(100)
    raise AssertionError("no notification was shown")


def click_notification(context: BrowserContext) -> None:
    """As a tap on it does: no protocol lets a test tap where the system shows it, so the event is made."""
    worker_of(context).evaluate(
        """async () => {
            const [notification] = await registration.getNotifications();
            const event = new NotificationEvent("notificationclick", { notification });
            // A made event must not be waited for, and a made tap may not bring a window to the front.
            const done = new Promise(resolve => {
                event.waitUntil = work => work.catch(error => error.name).then(resolve);
            });
            dispatchEvent(event);
            await done;
        }"""
    )


def test_what_waits_is_sent_with_no_page_open_and_the_notification_opens_the_answer(
    context: BrowserContext, bundle_path: Path, photo_file: Path
) -> None:
    process, address = start(bundle_path)
    page = visit(context, address)
    choose(page, photo_file)
    end(process)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your photo is kept")
    # The browser tries at once, in vain, and keeps the wish for later.
    page.wait_for_timeout(500)
    assert worker_of(context).evaluate("registration.sync.getTags()") == ["outbox"]
    waiting = page.url.rsplit("/", 1)[-1]
    page.goto("about:blank")
    assert worker_of(context).evaluate("clients.matchAll().then(all => all.length)") == 0
    again = serve_again(bundle_path, address)
    background = Background(context, page, address)
    background.wake("Sync", "outbox", lastChance=False)
    assert wait_for_notifications(context, page) == [["Your answer is ready", "Tap to see it in Lentigo."]]
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    click_notification(context)
    page.locator(".result-body").wait_for()
    assert page.url.endswith(f"#/result/{waiting}")
    assert worker_of(context).evaluate(NOTIFICATIONS) == []
    end(again)


def test_a_reminder_comes_with_no_page_open_and_opens_its_spot(context: BrowserContext, address: str) -> None:
    page = visit(context, address)
    # The service worker has the real time, for which this was long ago.
    follow(page, address, [photo_bytes("nv", 480)], [LONG_AGO])
    spot = page.url
    page.goto("about:blank")
    background = Background(context, page, address)
    background.wake("PeriodicSync", "reminders")
    assert wait_for_notifications(context, page) == [
        ["Time to look at a spot again", "Tap to see which one in Lentigo."]
    ]
    page.goto(f"{address}/#/about")
    page.get_by_role("heading", level=1).wait_for()
    click_notification(context)
    page.locator(".spot-body").wait_for()
    assert page.url == spot
    # Once is enough.
    page.goto("about:blank")
    background.wake("PeriodicSync", "reminders")
    page.wait_for_timeout(1_000)
    assert worker_of(context).evaluate(NOTIFICATIONS) == []
