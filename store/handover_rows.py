"""Hand-overs: claimed under a lease by whoever tells the partner, written down by nobody else, and found when nothing is heard."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, or_, select, update

from store.desk_models import StaffAct
from store.handover_models import Handover, HandoverNews
from store.models import Case, CaseStatus, Task
from store.rows import columns, core, whole
from store.unit import Glance, Unit


def claim_handovers(unit: Unit, now: datetime, *, until: datetime, lease: str, limit: int) -> list[Handover]:
    """Claim what is due; a row whose last lease was never given back says so in ``unsure``."""
    row = columns(Handover)
    statement = whole(Handover).where(row.next_at.is_not(None), row.next_at <= now).order_by(row.next_at, row.id).limit(limit)
    found = unit.models(Handover, statement.with_for_update(skip_locked=True))
    for one in found:
        one.unsure += one.lease is not None
        one.attempts += 1
        taken = {"lease": lease, "next_at": until, "attempts": one.attempts, "unsure": one.unsure}
        unit.update(Handover, one.id, **taken)
    return found


def write_handover(unit: Unit, handover_id: int, lease: str, values: dict[str, Any]) -> bool:
    """Write down what came of an attempt, if it is still ours; return whether it was. Whatever ends a hand-over takes the lease away."""
    row = columns(Handover)
    ours = row.id == handover_id, row.lease == lease
    return unit.run(update(core(Handover)).where(*ours).values(lease=None, **values)).rowcount > 0


def silent_handovers(glance: Glance, now: datetime, limit: int) -> list[Handover]:
    """Return those of which nothing was heard for as long as the partner was given."""
    row = columns(Handover)
    statement = whole(Handover).where(row.chase_at.is_not(None), row.chase_at <= now)
    return glance.models(Handover, statement.order_by(row.chase_at, row.id).limit(limit))


@dataclass(frozen=True, kw_only=True, slots=True)
class Plain:
    """What a case must be to go to a partner without a person, as far as its rows tell."""

    categories: Collection[str]
    opened_by: datetime
    now: datetime
    answered: Collection[str]
    """Kinds of open tasks that a hand-over answers; any other, and any of danger, is a person's first."""
    asked: Collection[str]
    """Kinds of tasks that keep a case with people for good, closed or not."""


def plain_cases(glance: Glance, plain: Plain, *, after: int, limit: int, case_id: int | None = None) -> list[Case]:
    """Return open cases of one matter without any flag, task or act in the way, and never handed over, in the order of their numbers."""
    case, task, act, given = columns(Case), columns(Task), columns(StaffAct), columns(Handover)
    open_task = task.closed_at.is_(None) & (task.kind.not_in(list(plain.answered)) | task.danger)
    in_the_way = select(task.id).where(task.case_id == case.id, or_(open_task, task.kind.in_(list(plain.asked))))
    can_be_undone = select(act.id).where(act.case_id == case.id, act.undo_until > plain.now, act.undone_at.is_(None))
    no_lists = [cast(column, Text) == "[]" for column in (case.also, case.flags)]
    no_complaint = case.category.in_(list(plain.categories)), case.stage.is_(None), case.logged_at.is_(None)
    stands = case.status == CaseStatus.OPEN, ~case.restricted, case.opened_at <= plain.opened_by, case.id > after
    others = [~select(given.id).where(given.case_id == case.id).exists(), ~in_the_way.exists(), ~can_be_undone.exists()]
    wanted = [*stands, *no_complaint, *no_lists, *others, *([case.id == case_id] if case_id is not None else [])]
    return glance.models(Case, whole(Case).where(*wanted).order_by(case.id).limit(limit))


@dataclass(frozen=True, kw_only=True, slots=True)
class OutThere:
    """A hand-over that is not over: its case's reference, and what was said of it last."""

    reference: str
    handover: Handover
    news: HandoverNews | None


def out_there(glance: Glance) -> list[OutThere]:
    """Return all hand-overs that are not over, the longest out first."""
    row, case, news = columns(Handover), columns(Case), columns(HandoverNews)
    rows = glance.models(Handover, whole(Handover).where(row.ended_at.is_(None)).order_by(row.made_at, row.id))
    out = select(row.id).where(row.ended_at.is_(None))
    said = glance.models(HandoverNews, whole(HandoverNews).where(news.handover_id.in_(out)).order_by(news.id))
    last = {one.handover_id: one for one in said}
    named = select(case.id, case.reference).where(case.id.in_(select(row.case_id).where(row.ended_at.is_(None))))
    references: dict[int, str] = {found["id"]: found["reference"] for found in glance.run(named).mappings()}
    return [OutThere(reference=references[one.case_id], handover=one, news=last.get(one.id or 0)) for one in rows]
