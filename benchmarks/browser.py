"""The app in Debian's Chromium: how long a photo takes on the phone, and how heavy and slow a first visit is.

Photos are drawn ones; with LENTIGO_BENCH_PHOTOS, a folder, they are those in it.
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.service import photo, photo_files, start
from benchmarks.slowed import Line, renderers

PHOTOS = 24
SLOWER = 4
VISITS = 5
BITS_PER_S, ROUND_TRIP_S = 1_600_000, 0.150
"""Lighthouse's "slow 4G"."""
QUIET_MS = 5000
"""After so long without a long task, a page counts as interactive from the end of the last one."""

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SIZE: Any = {"width": 390, "height": 844}

READ_QUEUE = """new Promise(resolve => {
    const opening = indexedDB.open("lentigo");
    opening.onsuccess = () => {
        const reading = opening.result.transaction("queue").objectStore("queue").getAll();
        reading.onsuccess = () => { opening.result.close(); resolve(reading.result); };
    };
})"""
COMPARE = """async items => {
    const item = items.sort((a, b) => a.created - b.created).pop();
    const form = new FormData();
    for (const photo of item.photos) form.append("photo", photo, "photo");
    const here = item.assessment;
    const there = await (await fetch("/api/v1/assessments", { method: "POST", body: form })).json();
    const of = answer => Object.fromEntries(answer.diagnoses.map(one => [one.code, one.probability]));
    const [mine, servers] = [of(here), of(there)];
    return {
        outcome: here.outcome,
        same: JSON.stringify([here.outcome, here.reasons, here.risk?.tier, here.next_step.code])
            === JSON.stringify([there.outcome, there.reasons, there.risk?.tier, there.next_step.code]),
        apart: Math.max(0, ...Object.keys(servers).map(code => Math.abs(mine[code] - servers[code]))),
    };
}"""
"""The phone's answer to the newest photo beside the server's to the very same bytes."""

WATCH = """
    window.longTasks = [];
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) window.longTasks.push(one.startTime + one.duration);
    }).observe({ type: "longtask", buffered: true });
    new MutationObserver((_, observer) => {
        if (!document.querySelector("main .primary")) return;
        window.drawn = performance.now();
        observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
"""
"""Remembers when the first screen's main button was there, and when each long task ended."""


def measure() -> str:
    """Returns a table of what the README states about the app."""
    path = os.environ.get("LENTIGO_CHROMIUM") or shutil.which("chromium")
    if path is None:
        sys.exit("needs Chromium: apt-get install chromium, or set LENTIGO_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        with _server() as address:
            rows, fetched = _photos(browser, address)
        visits = _visits(browser)
        browser.close()
    return "## In the browser\n\n| figure | measured |\n|---|---|\n" + "".join(
        f"| {name} | {value} |\n" for name, value in [*rows, ("model and engine, fetched once", fetched), *visits]
    )


@contextmanager
def _server(**changes: str) -> Iterator[str]:
    process, address, _ = start(**changes)
    try:
        yield address
    finally:
        process.terminate()
        process.wait()


def _photos(browser: Browser, address: str) -> tuple[list[tuple[str, str]], str]:
    """Milliseconds from a photo's file to its answer, plain and slowed, and how far that is from the server's."""
    context = browser.new_context(viewport=SIZE)
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(f"{address}/#/settings")
    page.locator(".on-device input[value=phone]").check(force=True)
    page.get_by_text("takes").wait_for()
    fetched = page.locator(".on-device p", has_text="takes").inner_text().partition("(")[2].partition(")")[0]
    threads = page.evaluate("crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency) : 1")
    rows, agreement = [], []
    for factor in (1, SLOWER):
        times: list[float] = []
        for data in _photo_files():
            times.append(_answer(page, address, data, factor, _pid(browser)))
            if factor == 1:
                agreement.append(page.evaluate(f"{READ_QUEUE}.then({COMPARE})"))
        name = "a photo on the phone" if factor == 1 else f"the same, all threads slowed {factor} times"
        # The first one also loads the model.
        warm = sorted(times[1:])
        rows.append(
            (
                f"{name}, {threads} threads, median of {len(warm)}",
                f"{statistics.median(warm):.0f} ms (from {warm[0]:.0f} to {warm[-1]:.0f})",
            )
        )
    assessed = [one for one in agreement if one["outcome"] == "assessed"]
    rows.append(
        (
            f"outcome, reasons, tier and next step as the server's, {len(agreement)} photos",
            f"{sum(one['same'] for one in agreement)}",
        )
    )
    apart = f"{max(one['apart'] for one in assessed):.4f}" if assessed else "none was assessed"
    rows.append((f"largest difference of a probability, {len(assessed)} assessed photos", apart))
    context.close()
    return rows, fetched


def _answer(page: Page, address: str, data: bytes, factor: int, browser_pid: int) -> float:
    """Have one photo answered; the milliseconds that the app measured."""
    page.goto(f"{address}/#/")
    chosen = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data}
    page.get_by_label("Choose a picture").set_input_files([chosen])
    use = page.get_by_role("button", name="Use this photo")
    use.wait_for()
    page.wait_for_timeout(300)
    before = page.evaluate("performance.getEntriesByName('assess').length")
    with renderers(browser_pid, factor):
        use.click()
        page.locator(".result-body").wait_for()
    found = page.evaluate("performance.getEntriesByName('assess').map(one => one.duration)")
    if len(found) == before:
        sys.exit("the phone did not answer")
    return float(found[-1])


def _pid(browser: Browser) -> int:
    session = browser.new_browser_cdp_session()
    running = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return next(int(one["id"]) for one in running if one["type"] == "browser")


def _photo_files() -> Iterator[bytes]:
    found = photo_files()
    if found:
        step = max(1, len(found) // (PHOTOS + 1))
        yield from (one.read_bytes() for one in found[::step][: PHOTOS + 1])
        return
    for seed in range(PHOTOS + 1):
        yield _drawn(seed)


def _drawn(seed: int) -> bytes:
    """A phone's photo of skin with a dark spot."""
    generator = np.random.default_rng(seed)
    with Image.open(io.BytesIO(photo(2000, 1500))) as image:
        skin = np.asarray(image).astype(np.float32)
    rows, columns = np.mgrid[0:1500, 0:2000]
    distance = np.hypot(rows - 750, columns - 1000) / generator.uniform(150, 350)
    inside = (1 / (1 + np.exp((distance - 1) * 12)))[..., None]
    spot = skin * (1 - inside) + inside * generator.uniform(30, 130, 3)
    file = io.BytesIO()
    Image.fromarray(spot.astype(np.uint8)).save(file, "JPEG", quality=88)
    return file.getvalue()


def _visits(browser: Browser) -> list[tuple[str, str]]:
    """Bytes of a first visit until nothing more comes, and when it is interactive; the model is not among it."""
    interactive, drawn, received = [], [], 0
    with _server(LENTIGO_HAND_OUT_BUNDLES="false") as address:
        host, port = urlsplit(address).hostname or "", urlsplit(address).port or 80
        for _ in range(VISITS):
            line = Line((host, port), BITS_PER_S, ROUND_TRIP_S)
            context = browser.new_context(viewport=SIZE)
            page = context.new_page()
            page.add_init_script(WATCH)
            with renderers(_pid(browser), SLOWER):
                page.goto(line.open(), wait_until="commit")
                page.locator("main .primary").first.wait_for()
                time.sleep(QUIET_MS / 1000)
            drawn.append(float(page.evaluate("window.drawn")))
            ends = [end for end in page.evaluate("window.longTasks") if end < drawn[-1] + QUIET_MS]
            interactive.append(max([drawn[-1], *ends]))
            _wait_until_quiet(line)
            received = line.received_bytes
            context.close()
            line.close()
    profile = f"{BITS_PER_S / 1e6:.1f} Mbit/s, {ROUND_TRIP_S * 1000:.0f} ms round trip, processor slowed {SLOWER} times"
    return [
        ("first visit with all that works offline, bytes over the line", f"{received / 1000:.0f} KB"),
        (f"first screen drawn, {profile}, median of {VISITS}", f"{statistics.median(drawn) / 1000:.2f} s"),
        ("the same, interactive", f"{statistics.median(interactive) / 1000:.2f} s"),
    ]


def _wait_until_quiet(line: Line) -> None:
    before = -1
    while line.received_bytes != before:
        before = line.received_bytes
        time.sleep(2)
