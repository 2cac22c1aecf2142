"""What can be set about a Telegram bot."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MEBIBYTE = 1024 * 1024
CLOUD_LIMIT = 20 * MEBIBYTE
"""More than this Telegram's own servers give no bot (Bot API, getFile)."""


class Settings(BaseModel):
    """One bot; times in seconds, sizes in bytes. With ``webhook_url`` Telegram calls us, without it we ask Telegram."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["telegram"] = "telegram"
    account: str = Field(default="telegram", pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    """Names this bot for ever: it is part of each message's identity and of each resident's."""
    token_file: Path
    """Holds the token that BotFather gave, alone."""
    base_url: str = "https://api.telegram.org"
    """Where the Bot API is: Telegram's own, or a local Bot API server."""
    local_files: Path | None = None
    """The working folder of a local Bot API server that runs with ``--local``, under its own path; it knows no 20 MB limit."""
    webhook_url: str | None = Field(default=None, pattern=r"^https://\S{1,2000}$")
    """Our public address for this bot, which ends in ``/hooks/<account>``; None to poll."""
    webhook_secret_file: Path | None = None
    """Holds the word by which we know that a call is Telegram's: 16 to 256 letters, digits, dashes and underscores."""
    quiet_seconds: float = Field(default=8, ge=0, le=600)
    """A resident is still for so long before what they wrote is read as one matter."""
    max_file_size: int = Field(default=CLOUD_LIMIT, ge=1024)
    poll_seconds: int = Field(default=20, ge=0, le=50)
    """How long one question for news may stay open."""
    batch: int = Field(default=100, ge=1, le=100)
    timeout: float = Field(default=20, gt=0)
    connect_timeout: float = Field(default=10, gt=0)
    check_seconds: float = Field(default=60, gt=0)
    """By webhook: Telegram is asked so often whether it reaches us."""
    longest_backoff: float = Field(default=60, gt=0)
    per_second: float = Field(default=30, gt=0)
    """Letters a second to all together (Bots FAQ)."""
    chat_pause: float = Field(default=1, ge=0)
    """Between two letters to one person."""
    group_pause: float = Field(default=3, ge=0)
    """Between two letters to one group: 20 a minute."""
    patience: float = Field(default=30, ge=0)
    """A letter waits for its turn so long; one that would have to wait longer goes back to the outbox."""

    @field_validator("base_url")
    @classmethod
    def _base_url_is_safe(cls, given: str) -> str:
        parts = urlsplit(given)
        near = parts.scheme == "http" and _is_near(parts.hostname or "")
        if not parts.hostname or not (parts.scheme == "https" or near) or parts.query or parts.fragment:
            raise ValueError("base_url is an https address, or http to a machine of the own network: the token travels in it")
        return given.rstrip("/")

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if (self.webhook_url is None) != (self.webhook_secret_file is None):
            raise ValueError("webhook_url and webhook_secret_file are set together, or neither is")
        return self

    @property
    def file_limit(self) -> int:
        """Return the size of the largest file that can be fetched."""
        return self.max_file_size if self.local_files else min(self.max_file_size, CLOUD_LIMIT)


def _is_near(host: str) -> bool:
    """Say whether a host is this machine or one of the own network, such as a container by its name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host
    return address.is_loopback or address.is_private
