"""Once a minute: what nobody looked at in time is decided for the resident, and what did not arrive is shown.

If no person has looked before the acknowledgement's deadline nears and a complaint cannot be ruled out, the message is
logged and acknowledged as a complaint (design section 2, 5). A letter that still waits on working day 3 becomes a task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from handlers.calendar import CalendarGap
from handlers.casework import Pages
from handlers.circumstances import Surroundings
from handlers.clock import Clock, london_day
from handlers.course.stage2_letters import LETTER as STAGE_2
from handlers.deadlines import by_rule, end_of
from handlers.delivery import ACKNOWLEDGES
from handlers.reconciling import Reconciling
from handlers.relogging import Relogging
from handlers.remembering import remembered
from handlers.rows import SWEEP, Row, event_row
from handlers.spot_checks import SpotChecks
from store.casefile import cases_by_ids, first_message, latest_verdicting, unconfirmed, unsent_letters
from store.chain import append_events
from store.engine import Store
from store.lookups import NearDeadline, hold_case, near_deadlines
from store.models import CaseStatus, OutboxEntry, Task

log = structlog.get_logger(__name__)

A_WEEK = timedelta(days=7)
NOBODY_LOOKED = "nobody looked before the deadline neared, and a complaint cannot be ruled out (Code 6.2)"
NOBODY_CONFIRMED = "nobody confirmed the definition before the deadline neared: acknowledged as drafted (Code 6.2)"
STILL_UNSENT = 3
"""Working days after which an acknowledgement that has not gone is a person's matter."""


class Sweep:
    """Acts where people were too slow, always for the resident."""

    def __init__(
        self,
        store: Store,
        surroundings: Surroundings,
        relogging: Relogging,
        clock: Clock,
        *,
        working_days_before: int,
        spot_checks: SpotChecks,
        reconciling: Reconciling,
        chores: Mapping[str, Callable[[], int]],
    ) -> None:
        """Act ``working_days_before`` the acknowledgement deadline begins to be missed (0: on its very day)."""
        self._spot_checks = spot_checks
        self._reconciling = reconciling
        self._chores = chores
        self._store = store
        self._surroundings = surroundings
        self._relogging = relogging
        self._clock = clock
        self._before = working_days_before

    def once(self) -> int:
        """Log and acknowledge what is near its deadline; open tasks for letters that did not go; return how many acts."""
        now = self._clock.now()
        with self._store.glance() as glance:
            horizon = self._horizon(now)
            near = [*near_deadlines(glance, "acknowledge_1", horizon), *unconfirmed(glance, "acknowledge_1", horizon)]
        for deadline in near:
            self._log_one(deadline)
        done = len(near) + self._show_unsent(now)
        self._draw()
        self._reconcile()
        return done + sum(self._chore(name, chore) for name, chore in self._chores.items())

    def _draw(self) -> None:
        try:
            self._spot_checks.once()
        except Exception:
            # The edge of the loop: whoever cannot draw lots today must still log what is due today.
            log.exception("spot checks failed")

    def _reconcile(self) -> None:
        try:
            self._reconciling.once()
        except Exception:
            # The edge of the loop: as above.
            log.exception("reconciliation failed")

    def _chore(self, name: str, chore: Callable[[], int]) -> int:
        try:
            return chore()
        except Exception:
            # The edge of the loop: one chore that fails keeps no other from what is due today.
            log.exception("a chore of the sweep failed", chore=name)
            return 0

    def _horizon(self, now: datetime) -> datetime:
        """Return the end of the last day whose deadlines are near: today, and so many working days on."""
        today = london_day(now)
        if not self._before:
            return end_of(today) + timedelta(seconds=1)
        try:
            last = self._surroundings.calendar.count(today, self._before)[-1]
        except CalendarGap:
            # Beyond the known holidays nothing is computed, but what is near on any calendar is not left lying.
            log.warning("the calendar ends: the sweep looks a week ahead")
            last = today + A_WEEK
        return end_of(last) + timedelta(seconds=1)

    def _log_one(self, deadline: NearDeadline) -> None:
        try:
            self._log(deadline.case_id)
        except Exception:
            # The edge of the loop: one case that cannot be logged must not keep the others from their deadline.
            log.exception("sweep failed for a case", case=deadline.reference)

    def _log(self, case_id: int) -> None:
        now = self._clock.now()
        with self._store.unit("T3") as unit:
            case, row = hold_case(unit, case_id), first_message(unit, case_id)
            if case is None or row is None or row.id is None or case.status is CaseStatus.CLOSED:
                return
            message = remembered(row, latest_verdicting(unit, row.id))
            why = NOBODY_LOOKED if case.status is CaseStatus.TRIAGE else NOBODY_CONFIRMED
            pages = Pages(now=now, by=SWEEP)
            situation = self._surroundings.look(unit, [message], now)
            self._relogging.as_complaint(unit, case, message, situation, pages, why=why)
            pages.write(unit)
            unit.commit()

    def _show_unsent(self, now: datetime) -> int:
        today = london_day(now)
        with self._store.unit("T3") as unit:
            # A letter written on day 0 that has not gone by working day 3 was written before this moment.
            letters = [letter for letter in unsent_letters(unit, ACKNOWLEDGES | {STAGE_2}, now) if self._late(letter, now)]
            cases = cases_by_ids(unit, [letter.case_id for letter in letters])
            unit.add(Task, [_task(letter, cases[letter.case_id].team, now) for letter in letters])
            append_events(
                unit, [event_row(x.case_id, "letter_late", _why(x), now, by=SWEEP, on=today.isoformat()) for x in letters]
            )
            if letters:
                unit.commit()
        return len(letters)

    def _late(self, letter: OutboxEntry, now: datetime) -> bool:
        try:
            return by_rule("undelivered", letter.created_at, self._surroundings.calendar).due_on <= london_day(now)
        except CalendarGap:
            return now - letter.created_at > A_WEEK


def _why(letter: OutboxEntry) -> str:
    return f"the letter {letter.kind} has not gone by working day {STILL_UNSENT} ({letter.answer or 'not tried yet'})"


def _task(letter: OutboxEntry, team: str, now: datetime) -> Row:
    return {
        "kind": "undelivered_letter",
        "case_id": letter.case_id,
        "message_id": letter.message_id,
        "team": team,
        "why": f"{_why(letter)}: reach the resident by the next-best way",
        "opened_at": now,
        "due_at": now,
    }
