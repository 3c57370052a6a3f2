"""Settings, six languages, backup and deleting."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.steps import choose, keep, send

pytestmark = pytest.mark.browser

TITLES = {
    "en": "Check a spot on your skin",
    "fr": "Vérifier une tache sur la peau",
    "de": "Einen Fleck auf der Haut prüfen",
    "es": "Revise una mancha de su piel",
    "it": "Controlli una macchia sulla pelle",
    "nl": "Laat een plekje op uw huid bekijken",
}


def keep_one(page: Page, photo: Path) -> None:
    choose(page, photo)
    send(page)
    page.locator(".result-body").wait_for()
    keep(page)


def test_each_language_is_loaded_when_it_is_chosen_and_fits(phone: Page, address: str) -> None:
    for language, title in TITLES.items():
        phone.goto(f"{address}/#/settings")
        phone.locator(".settings-body select").select_option(language)
        expect(phone.locator("html")).to_have_attribute("lang", language)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), language
        phone.goto(f"{address}/#/")
        expect(phone.get_by_role("heading", level=1)).to_have_text(title)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), language
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLES["nl"])


def test_colours_and_text_size_hold_after_a_reload(phone: Page, address: str) -> None:
    phone.goto(f"{address}/#/settings")
    phone.get_by_role("group", name="Colours").get_by_text("Dark").click()
    phone.get_by_role("group", name="Text size").get_by_text("150%").click()
    for _ in range(2):
        expect(phone.locator("html")).to_have_attribute("data-scheme", "dark")
        assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
        assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 26, 26)"
        phone.reload()
        phone.locator(".settings-body").wait_for()
    expect(phone.get_by_text("Where photos are analysed")).to_have_count(0)


def test_a_backup_brings_back_what_was_deleted(phone: Page, address: str, photo_file: Path, tmp_path: Path) -> None:
    keep_one(phone, photo_file)
    phone.goto(f"{address}/#/settings")
    expect(phone.get_by_text("Spots: 1. Photos: 1.")).to_be_visible()
    phone.get_by_role("button", name="Export").click()
    expect(phone.get_by_role("alert")).to_have_text("Use at least 10 characters.")
    phone.get_by_label("Passphrase").fill("four plain words")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Export").click()
    backup = tmp_path / download.value.suggested_filename
    download.value.save_as(backup)
    assert backup.read_bytes().startswith(b"LENTIGO\n")
    phone.get_by_role("button", name="Delete everything").click()
    phone.get_by_role("button", name="Delete all").click()
    expect(phone.get_by_text("Everything was deleted.")).to_be_visible()
    expect(phone.get_by_text("Spots: 0. Photos: 0.")).to_be_visible()
    phone.get_by_label("Passphrase").fill("four other words")
    phone.get_by_label("Import").set_input_files(backup)
    expect(phone.get_by_role("alert")).to_have_text("The passphrase is wrong.")
    phone.get_by_label("Passphrase").fill("four plain words")
    phone.get_by_label("Import").set_input_files(backup)
    expect(phone.get_by_text("Imported. Spots: 1. Photos: 1.")).to_be_visible()
    phone.goto(f"{address}/#/")
    phone.get_by_role("link", name="Left arm").click()
    phone.locator(".spot-body img").first.wait_for()


def test_everything_that_was_deleted_can_be_brought_back_at_once(phone: Page, address: str, photo_file: Path) -> None:
    keep_one(phone, photo_file)
    phone.goto(f"{address}/#/settings")
    phone.get_by_role("button", name="Delete everything").click()
    expect(phone.get_by_role("dialog")).to_contain_text("only until you leave this page")
    assert_accessible(phone)
    phone.get_by_role("button", name="Cancel").click()
    expect(phone.get_by_text("Spots: 1. Photos: 1.")).to_be_visible()
    phone.get_by_role("button", name="Delete everything").click()
    phone.get_by_role("button", name="Delete all").click()
    expect(phone.get_by_text("Spots: 0. Photos: 0.")).to_be_visible()
    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_text("Spots: 1. Photos: 1.")).to_be_visible()
    phone.get_by_role("button", name="Delete everything").click()
    phone.get_by_role("button", name="Delete all").click()
    phone.get_by_role("button", name="Undo").wait_for()
    phone.get_by_role("link", name="Lentigo").first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLES["en"])
    expect(phone.get_by_role("button", name="Undo")).to_have_count(0)
    expect(phone.locator(".cards")).to_have_count(0)
