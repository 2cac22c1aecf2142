"""A person looks at a random share of what the machine was sure is no complaint: so its mistakes are found and counted.

Which messages are drawn depends on a key of the landlord's: nobody who writes can tell, and every run draws the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from classifiers.taxonomy import TAXONOMY, Category
from handlers.calendar import WorkingCalendar
from handlers.clock import Clock
from handlers.deadlines import by_rule
from handlers.rows import MACHINE, SWEEP, Row, event_row
from handlers.tokens import TokenKey
from store.chain import append_events
from store.engine import Store
from store.lookups import hold_case
from store.models import Task
from store.spot_rows import KIND, Judgement, judgements_after, still_unchecked, where_to_begin
from store.unit import Unit

AT_ONCE = 5_000
"""Judgements looked at in one sweep."""
IN_FLIGHT = timedelta(minutes=5)
"""Judgements younger than this may have neighbours with lower numbers that are not committed yet."""
OLDEST = timedelta(days=14)
"""What was settled before this is not drawn any more, as where sampling is switched on late."""
NAMES = {str(entry.category): entry.name for entry in TAXONOMY}
TOP = 2**64


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Draws so many percent of the messages, by a keyed hash of each."""

    key: TokenKey
    percent: float

    def draws(self, message_id: int, input_sha256: str) -> bool:
        """Return whether this message is drawn: the same answer whenever and wherever it is asked."""
        words = f"spot-check:{message_id}:{input_sha256}".encode("ascii")
        lot = int.from_bytes(hmac.digest(self.key.secret, words, hashlib.sha256)[:8], "big")
        return lot < self.percent / 100 * TOP


class SpotChecks:
    """Opens the tasks, each message's at most once, a batch at a time and apart from all settling."""

    def __init__(self, store: Store, share: Share, calendar: WorkingCalendar, team: str, clock: Clock) -> None:
        """Give the tasks to ``team``; where it left off is found in the store, once."""
        self._store = store
        self._share = share
        self._calendar = calendar
        self._team = team
        self._clock = clock
        self._last: int | None = None

    def once(self) -> int:
        """Look at the judgements since the last time; return how many checks were opened."""
        if not self._share.percent:
            return 0
        now = self._clock.now()
        with self._store.glance() as glance:
            last = where_to_begin(glance, now - OLDEST) if self._last is None else self._last
            found = judgements_after(glance, last, AT_ONCE)
        # Never past one that is in flight: those before it that are not committed yet would be left out for ever.
        settled = list(takewhile(lambda judgement: judgement.at < now - IN_FLIGHT, found))
        drawn = [judgement for judgement in settled if _sure(judgement) and self._drawn(judgement)]
        opened = self._open(drawn, now) if drawn else 0
        self._last = settled[-1].id if settled else last
        return opened

    def _drawn(self, judgement: Judgement) -> bool:
        return self._share.draws(judgement.message_id, judgement.input_sha256)

    def _open(self, drawn: Sequence[Judgement], now: datetime) -> int:
        with self._store.unit("T3") as unit:
            _hold(unit, drawn)
            fresh = still_unchecked(unit, [judgement.message_id for judgement in drawn], (MACHINE, SWEEP))
            chosen = {judgement.message_id: judgement for judgement in drawn if judgement.message_id in fresh}.values()
            unit.add(Task, [self._task(judgement, now) for judgement in chosen])
            append_events(unit, [_event(judgement, now) for judgement in chosen])
            if chosen:
                unit.commit()
        return len(chosen)

    def _task(self, judgement: Judgement, now: datetime) -> Row:
        return {
            "kind": KIND,
            "case_id": judgement.case_id,
            "message_id": judgement.message_id,
            "team": self._team,
            "why": _why(judgement),
            "opened_at": now,
            "due_at": by_rule(KIND, now, self._calendar).due_at,
        }


def _hold(unit: Unit, drawn: Sequence[Judgement]) -> None:
    """Hold the cases, in order: of two workers with the same draw, the second finds the first one's tasks."""
    for case_id in sorted({judgement.case_id for judgement in drawn if judgement.case_id is not None}):
        hold_case(unit, case_id)


def _sure(judgement: Judgement) -> bool:
    """Return whether the machine settled this by itself as no complaint."""
    alone = judgement.by == MACHINE and judgement.route == "auto" and judgement.case_id is not None
    return alone and judgement.category != Category.COMPLAINT


def _why(judgement: Judgement) -> str:
    named = NAMES.get(judgement.category, judgement.category)
    sure = f" {judgement.confidence:.2f}" if judgement.confidence is not None else ""
    return f"drawn by lot; the machine was sure: {named}{sure}. Is it?"


def _event(judgement: Judgement, now: datetime) -> Row:
    details = {"message": judgement.message_id, "category": judgement.category}
    return event_row(judgement.case_id or 0, "spot_check_opened", "drawn by lot for a person to check", now, SWEEP, **details)
