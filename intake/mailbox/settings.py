"""What can be set about an IMAP door."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MEBIBYTE = 1024 * 1024


class Settings(BaseModel):
    """One mailbox folder that is read; times in seconds, sizes in bytes (reference/mail.md section 4 F)."""

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
    password_file: Path
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
