"""Settings of the two places that browsers reach: the staff desk and the public door."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classifiers.taxonomy import Flag
from desk.sign_on_settings import LOOPBACK, SignOnSettings


class Strict(BaseModel):
    """What every part of the settings shares: frozen, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DeskSettings(Strict):
    """The staff desk: where it is served, for how long a sign-in lasts, and what it asks people to check.

    ``url`` is the address that browsers use; only an ``https`` one may be reached from other machines.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+$")] = "http://127.0.0.1:8080"
    brand_colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#1d4f60"
    idle_minutes: Annotated[int, Field(ge=1)] = 60
    absolute_hours: Annotated[int, Field(ge=1)] = 10
    undo_seconds: Annotated[int, Field(ge=0, le=60)] = 10
    spot_check_percent: Annotated[float, Field(ge=0, le=100)] = 5.0
    restricted_flags: tuple[Flag, ...] = ()
    local_accounts: bool = False
    sign_on: SignOnSettings | None = None

    @model_validator(mode="after")
    def _kept_from_listeners(self) -> DeskSettings:
        if self.host not in LOOPBACK and not self.url.startswith("https://"):
            raise ValueError(
                "url must begin with https:// where host is not the loopback: sign-ins would be readable on the way"
            )
        return self


class PublicSettings(Strict):
    """The public door: webhooks of platforms, the web form, the web chat, and residents' own pages.

    ``url`` is the address that residents and platforms use; a reverse proxy with TLS stands before ``host`` and ``port``.
    ``answer_in_public`` is the one sentence that answers what somebody says to us where others read.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8090
    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+$")] = "http://127.0.0.1:8090"
    answer_in_public: Annotated[str, Field(min_length=1, max_length=280)] = (
        "Thank you for telling us. Please send us a private message, so that we can look into it without others reading it."
    )
