"""A deadline that passed unmet is a breach: noticed once, told on the case, and given a cause by a person (policy 4.3.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.calendar import CalendarGap
from handlers.case_acts import Refused, Stale, reasoned
from handlers.course.acting import Course
from handlers.course.people import require_person
from handlers.course.warnings import OUR_AFFAIR, owed_words
from handlers.deadlines import by_rule
from handlers.hazards.working import not_safe_in_time
from handlers.rows import SWEEP, Row, event_row
from store.act_rows import close_tasks_by_ids
from store.chain import append_events
from store.course_models import Breach, Extension, Warned
from store.lookups import hold_case
from store.marks import close_tasks
from store.models import Case, Deadline, Task
from store.staff_rows import called
from store.time_rows import extensions_too_late, passed
from store.unit import Unit

LOOK_BACK = timedelta(days=60)
"""How long after its date an answer that came late is still noticed, where nothing looked in between."""
CAUSE, APPROVAL = "breach_cause", "extension_approval"
UNTOLD = "the letter about more time had not left before the date ended (Code 6.4, 6.15)"
CAUSES = {
    "workload": "Too much work for too few people",
    "not_noticed": "Nobody saw it in time",
    "contractor": "We waited for a contractor or another office",
    "resident": "We waited for the resident",
    "complexity": "It was harder than it looked",
    "handling": "It was with the wrong team or person",
    "system": "The computer, or a letter that did not go",
    "other": "Something else",
}
"""Why a date was missed, in kinds that can be counted."""


def notice(course: Course) -> int:
    """Notice every deadline that passed unmet, each once, with an event and a task to say why; return how many."""
    now = course.acts.clock.now()
    with course.acts.store.glance() as glance:
        rows = passed(glance, now, now - LOOK_BACK, OUR_AFFAIR)
        too_late = extensions_too_late(glance, now)
    done = sum(_notice(course, row.case_id, row.id or 0, "") for row in rows)
    return done + sum(_of_extension(course, each) for each in too_late)


def _of_extension(course: Course, seen: Extension) -> int:
    """Notice an extension whose old date ended first: one nobody let stand lapses, one nobody was told of breaches that date."""
    if seen.state != "proposed":
        return _notice(course, seen.case_id, seen.deadline_id, UNTOLD)
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case, extension = hold_case(unit, seen.case_id), unit.get(Extension, seen.id)
        if case is None or extension is None or extension.state != "proposed":
            return 0
        unit.update(Extension, extension.id, state="lapsed")
        why = "the date ended before a second person had let the later date stand"
        close_tasks(unit, seen.case_id, (APPROVAL,), at=now, by=SWEEP, outcome=why)
        append_events(unit, [event_row(seen.case_id, "extension_lapsed", why, now, SWEEP, of=extension.id)])
        unit.commit()
    return 1


def _notice(course: Course, case_id: int, deadline_id: int, why: str) -> int:
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case, deadline = hold_case(unit, case_id), unit.get(Deadline, deadline_id)
        if case is None or deadline is None or not (why or _missed(deadline, now)):
            return 0
        row = {"case_id": case_id, "deadline_id": deadline_id, "rule": deadline.rule, "due_on": deadline.due_on}
        if not unit.insert_new(Breach, [row | {"noticed_at": now}], ("deadline_id",))[0]:
            return 0
        _tell(course, unit, case, deadline, why)
        not_safe_in_time(unit, case, deadline, now)
        unit.commit()
    return 1


def _missed(deadline: Deadline, now: datetime) -> bool:
    """Return whether a deadline, as it stands now, was missed: one that was met or replaced meanwhile may not be."""
    if deadline.met_at is not None:
        return deadline.met_at > deadline.due_at
    return deadline.superseded_at is None and deadline.due_at < now


def _tell(course: Course, unit: Unit, case: Case, deadline: Deadline, why: str) -> None:
    now = course.acts.clock.now()
    said = f"{owed_words(deadline)} was owed ({deadline.provision}){f': {why}' if why else ''}"
    warned = sorted(row.at for row in unit.find(Warned, deadline_id=deadline.id))
    told = {"rule": deadline.rule, "due_on": deadline.due_on.isoformat(), "warned": [at.isoformat() for at in warned]}
    append_events(unit, [event_row(deadline.case_id, "deadline_missed", said, now, SWEEP, **told)])
    row: Row = {"kind": CAUSE, "case_id": case.id, "team": case.team, "why": f"Say why it was missed. {said}"}
    row |= {"opened_at": now, "due_at": _by(course, now), "assigned_to": case.assigned_to}
    (task_id,) = unit.insert(Task, [row])
    (breach,) = unit.find(Breach, deadline_id=deadline.id)
    unit.update(Breach, breach.id, task_id=task_id)


def _by(course: Course, now: datetime) -> datetime:
    try:
        return by_rule(CAUSE, now, course.acts.calendar).due_at
    except CalendarGap:
        return now


def say_cause(course: Course, case_id: int, by: str, breach_id: int, *, kind: str, cause: str) -> int:
    """Keep why a date was missed, as a named person says it; what was said stands."""
    require_person(by)
    cause = reasoned(cause, "cause")
    if kind not in CAUSES:
        raise Refused("Choose what kind of cause it was", "kind")
    with course.acts.on(case_id, by) as act:
        breach = act.unit.get(Breach, breach_id)
        if breach is None or breach.case_id != case_id:
            raise Refused("There is no such missed date on this case.")
        if breach.cause is not None:
            raise Stale(f"{called(act.unit, breach.cause_by)} has said why already: {breach.cause}")
        act.unit.update(Breach, breach_id, cause_kind=kind, cause=cause, cause_by=by, cause_at=act.now)
        close_tasks_by_ids(act.unit, [breach.task_id] if breach.task_id else [], at=act.now, by=by, outcome=CAUSES[kind])
        act.tell("breach_explained", cause, rule=breach.rule, due_on=breach.due_on.isoformat(), cause=CAUSES[kind])
        return act.done("The cause is kept.")
