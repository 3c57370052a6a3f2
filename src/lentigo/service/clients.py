"""Who asks: what tells one client from another, for the limits that each client has."""

from __future__ import annotations

from starlette.requests import Request


def client_of(request: Request, trusted_proxies: int) -> str:
    """The address that the outermost trusted proxy saw; what a client itself wrote is not believed.

    Args:
        request: Its ``X-Forwarded-For`` is one list, on however many header lines it comes (RFC 9110, 5.3).
        trusted_proxies: How many proxies in front add the address they saw to that header.
    """
    lines = ",".join(request.headers.getlist("x-forwarded-for"))
    seen = [part.strip() for part in lines.split(",") if part.strip()]
    if trusted_proxies and len(seen) >= trusted_proxies:
        return seen[-trusted_proxies]
    return request.client.host if request.client else "unknown"
