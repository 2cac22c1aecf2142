"""Contacts that a colleague logged: what was said by telephone, on paper, at a visit or a walkabout (Code 1.2, 1.3).

They go the road of every message. The machine judges them too, but where the colleague said what it is, that stands, as
the judgement of a person.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from classifiers.taxonomy import Category, Flag, Reason
from classifiers.verdict import Verdict
from handlers.remembering import decided
from handlers.rows import Row, event_row, verdicting_row
from handlers.understanding import Understood
from intake.contact_facts import LoggedContact
from intake.message import Reading
from intake.told import ToldFacts

NAMED = {
    "telephone": "a telephone call",
    "letter": "a letter on paper",
    "visit": "a visit",
    "walkabout": "an estate walkabout",
    "part": "a part of another case",
}
"""How a contact came, as letters to colleagues and the history put it."""
LETTERS = {"complaint_acknowledged": "acknowledgement", "receipt": "receipt"}
LISTED = 80
"""Characters of the words by which a contact without a subject is known in lists."""


def decider(reading: Reading) -> str | None:
    """Return who said what this message is, when it was logged."""
    contact = reading.contact
    return contact.logged_by if contact is not None and contact.category in set(Category) else None


def heeded(understood: Understood) -> Understood:
    """Return a logged contact with the judgement that stands, and the machine's own beside it where a person overruled it."""
    contact, machine = understood.reading.contact, understood.verdict
    if contact is None:
        return understood
    own = machine if decider(understood.reading) is not None else None
    return replace(understood, verdict=_standing(understood.reading, contact, machine), machine=own)


def _standing(reading: Reading, contact: LoggedContact, machine: Verdict | None) -> Verdict | None:
    """Return the colleague's word over the machine's; flags of both, for danger is never unsaid."""
    verdict, person = machine, decider(reading)
    if person is not None and contact.category is not None:
        why = f"{contact.logged_by_name or person} said so when logging {NAMED[contact.way]}"
        verdict = decided(machine, Category(contact.category), why, _reason(contact), by=person)
    if verdict is None:
        return None
    added = _flags(contact)
    return replace(verdict, flags=tuple(flag for flag in Flag if flag in verdict.flags or flag in added))


def judgement_rows(case_id: int, understood: Understood, now: datetime, by: str) -> list[Row]:
    """Return how a message was judged, as it is kept: the machine's word stays beside a person's."""
    judged = ((understood.machine, by), (understood.verdict, decider(understood.reading) or by))
    return [verdicting_row(case_id, understood, verdict, now, who) for verdict, who in judged if verdict is not None]


def contact_columns(reading: Reading, now: datetime) -> Row:
    """Return the columns of a case that only a logged contact fills, or a form that asks for the same."""
    contact, told = reading.contact, reading.told
    if contact is None:
        return _told_columns(told, reading.new_text) if told is not None else {}
    row: Row = {
        "resident_name": contact.behalf or contact.name,
        "resident_phone": contact.phone,
        "home": contact.home,
        "subject": _subject(contact.words),
    }
    person = decider(reading)
    return row if person is None else row | {"looked_at": now, "looked_by": person}


def _told_columns(told: ToldFacts, words: str) -> Row:
    return {"resident_name": told.name, "resident_phone": told.phone, "home": told.home, "subject": _subject(words)}


def _subject(words: str) -> str:
    first = " ".join(words.split())
    return first if len(first) <= LISTED else f"{first[: LISTED - 1].rstrip()}…"


def contact_events(case_id: int, reading: Reading, message_id: int, now: datetime) -> list[Row]:
    """Return the event of a logged contact: by whom, how it came, when it was truly received, and why it is logged late.

    Nobody but the colleague is named: an event is never erased.
    """
    contact = reading.contact
    if contact is None:
        return []
    told = {
        "message": message_id,
        "way": contact.way,
        "received_at": contact.received_at,
        "logged_at": contact.logged_at,
        "for_another": contact.behalf is not None,
    }
    late = f"; {_late(contact)}" if contact.late_why else ""
    why = f"{NAMED[contact.way]} was logged{late}"
    return [event_row(case_id, "contact_logged", why, now, contact.logged_by, late_why=contact.late_why, **told)]


def by_hand(letter: str, contact: LoggedContact) -> str:
    """Say what a colleague must do where the letter that a contact deserves cannot go by mail."""
    ways = [f"ring {contact.phone}" if contact.phone else "", f"write to {contact.home}" if contact.home else ""]
    how = " or ".join(filter(None, ways)) or "nobody's telephone number or home is known: find them out"
    usable = "has no email address that can be answered" if contact.email else "gave no email address"
    named = LETTERS.get(letter, f"letter ({letter.replace('_', ' ')})")
    return f"{NAMED[contact.way]} {usable}, so no {named} went out: {how}"


def _late(contact: LoggedContact) -> str:
    return f"it was received on {contact.received_at:%Y-%m-%d} and logged later: {contact.late_why}"


def _reason(contact: LoggedContact) -> Reason | None:
    with suppress(ValueError):
        return Reason(contact.reason) if contact.reason else None
    return None


def _flags(contact: LoggedContact) -> set[Flag]:
    added = {flag for flag in Flag if flag in contact.flags}
    return added | ({Flag.REPRESENTATIVE} if contact.behalf else set())
