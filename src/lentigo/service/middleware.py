"""What happens around every request: an id, a log line, headers, counts, a limit on what is read, a last catch."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lentigo.errors import BodyTooLarge
from lentigo.service.metrics import Metrics
from lentigo.service.problems import internal_error

CLIENT_GONE = 499
"""What is counted and logged for a client that hung up before its answer: nginx's number, never sent."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; manifest-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "camera=(self), accelerometer=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Surround:
    """ASGI middleware. Logs route, status and milliseconds: never a file name, an answer or a photo.

    Args:
        app: What it surrounds.
        metrics: Where requests are counted.
        max_body_bytes: Where reading a request's body ends with an error.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, max_body_bytes: int) -> None:
        self.app, self.metrics, self.max_body_bytes = app, metrics, max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex[:16]
        scope.setdefault("state", {})["request_id"] = request_id
        status, answering, started = 500, False, time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            nonlocal status, answering
            if message["type"] == "http.response.start":
                status, answering = message["status"], True
                _add_headers(MutableHeaders(scope=message), request_id, scope["path"])
            await send(message)

        try:
            await self.app(scope, limited(receive, self.max_body_bytes), send_with_headers)
        except ClientDisconnect:
            status = CLIENT_GONE
        except Exception as error:
            structlog.get_logger().error("failed", id=request_id, exc_info=error)
            if answering:
                raise
            await internal_error(Request(scope))(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "other")
            self.metrics.request(scope["method"], route, status, seconds)
            structlog.get_logger().info(
                "request",
                id=request_id,
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
            )


def limited(receive: Receive, max_bytes: int) -> Callable[[], Awaitable[Message]]:
    """A receive that raises once more than ``max_bytes`` have come, whatever the request announced."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > max_bytes:
            raise BodyTooLarge(
                f"The request is larger than {max_bytes / 1024 / 1024:.0f} MB.", "Send a smaller photo, or crop it."
            )
        return message

    return receive_limited


def _add_headers(headers: MutableHeaders, request_id: str, path: str) -> None:
    headers["X-Request-ID"] = request_id
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
    if path.startswith("/api/"):
        headers["Cache-Control"] = "no-store"
