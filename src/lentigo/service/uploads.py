"""A bounded number of requests whose bodies are arriving, of one client and of all.

Bounded apart from the work: a request that is slow to arrive, or never ends, keeps no worker from those that are here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from lentigo.errors import Overloaded, RateLimited


class Uploads:
    """Counts the bodies that are arriving; used on the event loop only.

    Args:
        total: Bodies that may arrive at the same time.
        per_client: How many of them may be one client's.
    """

    def __init__(self, total: int, per_client: int) -> None:
        self._total, self._per_client = total, per_client
        self._arriving: Counter[str] = Counter()

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        """Hold a place while a request's body is read.

        Raises:
            RateLimited: The client's own are taken.
            Overloaded: All are taken.
        """
        if self._arriving[client] >= self._per_client:
            raise RateLimited(
                f"More than {self._per_client} requests are arriving from you at the same time.",
                "Wait until one of them has arrived, then try again.",
            )
        if self._arriving.total() >= self._total:
            raise Overloaded("The server is receiving too many photos.", "Try again in a few seconds.")
        self._arriving[client] += 1
        try:
            yield
        finally:
            self._arriving[client] -= 1
            if not self._arriving[client]:
                del self._arriving[client]
