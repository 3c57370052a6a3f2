"""How often one client may ask."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from lentigo.errors import ConfigError, RateLimited


class RateLimit:
    """A moving window for each client, in memory.

    Args:
        limit: For example ``60/minute``; empty for none.

    Raises:
        ConfigError: ``limit`` is not understood.
    """

    def __init__(self, limit: str) -> None:
        try:
            self._limit = parse(limit) if limit else None
        except ValueError as error:
            raise ConfigError(f"rate_limit '{limit}' is not understood.", "Write, for example, 60/minute.") from error
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, client: str) -> None:
        """Count a request of a client.

        Raises:
            RateLimited: It asked too often.
        """
        if self._limit is not None and not self._limiter.hit(self._limit, client):
            raise self._exceeded()

    def peek(self, client: str) -> None:
        """Count nothing, for what is counted only once it is done: see :meth:`count`.

        Raises:
            RateLimited: One more would be too often.
        """
        if self._limit is not None and not self._limiter.test(self._limit, client):
            raise self._exceeded()

    def count(self, client: str) -> None:
        """Count what a client has done."""
        if self._limit is not None:
            self._limiter.hit(self._limit, client)

    def _exceeded(self) -> RateLimited:
        return RateLimited(f"No more than {self._limit} are allowed.", "Wait, then try again.")
