"""What a person does in the app, as steps that tests and screenshots share."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from lentigo.taxonomy import load_taxonomy
from tests.servers import start

USE = "Use this photo"
PATIENCE_S = 60.0
TAXONOMY = load_taxonomy()


def choose(page: Page, content: bytes | Path, name: str = "spot.jpg", kind: str = "image/jpeg") -> None:
    """Choose a photo on the start screen and wait for the review screen."""
    data = content.read_bytes() if isinstance(content, Path) else content
    page.get_by_label("Choose a picture").set_input_files([{"name": name, "mimeType": kind, "buffer": data}])
    page.get_by_role("button", name=USE).wait_for()


def send(page: Page) -> None:
    """Send what is in hand."""
    page.get_by_role("button", name=USE).click()


def open_questions(page: Page) -> None:
    """Open the questions, where they are closed."""
    questions = page.locator("details.questions")
    if questions.get_attribute("open") is None:
        questions.locator("summary").click()


def watch_uploads(page: Page) -> None:
    """Remember what is sent from now on; the browser's protocol does not show what lies in blobs."""
    page.evaluate(
        """() => {
            const send = window.fetch;
            window.uploads = [];
            window.fetch = (path, options) => {
                if (options?.body instanceof FormData) window.uploads.push([...options.body]);
                return send(path, options);
            };
        }"""
    )


def uploaded(page: Page) -> list[tuple[str, str | bytes]]:
    """Name and value of each field of the last upload."""
    fields = page.evaluate(
        """() => Promise.all(window.uploads.pop().map(async ([name, value]) =>
            value instanceof Blob ? [name, [...new Uint8Array(await value.arrayBuffer())]] : [name, value]))"""
    )
    return [(name, bytes(value) if isinstance(value, list) else value) for name, value in fields]


def keep(page: Page, name: str = "Left arm") -> None:
    """Keep the result that is shown with a new spot, to look at again in three months."""
    page.get_by_role("button", name="Keep result").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Remind me").select_option("12")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="See this spot over time").wait_for()


def answer_with(page: Page, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let the real server answer, and change what it says: for outcomes that a made bundle cannot give."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json=change(response.json()))

    page.context.route("**/api/v1/assessments", answer)


def outcome(name: str, **changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """An answer without an estimate."""
    empty: dict[str, Any] = {"outcome": name, "risk": None, "diagnoses": [], "evidence": None}
    return lambda found: {**found, **empty, **changes}


def next_step(code: str, *because: str) -> dict[str, Any]:
    """In the server's words."""
    words = TAXONOMY.section("next_steps", code)
    why = [TAXONOMY.text("because", one) for one in because]
    return {"code": code, **words, "weeks": None, "because": why, "source": "Lentigo", "url": "https://example.org/"}


def advice(*reasons: str) -> list[dict[str, str]]:
    """The same, about the photo."""
    return [{"reason": one, "text": TAXONOMY.text("reasons", one)} for one in reasons]


UNANSWERED: dict[str, dict[str, Any]] = {
    "inconclusive": {
        "reasons": ["blurred", "too_dark"],
        "advice": advice("blurred", "too_dark"),
        "next_step": next_step("another_photo", "photo"),
        "quality": {
            "width_px": 480,
            "height_px": 480,
            "brightness": 0.2,
            "sharpness": 0.01,
            "checks": [
                {"reason": "blurred", "score": 0.1, "ok": False},
                {"reason": "too_dark", "score": 0.2, "ok": False},
                {"reason": "too_small", "score": 0.9, "ok": True},
            ],
        },
    },
    "not_recognised": {
        "reasons": ["unlike_training"],
        "advice": advice("unlike_training"),
        "next_step": next_step("see_doctor_if_worried", "unknown"),
    },
    "rejected": {"reasons": ["face"], "advice": advice("face"), "next_step": next_step("another_photo")},
}


def follow(page: Page, address: str, photos: Sequence[bytes], dates: Sequence[str], name: str = "Left arm") -> None:
    """Check a spot on several dates and keep each answer with it; ends on the spot's screen."""
    for place, (photo, day) in enumerate(zip(photos, dates, strict=True)):
        page.clock.set_system_time(f"{day}T12:00:00")
        page.goto(f"{address}/#/")
        choose(page, photo)
        send(page)
        if place == 0:
            keep(page, name)
        else:
            page.get_by_role("button", name="Keep result").click()
            page.get_by_label("Which spot is it?").select_option(label=name)
            page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="See this spot over time").click()
        page.locator(".spot-body").wait_for()


def wait_until(page: Page, condition: str) -> None:
    """Ask again and again from outside: a page with a strict policy may not evaluate text by itself."""
    deadline = time.monotonic() + PATIENCE_S
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(100)


def visit(context: BrowserContext, address: str) -> Page:
    """The start page, once the service worker has everything that is needed offline."""
    page = context.new_page()
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.evaluate(
        "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ?? new Promise(resolve => "
        "navigator.serviceWorker.addEventListener('controllerchange', resolve)))"
    )
    return page


def serve_again(bundle: Path, address: str) -> subprocess.Popen[str]:
    """A server at an address that one had before."""
    process, again = start(bundle, int(address.rsplit(":", 1)[1]))
    assert again == address
    return process


def end(process: subprocess.Popen[str]) -> None:
    """As a crash does."""
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
