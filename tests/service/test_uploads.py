"""How many bodies may arrive at the same time."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from lentigo.errors import Overloaded, RateLimited
from lentigo.service.uploads import Uploads


def test_a_client_has_its_own_limit_and_all_have_one() -> None:
    uploads = Uploads(total=3, per_client=2)
    with ExitStack() as arriving:
        arriving.enter_context(uploads.place("a"))
        arriving.enter_context(uploads.place("a"))
        with pytest.raises(RateLimited, match="2"), uploads.place("a"):
            pass
        arriving.enter_context(uploads.place("b"))
        with pytest.raises(Overloaded), uploads.place("c"):
            pass
    with uploads.place("a"), uploads.place("a"), uploads.place("b"):
        pass


def test_a_body_that_fails_frees_its_place() -> None:
    uploads = Uploads(total=1, per_client=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), uploads.place("a"):
            raise ZeroDivisionError
