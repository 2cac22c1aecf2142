"""What the council's sign-in publishes of itself: its addresses and keys (OpenID Connect Discovery 1.0, RFC 7517).

::

    SignOnFailed
    ├── ProviderDown   temporary: it cannot be reached, or is broken; try again
    ├── SaidNo         it refuses this sign-in; ``code`` is its error code
    └── NotTrusted     what it says does not hold, or is not for us: for an administrator to mend
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2

from desk.sign_on_settings import kept_from_listeners
from handlers.clock import Clock

WELL_KNOWN = "/.well-known/openid-configuration"
LASTS = timedelta(hours=12)
"""How long what was published is believed before it is asked for again."""
ASKED_AGAIN_AFTER = timedelta(seconds=30)
"""How soon keys are asked for again on account of an unknown one."""
ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures that are believed, all by the provider's private key; never one made with the secret that we share."""


class SignOnFailed(Exception):
    """The council's sign-in did not name anybody whom the desk can believe in."""


class ProviderDown(SignOnFailed):
    """The provider cannot be reached, or is broken: try again."""


class SaidNo(SignOnFailed):
    """The provider refuses this sign-in."""

    def __init__(self, code: str) -> None:
        """Hold its error code (RFC 6749 section 5.2), as far as it is one."""
        self.code = code if code.replace("_", "").isalnum() and code.isascii() and len(code) <= 60 else "unknown"  # noqa: PLR2004
        super().__init__(self.code)


class NotTrusted(SignOnFailed):
    """Something about the provider, its token or our settings for it is not right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tenant:
    """One tenant of the provider: who it is, and where it is asked for what."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    client_method: str
    algorithms: list[str]


@dataclass(kw_only=True)
class Directory:
    """Asks for what is published, and remembers it for a while; safe to share between threads."""

    address: str
    clock: Clock
    _tenant: tuple[datetime, Tenant] | None = None
    _keys: tuple[datetime, dict[str, Any]] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tenant(self) -> Tenant:
        """Return the tenant, or raise ``ProviderDown`` or ``NotTrusted``."""
        with self._lock:
            if self._tenant is None or self.clock.now() - self._tenant[0] > LASTS:
                self._tenant = self.clock.now(), tenant_of(self.address, _fetched(self.address))
            return self._tenant[1]

    def keys(self, tenant: Tenant, *, anew: bool = False) -> dict[str, Any]:
        """Return the tenant's public keys, asking again where they are old, or ``anew`` where one was not among them."""
        with self._lock:
            age = None if self._keys is None else self.clock.now() - self._keys[0]
            if self._keys is None or age is None or age > LASTS or (anew and age > ASKED_AGAIN_AFTER):
                self._keys = self.clock.now(), _fetched(tenant.jwks_uri)
            return self._keys[1]


def tenant_of(address: str, published: Mapping[str, Any]) -> Tenant:
    """Return the tenant that this address publishes, or raise ``NotTrusted`` where it is not the one the address names."""
    issuer = str(published.get("issuer"))
    if issuer.rstrip("/") != address.removesuffix(WELL_KNOWN).rstrip("/"):  # Discovery 4.3
        raise NotTrusted(
            f"desk.sign_on.discovery_url publishes the issuer {issuer[:200]}: it must be that issuer's own address"
        )
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    places = {name: published.get(name) for name in names}
    wrong = [name for name, place in places.items() if not isinstance(place, str) or not kept_from_listeners(place)]
    if wrong:
        raise NotTrusted(f"the provider publishes no safe {' and '.join(wrong)}")
    methods = published.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    offered = published.get("id_token_signing_alg_values_supported") or ["RS256"]
    return Tenant(
        issuer=issuer,
        **{name: str(place) for name, place in places.items()},
        client_method="client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
        algorithms=[name for name in ALGORITHMS if name in offered],
    )


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = httpx2.get(address, timeout=httpx2.Timeout(10, connect=5), follow_redirects=False)
        answer.raise_for_status()
        told = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise ProviderDown(f"{urlsplit(address).hostname}: {type(error).__name__}") from error
    if not isinstance(told, dict):
        raise ProviderDown(f"{urlsplit(address).hostname}: no JSON object")
    return told
