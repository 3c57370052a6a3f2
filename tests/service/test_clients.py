"""One client is told from another by what trusted proxies saw, never by what it writes itself."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from lentigo.errors import ConfigError, RateLimited
from lentigo.service.clients import client_of
from lentigo.service.ratelimit import RateLimit


def request(*forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "headers": headers, "client": ("10.0.0.1", 1234)})


@pytest.mark.parametrize(
    ("forwarded", "trusted", "client"),
    [
        ((), 0, "10.0.0.1"),
        (("9.9.9.9",), 0, "10.0.0.1"),
        (("9.9.9.9",), 1, "9.9.9.9"),
        (("1.1.1.1, 9.9.9.9",), 1, "9.9.9.9"),
        (("1.1.1.1", "9.9.9.9"), 1, "9.9.9.9"),
        (("1.1.1.1, 2.2.2.2", "8.8.8.8", "9.9.9.9"), 2, "8.8.8.8"),
        (("9.9.9.9",), 2, "10.0.0.1"),
    ],
)
def test_the_outermost_trusted_proxy_is_believed(forwarded: tuple[str, ...], trusted: int, client: str) -> None:
    assert client_of(request(*forwarded), trusted) == client


def test_a_limit_is_kept_for_each_client() -> None:
    limit = RateLimit("1/minute")
    limit.check("a")
    limit.check("b")
    with pytest.raises(RateLimited):
        limit.check("a")
    with pytest.raises(ConfigError):
        RateLimit("often")
