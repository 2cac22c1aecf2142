"""Addresses and secrets in the settings of a network."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from intake.channel import TemporaryFailure
from intake.identity import Identity

MEBIBYTE = 1024 * 1024


def _web_address(value: str) -> str:
    whole = value if "://" in value else f"https://{value}"
    parts = urlsplit(whole)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("write the server's address as https://social.example")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("residents' words need https; plain http is taken for this machine alone")
    return whole.rstrip("/")


def is_loopback(host: str) -> bool:
    """Say whether a host name is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""A server's address without the last slash; a bare host name means https."""


def _account(value: str) -> str:
    Identity(channel="any", account=value, user="any")
    return value


AccountName = Annotated[str, AfterValidator(_account)]
"""Names one account of ours for ever; it is part of every identity."""


def secret(path: Path) -> str:
    """Read a secret anew each time, as it may be changed while we run; the file's words never get into an error."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TemporaryFailure(f"the secret in {path.name} cannot be read: {type(error).__name__}") from None
