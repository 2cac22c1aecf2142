"""A complaint of a resident by mail, and what the tests about time do with it: let days pass, let letters leave, look."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time

from handlers.clock import LONDON
from houses import Postbag, arrive, mail, settle
from store.chain import verify_chain
from store.course_models import Breach, Extension, ProgressUpdate, Warned
from store.models import Case, CaseEvent, Deadline, OutboxEntry, Task

WORDS = "complaint! The lift has been broken for three weeks and nobody tells us anything.\n\nPlease mend it."


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a London time of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def rows(house, table, **wanted):
    """Return rows of a table; the chains of all cases must hold."""
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


def one(house, table, **wanted):
    (row,) = rows(house, table, **wanted)
    return row


def letters_leave(house, postbag=None):
    """Send every letter that is due; return the postbag."""
    bag = postbag or Postbag()
    asyncio.run(house.outbox(bag).once(500))
    return bag


def complaint(house, words=WORDS, sender="ada@resident.example"):
    """Let a complaint come in by mail, and its acknowledgement leave; return the case."""
    arrive(house, mail(words, sender=sender), sender=sender)
    settle(house)
    letters_leave(house)
    return rows(house, Case)[-1]


def later(house, day, hour=9, minute=0):
    """Let it be a later day, and let the sweep and the letters go once."""
    house.clock.at = at(day, hour, minute)
    swept = house.sweep().once()
    letters_leave(house)
    return swept


def owed(house, case, rule):
    return one(house, Deadline, case_id=case.id, rule=rule, met_at=None, superseded_at=None)


def kinds(house, case):
    """Return the kinds of what happened to a case, in order."""
    return [event.kind for event in rows(house, CaseEvent, case_id=case.id)]


def open_tasks(house, case, kind):
    return rows(house, Task, case_id=case.id, kind=kind, closed_at=None)


def letter(house, case, kind):
    """Return the latest letter of a kind on a case."""
    return [row for row in rows(house, OutboxEntry, case_id=case.id) if row.kind.startswith(kind)][-1]


TABLES = (Breach, Extension, ProgressUpdate, Warned)
