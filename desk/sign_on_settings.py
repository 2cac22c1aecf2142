"""The settings of single sign-on, ``[desk.sign_on]``: one tenant of the council's own sign-in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

LOOPBACK = ("127.0.0.1", "::1", "localhost")
ANYBODYS = frozenset({"common", "organizations", "consumers"})
"""Entra ID's addresses of no tenant in particular."""


class SignOnSettings(BaseModel):
    """Single sign-on with one tenant: its discovery address, our client there, and which claim's value gives which role.

    ``subject_claim`` tells people apart: ``sub`` (OpenID Connect Core 5.7), or Entra ID's ``oid``, which outlives our client.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    discovery_url: Annotated[str, Field(pattern=r"/\.well-known/openid-configuration$")]
    client_id: str
    client_secret_file: Path
    name: str = "your council account"
    scope: str = "openid profile email"
    subject_claim: str = "sub"
    roles_claim: str = "roles"
    roles: Annotated[
        dict[Literal["officer", "manager", "administrator", "auditor", "liaison", "building_safety"], str], Field(min_length=1)
    ]

    @model_validator(mode="after")
    def _one_tenant(self) -> SignOnSettings:
        if not kept_from_listeners(self.discovery_url):
            raise ValueError("discovery_url must begin with https://: sign-ins would be readable on the way")
        if ANYBODYS & set(urlsplit(self.discovery_url).path.split("/")):
            raise ValueError("discovery_url must name your own tenant: any organisation's people could sign in by this one")
        return self


def kept_from_listeners(address: str) -> bool:
    """Return whether nobody on the way can read what goes to an address."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
