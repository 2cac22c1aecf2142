"""What was said in one SMTP transaction before the mail itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Transaction:
    """All that was said before the mail itself; addresses are storable text, the null reverse path is ""."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    helo: str
    peer: str
    extended: bool
    tls: bool
    utf8: bool


def storable(words: str) -> str:
    """Return the words without what no database takes."""
    # aiosmtpd keeps bytes that are no UTF-8 as surrogates.
    return words.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "")
