"""Who somebody is and where they live, from a few words by chat; what is found is the resident's own word, and marked so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.addresses import usable

POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE)
"""A British postcode, as Royal Mail writes them, with or without its blank."""
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d+])(?:\+44 ?|0)(?:\d[ -]?){9,10}(?!\d)")
_NAME = r"[A-Z][\w'-]*[a-z][\w'-]*"
_NAMED = (
    re.compile(r"\b(?i:my name(?: is|'s)|name:?) +([A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3})"),
    # What follows "I am" is oftener how somebody feels: two names or more, and nothing else in what they say there.
    re.compile(rf"^(?i:(?:hello|hi)[,.!]? )?(?i:i(?:'m| am)|this is) +({_NAME}(?: {_NAME}){{1,3}})(?=[.,!]|$)"),
)
_LONE_NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+){1,3}")
_PARTS = re.compile(r"[,;]|[.!?](?=\s|$)")
_OF_THEIRS = re.compile(
    r"a|address|also|and|at|best|by|can|contact|e|e-?mail|for|here(?:'s)?|hi|i'm|is|it(?:'s)?|mail|me|my|no|number|on|or|phone"
    r"|please|reach|reply|send|tel|thanks?|to|too|use|via|write|yes|you"
)
"""Words that may stand beside a mail address that somebody gives as their own; with any other it is part of a story."""
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
    phone = _PHONE.search(words)
    return Details(
        name=_name(lines),
        home=_home(lines),
        email=_email(lines),
        phone=phone[0].strip(" -") if phone else None,
    )


def says_where(words: str) -> bool:
    """Say whether the words hold a postcode, so that nobody need be asked for their address."""
    return POSTCODE.search(words) is not None


def _email(lines: list[str]) -> str | None:
    """Return the one mail address in the words, where it is given as the writer's own and not told of."""
    found = {address.rstrip(".").lower(): line for line in lines for address in _EMAIL.findall(line)}
    if len(found) != 1:
        return None
    ((address, line),) = found.items()
    parts = [part for part in _PARTS.split(_PHONE.sub("", _EMAIL.sub("@", line))) if part.strip(" -")]
    # In the middle of a line it is about somebody: "their contractor, bob@contractor.example, said".
    given = any("@" in part and _says_theirs(part) for part in (parts[0], parts[-1]))
    return address if given and usable(address) else None


def _says_theirs(words: str) -> bool:
    return all(_OF_THEIRS.fullmatch(word) for word in re.findall(r"\w[\w'-]*", words.lower()))


def _home(lines: list[str]) -> str | None:
    """Return the lines up to the one that ends with the postcode, without a name that stands alone before them."""
    last = next((number for number, line in enumerate(lines) if POSTCODE.search(line)), None)
    if last is None:
        return None
    wanted = [line for line in lines[: last + 1] if not (_LONE_NAME.fullmatch(line) or _says_name(line) or _EMAIL.search(line))]
    home = ", ".join(line.rstrip(",") for line in wanted)
    end = list(POSTCODE.finditer(home))
    return home[: end[-1].end()][-LONGEST_HOME:].strip(" ,") if end else None


def _says_name(line: str) -> bool:
    return any(pattern.fullmatch(line.rstrip(".,!")) for pattern in _NAMED)


def _name(lines: list[str]) -> str | None:
    named = next((found[1] for line in lines for pattern in _NAMED if (found := pattern.search(line))), None)
    return named or (lines[0] if len(lines) > 1 and _LONE_NAME.fullmatch(lines[0]) and not POSTCODE.search(lines[0]) else None)
