"""How often one client may ask."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from lentigo.errors import ConfigError, RateLimited


class RateLimit:
    """A moving window for each client, in memory.

    Args:
        limit: For example ``60/minute``; empty for none.
        trusted_proxies: How many proxies in front add the address they saw to ``X-Forwarded-For``.

    Raises:
        ConfigError: ``limit`` is not understood.
    """

    def __init__(self, limit: str, trusted_proxies: int) -> None:
        try:
            self._limit = parse(limit) if limit else None
        except ValueError as error:
            raise ConfigError(f"rate_limit '{limit}' is not understood.", "Write, for example, 60/minute.") from error
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._trusted_proxies = trusted_proxies

    def check(self, request: Request) -> None:
        """Count a request.

        Raises:
            RateLimited: Its client asked too often.
        """
        if self._limit is not None and not self._limiter.hit(self._limit, self._client(request)):
            raise RateLimited(f"That was more than {self._limit}.", "Wait a moment, then try again.")

    def _client(self, request: Request) -> str:
        """The address that the outermost trusted proxy saw; what a client itself wrote is not believed."""
        seen = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
        if self._trusted_proxies and len(seen) >= self._trusted_proxies:
            return seen[-self._trusted_proxies]
        return request.client.host if request.client else "unknown"
