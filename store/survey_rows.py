"""What invitations to a survey ask of the store: which complaints ended lately, and what came of it on each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, text

from store.models import Case, CaseEvent, CaseStatus, OutboxEntry, Party
from store.rows import columns, core, whole
from store.unit import Glance

AT_ONCE = 200
_CLOSED = text("case_event.kind = 'closed'")
"""Word for word the condition of the index, or SQLite does not see that it holds."""


def ended_between(glance: Glance, first: datetime, until: datetime, *, but: Collection[str] = ()) -> list[int]:
    """Return complaints that were closed in this time and are closed now, without those that have an event of these kinds."""
    case, event = columns(Case), columns(CaseEvent)
    other = core(CaseEvent).alias("other")
    asked = select(other.c.id).where(other.c.case_id == case.id, other.c.kind.in_(sorted(but)))
    joined = core(CaseEvent).join(core(Case), case.id == event.case_id)
    ended = _CLOSED, event.at >= first, event.at < until, case.category == "complaint", case.status == CaseStatus.CLOSED
    statement = select(case.id).distinct().select_from(joined).where(*ended, *([~asked.exists()] if but else []))
    return list(glance.run(statement.order_by(case.id).limit(AT_ONCE) if but else statement.order_by(case.id)).scalars())


def events_of(glance: Glance, case_ids: Collection[int], kinds: Collection[str]) -> list[CaseEvent]:
    """Return the events of these kinds on these cases, in the order in which they were written."""
    event = columns(CaseEvent)
    wanted = event.case_id.in_(sorted(set(case_ids))), event.kind.in_(sorted(kinds))
    return glance.models(CaseEvent, whole(CaseEvent).where(*wanted).order_by(event.id))


def cases_of_person(glance: Glance, keys: Collection[str]) -> list[Case]:
    """Return the cases of whoever is known by one of these, in order: as their resident, in their own right."""
    case, party, known = columns(Case), columns(Party), sorted(set(keys))
    theirs = select(party.case_id).where(party.address.in_(known), party.role == "resident")
    statement = whole(Case).where(or_(case.id.in_(theirs), case.resident_address.in_(known)))
    return glance.models(Case, statement.order_by(case.id))


def invited_since(glance: Glance, case_ids: Collection[int], letter: str, since: datetime) -> bool:
    """Say whether a letter of this kind was written on one of these cases since then."""
    row = columns(OutboxEntry)
    wanted = row.case_id.in_(sorted(set(case_ids))), row.kind == letter, row.created_at > since
    return bool(glance.all(select(row.id).where(*wanted).limit(1)))
