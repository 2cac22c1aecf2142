"""What can be set about an IMAP door."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from intake.oauth.settings import OAuth

MEBIBYTE = 1024 * 1024
OWN_MACHINE = ("127.0.0.1", "::1", "localhost")


class Settings(BaseModel):
    """One mailbox folder that is read; times in seconds, sizes in bytes (mail rules F)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["imap"] = "imap"
    account: str = Field(default="mailbox", min_length=1)
    """Names this mailbox for ever: with the folder, UIDVALIDITY and UID it is the identity of each message."""
    host: str = Field(min_length=1)
    port: int = Field(default=993, ge=1, le=65535)
    tls: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = None
    """Certificates to trust instead of the machine's own."""
    username: str = Field(min_length=1)
    password_file: Path | None = None
    oauth: OAuth | None = None
    """Instead of a password, which neither Microsoft nor Google take any more."""
    folder: str = "INBOX"
    processed: str = "Processed"
    """Where kept messages are moved; made when it is missing."""
    unprocessable: str = "Unprocessable"
    """Where messages are moved that could not be fetched or kept whole; each is shown to staff with its reason."""
    poll: float = Field(default=60, gt=0)
    """The folder is looked at so often, whatever IDLE says."""
    idle: bool = True
    idle_renewal: float = Field(default=540, gt=0, le=1740)
    """An IDLE is renewed after this (RFC 2177 asks for less than 29 minutes)."""
    timeout: float = Field(default=60, gt=0)
    """A read that hangs so long ends the connection."""
    connect_timeout: float = Field(default=15, gt=0)
    batch: int = Field(default=100, ge=1, le=1000)
    """Messages in one FETCH and one commit."""
    batch_bytes: int = Field(default=8 * MEBIBYTE, ge=1024)
    max_message_size: int = Field(default=150 * MEBIBYTE, ge=1024)
    """Of a larger message only the beginning is kept, and a person is told."""
    longest_backoff: float = Field(default=300, gt=0)
    give_up_after: float = Field(default=600, ge=0)
    """A message that fails three times and so long, while others do not, is put before a person."""

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.password_file is None) == (self.oauth is None):
            raise ValueError("give either password_file or oauth")
        if self.oauth is not None and self.tls == "none" and self.host not in OWN_MACHINE:
            raise ValueError('a token needs tls = "tls" or "starttls"')
        return self
