"""Tells partners of what was handed over, and asks after it where their system can be asked; in the ``send`` role's loop.

Each attempt is claimed under a lease and made outside every transaction. Killed between the telling and its keeping, it is
made once more with the same key; a second time it is a person's, so that a partner gets nothing more than twice.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from handlers.clock import Clock
from handlers.handover.news import TELL, News, add_task, failed, is_new, ring_them, take
from handlers.handover.partners import Partner
from handlers.rows import MACHINE, Row, event_row
from store.arrivals import storable
from store.chain import append_events
from store.engine import Store
from store.handover_models import Handover
from store.handover_rows import claim_handovers, write_handover
from store.lookups import hold_case
from store.models import Case
from store.unit import Unit

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=3)
HELD_FOR = 0.9
MOST_UNSURE = 1
MOST_ATTEMPTS = 12
BATCH = 10
BACK_OFF = (60, 300, 900, 3_600, 14_400)
"""Seconds to wait after the first and further attempts that the other side did not take."""


class NotTaken(Exception):
    """The partner's side took nothing: ``again`` says whether it may later; ``unsure`` that nobody knows whether it did."""

    def __init__(self, sentence: str, *, again: bool = True, unsure: bool = False) -> None:
        """Say why, in words that people can read."""
        super().__init__(sentence)
        self.again, self.unsure = again, unsure


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What came of one step: where the hand-over stands now, when to go on, and what the partner said."""

    state: str
    again_in: timedelta | None = None
    token: str | None = None
    external_id: str | None = None
    news: tuple[News, ...] = ()


class Way(Protocol):
    """A way by which a partner is told, and perhaps asked."""

    async def step(self, row: Handover, partner: Partner) -> Told:
        """Take the next step of a hand-over, or raise ``NotTaken``."""


class Sending:
    """Takes the steps that are due."""

    def __init__(self, store: Store, partners: Mapping[str, Partner], ways: Mapping[str, Way], clock: Clock) -> None:
        """Tell these partners, each by their way."""
        self._store = store
        self._partners = partners
        self._ways = ways
        self._clock = clock

    async def once(self) -> int:
        """Take what is due; return how many steps were tried."""
        lease = secrets.token_hex(8)
        rows = await asyncio.to_thread(self._claim, lease)
        came = await asyncio.gather(*map(self._step, rows))
        faults = [fault for row, what in zip(rows, came, strict=True) if (fault := await self._kept(lease, row, what))]
        if faults:
            raise faults[0]
        return len(rows)

    async def _kept(self, lease: str, row: Handover, what: Told | NotTaken) -> Exception | None:
        try:
            await asyncio.to_thread(self._write_down, lease, row, what)
        except Exception as error:
            # One that cannot be written down keeps no other from it: what nobody wrote down would be told twice.
            log.exception("what came of a hand-over was not written down", handover=row.id)
            return error
        return None

    def _claim(self, lease: str) -> list[Handover]:
        now = self._clock.now()
        with self._store.unit("T4") as unit:
            rows = claim_handovers(unit, now, until=now + LEASE, lease=lease, limit=BATCH)
            if rows:
                unit.commit()
        return rows

    async def _step(self, row: Handover) -> Told | NotTaken:
        partner = self._partners.get(row.partner)
        if partner is None or partner.way != row.way:
            return NotTaken("the settings name them no more, or by another way", again=False)
        if row.unsure > MOST_UNSURE and (row.sent_at is None or row.ended_at is not None):
            return NotTaken("it may have reached them twice, and nobody wrote down what came of it", again=False)
        try:
            async with asyncio.timeout(LEASE.total_seconds() * HELD_FOR):
                return await self._ways[row.way].step(row, partner)
        except NotTaken as error:
            return error
        except Exception as error:
            # The edge of the loop: whatever one way does, the other hand-overs go on. Whether this one arrived nobody knows.
            log.exception("a hand-over failed", handover=row.id)
            return NotTaken(f"{type(error).__name__} in the way out", unsure=True)

    def _write_down(self, lease: str, row: Handover, what: Told | NotTaken) -> None:
        now = self._clock.now()
        with self._store.unit("T6") as unit:
            case = hold_case(unit, row.case_id)
            told = self._values(row, what, now)
            if case is None or not write_handover(unit, row.id or 0, lease, told):
                return
            name = self._partners[row.partner].name if row.partner in self._partners else row.partner
            if row.ended_at is not None:
                self._told_back(unit, row, what, case, told, now)
            elif isinstance(what, NotTaken):
                if told.get("state") == "failed":
                    failed(unit, row, case, name, told["error"], now)
            else:
                self._tell(unit, row, what, name, now)
                events = [
                    take(unit, row, news, now, MACHINE, self._partners, case) for news in what.news if is_new(unit, row, news)
                ]
                append_events(unit, events)
            unit.commit()

    def _told_back(  # noqa: PLR0917
        self, unit: Unit, row: Handover, what: Told | NotTaken, case: Case, told: Row, now: datetime
    ) -> None:
        """Write down that the partner knows it was taken back, or let people tell them."""
        if isinstance(what, NotTaken):
            if told.get("state") == "taken_back":
                name = self._partners[row.partner].to_ring if row.partner in self._partners else row.partner
                add_task(unit, case, TELL, ring_them(name, f"the mail could not be sent: {told['error']}"), now)
            return
        said = f"{self._partners[row.partner].name} were told that it was taken back"
        append_events(unit, [event_row(row.case_id, "handover_back_told", said, now, MACHINE, handover=row.id)])

    def _values(self, row: Handover, what: Told | NotTaken, now: datetime) -> dict[str, Any]:
        if isinstance(what, NotTaken):
            error, unsure = storable(str(what))[:300], row.unsure + what.unsure
            over = not what.again or row.attempts >= MOST_ATTEMPTS or unsure > MOST_UNSURE
            if over and row.ended_at is not None:
                return {"state": "taken_back", "next_at": None, "error": error, "unsure": unsure}
            if over and row.sent_at is None:
                return {"state": "failed", "next_at": None, "chase_at": None, "error": error, "unsure": unsure}
            pause = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
            return {"next_at": now + timedelta(seconds=pause), "error": error, "unsure": unsure}
        if row.ended_at is not None:
            return {"state": what.state, "next_at": None, "error": None, "attempts": 0, "unsure": 0}
        values: dict[str, Any] = {"state": what.state, "error": None, "attempts": 0, "unsure": 0}
        values["next_at"] = now + what.again_in if what.again_in is not None else None
        if row.sent_at is None:
            values["sent_at"] = now
        for name in ("token", "external_id"):
            if (value := getattr(what, name)) is not None:
                values[name] = storable(value)[:200]
        return values

    def _tell(self, unit: Unit, row: Handover, what: Told, name: str, now: datetime) -> None:
        if row.sent_at is None:
            details = {"handover": row.id, "partner": row.partner}
            append_events(unit, [event_row(row.case_id, "handover_sent", f"{name} were told", now, MACHINE, **details)])
        if what.external_id is not None and what.external_id != row.external_id:
            said = f"{name} call it {storable(what.external_id)[:200]}"
            append_events(unit, [event_row(row.case_id, "handover_numbered", said, now, MACHINE, handover=row.id)])
