"""Stage 2 is acknowledged in writing: from then on the final response is owed by the date that the letter names (Code 6.11, 6.14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.calendar import WorkingCalendar
from handlers.case_acts import Act, Refused
from handlers.clock import london_day
from handlers.course.posting import Posted, Posting
from handlers.course.sent import kind_of
from handlers.course.stage2_clock import stood_at
from handlers.course.stage2_letters import LETTER, Stage2Begun, repeatable
from handlers.course.stages import owed, record_of, set_deadline
from handlers.deadlines import respond_by
from handlers.letter_words import numbered
from store.casefile import letter_kinds
from store.course_models import StageRecord
from store.models import Case, Stage

PROMISED = "the final response runs from the acknowledgement, and its letter names this date (Code 6.14)"


def acknowledge(posting: Posting, act: Act, calendar: WorkingCalendar) -> Posted:
    """Write the acknowledgement; from now on the final response is owed by the date that it names, if that is the earlier."""
    now = replace(act, case=act.unit.get(Case, act.case_id) or act.case)
    record = record_of(now.unit, now.case_id, Stage.TWO)
    if record is None:
        raise Refused("This complaint is not at stage 2")
    _promise(now, record.received_at, calendar)
    asked = record.asked_at or record.received_at
    more = Stage2Begun(
        received_on=london_day(asked),
        in_question=numbered(record.points) if record.points else "",
        disagreement=repeatable(record.disagreement or ""),
        late=stood_at(now.unit, now.case_id).answered_at is None,
    )
    posted = posting.put(now, LETTER, more, of=_which(now))
    now.unit.update(StageRecord, record.id, letter_id=posted.letter_id)
    return posted


def _which(act: Act) -> int | None:
    """Return what tells this letter from an earlier one: of a complaint that had been put right as none, and went here twice."""
    before = [kind for kind in letter_kinds(act.unit, act.case_id) if kind_of(kind) == LETTER]
    return len(before) + 1 if before else None


def _promise(act: Act, received_at: datetime, calendar: WorkingCalendar) -> None:
    standing = owed(act.unit, act.case_id, ("respond_2",))
    due = respond_by(received_at, max(act.now, received_at), 2, calendar)
    if standing is not None and due.due_at < standing.due_at:
        set_deadline(act, due, PROMISED, replaces=("respond_2",))
