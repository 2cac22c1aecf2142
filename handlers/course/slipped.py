"""What was promised for a day that has passed: its owner and the resident are told once, a week later a manager (Code 7.3)."""

from __future__ import annotations

from datetime import timedelta

import structlog

from handlers.case_acts import Act, Refused
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.managers import manager_for
from handlers.course.promised import tell_late
from handlers.letter_words import day
from handlers.rows import SWEEP, Row, event_row
from store.answer_rows import slipped_actions, slipped_remedies
from store.chain import append_events
from store.course_models import Action, Remedy
from store.lookups import hold_case
from store.marks import close_tasks
from store.models import Case, CaseStatus, Task
from store.unit import Unit

log = structlog.get_logger(__name__)
LATE, LATE_STILL = "action_late", "action_late_still"
MOST_AT_ONCE = 200
A_WEEK = timedelta(days=7)
"""How long after its owner something late is the manager's matter too."""


def relieved(act: Act, outcome: str) -> None:
    """Close the tasks about what is late where nothing of the case is late any more."""
    today = london_day(act.now)
    actions = act.unit.find(Action, case_id=act.case_id, done_at=None, dropped_at=None)
    remedies = act.unit.find(Remedy, case_id=act.case_id, done_at=None, withdrawn_at=None)
    days = [*(action.due_on for action in actions), *(remedy.due_on for remedy in remedies if remedy.due_on is not None)]
    if not any(due_on < today for due_on in days):
        close_tasks(act.unit, act.case_id, (LATE, LATE_STILL), at=act.now, by=act.by, outcome=outcome)


def warn_of_slipped(course: Course) -> int:
    """Open a task for whoever owns what is late, and a week later one for a manager, each once; decide nothing.

    A resident who knows of the promise gets a letter with the first: that its day has passed, and that a person was asked.
    """
    now = course.acts.clock.now()
    with course.acts.store.glance() as glance:
        asked = london_day(now), now - A_WEEK, MOST_AT_ONCE
        late: list[Action | Remedy] = [*slipped_actions(glance, *asked), *slipped_remedies(glance, *asked)]
    return sum(_warn(course, type(one), one.case_id, one.id or 0) for one in late)


def _warn(course: Course, table: type[Action | Remedy], case_id: int, row_id: int) -> int:
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case, late = hold_case(unit, case_id), _held(unit, table, row_id)
        if case is None or late is None or late.due_on is None:
            return 0
        first = late.warned_at is None
        unit.update(table, row_id, **({"warned_at": now} if first else {"raised_at": now}))
        kind = LATE if first else LATE_STILL
        if case.status is not CaseStatus.CLOSED:
            unit.add(Task, [_task(unit, course, case, late, kind)])
            told = {table.__tablename__: row_id, "due_on": late.due_on.isoformat()}
            append_events(unit, [event_row(case_id, kind, late.what, now, SWEEP, **told)])
            if first:
                _tell(course, Act(unit=unit, case=case, now=now, by=SWEEP), late)
        unit.commit()
    return 1


def _tell(course: Course, act: Act, late: Action | Remedy) -> None:
    try:
        tell_late(course.posting, act, late)
    except Refused as refused:
        # The owner's task says to tell the resident, and stands.
        log.warning("a late promise could not be told", case=act.case.reference, why=str(refused))


def _held(unit: Unit, table: type[Action | Remedy], row_id: int) -> Action | Remedy | None:
    """Return what is late, unless somebody has finished it meanwhile."""
    if table is Action:
        action = unit.get(Action, row_id)
        return None if action is None or action.done_at or action.dropped_at else action
    remedy = unit.get(Remedy, row_id)
    return None if remedy is None or remedy.done_at or remedy.withdrawn_at else remedy


def _task(unit: Unit, course: Course, case: Case, late: Action | Remedy, kind: str) -> Row:
    """Return the owner's task, or the manager's."""
    now = course.acts.clock.now()
    was = f" (was due {day(late.due_on)})" if late.due_on is not None else ""
    why = f"{late.what}{was}. See to it, and tell the resident when it will be done"
    owner = late.owner if isinstance(late, Action) else case.team
    team = owner if kind == LATE and owner in course.acts.landlord.teams else case.team
    manager = manager_for(unit, case, team, now) if kind == LATE_STILL else None
    has = case.assigned_to if kind == LATE and team == case.team else manager
    return {"kind": kind, "case_id": case.id, "why": why, "assigned_to": has, "team": team, "opened_at": now, "due_at": now}
