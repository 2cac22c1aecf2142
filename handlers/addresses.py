"""Mail addresses compared as mail systems do, and which of them are the landlord's own."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from handlers.tokens import TokenKey
from intake.identity import identity_of

FOLDED = 4_096
"""Addresses kept folded: each message asks about the same few several times, and a domain's A-labels take long to work out."""


@lru_cache(maxsize=FOLDED)
def folded(address: str) -> str:
    """Return the address for comparison: case folded, its domain as A-labels (IDNA), no blanks around."""
    local, _, domain = address.strip().rpartition("@")
    domain = domain.rstrip(".").casefold()
    with suppress(UnicodeError):  # a domain that DNS could not hold is compared as it stands
        domain = domain.encode("idna").decode("ascii")
    return f"{local.casefold()}@{domain}"


def comparable(address: str | None) -> str:
    """Return an address, or a chat's identity, by which it is known whether two are the same person's; "" for none."""
    return folded(address) if address and identity_of(address) is None else (address or "").lower()


def domain_of(address: str) -> str:
    """Return the folded domain of an address, or "" where it has none."""
    return folded(address).rpartition("@")[2] if "@" in address else ""


def local_part_of(address: str) -> str:
    """Return the folded local part of an address; the whole of it where there is no ``@``."""
    return address.strip().rpartition("@")[0].casefold() if "@" in address else address.strip().casefold()


def mailbox_of(address: str) -> str:
    """Return the mailbox behind an address, in small letters and without what stands after a ``+``; an identity as it is."""
    if identity_of(address) is not None:
        return address
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def usable(address: str | None) -> bool:
    """Say whether a letter could be sent there at all: a local part, and a domain of two labels or more; or a chat's identity."""
    if identity_of(address) is not None:
        return True
    if not address or any(character.isspace() or character in "<>," for character in address):
        return False
    local, _, domain = address.rpartition("@")
    return bool(local) and all(domain.split(".")) and "." in domain


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnAddresses:
    """Everything that makes a mail our own.

    ``addresses``: every intake address, alias and address we send from; plus-addresses of these are ours too.
    ``domains``: domains that hold nothing but our token addresses. ``message_id_domain``: what follows the ``@`` in
    our Message-IDs, best a name that no other system of the council uses. ``keys``: those that our Message-IDs were made
    with, which prove that one is ours; the domain alone proves nothing. ``loop_mark``: our value of ``X-Loop``.
    """

    addresses: Iterable[str]
    domains: tuple[str, ...] = ()
    message_id_domain: str
    keys: tuple[TokenKey, ...] = ()
    loop_mark: str
    known: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Fold the addresses once, for they are asked about with every message."""
        object.__setattr__(self, "known", frozenset(map(folded, self.addresses)))

    def hold(self, address: str) -> bool:
        """Say whether the address is one of ours, whatever stands after a ``+`` in it."""
        whole = folded(address)
        local, _, domain = whole.rpartition("@")
        own_domain = any(domain == domain_of(f"@{own}") for own in self.domains)
        return own_domain or whole in self.known or f"{local.partition('+')[0]}@{domain}" in self.known
