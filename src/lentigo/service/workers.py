"""A bounded number of photos worked on at once, off the event loop, and a bounded number waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lentigo.errors import Overloaded

T = TypeVar("T")


class Workers:
    """Threads for decoding and inference, both of which leave Python's lock while they work.

    Args:
        threads: Photos worked on at once.
        queue: Requests that may wait beyond those.
    """

    def __init__(self, threads: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="assess")
        self._free = threads + queue

    async def run(self, work: Callable[[], T]) -> T:
        """Do ``work`` in a thread, once one is free. What waits holds its photos: memory is bounded by ``queue``.

        Raises:
            Overloaded: As many as may wait are waiting already.
        """
        if self._free == 0:
            raise Overloaded("The server is busy.", "Try again in a few seconds.")
        self._free -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._free += 1

    def close(self) -> None:
        """Finish what is being worked on and end the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)
