"""Updates to a resident whose complaint is outside its time: promised for a date, sent, and noticed when missed (Code 5.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.calendar import CalendarGap, WorkingCalendar
from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.managers import manager_for
from handlers.course.people import require_open_complaint, require_person
from handlers.course.stages import RESPONDS, owed, stage_of
from handlers.course.time_letters import ProgressTold
from handlers.course.time_sent import DUE, MISSED, UPDATE, UPDATE_TASKS
from handlers.deadlines import end_of
from handlers.letter_blocks import blocks
from handlers.rows import SWEEP, Row, event_row
from store.chain import append_events
from store.course_models import ProgressUpdate
from store.lookups import hold_case
from store.marks import close_tasks
from store.models import Case, Deadline, Stage, Task
from store.time_rows import late_without_update, updates_missed
from store.unit import Glance, Unit

ANSWERS = tuple(rule for rules in RESPONDS.values() for rule in rules)
MOST_DAYS = 28
"""The longest interval that may be agreed between two updates."""


def next_on(today: date, every: int, calendar: WorkingCalendar, until: date | None = None) -> date:
    """Return the working day by which the next update is owed: ``every`` days on or just before, never after ``until``."""
    day = today + timedelta(days=every)
    while day > today and not calendar.is_working_day(day):
        day -= timedelta(days=1)
    if day <= today:
        day = calendar.count(today, 1)[-1]
    return min(day, until) if until is not None and until > today else day


def open_updates(glance: Glance, case_id: int) -> list[ProgressUpdate]:
    """Return the updates that are promised and not yet written."""
    return glance.find(ProgressUpdate, case_id=case_id, sent_at=None, ended_at=None, letter_id=None)


def promise(unit: Unit, case: Case, *, stage: Stage, on: date, every: int, now: datetime) -> int:
    """Promise the resident an update by a date: a row, and a task for whoever has the case; return the row's number."""
    row = {"case_id": case.id, "stage": stage, "due_on": on, "every_days": every, "set_at": now}
    (number,) = unit.insert(ProgressUpdate, [row])
    why = f"Write to the resident how the complaint stands, by {on:%A} {on.day} {on:%B %Y} (Code 5.9)"
    task: Row = {"kind": DUE, "case_id": case.id, "team": case.team, "why": why, "assigned_to": case.assigned_to}
    unit.add(Task, [task | {"opened_at": now, "due_at": end_of(on)}])
    return number


def end_updates(
    unit: Unit, case_id: int, at: datetime, *, by: str = SWEEP, outcome: str = "No update is owed any more"
) -> None:
    """End what updates are still promised on a case, and their tasks: the answer has gone, or a new date was told."""
    rows = unit.find(ProgressUpdate, case_id=case_id, sent_at=None, ended_at=None)
    unit.update_many(ProgressUpdate, [{"id": row.id, "ended_at": at} for row in rows])
    close_tasks(unit, case_id, UPDATE_TASKS, at=at, by=by, outcome=outcome)


def send_update(course: Course, case_id: int, by: str, words: str) -> int:
    """Write to the resident how the complaint stands; the next update is promised by itself."""
    require_person(by)
    words = reasoned(words, "words")
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        stage = stage_of(act.case)
        answer = owed(act.unit, case_id, RESPONDS[stage])
        promised = _promised(course, act, stage, answer)
        every = promised[-1].every_days
        on = _next(course, act, every, answer)
        told = ProgressTold(
            news=blocks(words),
            answer_by=answer.due_on if answer is not None and answer.due_at >= act.now else None,
            was_due=answer.due_on if answer is not None and answer.due_at < act.now else None,
            next_update=on,
        )
        posted = course.posting.put(act, UPDATE, told, of=promised[-1].id)
        rows = [{"id": row.id, "letter_id": posted.letter_id, "sent_by": by} for row in promised]
        act.unit.update_many(ProgressUpdate, rows)
        close_tasks(act.unit, case_id, UPDATE_TASKS, at=act.now, by=by, outcome="The update is written")
        promise(act.unit, act.case, stage=stage, on=on, every=every, now=act.now)
        act.tell("update_written", "the resident was told how the complaint stands (Code 5.9)", next_on=on.isoformat())
        return act.done(f"{posted.said} The next update is owed by {on.day} {on:%B %Y}.")


def _promised(course: Course, act: Act, stage: Stage, answer: Deadline | None) -> list[ProgressUpdate]:
    """Return the updates that this letter keeps; a late complaint on which none stands gets one for today."""
    found = open_updates(act.unit, act.case_id)
    if found:
        return found
    if answer is None or answer.due_at >= act.now:
        raise Refused("No update is promised on this complaint, and its date has not passed: write a reply instead")
    today, every = london_day(act.now), course.habits.update_days
    number = promise(act.unit, act.case, stage=stage, on=today, every=every, now=act.now)
    return act.unit.find(ProgressUpdate, id=number)


def _next(course: Course, act: Act, every: int, answer: Deadline | None) -> date:
    try:
        return next_on(london_day(act.now), every, course.acts.calendar, answer.due_on if answer else None)
    except CalendarGap as error:
        raise Refused(f"The next date cannot be worked out: {error}") from error


def watch_updates(course: Course) -> int:
    """Notice updates that did not go in time, and promise one where a complaint is late and none is; return how many."""
    now = course.acts.clock.now()
    today = london_day(now)
    with course.acts.store.glance() as glance:
        missed = updates_missed(glance, today)
        late = late_without_update(glance, now, today, ANSWERS)
    done = sum(_missed(course, row) for row in missed)
    return done + sum(_set(course, row) for row in late)


def _missed(course: Course, seen: ProgressUpdate) -> int:
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case, row = hold_case(unit, seen.case_id), unit.get(ProgressUpdate, seen.id)
        if case is None or row is None or row.missed_at or row.sent_at or row.ended_at:
            return 0
        answer = owed(unit, row.case_id, ANSWERS)
        if answer is None:
            end_updates(unit, row.case_id, _answered_at(unit, row.case_id) or now)
            unit.commit()
            return 1
        unit.update(ProgressUpdate, row.id, missed_at=now)
        why = f"No update went to the resident by {row.due_on.day} {row.due_on:%B %Y}, as was promised (Code 5.9): write now"
        task: Row = {"kind": MISSED, "case_id": case.id, "team": case.team, "why": why}
        if not unit.find(Task, case_id=case.id, kind=MISSED, closed_at=None):
            unit.add(Task, [task | {"opened_at": now, "due_at": now, "assigned_to": manager_for(unit, case, case.team, now)}])
        append_events(unit, [event_row(row.case_id, "update_missed", why, now, SWEEP, due_on=row.due_on.isoformat())])
        if not any(each.due_on >= london_day(now) for each in open_updates(unit, row.case_id)):
            again = _Again(stage=row.stage, days=row.every_days, every=row.every_days, answer=answer)
            _promise_again(course, unit, case, again)
        unit.commit()
    return 1


def _answered_at(unit: Unit, case_id: int) -> datetime | None:
    """Return when the answer went, which ended what updates were still promised."""
    rows = unit.find(Deadline, case_id=case_id, rule=list(ANSWERS))
    return max((row.met_at for row in rows if row.met_at is not None), default=None)


def _set(course: Course, seen: Deadline) -> int:
    """Promise an update on a late complaint on which none stands, so that it is never left without a date."""
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case, deadline = hold_case(unit, seen.case_id), unit.get(Deadline, seen.id)
        if case is None or deadline is None or deadline.met_at or deadline.superseded_at:
            return 0
        if any(row.due_on >= london_day(now) for row in open_updates(unit, seen.case_id)):
            return 0
        again = _Again(stage=case.stage or Stage.ONE, days=1, every=course.habits.update_days, answer=deadline)
        _promise_again(course, unit, case, again)
        unit.commit()
    return 1


@dataclass(frozen=True, kw_only=True, slots=True)
class _Again:
    """The next update: so many days on, and from then on every so many."""

    stage: Stage
    days: int
    every: int
    answer: Deadline


def _promise_again(course: Course, unit: Unit, case: Case, again: _Again) -> None:
    now = course.acts.clock.now()
    today = london_day(now)
    try:
        on = next_on(today, again.days, course.acts.calendar, again.answer.due_on)
    except CalendarGap:
        on = today + timedelta(days=again.days)
    why = "the complaint is outside its time, so the resident is owed an update (Code 5.9)"
    close_tasks(unit, case.id or 0, (DUE,), at=now, by=SWEEP, outcome="Another date took its place")
    promise(unit, case, stage=again.stage, on=on, every=again.every, now=now)
    append_events(unit, [event_row(case.id or 0, "update_set", why, now, SWEEP, next_on=on.isoformat())])
