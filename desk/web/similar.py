"""Earlier messages like this one, and what was decided about them: by the same sender first, then by shared words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desk.web.desk import Desk
from desk.web.likeness import compared, most_alike, rare_words, words_of
from desk.web.marking import plain
from desk.web.rights import Person
from store.desk_models import Staff
from store.models import Message, Verdicting
from store.similar_rows import (
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
MOST_FIRST_WORDS: Final = 160


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
    own = words_of(message.subject, message.new_text)
    with desk.glance() as glance:
        asked = _asked(glance, person, message)
        theirs = from_same_sender(glance, asked)[:MOST_FROM_SENDER]
        known = {earlier.message_id for earlier in theirs}
        others = [compared(earlier) for earlier in lately_decided(glance, asked) if earlier.message_id not in known]
        known |= {other[0].message_id for other in others}
        found = of_rare_words(glance, asked, rare_words(own, others))
        others += [compared(earlier) for earlier in found if earlier.message_id not in known]
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
