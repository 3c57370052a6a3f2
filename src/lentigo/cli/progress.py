"""A progress bar that begins when there is something to count: a call that fails first shows none."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from tqdm import tqdm


class Progress:
    """Give :meth:`begin` and :meth:`advance` to what does the work; leaving the context ends the bar."""

    def __init__(self, title: str, unit: str) -> None:
        self.title, self.unit = title, unit
        self._bar: Any = None

    def begin(self, total: int) -> None:
        """Show the bar; so many are to come."""
        self._bar = tqdm(total=total, desc=self.title, unit=self.unit)

    def advance(self) -> None:
        """One more is done."""
        if self._bar is not None:
            self._bar.update()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
