"""The settings of calls to the duty officer, ``[duty]``: where there are none, nobody is called, and ``check-config`` says so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from desk.places import Strict
from desk.sign_on_settings import LOOPBACK

MAIL = r"^[^@\s]+@[^@\s]+$"


class OfficerSettings(Strict):
    """One name of the list, with exactly one way to call them."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    mail: Annotated[str, Field(pattern=MAIL)] | None = None
    text: Annotated[str, Field(pattern=MAIL)] | None = None
    """The address at which a gateway makes a text message of a mail."""
    webhook: Annotated[str, Field(pattern=r"^https?://[^/\s]+(/\S*)?$")] | None = None

    @model_validator(mode="after")
    def _has_one_way(self) -> OfficerSettings:
        ways = [way for way in (self.mail, self.text, self.webhook) if way is not None]
        if len(ways) != 1:
            raise ValueError(f"{self.name} needs exactly one of mail, text and webhook")
        if self.webhook is not None and self.webhook.startswith("http://") and host_of(self.webhook) not in LOOPBACK:
            raise ValueError(f"{self.name}: webhook must begin with https://, or others could read along")
        return self

    @property
    def way(self) -> Literal["mail", "text", "webhook"]:
        """Return the way."""
        return "mail" if self.mail else "text" if self.text else "webhook"

    @property
    def to(self) -> str:
        """Return where that way leads."""
        return self.mail or self.text or self.webhook or ""


class DutySettings(Strict):
    """Who is called about an emergency, in this order, and after how many minutes the next; then the first again."""

    officers: Annotated[tuple[OfficerSettings, ...], Field(min_length=1)]
    wait_minutes: Annotated[int, Field(ge=1, le=120)] = 10
    token_file: Path | None = None
    every_seconds: Annotated[float, Field(gt=0, le=60)] = 5.0


def host_of(url: str) -> str:
    """Return the host of an address."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
