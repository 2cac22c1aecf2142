"""Earlier messages like this one, and what was decided about them: by the same sender first, then by shared words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log, sqrt
from typing import Final

from desk.web.desk import Desk
from desk.web.marking import plain
from desk.web.rights import Person
from store.desk_models import Staff
from store.models import Message, Verdicting
from store.search_words import fold, stem
from store.similar_rows import (
    LONGEST,
    NOT_PEOPLE,
    Asked,
    Earlier,
    from_same_sender,
    judgements_of,
    lately_decided,
    of_rare_words,
)
from store.unit import Glance

MOST: Final = 5
MOST_FROM_SENDER: Final = 3
SHARED: Final = 3
"""Telling words that two messages must share: those which stand in few of the others, or in one of so many."""
FEW: Final = 4
RARE: Final = 12
ALIKE: Final = 0.2
"""How alike two messages must be to be shown: the cosine of their words, each weighed by its rareness."""
MOST_RARE: Final = 8
MOST_FIRST_WORDS: Final = 160
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


Words = frozenset[str]
Compared = tuple[Earlier, Words]


@dataclass(frozen=True, kw_only=True, slots=True)
class Similar:
    """An earlier message: what it said at first, and what was decided by whom (``decided_by`` is a name, not a username)."""

    message_id: int
    reference: str
    received_at: datetime
    subject: str
    first_words: str
    category: str | None
    decided_by: str
    by_person: bool
    same_sender: bool


def similar_messages(desk: Desk, person: Person, message: Message) -> tuple[Similar, ...]:
    """Return at most five earlier messages most like this one that the person may see."""
    own = words_of(_text(message.subject, message.new_text))
    with desk.glance() as glance:
        asked = _asked(glance, person, message)
        theirs = from_same_sender(glance, asked)[:MOST_FROM_SENDER]
        known = {earlier.message_id for earlier in theirs}
        others = [_compared(earlier) for earlier in lately_decided(glance, asked) if earlier.message_id not in known]
        known |= {compared[0].message_id for compared in others}
        found = of_rare_words(glance, asked, rare_words(own, others))
        others += [_compared(earlier) for earlier in found if earlier.message_id not in known]
        chosen = [*theirs, *most_alike(own, others, MOST - len(theirs))]
        judged = judgements_of(glance, [earlier.message_id for earlier in chosen])
        names = _names(glance, judged)
    return tuple(_similar(earlier, judged.get(earlier.message_id), names, earlier in theirs) for earlier in chosen)


def _asked(glance: Glance, person: Person, message: Message) -> Asked:
    number = message.id or 0
    standing = judgements_of(glance, [number]).get(number)
    return Asked(
        message_id=number,
        case_id=message.case_id,
        sender_address=message.sender_address,
        category=standing.category if standing else None,
        username=person.username,
        sees_restricted=person.sees_restricted,
    )


def _compared(earlier: Earlier) -> Compared:
    return earlier, words_of(_text(earlier.subject, earlier.text))


def most_alike(own: Words, others: Sequence[Compared], most: int) -> list[Earlier]:
    """Return those whose words are most like one's own, best first; words that all of them have count for little."""
    texts = [own, *(words for _, words in others)]
    spread = _spread(texts)
    weight = {word: log((len(texts) + 1) / count) ** 2 for word, count in spread.items()}
    telling = {word for word in own if spread[word] - 1 <= max(FEW, len(others) / RARE)}
    near = [(earlier, words) for earlier, words in others if len(telling & words) >= SHARED]
    scored = [(_cosine(own, words, weight), earlier.message_id, earlier) for earlier, words in near]
    alike = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: one[:2], reverse=True)
    return [earlier for _, _, earlier in alike[:most]]


def rare_words(own: Words, others: Sequence[Compared]) -> list[str]:
    """Return those of one's own words that are rarest among the others, the rarest first, of equals the longest."""
    spread = _spread([own & words for _, words in others])
    return sorted(own, key=lambda word: (spread[word], -len(word), word))[:MOST_RARE]


def words_of(text: str) -> Words:
    """Return the stems of a text's words, without numbers and words of one or two letters, which tell nothing."""
    return frozenset(map(stem, map(fold, set(_WORD.findall(text[:LONGEST])))))


def _spread(texts: Sequence[Words]) -> Counter[str]:
    return Counter(word for words in texts for word in words)


def _cosine(own: Words, other: Words, weight: dict[str, float]) -> float:
    shared = sum(map(weight.__getitem__, own & other))
    lengths = [sqrt(sum(map(weight.__getitem__, words))) for words in (own, other)]
    return shared / (lengths[0] * lengths[1]) if shared else 0.0


def _text(subject: str | None, text: str | None) -> str:
    return f"{subject or ''} {text or ''}"


def _names(glance: Glance, judged: dict[int, Verdicting]) -> dict[str, str]:
    people = {one.by for one in judged.values()} - set(NOT_PEOPLE)
    return {staff.username: staff.name for staff in glance.find(Staff, username=people)}


def _similar(earlier: Earlier, judged: Verdicting | None, names: dict[str, str], same_sender: bool) -> Similar:
    by = judged.by if judged else ""
    by_person = bool(by) and by not in NOT_PEOPLE
    # What the machine was unsure of and nobody has looked at is not decided.
    decided = judged is not None and (by_person or judged.route == "auto")
    return Similar(
        message_id=earlier.message_id,
        reference=earlier.reference,
        received_at=earlier.received_at,
        subject=plain(earlier.subject or ""),
        first_words=_first_words(earlier.text),
        category=judged.category if judged and decided else None,
        decided_by=names.get(by, by) if by_person else "the machine",
        by_person=by_person,
        same_sender=same_sender,
    )


def _first_words(text: str) -> str:
    flat = " ".join(plain(text[: MOST_FIRST_WORDS * 3]).split())
    return flat if len(flat) <= MOST_FIRST_WORDS else f"{flat[:MOST_FIRST_WORDS].rsplit(' ', 1)[0]}…"
