"""Referrals, from the request to what a mail server takes over: a real server, a real mail server."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from lentigo.service import create_app, load_settings
from lentigo.taxonomy import load_taxonomy
from tests.made import photo_bytes
from tests.mailserver import DOMAIN, HANG_S, PASSWORD, MailServer, free_port, mail_server
from tests.servers import lentigo, running, stop
from tests.service.test_api import assert_problem, open_files, photo

API = "/api/v1/referrals"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
TAXONOMY = load_taxonomy()
FIELDS = {"to": f"skin@{DOMAIN}", "message": "Please look at this."}

WORDS = {
    "de": "Grüße aus Köln: der Fleck an der Ferse wächst, schon seit zwölf Wochen. – Jörg Müßig",
    "en": "The spot on my heel “grows”. — Zoë O’Brien",
    "es": "¿Puede mirar esta mancha? Creció mucho este año. Íñigo Peña",
    "fr": "Ça gratte depuis Noël, à l'œil c'est plus foncé. Françoise Lefèvre",
    "it": "È più scura di prima, perché? Niccolò Città",
    "nl": "Vóór de zomer was hij kleiner, één centimeter. Daniël Coëlho 🙂",
}


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture(scope="module")
def client(bundle_path: Path, mails: MailServer) -> Iterator[httpx.Client]:
    with running(bundle_path, **mails.environment(LENTIGO_TRUSTED_PROXIES="1")) as opened:
        yield opened


def send(client: httpx.Client, *files: Any, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
    return client.post(API, files=list(files) or [photo()], data={**FIELDS, **fields}, headers=headers)


def report(data: bytes = PDF) -> tuple[str, tuple[str, bytes, str]]:
    return ("report", ("mine.pdf", data, "application/pdf"))


def parts(mail: EmailMessage) -> dict[str | None, bytes]:
    return {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}  # type: ignore[misc]  # bytes: no part of ours has parts


def body(mail: EmailMessage) -> str:
    text = mail.get_body()
    assert text is not None
    words: str = text.get_content()
    return words.replace("\r\n", "\n")


def language(mail: EmailMessage) -> str:
    text = mail.get_body()
    assert text is not None
    return str(text["Content-Language"])


def ask(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, *files: Any, **fields: Any) -> httpx.Response:
    """One referral to an app of its own, with these settings."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    transport = httpx.ASGITransport(create_app(load_settings(), {}))

    async def post() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(API, files=list(files) or [photo()], data={**FIELDS, **fields})

    # In a thread of its own: the browser tests keep an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, post()).result()


def located_photo(**changes: Any) -> bytes:
    """A JPEG that tells where and with what it was taken, and is to be turned."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (TiffImagePlugin.IFDRational(52), TiffImagePlugin.IFDRational(31), 12.5)
    pixels = np.zeros((60, 100, 3), np.uint8)
    pixels[:, :50] = (200, 30, 30)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", exif=exif, comment=b"SecretBeach", quality=95, **changes)
    return file.getvalue()


def test_a_mail_arrives_whole(client: httpx.Client, mails: MailServer) -> None:
    files = [photo(), photo(photo_bytes(image_format="PNG"), "Füße.png"), report()]
    answer = send(client, *files, reply_to="me@mail.example", message="First.\r\n.\r\n..dots\r\nLast.")
    assert answer.status_code == 202, answer.text
    receipt = answer.json()
    assert (receipt["photos"], receipt["report"]) == (2, True)
    assert answer.headers["cache-control"] == "no-store"
    envelope, mail = mails.envelopes[-1], mails.mails()[-1]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("lentigo@server.example", [FIELDS["to"]])
    assert mail["Message-ID"] == receipt["message_id"]
    assert mail["From"] == "Lentigo <lentigo@server.example>"
    assert (mail["To"], mail["Reply-To"]) == (FIELDS["to"], "me@mail.example")
    assert mail["Date"].datetime is not None
    assert (envelope.original_content or b"").isascii()
    words = body(mail)
    assert words.startswith("First.\n.\n..dots\nLast.\n\n-- \n")
    assert "me@mail.example" in words
    found = parts(mail)
    assert list(found) == ["photo-1.jpg", "photo-2.jpg", "report.pdf"]
    assert found["report.pdf"] == PDF
    for name in ("photo-1.jpg", "photo-2.jpg"):
        with Image.open(io.BytesIO(found[name])) as image:
            assert (image.format, image.size) == ("JPEG", (256, 256))
    assert mails.logins[-1] == PASSWORD.encode()


@pytest.mark.parametrize("locale", TAXONOMY.locales)
def test_words_and_language_of_the_person(client: httpx.Client, mails: MailServer, locale: str) -> None:
    assert send(client, message=WORDS[locale], locale=locale).status_code == 202
    mail = mails.mails()[-1]
    words = body(mail)
    assert words.startswith(WORDS[locale])
    assert TAXONOMY.text("referral", "origin", locale) in words
    assert TAXONOMY.text("referral", "no_reply", locale) in words
    assert mail["Subject"] == TAXONOMY.text("referral", "subject", locale)
    assert language(mail) == locale
    assert mail["Reply-To"] is None


def test_the_language_may_come_from_the_browser(client: httpx.Client, mails: MailServer) -> None:
    assert send(client, headers={"accept-language": "pl, nl-BE;q=0.9"}).status_code == 202
    assert language(mails.mails()[-1]) == "nl"


def test_a_photo_tells_neither_place_nor_device_and_stands_upright(client: httpx.Client, mails: MailServer) -> None:
    taken = located_photo()
    with Image.open(io.BytesIO(taken)) as image:
        assert image.getexif().get_ifd(0x8825)
    assert send(client, photo(taken, "IMG_52.31N_13.4E.jpg")).status_code == 202
    whole = mails.envelopes[-1].original_content or b""
    sent = parts(mails.mails()[-1])["photo-1.jpg"]
    for secret in (b"Secret", b"Exif", b"IMG_52"):
        assert secret not in sent
        assert secret not in whole
    with Image.open(io.BytesIO(sent)) as image:
        assert not image.getexif()
        assert image.size == (60, 100)
        top, bottom = np.asarray(image)[:40].mean(axis=(0, 1)), np.asarray(image)[60:].mean(axis=(0, 1))
    assert top[0] > 150
    assert bottom[0] < 50


def test_a_huge_photo_is_made_smaller(client: httpx.Client, mails: MailServer) -> None:
    file = io.BytesIO()
    Image.new("RGB", (5000, 500), "tan").save(file, "PNG")
    assert send(client, photo(file.getvalue())).status_code == 202
    with Image.open(io.BytesIO(parts(mails.mails()[-1])["photo-1.jpg"])) as image:
        assert image.size == (4096, 410)


INJECTIONS = [
    f"skin@{DOMAIN}\r\nBcc: victim@evil.example",
    f"skin@{DOMAIN}\nBcc: victim@evil.example",
    f"skin@{DOMAIN}, victim@evil.example",
    f"Doctor <skin@{DOMAIN}>",
    f"victim%evil.example@{DOMAIN}",
    f"skin@{DOMAIN}\0",
    "",
]


@pytest.mark.parametrize("field", ["to", "reply_to"])
@pytest.mark.parametrize("address", INJECTIONS)
def test_an_address_cannot_add_recipients_or_headers(
    client: httpx.Client, mails: MailServer, field: str, address: str
) -> None:
    before = len(mails.envelopes)
    changed: dict[str, Any] = {field: address}
    answer = send(client, **changed)
    if field == "reply_to" and not address:
        assert answer.status_code == 202
        return
    assert_problem(answer, 422, "address_invalid")
    assert len(mails.envelopes) == before


def test_a_message_cannot_add_recipients_headers_or_mails(client: httpx.Client, mails: MailServer) -> None:
    before = len(mails.envelopes)
    told = (
        "Subject: x\r\nBcc: victim@evil.example\r\n\r\nhi\r\n.\r\nMAIL FROM:<a@b.de>\r\nRCPT TO:<victim@evil.example>"
    )
    name = 'a.jpg"\r\nX-Evil: 1\r\n'
    assert send(client, photo(name=name), message=told, locale="de\r\nX-Evil: 1").status_code == 202
    assert len(mails.envelopes) == before + 1
    mail = mails.mails()[-1]
    assert mails.envelopes[-1].rcpt_tos == [FIELDS["to"]]
    assert mail["Bcc"] is None
    assert all("X-Evil" not in part for part in mail.walk())
    assert mail["Subject"] == TAXONOMY.text("referral", "subject", "en")
    assert told.replace("\r\n", "\n") in body(mail)


@pytest.mark.parametrize("to", ["a@evil.example", f"a@sub.{DOMAIN}", "otto@praxis.example", f"{DOMAIN}@evil.example"])
def test_only_those_whom_the_operator_lists_are_written_to(client: httpx.Client, mails: MailServer, to: str) -> None:
    before = len(mails.envelopes)
    assert_problem(send(client, to=to), 403, "recipient_not_allowed")
    assert len(mails.envelopes) == before


@pytest.mark.parametrize(
    ("files", "fields", "status", "code"),
    [
        ([report()], {}, 422, "photo_missing"),
        ([photo()] * 4, {}, 422, "malformed_request"),
        ([photo()] * 5, {}, 422, "malformed_request"),
        ([photo(), report(), report()], {}, 422, "malformed_request"),
        ([photo(b"")], {}, 422, "empty_file"),
        ([photo(b"text")], {}, 415, "unsupported_format"),
        ([photo(photo_bytes(image_format="WEBP"))], {}, 415, "unsupported_format"),
        ([photo(), photo(photo_bytes()[:-800])], {}, 422, "corrupt_image"),
        ([photo(b"\xff\xd8\xff<script>")], {}, 422, "corrupt_image"),
        ([photo(), report(b"MZ executable")], {}, 422, "report_unusable"),
        ([photo(), report(b"")], {}, 422, "report_unusable"),
        ([photo(), report(b"%PDF-1.7" + bytes(10 * 1024 * 1024))], {}, 422, "report_unusable"),
        ([photo()], {"message": " \n "}, 422, "malformed_request"),
        ([photo()], {"message": "x" * 4001}, 422, "malformed_request"),
        ([photo()], {"message": "ü" * 9000}, 422, "malformed_request"),
        ([photo()], {"message": "a\0b"}, 422, "malformed_request"),
        ([photo()], {"message": "a\x1b[2Jb"}, 422, "malformed_request"),
        ([photo()], {"subject": "mine"}, 422, "malformed_request"),
        ([photo()], {"to": [FIELDS["to"]] * 2}, 422, "malformed_request"),
        ([("to", ("a", b"b", "text/plain")), photo()], {}, 422, "malformed_request"),
    ],
)
def test_what_cannot_be_sent_is_a_problem_and_sends_nothing(
    client: httpx.Client, mails: MailServer, files: list[Any], fields: dict[str, Any], status: int, code: str
) -> None:
    before = len(mails.envelopes)
    assert_problem(send(client, *files, **fields), status, code)
    assert len(mails.envelopes) == before


def test_the_longest_message_arrives(client: httpx.Client, mails: MailServer) -> None:
    assert send(client, message="字" * 4000).status_code == 202
    assert "字" * 4000 in body(mails.mails()[-1])


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("unknown", 502, "mail_refused"),
        ("spam", 502, "mail_refused"),
        ("full", 502, "mail_refused"),
        ("later", 503, "mail_deferred"),
        ("drop", 504, "mail_unsure"),
    ],
)
def test_a_mail_that_is_not_taken_says_whether_to_try_again(
    client: httpx.Client, mails: MailServer, name: str, status: int, code: str
) -> None:
    before = len(mails.envelopes)
    problem = assert_problem(send(client, to=f"{name}@{DOMAIN}"), status, code)
    assert problem.hint
    assert "mailbox" not in problem.detail.lower()
    assert len(mails.envelopes) == before
    assert f'lentigo_referrals_total{{result="{code}"}}' in client.get("/metrics").text


@pytest.mark.parametrize(
    ("name", "status", "code"), [("slow", 503, "mail_unreachable"), ("silent", 504, "mail_unsure")]
)
def test_a_mail_server_that_hangs_is_not_waited_for(
    mails: MailServer, monkeypatch: pytest.MonkeyPatch, name: str, status: int, code: str
) -> None:
    before, started = len(mails.envelopes), time.monotonic()
    answer = ask(mails.environment(LENTIGO_SMTP_TIMEOUT_S="5"), monkeypatch, to=f"{name}@{DOMAIN}")
    assert_problem(answer, status, code)
    assert time.monotonic() - started < HANG_S
    assert len(mails.envelopes) == before


def test_sent_referrals_are_counted_and_nobody_is_named(client: httpx.Client) -> None:
    send(client)
    text = client.get("/metrics").text
    assert 'lentigo_referrals_total{result="sent"}' in text
    assert DOMAIN not in text


def test_the_page_can_ask_whether_referrals_are_on(client: httpx.Client) -> None:
    assert client.get("/api/v1/features").json() == {"referrals": True}


def test_without_mail_there_are_no_referrals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert_problem(ask({}, monkeypatch), 404, "referrals_off")


def test_a_mail_server_that_is_down_costs_none_of_the_clients_mails(mails: MailServer, bundle_path: Path) -> None:
    environment = mails.environment(LENTIGO_SMTP_PORT=str(free_port()), LENTIGO_REFERRAL_LIMIT="1/hour")
    with running(bundle_path, **environment) as client:
        for _ in range(3):
            problem = assert_problem(send(client), 503, "mail_unreachable")
        assert "Nothing was sent" in problem.hint


def test_a_wrong_password_is_the_operators_trouble(
    mails: MailServer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = {"LENTIGO_SMTP_PASSWORD": "wrong-Passwort-77"}
    answer = ask(mails.environment(**wrong), monkeypatch)
    assert_problem(answer, 502, "mail_misconfigured")
    shown = capfd.readouterr()
    assert "mail_failed" in shown.out + shown.err
    assert "wrong-Passwort-77" not in shown.out + shown.err + answer.text


def test_a_mail_server_with_a_foreign_certificate_gets_no_password(
    mails: MailServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with mail_server(tmp_path):  # writes the certificate of another authority
        pass
    before = len(mails.logins)
    answer = ask(mails.environment(SSL_CERT_FILE=str(tmp_path / "ca.pem")), monkeypatch)
    assert_problem(answer, 502, "mail_misconfigured")
    assert len(mails.logins) == before


def test_a_mail_server_that_offers_no_tls_gets_no_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with mail_server(tmp_path, "none") as plain:
        assert_problem(ask(plain.environment(), monkeypatch), 502, "mail_misconfigured")
        assert not plain.envelopes


@pytest.mark.parametrize("tls", ["tls", "none"])
def test_mail_goes_by_tls_from_the_start_or_plainly_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tls: str
) -> None:
    with mail_server(tmp_path, tls) as server:
        changes = {"LENTIGO_SMTP_TLS": tls, "LENTIGO_SMTP_USERNAME": "", "LENTIGO_SMTP_PASSWORD": ""}
        assert ask(server.environment(**changes), monkeypatch).status_code == 202
        assert len(server.mails()) == 1


def test_a_mail_that_the_server_finds_too_large_is_not_handed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with mail_server(tmp_path, data_size_limit=20_000) as small:
        answer = ask(small.environment(), monkeypatch, photo(), report(PDF * 3))
        assert_problem(answer, 413, "mail_too_large")
        assert not small.envelopes


def test_a_request_over_the_limit_is_refused(mails: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask(mails.environment(LENTIGO_MAX_BODY_BYTES="3000"), monkeypatch)
    assert_problem(answer, 413, "body_too_large")


def test_a_photo_of_too_many_pixels_is_refused(mails: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask(mails.environment(LENTIGO_MAX_PIXELS="10000"), monkeypatch)
    assert_problem(answer, 413, "too_many_pixels")


def test_each_client_and_all_together_may_send_so_many(bundle_path: Path, mails: MailServer) -> None:
    limits = {"LENTIGO_REFERRAL_LIMIT": "2/hour", "LENTIGO_REFERRAL_LIMIT_TOTAL": "3/hour"}
    with running(bundle_path, **mails.environment(LENTIGO_TRUSTED_PROXIES="1", **limits)) as client:

        def one(sender: str, **fields: str) -> httpx.Response:
            return send(client, headers={"x-forwarded-for": sender}, **fields)

        before = len(mails.envelopes)
        assert_problem(one("6.6.6.6", to="nobody"), 422, "address_invalid")
        assert one("6.6.6.6").status_code == 202
        # A mail server that is asked for mailboxes by guessing has answered: that counts.
        assert_problem(one("6.6.6.6", to=f"unknown@{DOMAIN}"), 502, "mail_refused")
        assert_problem(one("6.6.6.6"), 429, "rate_limited")
        assert one("7.7.7.7").status_code == 202
        assert_problem(one("8.8.8.8"), 429, "rate_limited")
        assert len(mails.envelopes) == before + 2


def test_requests_are_limited_whether_they_send_or_not(mails: MailServer, bundle_path: Path) -> None:
    with running(bundle_path, **mails.environment(LENTIGO_RATE_LIMIT="2/minute")) as client:
        codes = [send(client, to="nobody").status_code for _ in range(3)]
    assert codes == [422, 422, 429]


def test_mail_set_up_by_half_stops_the_server_at_its_start(bundle_path: Path, mails: MailServer) -> None:
    environment = {**os.environ, **mails.environment(LENTIGO_REFERRAL_RECIPIENTS="")}
    command = lentigo("serve", "--port", "0", "--bundle", bundle_path)
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "LENTIGO_REFERRAL_RECIPIENTS" in ended.stderr
    assert PASSWORD not in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr


def test_nothing_touches_the_disk_and_the_log_names_nobody(
    bundle_path: Path, mails: MailServer, tmp_path: Path
) -> None:
    watched, log = tmp_path / "tmp", tmp_path / "log"
    watched.mkdir()
    seen: set[str] = set()
    done = threading.Event()

    def watch(pid: int) -> None:
        while not done.is_set():
            seen.update(os.listdir(watched))  # noqa: PTH208  # names alone are wanted, and fast
            seen.update(target for target in open_files(pid) if str(watched) in target)

    environment = {**os.environ, **mails.environment(TMPDIR=str(watched), LENTIGO_LOG_FORMAT="json")}
    command = lentigo("serve", "--port", "0", "--bundle", bundle_path)
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        assert process.stdout is not None
        address = process.stdout.readline().rpartition(" ")[2].strip()
        watcher = threading.Thread(target=watch, args=(process.pid,))
        watcher.start()
        try:
            large = photo(photo_bytes(size_px=1500, image_format="PNG"), "secret-beach.png")
            with httpx.Client(base_url=address, timeout=30) as client:
                sent = [send(client, large, report(), message="secret words", reply_to="me@mail.example")]
                sent.append(send(client, to=f"unknown@{DOMAIN}"))
                sent.append(send(client, to=f"drop@{DOMAIN}"))
                assert [one.status_code for one in sent] == [202, 502, 504]
        finally:
            done.set()
            watcher.join()
            stop(process)
            process.stdout.close()
    assert seen == set()
    text = log.read_text()
    assert '"event": "mail_failed"' in text
    assert '"reply": 550' in text
    for secret in (PASSWORD, DOMAIN, "secret", "mail.example", "Traceback"):
        assert secret not in text
