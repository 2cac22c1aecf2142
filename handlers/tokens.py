"""Keyed tokens: names that only we can have made, so that an answer to our letter proves which case it belongs to.

HMAC-SHA-256 cut to 80 bits, in small base 32 because mail systems fold the case of local parts (mail rule C1).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

TAG_BYTES = 10
LEAST_KEY_BYTES = 32
MARK = "intake"
"""What our Message-IDs begin with, so that mail of other systems under the same domain is not taken for ours."""
ATOM = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenKey:
    """A secret of 32 bytes or more with the short name that its tokens carry, so that it can be replaced one day."""

    secret: bytes = field(repr=False)
    name: str = "1"

    def __post_init__(self) -> None:
        """Refuse a key that could be guessed, and a name that would not survive a mail system."""
        if len(self.secret) < LEAST_KEY_BYTES:
            raise ValueError(f"a token key needs {LEAST_KEY_BYTES} bytes or more")
        if not ATOM.fullmatch(self.name):
            raise ValueError("a token key's name is made of small letters, digits, - and _")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What a proven token says: what kind of thing it names, and its ids."""

    kind: str
    ids: tuple[str, ...]


def _tag(key: TokenKey, words: str) -> str:
    digest = hmac.digest(key.secret, words.encode("ascii"), hashlib.sha256)
    return base64.b32encode(digest[:TAG_BYTES]).decode("ascii").lower()


def seal(key: TokenKey, kind: str, *ids: str | int) -> str:
    """Return ``kind.id.id.key.tag``; the tag covers all that stands before it."""
    atoms = [kind.lower(), *(str(part).lower() for part in ids), key.name]
    if not all(ATOM.fullmatch(atom) for atom in atoms):
        raise ValueError("a token's kind and ids are made of letters, digits, - and _")
    words = ".".join(atoms)
    return f"{words}.{_tag(key, words)}"


def unseal(token: str, keys: Sequence[TokenKey]) -> Token | None:
    """Return what the token says if one of the keys made it, else nothing; compares in constant time.

    Several keys may bear one name: a key that was put by keeps its own.
    """
    words, _, tag = token.lower().rpartition(".")
    atoms = words.split(".")
    if not all(ATOM.fullmatch(atom) for atom in (*atoms, tag)):
        return None
    made = [hmac.compare_digest(_tag(key, words), tag) for key in keys if key.name == atoms[-1]]
    return Token(kind=atoms[0], ids=tuple(atoms[1:-1])) if any(made) else None


def party_mark(key: TokenKey, case_id: int, address: str) -> str:
    """Return a keyed mark of somebody's address in a case: it tells their tokens apart, and cannot be turned back."""
    digest = hmac.digest(key.secret, f"party of a case\n{case_id}\n{address.lower()}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:TAG_BYTES]).decode("ascii").lower()


def message_id_for(key: TokenKey, kind: str, *ids: str | int, domain: str) -> str:
    """Return the Message-ID of a letter, in angle brackets; the same kind and ids give the same one at every attempt."""
    return f"<{MARK}.{seal(key, kind, *ids)}@{domain}>"


def shaped_like_ours(message_id: str | None, domain: str) -> bool:
    """Say whether a Message-ID looks like one of ours; this is no proof, for which see ``read_message_id``."""
    local, _, its_domain = (message_id or "").strip().removeprefix("<").removesuffix(">").rpartition("@")
    return local.lower().startswith(f"{MARK}.") and its_domain.lower() == domain.lower()


def made_here(message_id: str | None, keys: Sequence[TokenKey]) -> bool:
    """Say whether a Message-ID is one that we made, under whatever domain it was sent: its token proves it."""
    local = (message_id or "").strip().removeprefix("<").removesuffix(">").rpartition("@")[0].lower()
    return local.startswith(f"{MARK}.") and unseal(local[len(MARK) + 1 :], keys) is not None


def read_message_id(value: str, domain: str, keys: Sequence[TokenKey]) -> Token | None:
    """Return what one of our own Message-IDs says, or nothing for any other and for a forged one."""
    if not shaped_like_ours(value, domain):
        return None
    local = value.strip().removeprefix("<").removesuffix(">").rpartition("@")[0]
    return unseal(local[len(MARK) + 1 :], keys)
