"""What follows once the written summary has really gone; and when a hazard is over."""

from __future__ import annotations

from datetime import datetime

from handlers.hazards.clocks import meet, running
from handlers.rows import Row, event_row
from intake.identity import MAIL
from store.hazard_models import Hazard
from store.models import OutboxEntry
from store.unit import Unit


def summary_went(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Mark the summary as sent, and its clock as met: only a letter that has gone does (SI 2025/1042).

    By chat it is whole only where it leads to the resident's own page, on which the letter stands: else a person gives it.
    """
    letter, events = unit.get(OutboxEntry, letter_id), list[Row]()
    if letter is None or (letter.way != MAIL and "http" not in (letter.short or "")):
        return events
    for hazard in unit.find(Hazard, case_id=case_id, letter_id=letter_id):
        unit.update(Hazard, hazard.id, summary_sent_at=hazard.summary_sent_at or at)
        events += meet(unit, hazard, ("hazard_summary",), at, "the written summary has gone to the tenant")
        events += ended(unit, hazard.id or 0, at, "machine")
    return events


def ended(unit: Unit, hazard_id: int, at: datetime, by: str) -> list[Row]:
    """End a hazard of which nothing is owed any more; return the event, or none while something is."""
    hazard = unit.get(Hazard, hazard_id)
    if hazard is None or hazard.ended_at is not None or not is_over(unit, hazard):
        return []
    unit.update(Hazard, hazard_id, ended_at=at)
    return [event_row(hazard.case_id, "hazard_ended", "nothing is owed of it any more", at, by, hazard=hazard_id)]


def is_over(unit: Unit, hazard: Hazard) -> bool:
    """Return whether a hazard was looked at, is safe, the tenant was told, and no clock of it runs."""
    told = hazard.investigated_on is not None and hazard.summary_sent_at is not None
    unsafe = hazard.moved_out_on is not None and hazard.safe_at is None
    return told and not unsafe and not running(unit, hazard)
