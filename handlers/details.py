"""Who somebody is and where they live, from a few words by chat; what is found is the resident's own word, and marked so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.addresses import usable

POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE)
"""A British postcode, as Royal Mail writes them, with or without its blank."""
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d+])(?:\+44 ?|0)(?:\d[ -]?){9,10}(?!\d)")
_NAMED = re.compile(r"\b(?:my name(?: is|'s)|i(?:'m| am)|this is|name:?) +([A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3})", re.IGNORECASE)
_LONE_NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+){1,3}")
LONGEST_HOME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What was found; nothing is guessed, so most may be missing."""

    name: str | None = None
    home: str | None = None
    email: str | None = None
    phone: str | None = None

    def found(self) -> list[str]:
        """Return the names of what was found."""
        return [name for name in ("name", "home", "email", "phone") if getattr(self, name)]


def details_in(words: str) -> Details:
    """Return the details that somebody gave when asked for them."""
    lines = [" ".join(line.split()) for line in words.splitlines() if line.strip()]
    email, phone = _EMAIL.search(words), _PHONE.search(words)
    address = email[0].rstrip(".").lower() if email else None
    return Details(
        name=_name(lines),
        home=_home(lines),
        email=address if usable(address) else None,
        phone=phone[0].strip(" -") if phone else None,
    )


def says_where(words: str) -> bool:
    """Say whether the words hold a postcode, so that nobody need be asked for their address."""
    return POSTCODE.search(words) is not None


def _home(lines: list[str]) -> str | None:
    """Return the lines up to the one that ends with the postcode, without a name that stands alone before them."""
    last = next((number for number, line in enumerate(lines) if POSTCODE.search(line)), None)
    if last is None:
        return None
    wanted = [
        line for line in lines[: last + 1] if not (_LONE_NAME.fullmatch(line) or _NAMED.fullmatch(line) or _EMAIL.search(line))
    ]
    home = ", ".join(line.rstrip(",") for line in wanted)
    end = list(POSTCODE.finditer(home))
    return home[: end[-1].end()][-LONGEST_HOME:].strip(" ,") if end else None


def _name(lines: list[str]) -> str | None:
    named = next((found[1] for line in lines if (found := _NAMED.search(line)) and found[1][:1].isupper()), None)
    return named or (lines[0] if len(lines) > 1 and _LONE_NAME.fullmatch(lines[0]) and not POSTCODE.search(lines[0]) else None)
