"""Calls the duty officer about emergencies, one name after another, until somebody says that they have it (law file, section 1).

Each attempt is claimed under a lease, made outside every transaction, and told on the case. Killed between the call and its
keeping, it is made again: better twice than never.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from handlers.clock import Clock
from handlers.hazards.calls import OLDEST
from handlers.hazards.duty import Call, Callers, Duty, DutyOfficer, NotCalled
from handlers.rows import MACHINE, event_row
from store.arrivals import storable
from store.chain import append_events
from store.engine import Store
from store.page_rows import ClaimedCall, call_placed, claim_calls
from store.unit import Unit

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
HELD_FOR = 0.9
"""Part of the lease in which a call must have been placed or failed."""
SOON = timedelta(seconds=20)
"""After a call that failed the next name is tried so soon; a whole list that fails is tried again after the longer wait."""
AFTER_A_ROUND = timedelta(minutes=1)
BATCH = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class _Placed:
    call: ClaimedCall
    officer: DutyOfficer
    answer: str
    reached: bool


class Paging:
    """Places the calls that are due."""

    def __init__(self, store: Store, duty: Duty, callers: Callers, clock: Clock) -> None:
        """Call by these ways; what is claimed is held for ``LEASE``."""
        self._store = store
        self._duty = duty
        self._callers = callers
        self._clock = clock

    async def once(self) -> int:
        """Place what is due; return how many calls were made or failed."""
        lease = secrets.token_hex(8)
        calls = await asyncio.to_thread(self._claim, lease)
        placed = await asyncio.gather(*map(self._place, calls))
        if placed:
            await asyncio.to_thread(self._write_down, lease, placed)
        return len(placed)

    def _claim(self, lease: str) -> Sequence[ClaimedCall]:
        now = self._clock.now()
        with self._store.unit("T4") as unit:
            found = claim_calls(unit, now, since=now - OLDEST, until=now + LEASE, lease=lease, limit=BATCH)
            if found:
                unit.commit()
        return found

    async def _place(self, call: ClaimedCall) -> _Placed:
        officer = self._duty.next(call.attempts)
        try:
            async with asyncio.timeout(LEASE.total_seconds() * HELD_FOR):
                answer = await self._callers[officer.way].call(officer, self._said(call))
        except NotCalled as error:
            return _Placed(call=call, officer=officer, answer=str(error), reached=False)
        except Exception as error:
            # The edge of the loop: whatever one way does, the others and the next names are tried.
            log.exception("the duty officer could not be called", call=call.id)
            return _Placed(call=call, officer=officer, answer=f"{type(error).__name__} in the way out", reached=False)
        return _Placed(call=call, officer=officer, answer=answer, reached=True)

    def _said(self, call: ClaimedCall) -> Call:
        page = f"{self._duty.desk_url}/cases/{call.reference}"
        return Call(id=f"{call.id}-{call.attempts}", reference=call.reference, words=call.words, page=page)

    def _write_down(self, lease: str, placed: Sequence[_Placed]) -> None:
        with self._store.unit("T5") as unit:
            for one in placed:
                self._keep(unit, lease, one)
            unit.commit()

    def _keep(self, unit: Unit, lease: str, one: _Placed) -> None:
        now, answer = self._clock.now(), storable(one.answer)[:200]
        call_placed(
            unit,
            one.call.id,
            lease,
            next_at=now + self._pause(one),
            answer=answer,
            sent_at=now if one.reached else None,
        )
        kind = "duty_called" if one.reached else "duty_not_reached"
        told = {"officer": one.officer.name, "by_way_of": one.officer.way, "attempt": one.call.attempts + 1}
        append_events(unit, [event_row(one.call.case_id, kind, answer or "taken", now, MACHINE, **told)])

    def _pause(self, one: _Placed) -> timedelta:
        if one.reached:
            return self._duty.wait
        is_last = (one.call.attempts + 1) % len(self._duty.officers) == 0
        return AFTER_A_ROUND if is_last else SOON
