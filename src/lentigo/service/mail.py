"""Handing one e-mail to the operator's mail server (SMTP, RFC 5321), and to whom that is allowed."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import ssl
from dataclasses import dataclass

import aiosmtplib
import structlog
from pydantic import SecretStr

from lentigo.errors import (
    ConfigError,
    MailDeferred,
    MailMisconfigured,
    MailRefused,
    MailTooLarge,
    MailUnreachable,
    MailUnsure,
    ReferralError,
)
from lentigo.service.settings import Settings, SmtpTls

ANYONE = "*"

_PORTS: dict[SmtpTls, int] = {"starttls": 587, "tls": 465, "none": 25}

_QUIT_S = 2.0
"""Seconds for saying goodbye: the mail is accepted by then."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE)
# Fewer signs than RFC 5321 has: % and ! once routed mail on to other servers, and some programs still follow them.
_MAILBOX = re.compile(r"(?=.{1,64}\Z)[a-z0-9_][a-z0-9_'+&=~-]*(?:\.[a-z0-9_'+&=~-]+)*", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether this is one plain e-mail address in ASCII: no name, no list, no quotes, no line end."""
    mailbox, at, domain = text.rpartition("@")
    return bool(at and len(text) <= 254 and _MAILBOX.fullmatch(mailbox) and _DOMAIN.fullmatch(domain))


@dataclass(frozen=True)
class Mail:
    """The operator's mail server, and who may be written to.

    Build one with :func:`mail_of`, which checks what is set.
    """

    host: str
    port: int
    tls: SmtpTls
    sender: str
    recipients: frozenset[str]
    username: str
    password: SecretStr
    timeout_s: float

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.sender.rpartition("@")[2]

    def allows(self, address: str) -> bool:
        """Whether the operator lists this address, its domain, or everyone."""
        wanted = address.lower()
        return not self.recipients.isdisjoint({wanted, wanted.rpartition("@")[2], ANYONE})

    async def send(self, recipient: str, message: bytes) -> None:
        """Give a message to the mail server; returns once it has taken it over.

        Raises:
            ReferralError: It did not, and the error's kind says whether trying again makes sense.
        """
        client = self._client()
        handing_over = False
        try:
            async with asyncio.timeout(self.timeout_s):
                await client.connect()
                if client.is_ehlo_or_helo_needed:
                    await client.ehlo()
                size = [f"SIZE={len(message)}"] if client.supports_extension("size") else []
                await client.mail(self.sender, options=size)
                await client.rcpt(recipient)
                handing_over = True
                await client.data(message)
        except (aiosmtplib.SMTPException, OSError) as error:
            told = _told(error, handing_over)
            # Never the server's own words: they may repeat the address.
            structlog.get_logger().warning(
                "mail_failed", code=told.code, error=type(error).__name__, reply=getattr(error, "code", None)
            )
            client.close()
            raise told from error
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=_QUIT_S)
        client.close()

    def _client(self) -> aiosmtplib.SMTP:
        login = self.username.encode() or None
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            local_hostname=self.domain,
            username=login,
            password=self.password.get_secret_value().encode() if login else None,
            timeout=self.timeout_s,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            tls_context=None if self.tls == "none" else ssl.create_default_context(),
        )


def mail_of(settings: Settings) -> Mail | None:
    """The mail server of these settings; None where no mail is set up.

    Raises:
        ConfigError: It is set up by half, or in a way that is not safe.
    """
    if not settings.smtp_host:
        _refuse_leftovers(settings)
        return None
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", settings.smtp_host):
        raise _wrong("SMTP_HOST", "is no name or address of a server.")
    if not is_address(settings.smtp_from):
        raise _wrong("SMTP_FROM", "must be one e-mail address, such as lentigo@clinic.example.")
    if bool(settings.smtp_username) != bool(settings.smtp_password.get_secret_value()):
        raise _wrong("SMTP_USERNAME", "and LENTIGO_SMTP_PASSWORD are set together or not at all.")
    if settings.smtp_tls == "none" and not _is_loopback(settings.smtp_host):
        raise _wrong("SMTP_TLS", "may be none only for a mail server on this machine: mail would travel readable.")
    return Mail(
        host=settings.smtp_host,
        port=settings.smtp_port or _PORTS[settings.smtp_tls],
        tls=settings.smtp_tls,
        sender=settings.smtp_from,
        recipients=_recipients(settings),
        username=settings.smtp_username,
        password=settings.smtp_password,
        timeout_s=settings.smtp_timeout_s,
    )


def _refuse_leftovers(settings: Settings) -> None:
    for name in ("smtp_port", "smtp_username", "smtp_password", "smtp_from", "referral_recipients"):
        if getattr(settings, name):
            raise _wrong("SMTP_HOST", f"is missing, but LENTIGO_{name.upper()} is set.")


def _recipients(settings: Settings) -> frozenset[str]:
    if not settings.referral_recipients:
        raise _wrong("REFERRAL_RECIPIENTS", "must list who may be written to: domains, addresses, or * for everyone.")
    for entry in settings.referral_recipients:
        if not (entry == ANYONE or is_address(entry) or _DOMAIN.fullmatch(entry)):
            raise _wrong("REFERRAL_RECIPIENTS", f"holds '{entry}', which is neither a domain, an address nor *.")
    return frozenset(entry.lower() for entry in settings.referral_recipients)


def _wrong(name: str, what: str) -> ConfigError:
    return ConfigError(f"LENTIGO_{name} {what}", "See docs/reference/settings.md, Mail.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _told(error: Exception, handing_over: bool) -> ReferralError:
    """What a failure means for the person who wants to send."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 400:
        return _answered(error)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return _misconfigured()
    if isinstance(error, OSError | aiosmtplib.SMTPResponseException):
        if handing_over:
            return MailUnsure(
                "The connection to the mail server was lost before it confirmed the mail, which may have been sent.",
                "Ask the recipient, or send it again; it may then arrive twice.",
            )
        return MailUnreachable("The mail server cannot be reached.", "Nothing was sent; try again in a few minutes.")
    return _misconfigured()


def _answered(error: aiosmtplib.SMTPResponseException) -> ReferralError:
    """What a reply means: RFC 5321, 4.2.1, and the enhanced codes of RFC 3463."""
    if error.code < 500:
        return MailDeferred(
            f"The mail server does not take the mail now (it answered {error.code}).",
            "Nothing was sent; try again in a few minutes.",
        )
    full = "5.2.2" in error.message  # a full mailbox shares its number with a mail that is too large
    if error.code in (523, 552) and not full:
        return MailTooLarge("The mail is larger than the mail server takes.", "Send fewer photos, or no report.")
    if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError):
        what = "address" if isinstance(error, aiosmtplib.SMTPRecipientRefused) else "mail"
        return MailRefused(
            f"The mail server refuses this {what} (it answered {error.code}).",
            "Check the address; sending the same again will not help.",
        )
    return _misconfigured()


def _misconfigured() -> MailMisconfigured:
    return MailMisconfigured(
        "The server's mail is not set up rightly.", "Nothing was sent; tell the operator, and use your own mail app."
    )
