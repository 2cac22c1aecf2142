"""What a partner says of a case: kept, told on the case, and a person's to act on; it never closes anything by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.course.acting import Course
from handlers.handover.partners import Partner
from handlers.rows import MACHINE, SWEEP, Row, event_row
from store.arrivals import storable
from store.chain import append_events
from store.handover_models import Handover, HandoverNews
from store.handover_rows import silent_handovers
from store.lookups import hold_case
from store.models import Case, CaseStatus, Task
from store.unit import Unit

CHECK, READ, SILENT, TELL = "handover_check", "handover_news", "handover_silent", "handover_tell"
BY_HAND = "handover_by_hand"
"""Opened where the sweep would hand a case over, but something is missing."""
TASKS = (CHECK, READ, SILENT)
STATUSES = {
    "taken_on": "They have taken it on",
    "done": "They say that it is done",
    "not_theirs": "They will not do it",
    "said": "Something else",
}
ENDS = ("done", "not_theirs")
LONGEST = 4_000
MOST_AT_ONCE = 200
DAYS = 5
"""How long to wait for a partner that the settings name no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """One thing that a partner said, and when they say that they said it; ``to_read`` asks a person to read the words."""

    status: str
    words: str = ""
    told_at: datetime | None = None
    to_read: bool = False
    danger: bool = False


def take(  # noqa: PLR0917
    unit: Unit, row: Handover, news: News, now: datetime, by: str, partners: Mapping[str, Partner], case: Case
) -> Row:
    """Keep what was said, and open the task that it makes; the wait for more begins anew. Return the event of it."""
    words = kept_words(news)
    kept = {"handover_id": row.id, "at": now, "told_at": news.told_at, "status": news.status, "words": words}
    unit.add(HandoverNews, [kept])
    name = partners[row.partner].name if row.partner in partners else row.partner
    ends = news.status in ENDS
    chase_at = None if ends or row.ended_at is not None else now + timedelta(days=days_of(partners, row))
    unit.update(Handover, row.id, heard_at=now, status=news.status, chase_at=chase_at, warned_at=None)
    told = f"{name}: {STATUSES[news.status].lower() if news.status != 'said' else 'something new'}"
    event = event_row(row.case_id, "handover_news", told, now, by, handover=row.id, status=news.status)
    if case.status is CaseStatus.CLOSED and not news.danger and not news.to_read:
        return event
    if ends:
        add_task(unit, case, CHECK, f"{told}. Check it, and tell the resident", now, danger=news.danger)
    elif news.to_read:
        add_task(unit, case, READ, f"{told}. Read it, and answer them where they ask", now, danger=news.danger)
    return event


def kept_words(news: News) -> str:
    """Return the words as the store can keep them, whatever another system put into them."""
    return storable(news.words.strip()[:LONGEST])


def is_new(unit: Unit, row: Handover, news: News) -> bool:
    """Say whether a partner who is asked again and again says anything else than the last time."""
    last = max(unit.find(HandoverNews, handover_id=row.id), key=lambda one: one.id or 0, default=None)
    return last is None or (last.status, last.words or "") != (news.status, kept_words(news))


def days_of(partners: Mapping[str, Partner], row: Handover) -> int:
    """Return how many days a partner has to be heard of."""
    return partners[row.partner].chase_days if row.partner in partners else DAYS


def add_task(unit: Unit, case: Case, kind: str, why: str, now: datetime, *, danger: bool = False) -> None:
    """Open a task of a kind, unless one is open already and nobody is in danger."""
    if not danger and unit.find(Task, case_id=case.id, kind=kind, closed_at=None):
        return
    task: Row = {"kind": kind, "case_id": case.id, "why": why, "team": case.team, "assigned_to": case.assigned_to}
    unit.add(Task, [task | {"danger": danger, "opened_at": now, "due_at": now}])


def unreachable(name: str, why: str) -> str:
    """Return what a task says where a partner cannot be told what was handed over."""
    return f"{name} could not be told ({why}): tell them another way, or take it back"


def ring_them(whom: str, because: str) -> str:
    """Return what a task says where no machine can tell a partner that a case was taken back."""
    return f"ring {whom} and say that it was taken back: {because}"


def ask_after(course: Course) -> int:
    """Open a task, once, where nothing was heard of a hand-over for as long as the partner was given."""
    now = course.acts.clock.now()
    with course.acts.store.glance() as glance:
        silent = silent_handovers(glance, now, MOST_AT_ONCE)
    return sum(_ask(course, row.case_id, row.id or 0, now) for row in silent)


def _ask(course: Course, case_id: int, number: int, now: datetime) -> int:
    with course.acts.store.unit("T6") as unit:
        case, row = hold_case(unit, case_id), unit.get(Handover, number)
        if case is None or row is None or row.ended_at is not None or row.chase_at is None or row.chase_at > now:
            return 0
        unit.update(Handover, number, chase_at=None, warned_at=now)
        if case.status is not CaseStatus.CLOSED:
            name = course.partners[row.partner].name if row.partner in course.partners else row.partner
            why = f"{name} have said nothing: ask them, and tell the resident how it stands"
            if row.sent_at is None:
                why = f"{name} could not be told yet{f' ({row.error})' if row.error else ''}: tell them another way"
            add_task(unit, case, SILENT, why, now)
            append_events(unit, [event_row(case_id, SILENT, why, now, SWEEP, handover=number)])
        unit.commit()
    return 1


def failed(  # noqa: PLR0917
    unit: Unit, row: Handover, case: Case, name: str, why: str, now: datetime
) -> None:
    """Tell people that a partner cannot be told: once, with what went wrong."""
    said = unreachable(name, why)
    append_events(unit, [event_row(row.case_id, "handover_failed", said, now, MACHINE, handover=row.id)])
    if case.status is not CaseStatus.CLOSED:
        add_task(unit, case, SILENT, said, now)
