"""POST /api/v1/referrals: a person's photos, and a message of their own, by mail to a doctor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid
from typing import Any

from fastapi import APIRouter, Request

from lentigo.errors import (
    AddressInvalid,
    BodyTooLarge,
    CorruptImage,
    DecodingFailed,
    EmptyFile,
    FileTooLarge,
    LentigoError,
    MailDeferred,
    MailMisconfigured,
    MailRefused,
    MailTooLarge,
    MailUnreachable,
    MailUnsure,
    MalformedRequest,
    Overloaded,
    PhotoMissing,
    RateLimited,
    RecipientNotAllowed,
    ReferralsOff,
    ReportUnusable,
    TooManyPixels,
    TooSlow,
    UnsupportedFormat,
)
from lentigo.imaging import ImageLimits, Photo, encode, sniff
from lentigo.inference.predictor import MAX_PHOTOS
from lentigo.service.clients import client_of
from lentigo.service.decoders import Decoders
from lentigo.service.form import Parts, read_parts
from lentigo.service.languages import choose_locale
from lentigo.service.mail import Mail, is_address
from lentigo.service.metrics import Metrics
from lentigo.service.problems import documented
from lentigo.service.ratelimit import RateLimit
from lentigo.service.schemas import Features, Receipt
from lentigo.service.settings import Settings
from lentigo.service.uploads import Uploads
from lentigo.service.workers import Workers
from lentigo.taxonomy import Taxonomy, load_taxonomy

LONGEST_MESSAGE = 4000
"""Characters."""

MAX_REPORT_BYTES = 10 * 1024 * 1024

MAX_SIDE_PX = 4096
"""Longest side of a photo in the mail: a phone's 12 megapixels stay as they are."""

AT_ONCE, AT_ONCE_PER_CLIENT = 8, 2
"""Referrals that are arriving or being sent at the same time."""

_FORM = "Send 'to', 'message' and one to three files 'photo'; 'report', 'reply_to' and 'locale' are optional."
_TEXTS = ("to", "message", "reply_to", "locale")
_FILES = {"photo": MAX_PHOTOS, "report": 1}

FORM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["to", "message", "photo"],
    "additionalProperties": False,
    "properties": {
        "to": {"type": "string", "description": "The doctor's address.", "example": "skin@clinic.example"},
        "message": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_MESSAGE,
            "description": "The person's own words, plain text.",
        },
        "photo": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_PHOTOS,
            "items": {"type": "string", "format": "binary"},
            "description": "JPEG or PNG; sent on as JPEG without place, time and device.",
        },
        "report": {"type": "string", "format": "binary", "description": "A PDF of at most 10 MB."},
        "reply_to": {"type": "string", "description": "Where the doctor's answer goes.", "example": "me@mail.example"},
        "locale": {"type": "string", "description": "Language of the mail; else by Accept-Language.", "example": "en"},
    },
}


@dataclass(frozen=True)
class Referral:
    """What a person wants to send; photos are files as they came."""

    to: str
    message: str
    photos: tuple[bytes, ...]
    report: bytes | None
    reply_to: str | None
    locale: str


def referral_routes(
    settings: Settings, mail: Mail | None, workers: Workers, decoders: Decoders, metrics: Metrics
) -> APIRouter:
    """The route that sends referrals, and the one that says whether it does."""
    router = APIRouter(prefix="/api/v1", tags=["referrals"])
    sender = Sender(settings, mail, workers, decoders) if mail else None

    @router.get("/features", summary="What this server does besides assessing photos")
    def features() -> Features:
        return Features(referrals=sender is not None)

    @router.post(
        "/referrals",
        status_code=202,
        summary="Send photos to a doctor by mail",
        response_description="The mail server has taken the mail over. Whether it is read, nobody here knows.",
        responses=documented(
            ReferralsOff, MalformedRequest, PhotoMissing, AddressInvalid, ReportUnusable, RecipientNotAllowed,
            CorruptImage, DecodingFailed, EmptyFile, UnsupportedFormat, TooManyPixels, FileTooLarge, BodyTooLarge,
            TooSlow, RateLimited, Overloaded, MailTooLarge, MailRefused, MailMisconfigured, MailDeferred,
            MailUnreachable, MailUnsure,
        ),
        openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM_SCHEMA}}}},
    )  # fmt: skip
    async def refer(request: Request) -> Receipt:
        """Nothing is stored: message, photos and report are held in memory until the mail server has them."""
        try:
            if sender is None:
                raise ReferralsOff("This server sends no mail.", "Use your own mail app.")
            receipt = await sender.send(request)
        except LentigoError as error:
            metrics.referral(error.code)
            raise
        metrics.referral("sent")
        return receipt

    return router


class Sender:
    """Takes a referral from a request and sends it, within the limits of the client and of the server."""

    def __init__(self, settings: Settings, mail: Mail, workers: Workers, decoders: Decoders) -> None:
        self._mail, self._workers, self._decoders = mail, workers, decoders
        self._timeout_s, self._trusted_proxies = settings.request_timeout_s, settings.trusted_proxies
        self._image_limits = ImageLimits(settings.max_body_bytes, settings.max_pixels)
        self._taxonomy = load_taxonomy()
        self._requests = RateLimit(settings.rate_limit)
        self._mails = RateLimit(settings.referral_limit)
        self._mails_of_all = RateLimit(settings.referral_limit_total)
        self._places = Uploads(AT_ONCE, AT_ONCE_PER_CLIENT)

    async def send(self, request: Request) -> Receipt:
        """Send what a request holds.

        Raises:
            LentigoError: It was not sent; the code says why.
        """
        client = client_of(request, self._trusted_proxies)
        self._requests.check(client)
        self._mails.peek(client)
        self._mails_of_all.peek("all")
        with self._places.place(client):
            parts = await read_parts(request, self._timeout_s, _FILES, _TEXTS, 4 * LONGEST_MESSAGE, _FORM)
            accepted = request.headers.get("accept-language")
            referral = parse(parts, choose_locale(parts.texts.get("locale"), accepted, self._taxonomy.locales))
            if not self._mail.allows(referral.to):
                raise RecipientNotAllowed(
                    "This server does not write to that address.", "Use your own mail app, or ask the operator."
                )
            message_id = make_msgid(domain=self._mail.domain)
            message = await self._workers.run(lambda: self._compose(referral, message_id))
            try:
                await self._mail.send(referral.to, message)
            except (MailUnreachable, MailMisconfigured):
                raise  # the operator's trouble; it costs the person none of their mails
            except LentigoError:
                self._count(client)
                raise
            self._count(client)
        return Receipt(message_id=message_id, photos=len(referral.photos), report=referral.report is not None)

    def _compose(self, referral: Referral, message_id: str) -> bytes:
        return compose(referral, self._mail.sender, message_id, self._taxonomy, self._decode)

    def _decode(self, data: bytes) -> Photo:
        return self._decoders.decode(data, self._image_limits)

    def _count(self, client: str) -> None:
        self._mails.count(client)
        self._mails_of_all.count("all")


def parse(parts: Parts, locale: str) -> Referral:
    """The referral in a form's parts.

    Raises:
        LentigoError: Something in it cannot be sent.
    """
    texts = parts.texts
    reply_to = texts.get("reply_to") or None
    for name, address in (("to", texts.get("to", "")), ("reply_to", reply_to)):
        if address is not None and not is_address(address):
            raise AddressInvalid(f"'{name}' is not one plain e-mail address.", "Write it like name@clinic.example.")
    for photo in parts.files["photo"]:
        if photo and sniff(photo) not in ("JPEG", "PNG"):
            raise UnsupportedFormat("A photo to be sent must be JPEG or PNG.", "Save it as JPEG or PNG.")
    report = next(iter(parts.files["report"]), None)
    if report is not None and not report.startswith(b"%PDF-"):
        raise ReportUnusable("The report is no PDF.", "Send it as PDF, or leave it out.")
    if report is not None and len(report) > MAX_REPORT_BYTES:
        raise ReportUnusable(f"The report is larger than {MAX_REPORT_BYTES // 1024**2} MB.", "Leave something out.")
    message = _plain(texts.get("message", ""))
    return Referral(texts["to"], message, parts.files["photo"], report, reply_to, locale)


def _plain(text: str) -> str:
    """The message with line ends as Python has them.

    Raises:
        MalformedRequest: It is empty, too long, or holds what is no text.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not plain:
        raise MalformedRequest("'message' is empty.", "Write to the doctor why you send the photo.")
    if len(plain) > LONGEST_MESSAGE:
        raise MalformedRequest(f"'message' is longer than {LONGEST_MESSAGE} characters.", "Make it shorter.")
    if any((ord(one) < 32 and one not in "\n\t") or 127 <= ord(one) < 160 for one in plain):
        raise MalformedRequest("'message' holds control characters.", "Send plain text.")
    return plain


def compose(
    referral: Referral, sender: str, message_id: str, taxonomy: Taxonomy, decoded: Callable[[bytes], Photo]
) -> bytes:
    """The mail, in ASCII and with CRLF, as it goes to the mail server. Photos are drawn anew: their metadata ends here.

    Raises:
        ImageError: A photo cannot be used.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Lentigo <{sender}>"
    mail["To"] = referral.to
    if referral.reply_to:
        mail["Reply-To"] = referral.reply_to
    mail["Subject"] = taxonomy.text("referral", "subject", referral.locale)
    mail["Date"] = localtime()
    mail["Message-ID"] = message_id
    mail.set_content(_body(referral, taxonomy), cte="quoted-printable")
    mail["Content-Language"] = referral.locale  # after the content, which takes it along when photos are attached
    for number, photo in enumerate(referral.photos, 1):
        jpeg = encode(decoded(photo).pixels, MAX_SIDE_PX)
        mail.add_attachment(jpeg, "image", "jpeg", filename=f"photo-{number}.jpg")
    if referral.report is not None:
        mail.add_attachment(referral.report, "application", "pdf", filename="report.pdf")
    return mail.as_bytes()


def _body(referral: Referral, taxonomy: Taxonomy) -> str:
    kind = "reply" if referral.reply_to else "no_reply"
    answer = taxonomy.text("referral", kind, referral.locale).format(address=referral.reply_to)
    return f"{referral.message}\n\n-- \n{taxonomy.text('referral', 'origin', referral.locale)}\n{answer}\n"
