"""Whom an SMTP door takes mail for."""

from __future__ import annotations

from collections.abc import Iterable

ALWAYS_SERVED = frozenset({"postmaster", "abuse"})
"""Local parts that every mail domain answers for (RFC 5321 section 4.5.1, RFC 2142)."""


class Served:
    """Says whether an address is ours; ``None`` as recipients means that every address is."""

    def __init__(self, recipients: Iterable[str] | None, hostname: str) -> None:
        """Take addresses (``a@b``) and domains (``b``) in any letter case and script."""
        self._anybody = recipients is None
        names = [name.strip().removeprefix("@") for name in recipients or ()]
        self._addresses = {_plain(name) for name in names if "@" in name}
        self._domains = {_ascii_domain(name) for name in names if "@" not in name}
        self._known_domains = self._domains | {address[1] for address in self._addresses} | {_ascii_domain(hostname)}

    def serves(self, address: str) -> bool:
        """Return whether mail for this address is taken; ``name+anything@`` counts as ``name@`` (RFC 5233)."""
        if self._anybody:
            return True
        local, domain = _plain(address)
        if local in ALWAYS_SERVED and (not domain or domain in self._known_domains):
            return True
        return (
            domain in self._domains
            or (local, domain) in self._addresses
            or (local.partition("+")[0], domain) in self._addresses
        )


def _plain(address: str) -> tuple[str, str]:
    local, at, domain = address.rpartition("@")
    if not at:
        local, domain = domain, ""
    return local.casefold(), _ascii_domain(domain)


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower().rstrip(".")
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain.casefold()
