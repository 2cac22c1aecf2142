"""What the landlord's own mail border found out about the sender; nobody else's word counts (RFC 8601 section 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.addresses import domain_of
from handlers.headers import first, without_comments
from intake.message import Reading

Trust = Literal["authentic", "unknown", "failed"]

RESULT = re.compile(r"([a-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z0-9-]+)", re.IGNORECASE)
PROPERTY = re.compile(r"([a-z0-9-]+)\s*\.\s*([a-z0-9-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\";]+))", re.IGNORECASE)
LONGEST = 10_000
"""Characters of a header that are read; a longer one was not written by a border of ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One method's result, such as ``dkim`` and ``pass``, with properties such as ``header.d``."""

    method: str
    result: str
    properties: dict[str, str]


def _pieces(value: str) -> Iterator[str]:
    """Cut at semicolons that stand outside quotation marks."""
    piece, quoted = "", False
    for character in value:
        quoted ^= character == '"'
        if character == ";" and not quoted:
            yield piece.strip()
            piece = ""
        else:
            piece += character
    yield piece.strip()


def read_results(value: str) -> tuple[str, tuple[Finding, ...]]:
    """Return the authserv-id ("" where there is none, as with Exchange Online) and the findings of one header."""
    name, *pieces = _pieces(without_comments(value[:LONGEST]))
    if "=" in name:
        name, pieces = "", [name, *pieces]
    findings = []
    for piece in pieces:
        if match := RESULT.match(piece):
            properties = {f"{kind}.{key}".casefold(): quoted or bare for kind, key, quoted, bare in PROPERTY.findall(piece)}
            findings.append(Finding(method=match[1].casefold(), result=match[2].casefold(), properties=properties))
    return (name.split()[0].casefold() if name else ""), tuple(findings)


def _aligned(finding: Finding, domain: str) -> bool:
    """Say whether DKIM's or SPF's domain is the From domain, above or below it (relaxed alignment, RFC 7489 section 3.1)."""
    names = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}.get(finding.method, ())
    for value in filter(None, map(finding.properties.get, names)):
        other = domain_of(f"@{value.rpartition('@')[2]}")
        if "." in other and (other == domain or domain.endswith(f".{other}") or other.endswith(f".{domain}")):
            return True
    return False


def trust_of(reading: Reading, trusted_authservs: Sequence[str]) -> Trust:
    """Say whether the From address is authentic, by the topmost ``Authentication-Results`` alone.

    The border writes last and so stands on top; a forged header can only stand below it. It is believed when its
    authserv-id is one of ``trusted_authservs`` ("" trusts a border which gives none). A failed DMARC outweighs all.
    """
    if reading.chat is not None:
        # The platform has signed the person in; its own signature, or our own poll, brought the message here.
        return "authentic"
    value, domain = first(reading, "authentication-results"), domain_of(reading.sender.address or "")
    trusted = {name.casefold() for name in trusted_authservs}
    if value is None or not domain:
        return "unknown"
    name, findings = read_results(value)
    if name not in trusted:
        return "unknown"
    if any(finding.method == "dmarc" and finding.result == "fail" for finding in findings):
        return "failed"
    passed = [finding for finding in findings if finding.result == "pass"]
    if any(finding.method in {"dmarc", "compauth"} or _aligned(finding, domain) for finding in passed):
        return "authentic"
    return "unknown"
