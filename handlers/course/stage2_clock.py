"""Whether stage 2 can begin, and from when its clock runs (Code 6.10, 6.11): never guessed, never a bar (policy 4.3.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from handlers.calendar import CalendarGap, WorkingCalendar
from handlers.clock import london_day
from handlers.course.stages import RESPONDS, record_of
from handlers.letter_words import day
from store.models import Deadline, Stage
from store.unit import Glance

USUAL_DAYS = 20
"""Working days after the complaint within which policy 4.3.6 expects to be asked; a lawful stage 1 may last longer (B1.5)."""
WAITS = "The stage 1 answer has not gone yet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stood:
    """How stage 1 of a complaint stands: when its answer went, or by when it is owed."""

    answered_at: datetime | None = None
    owed: Deadline | None = None

    def late(self, now: datetime) -> bool:
        """Say whether the answer is overdue: then nobody has to wait for it."""
        return self.answered_at is None and self.owed is not None and self.owed.due_at < now

    def against(self, now: datetime) -> str:
        """Return why stage 2 cannot begin yet, as a sentence; nothing where it can."""
        if self.answered_at is not None or self.late(now):
            return ""
        if self.owed is None:
            return f"{WAITS}, and no date for it stands on the case."
        return f"{WAITS}. It is due by {day(self.owed.due_on)}: the request waits until then, and is kept."

    def runs_from(self, asked_at: datetime, now: datetime) -> datetime:
        """Return from when the clock of stage 2 runs: the request, or later what it had to wait for (Code 6.11).

        A request that came before the stage 1 answer asks for something from the moment on at which that went, or was overdue.
        """
        waited = self.answered_at or (self.owed.due_at if self.owed is not None else asked_at)
        return min(max(asked_at, waited), now)


def stood_at(glance: Glance, case_id: int) -> Stood:
    """Look how stage 1 of a complaint stands: what counts is the letter that left, as its deadline and its record have it."""
    rows = glance.find(Deadline, case_id=case_id, rule=list(RESPONDS[Stage.ONE]), superseded_at=None)
    met = min((row.met_at for row in rows if row.met_at is not None), default=None)
    owed = [row for row in rows if row.met_at is None]
    if met is None and not owed:  # what was owed was replaced since: its record still knows
        record = record_of(glance, case_id, Stage.ONE)
        met = record.answered_at if record is not None else None
    return Stood(answered_at=met, owed=max(owed, key=lambda row: row.due_at, default=None))


def usually_by(received_at: datetime, calendar: WorkingCalendar) -> date | None:
    """Return by when policy 4.3.6 expects to be asked for stage 2; it is information alone, and bars nobody."""
    try:
        return calendar.count(london_day(received_at), USUAL_DAYS)[-1]
    except CalendarGap:
        return None
