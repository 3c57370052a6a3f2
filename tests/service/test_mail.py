"""Addresses, and how mail is set up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from lentigo.errors import ConfigError
from lentigo.service import Settings, create_app, load_settings
from lentigo.service.mail import is_address, mail_of

SET_UP: dict[str, Any] = {
    "smtp_host": "mail.example",
    "smtp_from": "lentigo@clinic.example",
    "referral_recipients": ("clinic.example", "Anna@praxis.example"),
}


@pytest.mark.parametrize(
    "address",
    ["a@b.de", "anna.meier+haut@praxis-meier.example", "o'neil@clinic.example", "x_y@xn--mller-kva.de", "1@2.example"],
)
def test_plain_addresses_are_taken(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "@", "a@", "@b.de", "a@b", "a@@b.de", "a b@c.de", "a@b.de ", " a@b.de", "a@b.de\n",
        "a@b.de\r\nBcc: x@y.de",
        "a@b.de,c@d.de", "a@b.de;c@d.de", "A <a@b.de>", "<a@b.de>", '"a b"@c.de', "a@[127.0.0.1]", "a@-b.de", "a@b-.de",
        "a@b..de", ".a@b.de", "a.@b.de", "a..b@c.de", "-a@b.de", "a%evil.de@b.de", "evil.de!a@b.de", "a@b.de\0",
        "ä@b.de", "a@straße.de", f"{'a' * 65}@b.de", f"a@{'b' * 64}.de", f"a@{'b.' * 130}de", "a(x)@b.de", "a|b@c.de",
    ],
)  # fmt: skip
def test_everything_else_is_refused(address: str) -> None:
    assert not is_address(address)


@given(st.text())
def test_what_is_taken_holds_nothing_that_ends_a_line_or_a_field(text: str) -> None:
    for address in (text, f"{text}@b.de", f"a@{text}", f"a@b.de{text}"):
        if is_address(address):
            assert address.isascii()
            assert not set(address) & set(' \t\r\n\0,;:<>()[]"\\%!|')


def test_without_a_host_there_is_no_mail() -> None:
    assert mail_of(Settings()) is None


def test_domains_and_addresses_may_be_written_to_and_no_others() -> None:
    mail = mail_of(Settings(**SET_UP))
    assert mail is not None
    assert mail.port == 587
    assert mail.allows("who@clinic.example")
    assert mail.allows("who@CLINIC.example")
    assert mail.allows("anna@praxis.example")
    for other in ("otto@praxis.example", "a@sub.clinic.example", "a@notclinic.example", "clinic.example@evil.example"):
        assert not mail.allows(other)
    anyone = mail_of(Settings(**{**SET_UP, "referral_recipients": ("*",)}))
    assert anyone is not None
    assert anyone.allows("otto@praxis.example")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"smtp_from": ""}, "SMTP_FROM"),
        ({"smtp_from": "Lentigo <a@b.de>"}, "SMTP_FROM"),
        ({"smtp_from": "a@b.de\r\nBcc: c@d.de"}, "SMTP_FROM"),
        ({"smtp_username": "u"}, "SMTP_PASSWORD"),
        ({"smtp_password": SecretStr("geheim")}, "SMTP_USERNAME"),
        ({"smtp_tls": "none"}, "SMTP_TLS"),
        ({"smtp_tls": "none", "smtp_host": "10.0.0.1"}, "SMTP_TLS"),
        ({"smtp_host": "mail example"}, "SMTP_HOST"),
        ({"referral_recipients": ()}, "REFERRAL_RECIPIENTS"),
        ({"referral_recipients": ("clinic",)}, "REFERRAL_RECIPIENTS"),
        ({"referral_recipients": ("*.clinic.example",)}, "REFERRAL_RECIPIENTS"),
        ({"smtp_host": ""}, "SMTP_HOST"),
        ({"smtp_host": "", "smtp_from": "", "referral_recipients": (), "smtp_port": 25}, "SMTP_HOST"),
        ({"referral_limit": "often"}, "often"),
    ],
)
def test_mail_that_is_set_up_by_half_refuses_to_start(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=named) as refused:
        create_app(Settings(**{**SET_UP, **changes}), {})
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_mail_on_this_machine_needs_no_tls(host: str) -> None:
    mail = mail_of(Settings(**{**SET_UP, "smtp_host": host, "smtp_tls": "none"}))
    assert mail is not None
    assert mail.port == 25


def test_the_environment_is_read_and_the_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENTIGO_SMTP_PASSWORD", "geheim")
    monkeypatch.setenv("LENTIGO_REFERRAL_RECIPIENTS", " clinic.example , a@b.de,")
    settings = load_settings({"smtp_host": "mail.example", "smtp_from": "a@b.de", "smtp_username": "u"})
    assert settings.referral_recipients == ("clinic.example", "a@b.de")
    assert settings.smtp_password.get_secret_value() == "geheim"
    assert "geheim" not in repr(settings)
    assert "geheim" not in repr(mail_of(settings))
