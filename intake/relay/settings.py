"""What can be set about the relay that takes our mail."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from intake.oauth.settings import OAuth

LONGEST = 870
"""Seconds in which a letter must have gone or failed: half a minute less than whoever sends it holds it for itself."""


class Settings(BaseModel):
    """A mail relay; times in seconds, as RFC 5321 section 4.5.3.2 asks for them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["smtp"] = "smtp"
    host: str = Field(min_length=1)
    port: int = Field(default=25, ge=1, le=65535)
    tls: Literal["none", "starttls", "tls"] = "starttls"
    ca_file: Path | None = None
    """Certificates to trust instead of the machine's own."""
    username: str | None = None
    password_file: Path | None = None
    oauth: OAuth | None = None
    """Instead of a password (SMTP.SendAsApp at Microsoft, the mail scope at Google)."""
    hostname: str | None = None
    """What we call ourselves in EHLO; the machine's own name when missing."""
    envelope_sender: str = ""
    """Reverse path of every letter; "" is the null path, which no bounce and no other machine answers (RFC 3834 3)."""
    connections: int = Field(default=4, ge=1, le=100)
    connect_timeout: float = Field(default=30, gt=0)
    timeout: float = Field(default=300, gt=0)
    timeout_after_dot: float = Field(default=600, gt=0)
    before_dot: float = Field(default=240, gt=0)
    """How long a letter may take up to its last byte, waiting for a connection included."""

    @model_validator(mode="after")
    def _login_is_whole(self) -> Self:
        if self.before_dot + self.timeout_after_dot > LONGEST:
            raise ValueError(
                f"before_dot and timeout_after_dot must be {LONGEST} seconds or less together: a letter is held no longer"
            )
        if self.password_file is not None and self.oauth is not None:
            raise ValueError("give either password_file or oauth")
        if (self.username is None) != (self.password_file is None and self.oauth is None):
            raise ValueError("username and password_file, or oauth, belong together: give both or neither")
        if self.username is not None and self.tls == "none":
            raise ValueError('a password or token needs tls = "starttls" or "tls"')
        return self
