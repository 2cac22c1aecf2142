"""What another calendar would move, for a person to approve date by date (obligations B1.2 rule 5; design section 2, 7).

Nothing is moved by itself. A date that a person named, such as an extension's, is a promise and is left alone; one that
would come sooner than what the resident was told is shown as such, and moves only where that is said outright.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.calendar import CalendarGap
from handlers.case_acts import Acts, Refused, Stale, reasoned
from handlers.closing import what_of
from handlers.course.people import require_person
from handlers.course.stages import set_deadline
from handlers.deadlines import RULES, Due, end_of, proposed_changes
from handlers.rows import Row, due_of
from store.casefile import cases_by_ids
from store.models import Case, CaseStatus, Deadline, OutboxEntry, OutboxState, Task
from store.staff_rows import staff_by_username
from store.time_rows import running
from store.unit import Glance

NAMED = frozenset({"extend_1", "extend_2"})
"""Rules whose date a person named: no calendar moves it."""
TASK = "date_moved"
TOLD = frozenset({"acknowledge_1", "acknowledge_2", "respond_1", "respond_2", "petition"})
"""Rules whose dates letters tell residents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A deadline that the calendar in use would move: its number, its case, the old date and the new."""

    deadline_id: int
    case_id: int
    reference: str
    rule: str
    old: Due
    new: Due
    told: bool

    @property
    def sooner(self) -> bool:
        """Whether the date would come sooner than before."""
        return self.new.due_on < self.old.due_on


def moves(acts: Acts, glance: Glance) -> list[Move]:
    """Return every move that the calendar in use proposes, the nearest date first."""
    rows = [row for row in running(glance) if row.rule not in NAMED and row.rule in RULES]
    cases = cases_by_ids(glance, [row.case_id for row in rows])
    found = [(row, _new(acts, row)) for row in rows]
    return [_move(glance, row, new, cases[row.case_id]) for row, new in found if new is not None and row.case_id in cases]


def _new(acts: Acts, row: Deadline) -> Due | None:
    try:
        pairs = proposed_changes([due_of(row)], acts.calendar)
    except CalendarGap:
        return None
    return pairs[0][1] if pairs else None


def _move(glance: Glance, row: Deadline, new: Due, case: Case) -> Move:
    told = row.rule in TOLD and bool(glance.find(OutboxEntry, case_id=row.case_id, state=OutboxState.SENT))
    return Move(
        deadline_id=row.id or 0,
        case_id=row.case_id,
        reference=case.reference,
        rule=row.rule,
        old=due_of(row),
        new=new,
        told=told,
    )


def approve_move(acts: Acts, case_id: int, by: str, deadline_id: int, *, why: str, sooner: bool = False) -> int:
    """Move one date as a named person approves it; the resident who was told the old one is to be told the new one."""
    require_person(by)
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        staff = staff_by_username(act.unit, by)
        if staff is None or staff.disabled_at is not None:
            raise Refused(f"Nobody called {by} works here: a named person approves each date", "by")
        row = act.unit.get(Deadline, deadline_id)
        new = _new(acts, row) if row is not None and row.case_id == case_id and row.rule not in NAMED else None
        if row is None or new is None or row.met_at or row.superseded_at or act.case.status is CaseStatus.CLOSED:
            raise Stale("That date does not move any more: look at the proposals again")
        move = _move(act.unit, row, new, act.case)
        if move.sooner and not sooner:
            raise Refused(f"{said(row.due_on)} would become {said(new.due_on)}, which is sooner: say that this is meant")
        set_deadline(act, new, why, replaces=(row.rule,))
        old, to = row.due_on, new.due_on
        dates: Row = {"old_due_on": old.isoformat(), "new_due_on": to.isoformat(), "told": move.told, "calendar": new.calendar}
        act.tell("deadline_moved", why, rule=row.rule, **dates)
        if move.told:
            words = f"To {what_of(row.rule)}: the date was {said(old)} and is {said(to)} now. Tell the resident"
            task: Row = {"kind": TASK, "case_id": case_id, "team": act.case.team, "why": words}
            due = {"opened_at": act.now, "due_at": end_of(min(old, to)), "assigned_to": act.case.assigned_to}
            act.unit.add(Task, [task | due])
        return act.done(f"{act.case.reference}: {said(old)} is {said(to)} now.")


def said(day: date) -> str:
    """Return a date as people write it."""
    return f"{day.day} {day:%B %Y}"
