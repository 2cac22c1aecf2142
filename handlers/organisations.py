"""Which domains belong to one organisation, as DMARC says (RFC 7489 section 3.2): by the public suffix list.

The list comes with a package and is read from disk; nothing is asked of the network.
"""

from __future__ import annotations

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

REMEMBERED = 4_096
"""Domains whose organisation is kept: a border's few names come with every mail."""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=REMEMBERED)
def organisation_of(domain: str) -> str | None:
    """Return the organisational domain of a folded domain (A-labels); None for a public suffix such as ``co.uk``, and for none."""
    return _suffixes().privatesuffix(domain) if domain else None


def same_organisation(one: str, other: str) -> bool:
    """Say whether two domains are aligned, relaxed: names below one that somebody registered, never two below a public suffix."""
    organisation = organisation_of(one)
    return organisation is not None and organisation == organisation_of(other)
