"""Hand-overs: claimed under a lease by whoever tells the partner, written down by nobody else, and found when nothing is heard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from store.handover_models import Handover
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
    """Write down what came of an attempt, if it is still ours and was not taken back; return whether it was."""
    row = columns(Handover)
    ours = row.id == handover_id, row.lease == lease, row.ended_at.is_(None)
    return unit.run(update(core(Handover)).where(*ours).values(lease=None, **values)).rowcount > 0


def silent_handovers(glance: Glance, now: datetime, limit: int) -> list[Handover]:
    """Return those of which nothing was heard for as long as the partner was given."""
    row = columns(Handover)
    statement = whole(Handover).where(row.chase_at.is_not(None), row.chase_at <= now)
    return glance.models(Handover, statement.order_by(row.chase_at, row.id).limit(limit))
