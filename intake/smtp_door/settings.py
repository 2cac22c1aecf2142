"""What can be set about an SMTP door."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MEBIBYTE = 1024 * 1024


class Settings(BaseModel):
    """One SMTP door; sizes in bytes, times in seconds. The limits are those of mail rules E."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["smtp"] = "smtp"
    account: str = Field(default="main", min_length=1)
    """Names this door for ever: with the external id it is the identity of each message."""
    host: str = "127.0.0.1"
    port: int = Field(default=8025, ge=0, le=65535)
    """0 takes any free port, for tests."""
    hostname: str = Field(default="localhost", pattern=r"^[A-Za-z0-9.\-\[\]:]+$")
    """What the door calls itself in its greeting and in the Received header."""
    recipients: tuple[str, ...] | None = None
    """Addresses and whole domains that are served; ``None`` takes mail for anybody."""
    max_message_size: int = Field(default=50 * MEBIBYTE, ge=64 * 1024)
    max_recipients: int = Field(default=100, ge=1)
    max_connections: int = Field(default=200, ge=1)
    max_connections_per_address: int = Field(default=100, ge=1)
    max_memory: int = Field(default=512 * MEBIBYTE, ge=MEBIBYTE)
    """Bytes of mail held at once over all connections; above it, new mail is asked to come later."""
    timeout: float = Field(default=600, gt=0)
    """A silent connection ends after this (RFC 5321 section 4.5.3.2 asks for at least 300)."""
    stop_within: float = Field(default=30, ge=0)
    """When stopping, mail that is being received has so long to finish."""
    disk: Path = Path()
    """A folder on the disk that the store writes to."""
    min_free_disk: int = Field(default=256 * MEBIBYTE, ge=0)
    tls_cert: Path | None = None
    tls_key: Path | None = None
    require_tls: bool = False
    tls_client_ca: Path | None = None
    """Certificates of clients must be signed by one of these: for a door whose only client is the landlord's relay."""
    clients: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks whose mail is heard; empty for all."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Balancers that speak the PROXY protocol (version 1 or 2); when given, nobody else may connect."""

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key belong together: give both or neither")
        if self.require_tls and self.tls_cert is None:
            raise ValueError("require_tls needs tls_cert and tls_key")
        if self.tls_client_ca is not None and not self.require_tls:
            raise ValueError("tls_client_ca needs require_tls = true, or clients would leave TLS out")
        return self
