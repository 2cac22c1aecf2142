"""Hand-overs: claimed under a lease by whoever tells the partner, written down by nobody else, and found when nothing is heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from store.handover_models import Handover, HandoverNews
from store.models import Case
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
