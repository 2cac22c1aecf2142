"""Warnings that a deadline nears: the first to the officer, the second to a manager, each once (policy 4.3.4; obligations A4, A5, A7).

They are counted in working days before the date: day 4 of the five for the acknowledgement, days 7 and 9 of the ten at
stage 1, days 14 and 18 of the twenty at stage 2. A sweep that slept warns at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers.calendar import CalendarGap, WorkingCalendar
from handlers.clock import london_day
from handlers.closing import what_of
from handlers.course.acting import Course
from handlers.course.managers import manager_for
from handlers.deadlines import OWN, RULES, end_of
from handlers.rows import SWEEP, Row, event_row
from store.act_rows import close_tasks_by_ids
from store.chain import append_events
from store.course_models import Warned
from store.lookups import hold_case
from store.models import Case, Deadline, OutboxEntry, OutboxState, Task
from store.time_rows import Horizon, nearing, warnings_over
from store.unit import Unit

LEADS: dict[str, tuple[int, ...]] = {
    "acknowledge_1": (1,),
    "acknowledge_2": (1,),
    "respond_1": (3, 1),
    "respond_2": (6, 2),
    "extend_1": (3, 1),
    "extend_2": (6, 2),
    "hazard_emergency": (1, 1),
    "hazard_summary": (2, 1),
    "hazard_make_safe": (2, 1),
    "hazard_begin": (15, 5),
}
"""How many working days before its date each step of a rule's warnings comes: the officer's, then the manager's."""
OTHERWISE = (3, 1)
STEPS = (("first", "officer", "deadline_near"), ("second", "manager", "deadline_very_near"))
"""Each step's name, for whom it is, and the kind of its task."""
TO_LEAVE = timedelta(hours=1)
"""How long a letter may take to leave before anybody is troubled."""
OUR_AFFAIR = frozenset({rule.code for rule in RULES.values() if rule.provision == OWN} | {"confirm_definition"})
"""Rules of the office's own practice: the queue alone tells of them."""


def leads_of(rule: str) -> tuple[int, ...]:
    """Return how many working days before its date a rule's warnings come; none for the office's own affair."""
    if rule in OUR_AFFAIR:
        return ()
    days = RULES[rule].working_days if rule in RULES else 0
    return LEADS.get(rule) or tuple(lead for lead in OTHERWISE if not days or lead < days)


def warn(course: Course) -> int:
    """Warn of every deadline that is near and was not warned of; end the warnings of what was met or replaced."""
    now = course.acts.clock.now()
    horizons = _horizons(course.acts.calendar, london_day(now))
    with course.acts.store.glance() as glance:
        near = nearing(glance, horizons)
    return sum(_warn(course, deadline, horizons) for deadline in near) + _end(course)


def _horizons(calendar: WorkingCalendar, today: date) -> list[Horizon]:
    """Return how far each step looks: a date so many working days on is so near today, whatever holidays lie between."""
    rules: dict[tuple[str, int], list[str]] = {}
    for rule in RULES:
        for (step, _whom, _kind), lead in zip(STEPS, leads_of(rule), strict=False):
            rules.setdefault((step, lead), []).append(rule)
    return [
        Horizon(step=step, rules=tuple(names), until=_until(calendar, today, lead)) for (step, lead), names in rules.items()
    ]


def _until(calendar: WorkingCalendar, today: date, lead: int) -> datetime:
    try:
        return end_of(calendar.count(today, lead)[-1])
    except CalendarGap:
        # Beyond the known holidays nothing is computed: too early a warning harms nobody.
        return end_of(today + timedelta(days=2 * lead + 7))


def _warn(course: Course, seen: Deadline, horizons: Sequence[Horizon]) -> int:
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case, deadline = hold_case(unit, seen.case_id), unit.get(Deadline, seen.id)
        if case is None or deadline is None or deadline.met_at or deadline.superseded_at:
            return 0
        if deadline.rule.startswith("acknowledge_") and _on_its_way(unit, seen.case_id, now):
            return 0
        due = {each.step for each in horizons if deadline.rule in each.rules and deadline.due_at <= each.until}
        steps = [step for step in STEPS if step[0] in due]
        rows = [_row(deadline, name, whom, now) for name, whom, _kind in steps]
        new = unit.insert_new(Warned, rows, ("deadline_id", "step"))
        fresh = [step for step, is_new in zip(steps, new, strict=True) if is_new]
        for name, whom, kind in fresh:
            _tell(unit, case, deadline, (name, whom, kind), now)
        if fresh:
            unit.commit()
        return len(fresh)


def _on_its_way(unit: Unit, case_id: int, now: datetime) -> bool:
    """Return whether the acknowledgement was only just written: the sweep itself writes it on the day of the warning."""
    letters = unit.find(OutboxEntry, case_id=case_id, state=OutboxState.DUE)
    return any(letter.kind.endswith("_acknowledged") and now - letter.created_at < TO_LEAVE for letter in letters)


def _row(deadline: Deadline, step: str, whom: str, now: datetime) -> Row:
    return {"case_id": deadline.case_id, "deadline_id": deadline.id, "step": step, "whom": whom, "at": now}


def _tell(unit: Unit, case: Case, deadline: Deadline, step: tuple[str, str, str], now: datetime) -> None:
    """Open the task of a warning and write its event; one for a date that passed already is told by its breach alone."""
    name, whom, kind = step
    (warned,) = unit.find(Warned, deadline_id=deadline.id, step=name)
    why = f"{owed_words(deadline)} ({deadline.provision})"
    told = {"rule": deadline.rule, "due_on": deadline.due_on.isoformat(), "for": whom}
    append_events(unit, [event_row(deadline.case_id, "warned", why, now, SWEEP, **told)])
    if deadline.due_at < now:
        unit.update(Warned, warned.id, ended_at=now)
        return
    to = case.assigned_to if whom == "officer" else manager_for(unit, case, case.team, now)
    row = {"kind": kind, "case_id": case.id, "team": case.team, "why": why, "assigned_to": to}
    (task_id,) = unit.insert(Task, [row | {"opened_at": now, "due_at": deadline.due_at}])
    unit.update(Warned, warned.id, task_id=task_id)


def owed_words(deadline: Deadline) -> str:
    """Return what a deadline asks for and by when, as a sentence without its end."""
    what, on = what_of(deadline.rule), deadline.due_on
    return f"{what[:1].upper()}{what[1:]} by {on:%A} {on.day} {on:%B %Y}"


def _end(course: Course) -> int:
    """Close the warnings, and their tasks, of deadlines that run no more."""
    with course.acts.store.glance() as glance:
        over = warnings_over(glance)
    if not over:
        return 0
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        unit.update_many(Warned, [{"id": each.warned_id, "ended_at": now} for each in over])
        for outcome, met in (("It was done", True), ("Another date took its place", False)):
            tasks = [each.task_id for each in over if each.met is met and each.task_id is not None]
            close_tasks_by_ids(unit, tasks, at=now, by=SWEEP, outcome=outcome)
        unit.commit()
    return len(over)
