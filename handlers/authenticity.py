"""What the landlord's own mail border found out about the sender; nobody else's word counts (RFC 8601 section 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.addresses import domain_of
from handlers.border import border_results
from handlers.headers import without_comments
from handlers.organisations import same_organisation
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
    """Say whether DKIM's or SPF's domain and the From domain are of one organisation (relaxed alignment, RFC 7489 section 3.1)."""
    names = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}.get(finding.method, ())
    values = filter(None, map(finding.properties.get, names))
    return any(same_organisation(domain_of(f"@{value.rpartition('@')[2]}"), domain) for value in values)


def _about(findings: Sequence[Finding], domain: str) -> bool:
    """Say whether a header speaks of this From domain: a pass for the sender's own second From is no pass for the first."""
    named = (finding.properties.get("header.from") for finding in findings)
    return all(domain_of(f"@{value.rpartition('@')[2]}") == domain for value in named if value)


def _vouches(findings: Sequence[Finding], domain: str) -> bool:
    passed = [finding for finding in findings if finding.result == "pass"]
    by_policy = any(finding.method in {"dmarc", "compauth"} for finding in passed) and _about(findings, domain)
    return by_policy or any(_aligned(finding, domain) for finding in passed)


def trust_of(reading: Reading, trusted_authservs: Sequence[str], border_hosts: Sequence[str] = ()) -> Trust:
    """Say whether the From address is authentic, by all that our own border wrote about it.

    Believed are ``Authentication-Results`` whose authserv-id is one of ``trusted_authservs`` ("" trusts a border which gives
    none) and which stand above the first ``Received`` that is not by one of ``border_hosts``. One failed DMARC, or failed
    composite authentication of Exchange, outweighs all. Who names several senders is never authentic.
    """
    if reading.chat is not None:
        # The platform has signed the person in; its own signature, or our own poll, brought the message here.
        return "authentic"
    domain = domain_of(reading.sender.address or "")
    trusted = {name.casefold() for name in trusted_authservs}
    hops = ([read_results(value) for value in hop] for hop in border_results(reading, border_hosts))
    told = ([findings for name, findings in hop if name in trusted] for hop in hops)
    # The first of our hops that says anything has said it all: what stands below it came in with the mail.
    believed = next((findings for findings in told if findings), [])
    if not domain or not believed:
        return "unknown"
    if any(one.method in {"dmarc", "compauth"} and one.result == "fail" for findings in believed for one in findings):
        return "failed"
    if "several_from" not in reading.problems and any(_vouches(findings, domain) for findings in believed):
        return "authentic"
    return "unknown"
