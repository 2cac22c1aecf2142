"""Names that only this door can have made: a page's one-time name with its time, and the address of what became of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

RANDOM_BYTES, TAG_BYTES = 16, 10
NAME = re.compile(r"[a-z0-9-]{1,80}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Once:
    """The one-time name of a page, and when the page was given it."""

    name: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes names and knows them again; each is for one purpose only."""

    key: bytes = field(repr=False)

    def once(self, purpose: str, now: datetime) -> str:
        """Return a new one-time name, signed with its time."""
        words = f"{_letters(secrets.token_bytes(RANDOM_BYTES))}.{int(now.timestamp())}"
        return f"{words}.{self._tag(purpose, words)}"

    def known_once(self, purpose: str, signed: str) -> Once | None:
        """Return the one-time name that we gave; None for any other."""
        words, _, tag = signed.rpartition(".")
        name, _, seconds = words.partition(".")
        if not self._true(purpose, words, tag):
            return None
        return Once(name=name, given_at=datetime.fromtimestamp(int(seconds), UTC))

    def sealed(self, purpose: str, name: str) -> str:
        """Return a name that cannot be guessed by whoever knows it without its seal."""
        return f"{name}.{self._tag(purpose, name)}"

    def unsealed(self, purpose: str, signed: str) -> str | None:
        """Return the name inside a sealed one; None where we did not seal it."""
        name, _, tag = signed.rpartition(".")
        return name if NAME.fullmatch(name) and self._true(purpose, name, tag) else None

    def derived(self, purpose: str, told: str) -> str:
        """Return the name that stands for something told to us: always the same for the same."""
        return _letters(hmac.digest(self.key, f"{purpose}\0{told}".encode("utf-8", "replace"), hashlib.sha256)[:RANDOM_BYTES])

    def _true(self, purpose: str, words: str, tag: str) -> bool:
        told = tag.encode("utf-8", "replace")
        return hmac.compare_digest(self._tag(purpose, words).encode(), told)

    def _tag(self, purpose: str, words: str) -> str:
        told = f"{purpose}\0{words}".encode("utf-8", "replace")
        return _letters(hmac.digest(self.key, told, hashlib.sha256)[:TAG_BYTES])


def _letters(some: bytes) -> str:
    return base64.b32encode(some).decode("ascii").rstrip("=").lower()
