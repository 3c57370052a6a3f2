"""A spot over time: photos, charts, comparison, measurement, notes, reminder, deleting."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accessibility import check
from tests.browser.conftest import open_followed, open_page
from tests.browser.series import COIN_MM, DATES, PX_PER_MM, SERIES
from tests.browser.steps import choose, follow, send, wait_until

pytestmark = pytest.mark.browser

SIZE_PX = 640
COIN_RADIUS = COIN_MM * PX_PER_MM / 2 / SIZE_PX
COIN_X, COIN_Y = 0.24, 0.77


@pytest.fixture(params=["phone", "desktop"])
def followed(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """On a phone and on a desktop."""
    yield from open_followed(browser, address, request.param)


@pytest.fixture
def phone_followed(browser: Browser, address: str) -> Iterator[Page]:
    yield from open_followed(browser, address, "phone")


def test_a_spot_shows_its_photos_and_how_it_went(followed: Page) -> None:
    expect(followed.get_by_role("heading", level=1)).to_have_text("Left arm")
    expect(followed.get_by_text("3 checks so far")).to_be_visible()
    expect(followed.locator(".strip label")).to_have_count(3)
    chart = followed.get_by_role("img", name=re.compile("^Chance that it is dangerous.*May 2, 2026.*November 14, 2026"))
    expect(chart).to_be_visible()
    expect(chart.locator(".value")).to_have_count(3)
    colour = followed.get_by_role("img", name=re.compile("^Change of colour"))
    expect(colour).to_be_visible()
    followed.get_by_text("As a table").click()
    rows = followed.get_by_role("row")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("May 2, 2026")
    expect(rows.nth(1)).to_contain_text("of 100")
    check(followed)


def test_any_photo_can_be_looked_at_and_leads_to_its_answer(phone_followed: Page) -> None:
    page = phone_followed
    first = page.get_by_role("radio", name="May 2")
    first.focus()
    first.press("Space")
    expect(page.get_by_role("img", name="Photo of May 2, 2026")).to_be_visible()
    page.get_by_role("link", name="See the answer").click()
    page.locator(".result-body").wait_for()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Left arm")


def test_two_photos_are_compared_with_the_keyboard_alone(followed: Page) -> None:
    page = followed
    page.get_by_role("link", name="Compare").focus()
    page.keyboard.press("Enter")
    slider = page.get_by_role("slider", name="Border between the earlier and the later photo")
    expect(slider).to_have_attribute("aria-valuenow", "50")
    # The first guess lines the spots up, and says what it did.
    expect(page.get_by_text("Both spots are shown equally large")).to_be_visible()
    # The later spot is larger: the earlier one is enlarged to meet it.
    expect(page.locator(".laid").filter(has=page.get_by_role("img", name="Photo of May"))).not_to_have_attribute(
        "style", re.compile(r"scale\(1\)")
    )
    while not slider.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "52")
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0% earlier photo")
    check(page)
    side = page.get_by_role("radio", name="Side by side")
    side.focus()
    page.keyboard.press("Space")
    expect(page.locator(".side-by-side img")).to_have_count(2)
    check(page)
    page.keyboard.press("ArrowRight")
    frame = page.get_by_role("group", name=re.compile("The later photo over the earlier one"))
    frame.focus()
    before = page.locator(".laid.later").get_attribute("style")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("]")
    page.keyboard.press("+")
    after = page.locator(".laid.later").get_attribute("style")
    assert after != before
    check(page)
    # What was lined up by hand is there the next time.
    page.reload()
    expect(page.locator(".laid.later")).to_have_attribute("style", after or "")


def test_the_first_guess_can_be_undone(phone_followed: Page) -> None:
    page = phone_followed
    page.get_by_role("link", name="Compare").click()
    page.get_by_text("Both spots are shown equally large").wait_for()
    page.get_by_text("Line up", exact=True).click()
    page.get_by_role("button", name="As taken").click()
    expect(page.locator(".laid.later")).to_have_attribute(
        "style", re.compile(r"translate\(0%, 0%\) rotate\(0deg\) scale\(1\)")
    )
    page.get_by_role("button", name="Line up by itself").click()
    expect(page.locator(".laid.later")).not_to_have_attribute("style", re.compile(r"translate\(0%, 0%\)"))


def test_the_border_follows_the_finger(phone_followed: Page) -> None:
    page = phone_followed
    page.get_by_role("link", name="Compare").click()
    box = page.locator(".swipe").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20, steps=3)
    page.mouse.up()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuenow", "20")
    # Another pair is another address, and the back button leads to the spot.
    page.get_by_label("Earlier photo").select_option(label="Aug 1, 2026")
    expect(page.get_by_role("img", name="Photo of August 1, 2026")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Left arm")


def place(page: Page, mark: Locator, x: float, y: float) -> None:
    """Drag a mark to a point of the photo."""
    photo, handle = page.locator(".marked").bounding_box(), mark.bounding_box()
    assert photo is not None
    assert handle is not None
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(photo["x"] + x * photo["width"], photo["y"] + y * photo["height"], steps=3)
    page.mouse.up()


def test_a_coin_in_the_photo_gives_the_size(followed: Page) -> None:
    page = followed
    page.get_by_role("link", name="Measure").click()
    page.get_by_label("What lies next to the spot?").select_option("eur-0.01")
    page.locator(".mark-end").nth(3).wait_for()
    coin, spot = page.get_by_role("button", name="Coin or ruler, end"), page.get_by_role("button", name="Spot, end")
    place(page, coin.nth(0), COIN_X - COIN_RADIUS, COIN_Y)
    place(page, coin.nth(1), COIN_X + COIN_RADIUS, COIN_Y)
    eight_mm = 8 * PX_PER_MM / SIZE_PX
    place(page, spot.nth(0), 0.46 - eight_mm / 2, 0.5)
    place(page, spot.nth(1), 0.46 + eight_mm / 2, 0.5)
    shown = page.locator(".found output")
    assert float((shown.text_content() or "").split()[0]) == pytest.approx(8, abs=0.3)
    before = shown.text_content()
    spot.nth(1).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(shown).not_to_have_text(before or "")
    page.keyboard.press("Shift+ArrowLeft")
    check(page)
    page.get_by_role("button", name="Save the size").click()
    expect(page.get_by_role("img", name=re.compile("^Longest diameter.*8.0 ± "))).to_be_visible()
    page.get_by_role("link", name="Measure again").click()
    page.get_by_label("What lies next to the spot?").select_option("ruler")
    page.get_by_label("Millimetres between the two marks").fill("0")
    expect(page.get_by_role("alert")).to_have_text("Give a number from 1 to 200.")
    expect(page.get_by_role("button", name="Save the size")).to_be_disabled()
    page.get_by_role("button", name="Remove the size").click()
    expect(page.get_by_text("To follow the size")).to_be_visible()


def test_notes_name_and_place_are_saved_by_themselves(phone_followed: Page) -> None:
    page = phone_followed
    page.get_by_label("Notes").fill("The doctor saw it in June.")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_label("Name").fill("Under the elbow")
    page.get_by_label("Place").select_option("upper extremity")
    expect(page.get_by_role("heading", level=1)).to_have_text("Under the elbow")
    page.get_by_label("Notes").fill("Left at once.")
    page.go_back()
    page.go_forward()
    expect(page.get_by_label("Notes")).to_have_value("Left at once.")
    expect(page.get_by_text("Arm · 3 checks so far")).to_be_visible()


def test_a_reminder_comes_due_and_notifies_once(browser: Browser, address: str) -> None:
    for page in open_page(browser, address, "phone", "light"):
        page.set_default_timeout(90_000)
        page.context.grant_permissions(["notifications"])
        follow(page, address, SERIES[:1], DATES[:1])
        page.get_by_label("Look again").select_option("3")
        expect(page.get_by_label("Look again")).to_have_value("set")
        expect(page.get_by_text("Look again in 3 months")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Add to my calendar").click()
        entry = download.value.path().read_text(encoding="utf-8")
        assert download.value.suggested_filename == "lentigo-reminder.ics"
        assert "DTSTART;VALUE=DATE:20260802" in entry
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.clock.set_system_time("2026-08-03T09:00:00")
        page.goto(f"{address}/#/")
        page.reload()
        expect(page.locator(".due.now")).to_have_text("Was due yesterday")
        shown = """async () => {
            const registration = await navigator.serviceWorker.ready;
            return (await registration.getNotifications()).map((one) => [one.title, one.body]);
        }"""
        wait_until(page, f"({shown})().then((all) => all.length === 1)")
        assert page.evaluate(shown) == [["Time to look at a spot again", "Tap to see which one in Lentigo."]]
        page.evaluate(
            """navigator.serviceWorker.ready.then((one) => one.getNotifications())
                .then((all) => all.forEach((notification) => notification.close()))"""
        )
        page.reload()
        page.locator(".due.now").wait_for()
        page.wait_for_timeout(1_000)
        assert page.evaluate(shown) == []


def test_keeping_a_new_photo_leaves_an_earlier_reminder(browser: Browser, address: str) -> None:
    for page in open_page(browser, address, "phone", "light"):
        page.set_default_timeout(90_000)
        follow(page, address, SERIES[:1], DATES[:1])
        page.get_by_label("Look again").select_option("1")
        expect(page.get_by_text("Look again in 4 weeks")).to_be_visible()
        page.clock.set_system_time("2026-05-09T12:00:00")
        page.goto(f"{address}/#/")
        choose(page, SERIES[1])
        send(page)
        page.get_by_role("button", name="Keep result").click()
        page.get_by_label("Which spot is it?").select_option(label="Left arm")
        reminder = page.get_by_label("Remind me")
        expect(reminder.locator("option:checked")).to_have_text("As it is: in 3 weeks")
        check(page)
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="See this spot over time").click()
        expect(page.get_by_label("Look again").locator("option:checked")).to_contain_text("June 2, 2026")


def test_the_way_on_is_in_sight_at_once(followed: Page) -> None:
    followed.evaluate("scrollTo(0, 0)")
    expect(followed.get_by_role("link", name="Take the next picture")).to_be_in_viewport(ratio=1)
    expect(followed.get_by_role("link", name="For the doctor")).to_be_in_viewport(ratio=1)


def test_one_check_and_a_whole_spot_are_deleted_and_brought_back(phone_followed: Page) -> None:
    page = phone_followed
    page.get_by_role("button", name="Delete this check").click()
    check(page)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("2 checks so far")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 checks so far")).to_be_visible()
    page.get_by_role("button", name="Delete this spot").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Delete this spot").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Check a spot on your skin")).to_be_visible()
    expect(page.locator(".cards")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Left arm").click()
    expect(page.get_by_text("3 checks so far")).to_be_visible()
    page.get_by_role("button", name="Delete this spot").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    # What was deleted is forgotten once the person has gone on.
    page.get_by_role("button", name="Undo").wait_for()
    page.goto(f"{page.url.split('#')[0]}#/about")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_text_of_twice_the_size_still_fits(phone_followed: Page) -> None:
    page = phone_followed
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    for name in ("Measure", "Compare", "For the doctor"):
        page.get_by_role("link", name=name).click()
        page.get_by_role("heading", level=1).filter(has_not_text="Left arm").wait_for()
        assert page.evaluate(fits), name
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Left arm")
