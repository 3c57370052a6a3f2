"""What an operator can set, by the environment (``LENTIGO_...``) or the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lentigo.errors import ConfigError

SmtpTls = Literal["starttls", "tls", "none"]


def _listed(given: Any) -> Any:
    """The parts of a text with commas."""
    return tuple(part.strip() for part in given.split(",") if part.strip()) if isinstance(given, str) else given


class Settings(BaseSettings):
    """Settings of one server. Each is described in ``docs/reference/settings.md``."""

    model_config = SettingsConfigDict(env_prefix="LENTIGO_", frozen=True, extra="forbid", populate_by_name=True)

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for all of the machine's.")
    port: int = Field(
        8000,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("port", "LENTIGO_PORT", "PORT"),
        description="Port to listen on; 0 takes a free one. `PORT` is read too.",
    )
    bundles: Annotated[tuple[str, ...], NoDecode] = Field(
        ("lesions",),
        description="Names or folders of the bundles that answer, separated by commas; the first is the default.",
    )
    threads: int = Field(
        0, ge=0, le=256, description="Photos that are worked on at the same time; 0 for one for each core."
    )
    queue: int = Field(16, ge=0, description="Requests that may wait beyond those; one more is answered 503 at once.")
    uploads: int = Field(
        32, ge=1, description="Requests that may be arriving at the same time; one more is answered 503."
    )
    uploads_per_client: int = Field(
        3, ge=1, description="How many of those may be one client's; one more of its own is answered 429."
    )
    max_body_bytes: int = Field(32 * 1024 * 1024, ge=1024, description="Largest request, all of its photos together.")
    max_pixels: int = Field(64_000_000, ge=10_000, description="Largest photo, by its header.")
    request_timeout_s: float = Field(30.0, gt=0, description="Seconds in which a request must have arrived.")
    rate_limit: str = Field(
        "60/minute", description="Assessments for each client, for example 60/minute; empty for no limit."
    )
    trusted_proxies: int = Field(
        0, ge=0, description="Proxies in front that add to X-Forwarded-For; 0 believes the connection's own address."
    )
    hand_out_bundles: bool = Field(
        True,
        description="Let the app fetch the bundles, to answer on the phone itself; without it, every photo is sent.",
    )
    vet_nudity: bool = Field(
        False, description="Refuse nudity too; needs the extra `nudity`, which is under the AGPL. Faces always are."
    )
    smtp_host: str = Field("", description="Mail server that sends referrals; empty for none.")
    smtp_port: int = Field(0, ge=0, le=65535, description="Its port; 0 for 587 (starttls), 465 (tls) or 25 (none).")
    smtp_tls: SmtpTls = Field(
        "starttls", description="starttls, tls, or none, which is allowed only for a mail server on this machine."
    )
    smtp_username: str = Field("", description="Name to log in with; empty for no login.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password to log in with.")
    smtp_from: str = Field("", description="The address that referrals come from.")
    smtp_timeout_s: float = Field(30.0, gt=0, description="Seconds in which the mail server must have taken a mail.")
    referral_recipients: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (), description="Who may be written to: domains and addresses, separated by commas; * for everyone."
    )
    referral_limit: str = Field("5/hour", description="Referrals that each client may send; empty for no limit.")
    referral_limit_total: str = Field("100/day", description="Referrals of all clients together; empty for no limit.")
    log_format: Literal["console", "json"] = Field("console", description="Log lines for people or for machines.")

    @property
    def workers(self) -> int:
        """Photos that are worked on at the same time."""
        return self.threads or os.cpu_count() or 1


def load_settings(given: Mapping[str, Any] | None = None) -> Settings:
    """Settings from the environment, changed by ``given``.

    Raises:
        ConfigError: A value is out of range.
    """
    environment = os.environ.get("LENTIGO_BUNDLES")
    values: dict[str, Any] = {"bundles": tuple(environment.split(","))} if environment else {}
    try:
        return Settings(**{**values, **(given or {})})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"The setting {name} is wrong: {first['msg']} (was {first['input']!r}).") from error
