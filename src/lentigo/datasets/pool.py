"""Work on many images on all cores, with a bounded number in flight."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

_IN_FLIGHT_PER_WORKER = 16


def on_all_cores(work: Callable[[Job], Result], jobs: Iterable[Job], workers: int | None = None) -> Iterator[Result]:
    """Results of ``work`` on each job, as they are done, in any order; what a worker raises is raised here.

    Args:
        work: A function of a module, as other processes import it.
        jobs: What to work on; read only as far as there is room.
        workers: Processes; without it, one for each core.
    """
    workers = workers or os.cpu_count() or 1
    remaining = iter(jobs)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ignore_interrupts) as pool:
        pending: set[Future[Result]] = set()
        try:
            while True:
                room = workers * _IN_FLIGHT_PER_WORKER - len(pending)
                pending |= {pool.submit(work, job) for job in itertools.islice(remaining, room)}
                if not pending:
                    return
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in pending:
                future.cancel()


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of the terminal; only the parent is to answer it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
