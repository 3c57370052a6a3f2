"""The app as a person uses it, in a real browser against the real server."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.accessibility import assert_accessible, assert_fits, check
from tests.browser.conftest import SIZES, open_page
from tests.browser.steps import (
    UNANSWERED,
    USE,
    answer_with,
    choose,
    keep,
    open_questions,
    outcome,
    send,
    uploaded,
    watch_uploads,
)
from tests.made import photo_bytes

pytestmark = pytest.mark.browser

FIRST_LOAD_BYTES = 250_000
FIRST_SCREEN_REQUESTS = 30
READY_MS = 1_500
VISITS = 6
"""At most, until one is ready in time."""
SLOW_4G = {"latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""As Lighthouse has it for phones: milliseconds, and bytes a second."""


def grey_photo(value: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((300, 300, 3), value, np.uint8)).save(file, "PNG")
    return file.getvalue()


def tier_of(page: Page) -> int:
    page.locator(".step").wait_for()
    classes = page.locator(".step").get_attribute("class") or ""
    return next(place for place, tier in enumerate(("high", "moderate", "low")) if tier in classes.split())


def test_every_screen_is_accessible_and_leads_to_an_answer(page: Page, photo_file: Path) -> None:
    check(page)
    choose(page, photo_file)
    open_questions(page)
    page.get_by_label("Age").fill("71")
    page.get_by_role("group", name="Sex").get_by_text("Female", exact=True).click()
    page.get_by_role("group", name="Has it grown?").get_by_text("Yes").click()
    check(page)
    send(page)
    expect(page.locator(".tier")).to_have_text(["High risk", "Moderate risk", "Low risk"][tier_of(page)])
    expect(page.locator(".bars li")).to_have_count(3)
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".bars li")).to_have_count(8)
    expect(page.locator(".shares li")).to_have_count(3)
    expect(page.get_by_text("Lentigo is no medical device")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Keep result").click()
    assert_accessible(page)
    page.get_by_role("button", name="Cancel").click()
    keep(page)
    page.get_by_role("link", name="See this spot over time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Left arm")
    check(page)
    for name in ("waiting", "about", "settings", "nowhere"):
        page.evaluate("path => { location.hash = path }", f"/{name}")
        page.locator("main:not(.spots) h1").wait_for()
        expect(page.locator("main")).to_have_class(f"screen {name}")
        check(page)


@pytest.mark.parametrize("name", UNANSWERED)
def test_each_outcome_without_an_estimate_has_a_page_of_its_own(page: Page, photo_file: Path, name: str) -> None:
    answer_with(page, outcome(name, **UNANSWERED[name]))
    choose(page, photo_file)
    send(page)
    page.locator(f".result-body.{name}").wait_for()
    expect(page.locator(".bars")).to_have_count(0)
    expect(page.locator(".tier")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text(UNANSWERED[name]["next_step"]["title"])
    check(page)
    if name == "not_recognised":
        expect(page.get_by_text("says nothing about whether it is harmless")).to_be_visible()
        return
    expect(page.get_by_role("heading", name="What to change")).to_be_visible()
    page.get_by_role("button", name="Take a better photo").click()
    expect(page).to_have_url(re.compile("#/capture"))


def test_the_next_spot_begins_without_the_answers_about_the_last(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    summary = phone.locator("details.questions summary")
    expect(summary).not_to_contain_text("answered")
    open_questions(phone)
    phone.get_by_label("Age").fill("71")
    phone.get_by_role("group", name="Sex").get_by_text("Female", exact=True).click()
    phone.get_by_label("Where is it?").select_option("back")
    phone.get_by_role("group", name="Does it bleed?").get_by_text("Yes").click()
    expect(summary).to_contain_text("4 answered")
    send(phone)
    expect(phone.locator(".shares li")).to_have_count(4)
    phone.get_by_role("button", name="Another spot").click()
    # Remembered after the app was closed, too.
    phone.reload()
    choose(phone, photo_file)
    expect(summary).to_contain_text("2 answered")
    send(phone)
    expect(phone.locator(".shares li")).to_have_count(2)
    expect(phone.locator(".shares")).to_contain_text("Age: 71")
    expect(phone.locator(".shares")).not_to_contain_text("Bleeds")


def test_the_place_can_be_tapped_on_the_body(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    open_questions(phone)
    phone.locator(".body-choice .site[data-site=chest]").click()
    expect(phone.get_by_label("Where is it?")).to_have_value("chest")
    phone.get_by_label("Where is it?").select_option("acral")
    expect(phone.locator(".body-choice .chosen")).to_have_count(0)


def test_an_age_that_cannot_be_is_told_even_with_the_questions_closed(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    open_questions(phone)
    age = phone.get_by_label("Age")
    age.fill("200")
    phone.locator("details.questions summary").click()
    expect(age).not_to_be_visible()
    send(phone)
    expect(age).to_be_focused()
    expect(age).to_be_in_viewport()
    expect(age).to_have_accessible_description("Give a number from 0 to 120, or leave it empty.")
    assert_accessible(phone)
    age.fill("71")
    expect(phone.get_by_text("Give a number from 0 to 120")).to_have_count(0)
    send(phone)
    phone.locator(".result-body").wait_for()


def test_nothing_lies_over_what_has_the_focus(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    phone.locator("details.questions summary").focus()
    phone.keyboard.press("Enter")
    bar = phone.locator(".review-body .actions")
    focused = 0
    while True:
        phone.keyboard.press("Tab")
        if bar.evaluate("bar => bar.contains(document.activeElement)"):
            break
        hidden = bar.evaluate(
            """bar => {
                const control = document.activeElement;
                const shown = (control.closest(".segments label") ?? control).getBoundingClientRect();
                return shown.bottom > bar.getBoundingClientRect().top ? control.outerHTML : null;
            }"""
        )
        assert hidden is None
        focused += 1
    assert focused > 6


def test_the_photo_is_cropped_by_mouse_wheel_slider_and_keyboard(phone: Page) -> None:
    file = io.BytesIO()
    # A red dot at the left edge of a wide photo, outside the square in the middle.
    pixels = np.full((600, 1200, 3), 190, np.uint8)
    pixels[280:320, 60:100] = (255, 0, 0)
    Image.fromarray(pixels).save(file, "PNG")
    choose(phone, file.getvalue(), "wide.png", "image/png")
    frame, image = phone.locator(".cropper"), phone.locator(".cropper img")
    expect(image).to_have_attribute("alt", "Your photo, cropped to the square that is looked at")
    phone.wait_for_timeout(100)
    box = frame.bounding_box()
    assert box is not None
    phone.mouse.move(box["x"] + 40, box["y"] + 100)
    phone.mouse.down()
    phone.mouse.move(box["x"] + box["width"] - 5, box["y"] + 100, steps=4)
    phone.mouse.up()
    frame.focus()
    for _ in range(4):
        phone.keyboard.press("ArrowLeft")
    before = image.bounding_box()
    assert before is not None
    assert before["x"] == pytest.approx(box["x"], abs=2), "moved to the photo's left edge, and no further"
    phone.keyboard.press("+")
    phone.mouse.wheel(0, -100)
    after = image.bounding_box()
    assert after is not None
    assert after["width"] > 1.2 * before["width"]
    phone.get_by_label("Zoom", exact=True).fill("0")
    whole = image.bounding_box()
    assert whole is not None
    assert whole["width"] == pytest.approx(2 * box["width"], abs=2)
    # The draft, crop and all, survives a reload.
    moved = image.get_attribute("style")
    phone.reload()
    expect(image).to_have_attribute("style", moved or "")
    watch_uploads(phone)
    send(phone)
    phone.locator(".result-body").wait_for()
    body = dict(uploaded(phone))["photo"]
    assert isinstance(body, bytes)
    photo = Image.open(io.BytesIO(body)).convert("RGB")
    assert photo.size == (600, 600)
    red, green, _ = np.asarray(photo).astype(int).transpose(2, 0, 1)
    assert ((red > 200) & (green < 100)).any(), "the dot, which the middle of the photo does not show"
    assert b"Exif" not in body


def test_up_to_three_photos_of_one_spot(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    for seed in (1, 2):
        more = {"name": "more.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes("nv", 300, seed=seed)}
        phone.get_by_label("Add a photo").set_input_files([more])
        expect(phone.locator(".photo-choice")).to_have_count(seed + 1)
    expect(phone.get_by_label("Add a photo")).to_have_count(0)
    phone.get_by_role("button", name="Remove photo 3").click()
    phone.get_by_role("button", name="Photo 1", exact=True).click()
    expect(phone.get_by_role("button", name="Photo 1", exact=True)).to_have_attribute("aria-pressed", "true")
    assert_accessible(phone)
    watch_uploads(phone)
    phone.get_by_role("button", name="Use these photos").click()
    phone.locator(".result-body").wait_for()
    photos = [value for name, value in uploaded(phone) if name == "photo"]
    assert len(set(photos)) == 2


def test_several_photos_say_whether_they_agree_and_each_answer_what_it_added(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    # Bright red, unlike the first: the untrained network takes it for something else.
    more = {"name": "more.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes("bcc", 300, seed=3)}
    phone.get_by_label("Add a photo").set_input_files([more])
    open_questions(phone)
    phone.get_by_label("Age").fill("71")
    with phone.expect_response("**/api/v1/assessments") as response:
        phone.get_by_role("button", name="Use these photos").click()
    answer = response.value.json()
    assert answer["disagreement"] is not None
    photos = phone.locator(".each-photo li")
    expect(photos).to_have_count(2)
    expect(phone.get_by_text(answer["disagreement"]["text"])).to_be_visible()
    names = {one["code"]: one["name"] for one in answer["diagnoses"]}
    for place, use in enumerate(answer["photos"]):
        expect(photos.nth(place)).to_contain_text(names[use["code"]])
    expect(phone.locator(".shares")).to_contain_text(answer["evidence"]["answers"][0]["text"])
    assert_accessible(phone)


def test_photos_that_differ_and_one_that_was_left_out_are_told(phone: Page, photo_file: Path) -> None:
    def differing(found: dict[str, Any]) -> dict[str, Any]:
        first, second, third = found["photos"]
        left_out = {"used": False, "reasons": ["blurred"], "code": None, "tier": None, "p_malignant": None}
        return {
            **found,
            "photos": [{**first, "tier": "high"}, {**second, "tier": "low"}, {**third, **left_out}],
            "disagreement": {"diagnosis": False, "tier": True, "lowest": 0.1, "highest": 0.6, "text": "They differ."},
        }

    answer_with(phone, differing)
    choose(phone, photo_file)
    for seed in (1, 2):
        more = {"name": "more.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes("nv", 300, seed=seed)}
        phone.get_by_label("Add a photo").set_input_files([more])
        expect(phone.locator(".photo-choice")).to_have_count(seed + 1)
    phone.get_by_role("button", name="Use these photos").click()
    expect(phone.locator(".differ")).to_have_text("They differ.")
    photos = phone.locator(".each-photo li")
    expect(photos.nth(0)).to_contain_text("High risk")
    expect(photos.nth(1)).to_contain_text("Low risk")
    expect(photos.nth(2)).to_have_text("Not used for the answer: Sharpness")
    assert_accessible(phone)


def test_only_files_that_can_be_read_are_offered(phone: Page) -> None:
    accepted = (phone.get_by_label("Choose a picture").get_attribute("accept") or "").split(",")
    assert "image/jpeg" in accepted
    assert not any("*" in one or "hei" in one for one in accepted)


def test_a_heic_photo_gets_a_hint_of_its_own(phone: Page) -> None:
    content = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
    file = {"name": "IMG_0001.HEIC", "mimeType": "image/heic", "buffer": content}
    phone.get_by_label("Choose a picture").set_input_files([file])
    expect(phone.get_by_role("alert")).to_contain_text("This is a HEIC photo")
    assert_accessible(phone)
    phone.get_by_role("button", name="Choose another photo").click()
    expect(phone.get_by_role("heading", name="Check a spot")).to_be_visible()


def test_on_a_desktop_a_photo_can_be_dropped_or_pasted(browser: Browser, address: str) -> None:
    for page in open_page(browser, address, "desktop", "light"):
        for kind in ("drop", "paste"):
            page.evaluate(
                """([kind, bytes]) => {
                    const files = new DataTransfer();
                    files.items.add(new File([new Uint8Array(bytes)], "spot.jpg", { type: "image/jpeg" }));
                    const event = kind === "drop"
                        ? new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true })
                        : new ClipboardEvent("paste", { clipboardData: files, bubbles: true });
                    document.querySelector("h1").dispatchEvent(event);
                }""",
                [kind, list(photo_bytes())],
            )
            page.get_by_role("button", name=USE).wait_for()
            assert page.locator(".review-body .actions").evaluate("bar => getComputedStyle(bar).position") == "static"
            page.get_by_role("button", name="Take another").click()
            expect(page.get_by_role("heading", name="Check a spot")).to_be_visible()


def test_on_a_desktop_the_way_on_is_in_sight(browser: Browser, address: str, photo_file: Path) -> None:
    for page in open_page(browser, address, "desktop", "light"):
        choose(page, photo_file)
        page.locator(".cropper img").wait_for()
        expect(page.get_by_role("button", name=USE)).to_be_in_viewport(ratio=1)
        send(page)
        page.locator(".bars").wait_for()
        expect(page.get_by_role("button", name="Keep result")).to_be_in_viewport(ratio=1)
        keep(page)
        page.get_by_role("link", name="See this spot over time").click()
        page.get_by_role("link", name="For the doctor").click()
        page.locator(".report").wait_for()
        expect(page.get_by_role("button", name="Send to doctor")).to_be_in_viewport(ratio=1)
        check(page)


def test_the_step_says_that_the_line_is_low_on_purpose(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    send(phone)
    phone.get_by_text("Why this step").click()
    sentences = ["about 30 in 100", "about 20 in 100", "A few dangerous spots"]
    expect(phone.locator(".basis")).to_contain_text(sentences[tier_of(phone)])
    expect(phone.locator(".basis")).to_contain_text("low on purpose")


def test_the_overlay_lies_over_the_photo_and_can_be_faded(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    send(phone)
    canvas, image = phone.locator(".photo canvas"), phone.locator(".photo img")
    canvas.wait_for()
    image.wait_for()
    assert canvas.bounding_box() == image.bounding_box()
    drawn = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(v => v > 0)"
    assert canvas.evaluate(drawn)
    phone.get_by_label("Strength of the overlay").fill("0")
    assert canvas.evaluate("canvas => canvas.style.opacity") == "0"


def test_a_dark_photo_gets_no_estimate_but_says_what_to_change(phone: Page) -> None:
    choose(phone, grey_photo(5), "dark.png", "image/png")
    send(phone)
    expect(phone.get_by_text("too dark").first).to_be_visible()
    expect(phone.locator(".bars")).to_have_count(0)
    assert_accessible(phone)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello, this is text", "This is not a photo that can be read."),
        (b"", "The file is empty."),
    ],
    ids=["text", "empty"],
)
def test_a_file_that_is_no_photo_is_explained(phone: Page, content: bytes, sentence: str) -> None:
    choose(phone, content)
    expect(phone.get_by_text("cannot show this kind of file")).to_be_visible()
    send(phone)
    expect(phone.get_by_role("alert")).to_contain_text(sentence)
    assert_accessible(phone)
    phone.get_by_role("button", name="Choose another photo").click()
    expect(phone.get_by_role("heading", name="Check a spot")).to_be_visible()


def test_back_leads_to_the_screen_before(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    send(phone)
    phone.locator(".result-body").wait_for()
    phone.go_back()
    expect(phone.get_by_role("button", name=USE)).to_be_enabled()
    phone.get_by_role("button", name="Back", exact=True).click()
    expect(phone.get_by_role("heading", name="Check a spot")).to_be_visible()
    phone.go_forward()
    expect(phone.get_by_role("button", name=USE)).to_be_visible()


def test_a_screen_opened_by_its_address_goes_back_to_the_start(phone: Page, address: str) -> None:
    phone.goto("about:blank")
    phone.goto(f"{address}/#/settings")
    phone.get_by_role("button", name="Back", exact=True).click()
    expect(phone.get_by_role("heading", name="Check a spot")).to_be_visible()


def test_a_result_survives_a_reload_and_is_told_when_it_is_gone(phone: Page, address: str, photo_file: Path) -> None:
    choose(phone, photo_file)
    send(phone)
    phone.locator(".result-body").wait_for()
    phone.reload()
    phone.locator(".result-body .bars").wait_for()
    phone.goto(f"{address}/#/result/gone")
    expect(phone.get_by_role("heading", level=1)).to_have_text("That is no longer here")


def test_the_keyboard_is_enough(phone: Page, photo_file: Path) -> None:
    while phone.evaluate("document.activeElement.type") != "file":
        phone.keyboard.press("Tab")
    phone.bring_to_front()
    with phone.expect_file_chooser(timeout=90_000) as chooser:
        phone.keyboard.press("Space")
    chooser.value.set_files(photo_file)
    expect(phone.get_by_role("heading", level=1)).to_be_focused()
    expect(phone.locator("[aria-live=polite].sr-only")).to_have_text("Is the spot sharp and in the middle?")
    expect(phone).to_have_title("Is the spot sharp and in the middle? · Lentigo")
    while phone.evaluate("document.activeElement.textContent") != USE:
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.locator(".result-body").wait_for()
    expect(phone.get_by_role("heading", level=1)).to_be_focused()


def test_the_menu_opens_and_closes_by_keyboard(phone: Page) -> None:
    menu = phone.locator(".menu-narrow summary")
    menu.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(".menu-narrow a").first).to_be_visible()
    assert_accessible(phone)
    phone.keyboard.press("Escape")
    expect(phone.locator(".menu-narrow a").first).not_to_be_visible()
    expect(menu).to_be_focused()
    phone.keyboard.press("Enter")
    phone.locator(".menu-narrow").get_by_role("link", name="About").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("About Lentigo")


@pytest.mark.parametrize("how", ["200 %", "right to left"])
def test_large_text_and_right_to_left_lose_nothing(browser: Browser, address: str, photo_file: Path, how: str) -> None:
    prepare = {
        "200 %": "addEventListener('DOMContentLoaded', () => { document.body.parentElement.style.fontSize = '200%' })",
        "right to left": "addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl' })",
    }[how]
    context = browser.new_context(viewport={"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
    context.add_init_script(prepare)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.evaluate(prepare.split("=> {")[1].rsplit("}", 1)[0])
    assert_fits(page)
    choose(page, photo_file)
    open_questions(page)
    assert_fits(page)
    send(page)
    page.locator(".result-body").wait_for()
    assert_fits(page)
    keep(page)
    for name in ("waiting", "about", "settings"):
        page.evaluate("path => { location.hash = path }", f"/{name}")
        page.locator(f".{name}-body").wait_for()
        assert_fits(page)
    if how == "right to left":
        menu, brand = page.locator(".menu").bounding_box(), page.locator(".brand").bounding_box()
        assert menu is not None
        assert brand is not None
        assert menu["x"] < brand["x"]
    context.close()


def test_the_model_tells_its_figures_and_limits(phone: Page, address: str) -> None:
    phone.goto(f"{address}/#/about")
    expect(phone.get_by_text("Dangerous spots that it flags")).to_be_visible()
    shown = phone.locator(".about-body dl > div").first.locator("dd")
    expect(shown).to_have_text(["Photo only 45% (35% – 55%)", "With answers 50% (40% – 60%)"])
    expect(phone.get_by_text("It knows nothing.")).to_be_visible()


def test_the_techniques_that_protected_the_people_are_named(phone: Page, address: str) -> None:
    phone.goto(f"{address}/#/about")
    expect(phone.get_by_text("in one place, on the photos named above. No privacy technique")).to_be_visible()
    used = {"federated": True, "clients": 6, "secure_aggregation": True, "epsilon": 7.5, "delta": 1e-5}

    def private(route: Route) -> None:
        found = route.fetch().json()
        found["bundles"][0]["privacy"] = used
        route.fulfill(json=found)

    phone.context.route("**/api/v1/bundles*", private)
    phone.reload()
    for part in ("in the 6 places", "secure aggregation", "ε = 7.5, δ = 0.00001"):
        expect(phone.locator(".card-of-model")).to_contain_text(part)
    assert_accessible(phone)


def test_the_first_load_is_small_and_asks_nobody_else(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    told: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith(address)] == []
    transferred = page.evaluate(
        """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    )
    assert 10_000 < transferred < FIRST_LOAD_BYTES
    # Not even a warning, as of a header's rule that the browser does not know.
    assert told == []
    context.close()


WATCH_START = """
    window.started = { heading: 0, busy: 0, requests: 0 };
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) started.busy = task.startTime + task.duration;
    }).observe({ type: "longtask", buffered: true });
    new MutationObserver((_, observer) => {
        if (!document.querySelector("main h1")) return;
        started.heading = performance.now();
        started.requests = 1 + performance.getEntriesByType("resource").length;
        observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
"""


def ready_ms(started: dict[str, float]) -> float:
    """When the heading was there and the browser done with what it brought."""
    return max(started["heading"], started["busy"] if started["busy"] < started["heading"] + 500 else 0)


def test_the_first_visit_is_ready_soon_on_a_slow_network(browser: Browser, address: str) -> None:
    found: list[dict[str, float]] = []
    # The machine may be busy with other tests: what the page needs is its quickest start.
    while len(found) < VISITS and not (found and ready_ms(found[-1]) < READY_MS):
        context = browser.new_context(viewport={"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
        context.add_init_script(WATCH_START)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_4G})
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for()
        # A long task that begins right after the heading is part of the start.
        page.wait_for_timeout(1_000)
        found.append(page.evaluate("started"))
        context.close()
    assert 0 < ready_ms(found[-1]) < READY_MS, found
    assert max(one["requests"] for one in found) <= FIRST_SCREEN_REQUESTS, found


LANGUAGES = ("fr", "de", "es", "it", "nl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_of_a_check_fits_in_every_language(
    browser: Browser, address: str, photo_file: Path, language: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale=language)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(address)

    def look(selector: str) -> None:
        page.locator(selector).first.wait_for()
        assert_fits(page)

    look(".start-body")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator("input[type=file]").last.set_input_files(photo_file)
    look(".cropper img")
    page.locator("details.questions summary").click()
    look("details.questions[open]")
    page.locator(".review-body .button.primary").click()
    look(".result-body .bars")
    page.locator(".result-body .button.primary").click()
    look("dialog[open]")
    page.locator("dialog .button.primary").click()
    page.locator(".result-body a.button.primary").click()
    look(".spot-body")
    page.locator(".spot-body .actions a").first.click()
    look(".report")
    page.locator(".doctor-body .actions .button.primary").click()
    look(".way")
    check(page)
    page.keyboard.press("Escape")
    for name in ("capture", "waiting", "about", "settings", "nowhere"):
        page.evaluate("path => { location.hash = path }", f"/{name}")
        expect(page.locator("main")).to_have_class(f"screen {name}")
        look("main h1")
    context.close()


def test_with_two_bundles_the_person_says_what_to_look_at(phone: Page, photo_file: Path) -> None:
    phone.context.route("**/api/v1/bundles*", lambda route: route.fulfill(json=_two(route.fetch().json())))
    phone.reload()
    phone.get_by_text("A rash or irritation").click()
    assert_accessible(phone)
    choose(phone, photo_file)
    watch_uploads(phone)
    send(phone)
    # The server itself has one bundle.
    expect(phone.get_by_role("alert")).to_be_visible()
    assert dict(uploaded(phone))["bundle"] == "conditions"


def _two(found: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    first = found["bundles"][0]
    return {"bundles": [first, {**first, "name": "conditions"}]}
