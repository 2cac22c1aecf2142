"""What an officer should look at before a reply goes: words that blame, other people's facts, gaps left open; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from handlers.addresses import folded
from handlers.letter_blocks import blocks
from handlers.redaction import PLACES, is_abusive
from handlers.references import find
from handlers.reply_words import UNUSUAL

LONGEST = 12_000
"""Characters of a reply; longer ones are documents, and go as such."""
LONG = 4_000
_ADDRESS = re.compile(r"(?<![^\s<>(),;:])[^\s<>(),;:@]{1,64}@[^\s<>(),;:@]{1,255}\.[a-z]{2,24}", re.IGNORECASE)
_GAP = re.compile(r"\[[^\[\]\n]{1,60}\]|\b[Xx]{3,}\b|_{4,}|\bTODO\b|\.{5,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing to look at; with ``stops`` the reply cannot go before it is mended."""

    code: str
    said: str
    stops: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What a reply is held against: its case's reference, the addresses that may stand in it, the words it began with.

    ``references`` says of other references in the words whether their resident is the same.
    """

    reference: str
    opening: str
    addresses: Collection[str] = ()
    references: Mapping[str, bool] | None = None


def checks(subject: str, words: str, around: Around) -> tuple[Check, ...]:
    """Return what there is to look at, what stops the reply first."""
    found = [*_size(subject, words, around), *_others(f"{subject}\n{words}", around), *_manner(f"{subject}\n{words}")]
    return tuple(sorted(found, key=lambda check: not check.stops))


def other_references(words: str, own: str) -> list[str]:
    """Return the references in the words that are not the case's own."""
    return [str(reference) for reference in find(words) if str(reference) != own]


def _size(subject: str, words: str, around: Around) -> list[Check]:
    if not subject.strip():
        return [Check(code="subject", said="The reply has no subject.", stops=True)]
    if not blocks(words) or blocks(words) == blocks(around.opening):
        return [Check(code="empty", said="The reply says nothing yet.", stops=True)]
    if len(words) > LONGEST:
        said = f"The reply has {len(words):,} characters. It can have at most {LONGEST:,}."
        return [Check(code="too-long", said=said, stops=True)]
    if len(words) > LONG:
        return [Check(code="long", said=f"The reply has {len(words):,} characters. Could it be shorter?")]
    return []


def _others(words: str, around: Around) -> list[Check]:
    found = []
    for name in other_references(words, around.reference):
        same = (around.references or {}).get(name, False)
        whose = "another case of the same resident" if same else "not a case of this resident"
        found.append(Check(code="reference", said=f"{name} is {whose}. Does it belong in this letter?"))
    known = {folded(address) for address in around.addresses}
    written = dict.fromkeys(match.rstrip(".") for match in _ADDRESS.findall(words))
    strange = [address for address in written if folded(address) not in known]
    asked = "belongs to nobody on this case. May the resident have it?"
    return found + [Check(code="address", said=f"{address} {asked}") for address in strange]


def _manner(words: str) -> list[Check]:
    small = " ".join(words.lower().split())
    found = [
        Check(code="words", said=f"“{phrase}”: {instead}.")
        for phrase, instead in UNUSUAL.items()
        if re.search(rf"\b{re.escape(phrase)}\b", small)
    ]
    found += [
        Check(code="gap", said=f"“{gap}” looks like a gap that was to be filled in.")
        for gap in dict.fromkeys(_GAP.findall(words))
        if gap not in PLACES
    ]
    if is_abusive(words):
        found.append(Check(code="abuse", said="Abusive words are repeated. Leave them out: a letter never quotes them."))
    return found
