"""What can be set about the relay that takes our mail."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


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
    hostname: str | None = None
    """What we call ourselves in EHLO; the machine's own name when missing."""
    envelope_sender: str = ""
    """Reverse path of every letter; "" is the null path, which no bounce and no other machine answers (RFC 3834 3)."""
    connections: int = Field(default=4, ge=1, le=100)
    connect_timeout: float = Field(default=30, gt=0)
    timeout: float = Field(default=300, gt=0)
    timeout_after_dot: float = Field(default=600, gt=0)

    @model_validator(mode="after")
    def _login_is_whole(self) -> Self:
        if (self.username is None) != (self.password_file is None):
            raise ValueError("username and password_file belong together: give both or neither")
        if self.username is not None and self.tls == "none":
            raise ValueError('a password needs tls = "starttls" or "tls"')
        return self
