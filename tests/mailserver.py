"""A real mail server for tests: STARTTLS, login, and recipients that make trouble."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USERNAME, PASSWORD = "lentigo", "geheim-Grüße-42"
HANG_S = 30.0
DOMAIN = "clinic.example"

REPLIES = {
    "unknown": "550 5.1.1 No such mailbox",
    "later": "450 4.2.0 Greylisted, try again later",
    "full": "552 5.2.2 Mailbox full",
}
"""What the server answers to recipients of these names."""


class Handler:
    """Keeps what was sent, as it came; some recipients are refused, or wait for ever."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        name = address.partition("@")[0]
        if name == "slow":
            await asyncio.sleep(HANG_S)
        if name in REPLIES:
            return REPLIES[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "silent":
            await asyncio.sleep(HANG_S)
        if name == "spam":
            return "554 5.7.1 Looks like spam"
        self.envelopes.append(envelope)
        return "250 OK"


class Server(SMTP):
    """Breaks the connection in the middle of the mail to ``drop``."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        recipients = self.envelope.rcpt_tos if self.envelope else []
        if isinstance(self.transport, asyncio.Transport) and recipients and recipients[0].startswith("drop@"):
            await self.push("354 Go on")
            await self._reader.read(500)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class ServerController(Controller):
    """Runs it in a thread of its own."""

    def factory(self) -> Server:
        return Server(self.handler, **self.SMTP_kwargs)


@dataclass
class MailServer:
    """A running server."""

    port: int
    handler: Handler
    ca: Path
    logins: list[bytes] = field(default_factory=list)

    def mails(self) -> list[EmailMessage]:
        """What has come, as Python's parser reads it."""
        found = [
            message_from_bytes(bytes(one.original_content or b""), _class=EmailMessage, policy=default)
            for one in self.envelopes
        ]
        for mail in found:
            assert not [defect for part in mail.walk() for defect in part.defects]
        return found

    @property
    def envelopes(self) -> list[Envelope]:
        return self.handler.envelopes

    def environment(self, **changes: str) -> dict[str, str]:
        """What an operator sets to send by this server."""
        return {
            "LENTIGO_SMTP_HOST": "localhost",
            "LENTIGO_SMTP_PORT": str(self.port),
            "LENTIGO_SMTP_USERNAME": USERNAME,
            "LENTIGO_SMTP_PASSWORD": PASSWORD,
            "LENTIGO_SMTP_FROM": "lentigo@server.example",
            "LENTIGO_SMTP_TIMEOUT_S": "25",
            "LENTIGO_REFERRAL_RECIPIENTS": f"{DOMAIN},anna@praxis.example",
            "LENTIGO_REFERRAL_LIMIT": "",
            "LENTIGO_REFERRAL_LIMIT_TOTAL": "",
            "LENTIGO_RATE_LIMIT": "",
            "SSL_CERT_FILE": str(self.ca),
            **changes,
        }


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def mail_server(folder: Path, tls: str = "starttls", **options: Any) -> Iterator[MailServer]:
    """A server on loopback.

    Args:
        folder: Where the certificate of its authority is written.
        tls: ``starttls`` and a login, both required; or ``tls`` or ``none``, without a login.
        options: aiosmtpd's own.
    """
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    server = MailServer(free_port(), Handler(), folder / "ca.pem")

    def authenticate(
        smtp: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        del smtp, session, envelope, mechanism
        server.logins.append(given.password)
        return AuthResult(
            success=(given.login, given.password) == (USERNAME.encode(), PASSWORD.encode()), handled=False
        )

    kinds: dict[str, dict[str, Any]] = {
        "starttls": {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": authenticate,
            "auth_required": True,
        },
        "tls": {"ssl_context": context},
        "none": {},
    }
    controller = ServerController(
        server.handler, "127.0.0.1", server.port, server_hostname="mail.test", **kinds[tls], **options
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
