"""A resident told one of us before it was passed on: the case counts from that day (Code 3.2, policy 4.5).

Earlier alone, by a named person, for a reason: our own way inside buys no time, and nobody loses a day by it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from handlers.calendar import CalendarGap
from handlers.case_acts import Act, Acts, Refused, reasoned
from handlers.clock import LONDON, london_day
from handlers.closing import what_of
from handlers.course.people import require_person
from handlers.course.recounting import TASK, TOLD, said
from handlers.course.stages import set_deadline
from handlers.deadlines import Due, by_rule, end_of, respond_by
from handlers.letter_words import day
from handlers.rows import Row
from store.course_models import StageRecord
from store.models import Case, CaseStatus, Deadline, OutboxEntry, OutboxState, Stage, Task

FROM_RECEIPT = ("acknowledge_1", "petition", "data_protection", "subject_access", "information_request")
"""Rules that count from the day on which we were told."""
FURTHEST = timedelta(days=366)


def say_told_earlier(acts: Acts, case_id: int, by: str, told_on: date, why: str) -> int:
    """Let a case count from the day on which its resident told one of us; what is owed on it comes sooner, each by an event."""
    require_person(by)
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        was = london_day(act.case.received_at)
        if act.case.status is CaseStatus.CLOSED:
            raise Refused("The case is closed: open it again first")
        if told_on >= was:
            raise Refused(f"It counts from {day(was)} already: only an earlier day can be given", "told_on")
        if told_on < was - FURTHEST:
            raise Refused("That is more than a year before it came: look at the year", "told_on")
        received_at = datetime.combine(told_on, time(12), LONDON).astimezone(UTC)
        act.unit.update(Case, case_id, received_at=received_at)
        for record in act.unit.find(StageRecord, case_id=case_id, stage=Stage.ONE):
            act.unit.update(StageRecord, record.id, received_at=received_at)
        act.tell("told_earlier", why, was=was.isoformat(), told_on=told_on.isoformat())
        for row, due in _sooner(act, acts, was, received_at):
            _set(act, row, due)
        return act.done(f"It counts from {day(told_on)} now.")


def _sooner(act: Act, acts: Acts, was: date, received_at: datetime) -> list[tuple[Deadline, Due]]:
    """Return what is owed and comes sooner by it, each with its new date; a date that a person named stays."""
    rows = act.unit.find(Deadline, case_id=act.case_id, met_at=None, superseded_at=None)
    found = []
    try:
        for row in rows:
            if row.rule in FROM_RECEIPT and row.counted_from == was:
                found.append((row, by_rule(row.rule, received_at, acts.calendar)))
            elif row.rule == "respond_1":
                found.append((row, respond_by(received_at, act.case.acknowledged_at, 1, acts.calendar)))
    except CalendarGap as error:
        raise Refused(f"The dates cannot be worked out: {error}", "told_on") from error
    return [(row, due) for row, due in found if due.due_on < row.due_on]


def _set(act: Act, row: Deadline, due: Due) -> None:
    """Set the date; whoever was told the old one is to be told the new one."""
    set_deadline(act, due, "the resident had told one of us before (Code 3.2)", replaces=(row.rule,))
    if row.rule not in TOLD or not act.unit.find(OutboxEntry, case_id=act.case_id, state=OutboxState.SENT):
        return
    words = f"To {what_of(row.rule)}: the date was {said(row.due_on)} and is {said(due.due_on)} now. Tell the resident"
    task: Row = {"kind": TASK, "case_id": act.case_id, "team": act.case.team, "why": words}
    by = max(end_of(due.due_on), act.now)  # never before it was asked
    act.unit.add(Task, [task | {"opened_at": act.now, "due_at": by, "assigned_to": act.case.assigned_to}])
