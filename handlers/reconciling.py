"""Once an hour: whatever is missing although it was answered for is said aloud, in the log and at the desk, until it is mended."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from handlers.clock import Clock
from handlers.own_trouble import StandingTroubleOf
from handlers.rows import SWEEP
from store.act_rows import close_tasks_by_ids
from store.engine import Store
from store.holes import holes
from store.models import Task

log = structlog.get_logger(__name__)

EVERY = timedelta(hours=1)
MATTER = "equation"
KIND = "reconciliation"
WHAT_TO_DO = "Tell whoever runs the machine: `intake verify` says all of it, and a backup may hold what is gone"


class Reconciling:
    """Holds what was answered for against what is there."""

    def __init__(self, store: Store, clock: Clock, team: str) -> None:
        """Look into this store; ask this team about what is missing."""
        self._store = store
        self._clock = clock
        self._team = team
        self._looked_at: datetime | None = None
        self._trouble = StandingTroubleOf(store, clock, MATTER)

    def once(self) -> list[str]:
        """Look, if the last time is an hour ago; return what was found missing."""
        now = self._clock.now()
        if self._looked_at is not None and now - self._looked_at < EVERY:
            return []
        with self._store.glance() as glance:
            found = holes(glance)
        for sentence in found:
            log.error("something is missing", what=sentence)
        self._trouble.stands("; ".join(found) or None)
        self._ask_a_person(found, now)
        self._looked_at = now
        return found

    def _ask_a_person(self, found: list[str], now: datetime) -> None:
        """Open one task for all that is missing, and close it when nothing is any more; what changed is told in it."""
        why = f"{'; '.join(found)}. {WHAT_TO_DO}"
        with self._store.glance() as glance:
            standing = glance.find(Task, kind=KIND, closed_at=None)
        if not found and not standing:
            return
        with self._store.unit("T6") as unit:
            if not found:
                ids = [task.id or 0 for task in standing]
                close_tasks_by_ids(unit, ids, at=now, by=SWEEP, outcome="nothing is missing any more")
            elif not standing:
                unit.add(Task, [{"kind": KIND, "team": self._team, "why": why, "opened_at": now, "due_at": now}])
            else:
                unit.update(Task, standing[0].id, why=why)
            unit.commit()
