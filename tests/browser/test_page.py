"""The page as a person uses it, in a real browser against the real server."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES, open_page
from tests.made import photo_bytes
from tests.servers import start

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"


def choose(page: Page, content: bytes | Path, name: str = "spot.jpg") -> None:
    """Choose a photo and wait for the review screen."""
    data = content.read_bytes() if isinstance(content, Path) else content
    file = {"name": name, "mimeType": "image/jpeg", "buffer": data}
    page.locator("input[type=file]").last.set_input_files([file])
    page.get_by_role("button", name="Use this photo").wait_for()


def open_questions(page: Page) -> None:
    questions = page.locator("details.questions")
    if questions.get_attribute("open") is None:
        questions.locator("summary").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Use this photo").click()


def grey_photo(value: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((300, 300, 3), value, np.uint8)).save(file, "PNG")
    return file.getvalue()


def assert_accessible(page: Page) -> None:
    # Through evaluate, not as a script element: the page's content security policy stays as it is.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


def test_every_screen_is_accessible_and_leads_to_an_answer(page: Page, photo_file: Path) -> None:
    assert_accessible(page)
    choose(page, photo_file)
    open_questions(page)
    page.get_by_label("Age").fill("71")
    page.get_by_label("Sex").select_option("female")
    page.get_by_role("group", name="Has it grown?").get_by_text("Yes").click()
    assert_accessible(page)
    send(page)
    expect(page.locator(".tier")).to_have_text(["High risk", "Moderate risk", "Low risk"][_tier(page)])
    expect(page.locator(".bars li")).to_have_count(3)
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".bars li")).to_have_count(8)
    expect(page.locator(".shares li")).to_have_count(3)
    expect(page.get_by_text("Lentigo is no medical device")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the window"


def _tier(page: Page) -> int:
    page.locator(".step").wait_for()
    classes = page.locator(".step").get_attribute("class") or ""
    return next(place for place, tier in enumerate(("high", "moderate", "low")) if tier in classes.split())


def test_the_next_spot_begins_without_the_answers_about_the_last(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    summary = phone.locator("details.questions summary")
    expect(summary).not_to_contain_text("answered")
    open_questions(phone)
    phone.get_by_label("Age").fill("71")
    phone.get_by_label("Sex").select_option("female")
    phone.get_by_label("Where is it?").select_option("back")
    phone.get_by_role("group", name="Does it bleed?").get_by_text("Yes").click()
    expect(summary).to_contain_text("4 answered")
    send(phone)
    expect(phone.locator(".shares li")).to_have_count(4)
    phone.get_by_role("button", name="Check another spot").click()
    choose(phone, photo_file)
    expect(summary).to_contain_text("2 answered")
    send(phone)
    expect(phone.locator(".shares li")).to_have_count(2)
    expect(phone.locator(".shares")).to_contain_text("Age: 71")
    expect(phone.locator(".shares")).not_to_contain_text("Bleeds")
    # Back to the start without the button, and another photo: that is another spot too.
    phone.go_back()
    open_questions(phone)
    phone.get_by_role("group", name="Does it bleed?").get_by_text("Yes").click()
    phone.go_back()
    choose(phone, photo_file)
    expect(summary).to_contain_text("2 answered")


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
    expect(phone.get_by_text("Give a number from 0 to 120")).to_be_visible()
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
    for key in ("Tab", "Shift+Tab"):
        while not bar.evaluate("bar => bar.contains(document.activeElement)") or focused == 0:
            phone.keyboard.press(key)
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
            if key == "Shift+Tab" and phone.evaluate("document.activeElement.matches('summary, .brand')"):
                break
    assert focused > 8


def test_on_a_desktop_nothing_lies_over_the_page(browser: Browser, address: str, photo_file: Path) -> None:
    for page in open_page(browser, address, "desktop", "light"):
        choose(page, photo_file)
        assert page.locator(".review-body .actions").evaluate("bar => getComputedStyle(bar).position") == "static"


@pytest.mark.parametrize("shape", [(600, 400), (300, 700), (400, 400)], ids=["wide", "tall", "square"])
def test_a_frame_shows_which_part_is_looked_at(page: Page, shape: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.fromarray(np.full((shape[1], shape[0], 3), 180, np.uint8)).save(file, "PNG")
    choose(page, file.getvalue(), "shape.png")
    page.wait_for_function("document.querySelector('.photo img').naturalWidth > 0")
    photo, frame = page.locator(".photo img"), page.locator(".photo .frame-square")
    expect(photo).to_have_attribute("alt", "Your photo, with a frame around its centre square")
    page.wait_for_function(
        "ratio => { const { width, height } = document.querySelector('.photo img').getBoundingClientRect();"
        " return Math.abs(width / height / ratio - 1) < 0.02 }",
        arg=shape[0] / shape[1],
    )
    whole, square = photo.bounding_box(), frame.bounding_box()
    assert whole is not None
    assert square is not None
    side = min(whole["width"], whole["height"])
    assert (square["width"], square["height"]) == pytest.approx((side, side), abs=2)
    for place, size in (("x", "width"), ("y", "height")):
        assert square[place] + square[size] / 2 == pytest.approx(whole[place] + whole[size] / 2, abs=1)
    assert_accessible(page)


def test_only_files_that_can_be_read_are_offered(phone: Page) -> None:
    accepted = (phone.locator("input[type=file]").last.get_attribute("accept") or "").split(",")
    assert "image/jpeg" in accepted
    assert not any("*" in one or "hei" in one for one in accepted)


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_a_heic_photo_gets_a_hint_of_its_own(phone: Page, brand: bytes) -> None:
    content = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + bytes(200)
    file = {"name": "IMG_0001.HEIC", "mimeType": "image/heic", "buffer": content}
    phone.locator("input[type=file]").last.set_input_files([file])
    expect(phone.get_by_role("alert")).to_contain_text("This is a HEIC photo")
    expect(phone.get_by_role("alert")).to_contain_text("JPEG")
    assert_accessible(phone)
    phone.get_by_role("button", name="Choose another photo").click()
    expect(phone.get_by_role("heading", name="Check a spot")).to_be_visible()


def test_the_step_says_that_the_line_is_low_on_purpose(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    send(phone)
    phone.get_by_text("Why this step").click()
    tier = _tier(phone)
    sentences = ["about 30 in 100", "about 20 in 100", "A few dangerous spots"]
    expect(phone.locator(".basis")).to_contain_text(sentences[tier])
    expect(phone.locator(".basis")).to_contain_text("low on purpose")
    assert_accessible(phone)


def test_the_overlay_lies_over_the_photo_and_can_be_faded(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    send(phone)
    canvas, image = phone.locator(".photo canvas"), phone.locator(".photo img")
    canvas.wait_for()
    assert canvas.bounding_box() == image.bounding_box()
    drawn = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(v => v > 0)"
    assert canvas.evaluate(drawn)
    phone.get_by_label("Strength of the overlay").fill("0")
    assert canvas.evaluate("canvas => canvas.style.opacity") == "0"


def test_a_dark_photo_gets_no_estimate_but_says_what_to_change(phone: Page) -> None:
    choose(phone, grey_photo(5), "dark.png")
    send(phone)
    expect(phone.get_by_text("It is too dark.")).to_be_visible()
    expect(phone.locator(".bars")).to_have_count(0)
    expect(phone.locator(".tier")).to_have_count(0)
    assert_accessible(phone)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello, this is text", "This is not a photo that can be read."),
        (photo_bytes()[:600], "The photo is damaged or cut short."),
        (b"", "The file is empty."),
    ],
    ids=["text", "cut short", "empty"],
)
def test_a_file_that_is_no_photo_is_explained(phone: Page, content: bytes, sentence: str) -> None:
    choose(phone, content)
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
    expect(phone.get_by_role("button", name="Use this photo")).to_be_enabled()
    phone.go_back()
    expect(phone.get_by_role("heading", name="Check a spot")).to_be_visible()
    phone.go_forward()
    expect(phone.get_by_role("button", name="Use this photo")).to_be_visible()


def test_the_keyboard_is_enough(phone: Page, photo_file: Path) -> None:
    while phone.evaluate("document.activeElement.type") != "file":
        phone.keyboard.press("Tab")
    phone.bring_to_front()
    with phone.expect_file_chooser(timeout=90_000) as chooser:
        phone.keyboard.press("Space")
    chooser.value.set_files(photo_file)
    expect(phone.get_by_role("heading", level=1)).to_be_focused()
    while phone.evaluate("document.activeElement.textContent") != "Use this photo":
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.locator(".result-body").wait_for()
    expect(phone.get_by_role("heading", level=1)).to_be_focused()


def test_text_of_twice_the_size_still_fits(phone: Page, photo_file: Path) -> None:
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    choose(phone, photo_file)
    send(phone)
    phone.locator(".result-body").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_offline_keeps_the_photo_and_tries_again(phone: Page, photo_file: Path) -> None:
    choose(phone, photo_file)
    phone.context.set_offline(True)
    send(phone)
    expect(phone.get_by_role("alert")).to_contain_text("You are offline")
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Try again").click()
    phone.locator(".result-body").wait_for()


def test_a_server_that_dies_is_told_and_the_photo_kept(browser: Browser, bundle_path: Path, photo_file: Path) -> None:
    process, address = start(bundle_path)
    page = browser.new_page(viewport={"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
    page.goto(address)
    choose(page, photo_file)
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    page.close()


def test_the_model_tells_its_figures_and_limits(phone: Page) -> None:
    phone.get_by_text("What this model is good and bad at").click()
    expect(phone.get_by_text("Dangerous spots that it flags")).to_be_visible()
    shown = phone.locator(".about dl > div").first.locator("dd")
    expect(shown).to_have_text(["Photo only 45 % (35 % – 55 %)", "With answers 50 % (40 % – 60 %)"])
    expect(phone.get_by_text("It knows nothing.")).to_be_visible()
    assert_accessible(phone)
