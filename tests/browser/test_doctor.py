"""The report for the doctor: what is in it, as a page, as a PDF, and on its way."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from tests.browser.accessibility import check
from tests.browser.conftest import open_followed
from tests.mailserver import DOMAIN, MailServer, mail_server
from tests.servers import start, stop

pytestmark = pytest.mark.browser

SHARE = """() => {
    window.shared = [];
    navigator.canShare = (data) => data.files.length > 0;
    navigator.share = (data) => {
        window.shared.push({ ...data, files: data.files.map((file) => [file.name, file.type, file.size]) });
        return window.refuse ? Promise.reject(new DOMException("no", window.refuse)) : Promise.resolve();
    };
}"""
NO_SHARE = "() => { navigator.canShare = undefined; navigator.share = undefined; }"


@pytest.fixture(params=["phone", "desktop"])
def report(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    yield from opened(browser, address, request.param)


@pytest.fixture
def phone_report(browser: Browser, address: str) -> Iterator[Page]:
    yield from opened(browser, address, "phone")


def opened(browser: Browser, address: str, size: str) -> Iterator[Page]:
    """The report of a spot with three photos, one of them with notes in letters that no PDF typeface has."""
    for page in open_followed(browser, address, size, "Łokieć"):
        page.get_by_label("Notes").fill("Größer seit Juni.")
        page.get_by_text("Saved", exact=True).wait_for()
        page.get_by_role("link", name="For the doctor").click()
        page.locator(".report").wait_for()
        yield page


def saved_pdf(page: Page) -> PdfReader:
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF", exact=True).click()
    assert download.value.suggested_filename == "lentigo-report-2026-11-14.pdf"
    return PdfReader(io.BytesIO(download.value.path().read_bytes()), strict=True)


def test_what_is_chosen_is_shown(report: Page) -> None:
    sheet = report.locator(".report")
    expect(sheet.locator("img")).to_have_count(2)
    expect(sheet).to_contain_text("Estimate of May 2, 2026")
    expect(sheet).to_contain_text("Größer seit Juni.")
    expect(sheet).not_to_contain_text("Estimate of August 1, 2026")
    report.get_by_role("checkbox", name="Aug 1, 2026").check()
    expect(sheet).to_contain_text("Estimate of August 1, 2026")
    report.get_by_role("checkbox", name="My notes").uncheck()
    expect(sheet).not_to_contain_text("Größer seit Juni.")
    report.get_by_label("Your name").fill("Anna Muster")
    expect(sheet).to_contain_text("Anna Muster")
    check(report)


def test_the_pdf_holds_text_and_photos(report: Page) -> None:
    report.get_by_label("Date of birth").fill("1960-03-05")
    reader = saved_pdf(report)
    text = "\n".join(page.extract_text() for page in reader.pages)
    for part in (
        "Report of November 14, 2026",
        "Estimate of May 2, 2026",
        "Größer seit Juni.",
        "March 5, 1960",
        "of 100",
    ):
        assert part in text
    assert "no diagnosis" in text
    assert reader.metadata is not None
    assert reader.metadata.title == "Skin spot: Łokieć"
    sizes = [image.image.size for page in reader.pages for image in page.images if image.image is not None]
    assert sizes.count((640, 640)) == 2
    # The name has a letter that the typefaces lack: it is drawn.
    assert len(sizes) > 2
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) in ((595, 842), (612, 792))


def test_on_paper_there_is_only_the_report(phone_report: Page) -> None:
    page = phone_report
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".report")).to_be_visible()
    for hidden in (".top", ".doctor-choices", ".actions.sticky"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.report')).color") == "rgb(36, 48, 47)"
    for paper in ("A4", "Letter"):
        printed = PdfReader(io.BytesIO(page.pdf(format=paper)))
        assert "Estimate of May 2, 2026" in "".join(one.extract_text() for one in printed.pages)
        assert len(printed.pages) <= 3


def test_the_keyboard_shares_photos_and_report(report: Page) -> None:
    report.evaluate(SHARE)
    report.get_by_role("button", name="Send to doctor").focus()
    report.keyboard.press("Enter")
    report.get_by_label("Your message").fill("Please look at this.")
    send = report.get_by_role("button", name="Send with another app")
    send.wait_for()
    check(report)
    send.focus()
    report.keyboard.press("Enter")
    expect(report.get_by_text("Handed over to the other app.")).to_be_visible()
    [shared] = report.evaluate("shared")
    assert shared["text"] == "Please look at this."
    assert [name for name, _, _ in shared["files"]] == [
        "lentigo-report-2026-11-14.pdf",
        "photo-1-2026-05-02.jpg",
        "photo-2-2026-11-14.jpg",
    ]
    assert all(size > 1000 for _, _, size in shared["files"])
    report.keyboard.press("Escape")
    expect(report.get_by_role("dialog")).to_have_count(0)


def test_a_failure_says_so_and_keeps_the_letter(phone_report: Page) -> None:
    page = phone_report
    page.evaluate(SHARE)
    page.get_by_role("button", name="Send to doctor").click()
    page.get_by_label("Your message").fill("Please look at this.")
    send = page.get_by_role("button", name="Send with another app")
    page.evaluate("window.refuse = 'AbortError'")
    send.click()
    expect(page.get_by_text("Not sent. Your message is kept.")).to_be_visible()
    page.evaluate("window.refuse = 'DataError'")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work. Your message is kept")
    page.get_by_label("E-mail address").fill("nobody")
    expect(page.get_by_text("This is no e-mail address.")).to_be_visible()
    expect(send).to_be_disabled()
    page.wait_for_timeout(1_000)
    page.reload()
    page.locator(".report").wait_for()
    page.get_by_role("button", name="Send to doctor").click()
    expect(page.get_by_label("Your message")).to_have_value("Please look at this.")


def test_without_sharing_a_draft_is_saved_that_mail_programs_read(phone_report: Page) -> None:
    page = phone_report
    page.evaluate(NO_SHARE)
    page.get_by_role("button", name="Send to doctor").click()
    expect(page.get_by_role("button", name="Send with another app")).to_have_count(0)
    page.get_by_label("Your message").fill("Sehr geehrte Ärztin,\nbitte ansehen.")
    page.get_by_label("Subject").fill("Fleck am Ellbogen – größer geworden, mit Fotos und Bericht im Anhang")
    page.get_by_label("E-mail address").fill("praxis@example.org")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as e-mail draft").click()
    assert download.value.suggested_filename == "lentigo-report.eml"
    message = email.message_from_bytes(download.value.path().read_bytes(), policy=email.policy.default)
    assert message.defects == []
    assert message["X-Unsent"] == "1"
    assert message["To"] == "praxis@example.org"
    assert message["Subject"] == "Fleck am Ellbogen – größer geworden, mit Fotos und Bericht im Anhang"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["Sehr geehrte Ärztin,", "bitte ansehen."]
    attached = list(message.iter_attachments())
    assert [one.get_content_type() for one in attached] == ["application/pdf", "image/jpeg", "image/jpeg"]
    assert len(PdfReader(io.BytesIO(attached[0].get_content())).pages) >= 1
    assert attached[1].get_content()[:2] == b"\xff\xd8"


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture
def mailing_report(browser: Browser, bundle_path: Path, mails: MailServer) -> Iterator[Page]:
    """The report on a phone, from a server that sends mail."""
    process, address = start(bundle_path, 0, **mails.environment())
    yield from opened(browser, address, "phone")
    stop(process)
    assert process.stdout is not None
    process.stdout.close()


def open_letter(page: Page) -> Locator:
    """The dialog, and in it the button by which the server sends."""
    page.get_by_role("button", name="Send to doctor").click()
    send = page.get_by_role("button", name="Send by this server")
    send.wait_for()
    return send


def test_the_server_sends_the_letter(mailing_report: Page, mails: MailServer) -> None:
    page = mailing_report
    send = open_letter(page)
    expect(page.get_by_text("For this, write the doctor’s e-mail address above.")).to_be_visible()
    expect(send).to_be_disabled()
    check(page)
    page.get_by_label("Your message").fill("Sehr geehrte Ärztin,\nbitte ansehen.")
    page.get_by_label("E-mail address of the doctor").fill(f"skin@{DOMAIN}")
    page.get_by_label("Your e-mail address").fill("anna@mail")
    expect(send).to_be_disabled()
    page.get_by_label("Your e-mail address").fill("anna@mail.example")
    send.click()
    expect(page.get_by_text("The mail server has taken the mail.")).to_be_visible()
    mail = mails.mails()[-1]
    assert (mail["To"], mail["Reply-To"]) == (f"skin@{DOMAIN}", "anna@mail.example")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines()[:2] == ["Sehr geehrte Ärztin,", "bitte ansehen."]
    photos_and_report = list(mail.iter_attachments())
    assert [one.get_filename() for one in photos_and_report] == ["photo-1.jpg", "photo-2.jpg", "report.pdf"]
    assert "May 2, 2026" in PdfReader(io.BytesIO(photos_and_report[-1].get_content())).pages[0].extract_text()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".notice")).to_have_count(0)


def test_what_the_server_could_not_send_is_kept_and_sent_again(mailing_report: Page, mails: MailServer) -> None:
    page = mailing_report
    before = len(mails.envelopes)
    page.get_by_role("checkbox", name="Aug 1, 2026").check()
    send = open_letter(page)
    page.get_by_label("Your message").fill("Please look at this.")
    address = page.get_by_label("E-mail address of the doctor")
    for name, sentence in {
        "skin@elsewhere.example": "may not write to that address",
        f"unknown@{DOMAIN}": "refuses the mail",
        f"drop@{DOMAIN}": "It may have arrived",
        f"later@{DOMAIN}": "does not take the mail now",
    }.items():
        address.fill(name)
        send.click()
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        expect(page.get_by_role("alert")).to_contain_text("Your message is kept.")
    page.context.set_offline(True)
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    page.context.set_offline(False)
    assert len(mails.envelopes) == before
    # Closed and opened again: the letter with its photos is still there, and says why.
    page.reload()
    notice = page.locator(".notice")
    expect(notice).to_contain_text("did not work. You are offline. Nothing was sent. Your message is kept.")
    check(page)
    notice.get_by_role("button", name="Send again").click()
    expect(page.get_by_label("Your message")).to_have_value("Please look at this.")
    expect(address).to_have_value(f"later@{DOMAIN}")
    address.fill(f"skin@{DOMAIN}")
    page.get_by_role("button", name="Send by this server").click()
    expect(page.get_by_text("The mail server has taken the mail.")).to_be_visible()
    assert len(mails.envelopes) == before + 1
    assert [one.get_filename() for one in mails.mails()[-1].iter_attachments()][:3] == [
        "photo-1.jpg",
        "photo-2.jpg",
        "photo-3.jpg",
    ]
    page.get_by_role("button", name="Close").click()
    expect(notice).to_have_count(0)


def test_a_server_without_mail_offers_no_such_way(phone_report: Page) -> None:
    phone_report.get_by_role("button", name="Send to doctor").click()
    phone_report.locator(".way").first.wait_for()
    expect(phone_report.get_by_role("button", name="Send by this server")).to_have_count(0)
    expect(phone_report.get_by_label("Your e-mail address")).to_have_count(0)
