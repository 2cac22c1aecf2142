"""Calls to the duty officer: claimed under a lease, put on to the next name, and ended by whoever takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, select, update

from store.hazard_models import Page
from store.models import Case, CaseStatus
from store.rows import any_of, columns, core
from store.unit import Glance, Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimedCall:
    """A call as whoever places it needs it; ``attempts`` counts those before this one."""

    id: int
    case_id: int
    message_id: int | None
    words: str
    made_at: datetime
    attempts: int
    reference: str


def claim_calls(unit: Unit, now: datetime, *, since: datetime, until: datetime, lease: str, limit: int) -> list[ClaimedCall]:
    """Claim the calls that are due, none older than ``since`` and none of a closed case; nobody else sees them ``until`` then."""
    told = {"now": now, "since": since, "at_most": limit}
    rows = [dict(row) for row in unit.run(due_calls(), told).mappings()]
    if rows:
        unit.run(_claim(), {"ids": [row["id"] for row in rows], "new_lease": lease, "until": until})
    return [ClaimedCall(**row) for row in rows]


@cache
def due_calls() -> Select[Any]:
    """Return the question which calls are due; it locks what nobody else just claims."""
    page, case = columns(Page), columns(Case)
    asked = [page[name] for name in ClaimedCall.__dataclass_fields__ if name != "reference"]
    joined = core(Page).join(core(Case), case.id == page.case_id)
    wanted = page.taken_at.is_(None), page.due_at <= _time("now"), page.made_at >= _time("since")
    statement = select(*asked, case.reference).select_from(joined).where(*wanted, case.status != CaseStatus.CLOSED)
    statement = statement.order_by(page.due_at, page.id).limit(bindparam("at_most", type_=page.attempts.type))
    return statement.with_for_update(of=core(Page), skip_locked=True)


@cache
def _claim() -> Update:
    page = columns(Page)
    changed = {"lease": bindparam("new_lease"), "due_at": bindparam("until", type_=page.due_at.type)}
    return update(core(Page)).where(page.id.in_(any_of("ids"))).values(changed)


def call_placed(unit: Unit, call_id: int, lease: str, *, next_at: datetime, answer: str, sent_at: datetime | None) -> bool:
    """Write down one attempt, if the lease is still ours and nobody took the call meanwhile; return whether it was."""
    page = columns(Page)
    changed: dict[str, Any] = {"attempts": page.attempts + 1, "lease": None, "due_at": next_at, "answer": answer}
    changed |= {"sent_at": sent_at} if sent_at is not None else {}
    ours = page.id == call_id, page.lease == lease, page.taken_at.is_(None)
    return unit.run(update(core(Page)).where(*ours).values(**changed)).rowcount > 0


def calls_of(glance: Glance, case_id: int) -> list[Page]:
    """Return the calls about a case, in order."""
    return glance.find(Page, case_id=case_id)


def _time(name: str) -> Any:
    return bindparam(name, type_=columns(Page).due_at.type)
