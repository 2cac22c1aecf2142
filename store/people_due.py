"""What is due about people: adjustments and restrictions to look at again, restrictions that end, residents to ring."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import or_, select

from store.models import Case, CaseStatus, Deadline, OutboxEntry, OutboxState, Task
from store.people_models import Adjustment, Restriction
from store.rows import columns, core, whole
from store.unit import Glance

MOST = 200
T = TypeVar("T", Adjustment, Restriction)


def adjustments_due(glance: Glance, today: date) -> list[Adjustment]:
    """Return adjustments that stand and are to be looked at by today, of which nobody was told yet."""
    kept = columns(Adjustment)
    wanted = kept.ended_at.is_(None), kept.review_on <= today, kept.warned_at.is_(None)
    return glance.models(Adjustment, whole(Adjustment).where(*wanted).order_by(kept.id).limit(MOST))


def restrictions_due(glance: Glance, today: date) -> list[Restriction]:
    """Return restrictions in force of which the review is due and nobody was told, or the end has passed."""
    kept = columns(Restriction)
    review = (kept.review_on <= today) & kept.warned_at.is_(None)
    wanted = kept.state == "active", or_(review, kept.ends_on < today)
    return glance.models(Restriction, whole(Restriction).where(*wanted).order_by(kept.id).limit(MOST))


def unrung(glance: Glance, kind: str, since: datetime, written_since: datetime) -> list[Case]:
    """Return complaints acknowledged since then by a letter that went, with a telephone number and no task yet to ring."""
    case, letter, task = columns(Case), columns(OutboxEntry), columns(Task)
    asked = select(task.id).where(task.case_id == case.id, task.kind == kind)
    went = (
        letter.created_at >= written_since,
        letter.kind == "complaint_acknowledged",
        letter.state == OutboxState.SENT,
        letter.sent_at >= since,
    )
    acknowledged = select(letter.case_id).where(*went)
    open_ = case.status == CaseStatus.OPEN, case.category == "complaint", case.resident_phone.is_not(None)
    wanted = case.id.in_(acknowledged), *open_, ~asked.exists()
    return glance.models(Case, whole(Case).where(*wanted).order_by(case.id).limit(MOST))


def answered_but_unrung(glance: Glance, kind: str, rules: Collection[str]) -> list[int]:
    """Return the cases with an open task to ring of which the answer has gone."""
    task, deadline = columns(Task), columns(Deadline)
    met = select(deadline.id).where(
        deadline.case_id == task.case_id, deadline.rule.in_(sorted(rules)), deadline.met_at.is_not(None)
    )
    wanted = task.closed_at.is_(None), task.kind == kind, met.exists()
    return list(glance.run(select(task.case_id).select_from(core(Task)).where(*wanted).limit(MOST)).scalars())


def kept_adjustments(glance: Glance) -> list[tuple[Adjustment, str]]:
    """Return every adjustment with the reference of the case on which it was agreed, the oldest first."""
    return _with_references(glance, Adjustment)


def kept_restrictions(glance: Glance) -> list[tuple[Restriction, str]]:
    """Return every restriction with the reference of the case on which it was proposed, the oldest first."""
    return _with_references(glance, Restriction)


def _with_references(glance: Glance, table: type[T]) -> list[tuple[T, str]]:
    rows = glance.models(table, whole(table).order_by(columns(table).id))
    case = columns(Case)
    named = dict(glance.all(select(case.id, case.reference).where(case.id.in_({row.case_id for row in rows}))))
    return [(row, named[row.case_id]) for row in rows]
