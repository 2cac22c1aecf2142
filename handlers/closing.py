"""A case is closed by a named person, never while something is owed on it, and can be opened again (design section 2, 4)."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.case_acts import Acts, Refused, Stale, reasoned
from handlers.course.people import require_person
from handlers.course.promises import promises_left
from handlers.course.refusal_state import standing
from handlers.course.reopened import owed_again
from handlers.course.stages import RESPONDS
from handlers.deadlines import RULES, by_rule
from store.marks import close_tasks, meet_deadlines, supersede_deadlines
from store.models import Case, CaseStatus, Deadline, Stage, Task

OUTCOMES = {
    "done": "What was asked for has been done",
    "answered": "An answer was given, and nothing more is to be done",
    "passed_on": "Another office has it, and the resident was told",
    "withdrawn": "The resident no longer wants it",
    "same_matter": "It is the same matter as a linked case",
    "nothing_possible": "Nothing can be done, and the resident was told why",
}
"""How a case that is no complaint may end; a complaint ends with its answer."""
ENDS_WITH_THE_CASE = frozenset({"service_request", "asb_report", "petition", "spot_check", "call_resident"})
"""Tasks that closing the case itself answers; any other must be finished first."""
WORK = frozenset({"service_request", "asb_report"})
"""Work that was asked for before the case became a complaint: it goes on, and the complaint's end is not its end (Code 1.5)."""
MET_BY_CLOSING = ("petition",)
QUESTIONS = ("triage", "quarantine")
"""Deadlines for a person to look, which whoever closes the case has done."""
AGAIN = {"service_request": "service_request", "asb_report": "asb_report"}


def obstacles(
    case: Case, deadlines: Iterable[Deadline], tasks: Iterable[Task], promises: Iterable[str] = (), *, refused: bool = False
) -> list[str]:
    """Return why the case cannot be closed now, each in one sentence; none when it can be.

    ``promises`` are those of :func:`promises_left`: answered is not closed (Code 6.6). ``refused`` says that two people
    refused the complaint, so that no answer is owed on it (Code 2.4).
    """
    if case.status is CaseStatus.CLOSED:
        return ["It is closed already."]
    if case.status is CaseStatus.TRIAGE:
        return ["Nobody has decided yet what it is, and it may be a complaint: check it first."]
    return [*_owed(case, list(deadlines), refused=refused), *promises, *_waiting(case, tasks)]


def _owed(case: Case, deadlines: list[Deadline], *, refused: bool) -> list[str]:
    answers = RESPONDS[case.stage or Stage.ONE]
    if case.category == "complaint" and not refused and not any(line.rule in answers and line.met_at for line in deadlines):
        return ["The complaint has not been answered: a complaint ends with its full response (Code 6.3, 6.14)."]
    free = (*MET_BY_CLOSING, *QUESTIONS)
    running = [line for line in deadlines if line.met_at is None and line.superseded_at is None and line.rule not in free]
    return [f"It is still owed to {what_of(line.rule)}, by {line.due_on.day} {line.due_on:%B %Y}." for line in running]


def _waiting(case: Case, tasks: Iterable[Task]) -> list[str]:
    ends = ENDS_WITH_THE_CASE - WORK if case.category == "complaint" else ENDS_WITH_THE_CASE
    left = [task for task in tasks if task.closed_at is None and (task.danger or task.kind not in ends)]
    return [f"Finish this task first: {task.why}" for task in left]


def what_of(rule: str) -> str:
    """Return what a rule asks for, in words."""
    return RULES[rule].what if rule in RULES else rule.replace("_", " ")


def close(acts: Acts, case_id: int, by: str, outcome: str, why: str) -> int:
    """Close the case with an outcome and a reason; refused while anything is owed on it."""
    if outcome not in OUTCOMES:
        raise Refused("Choose how it ended", "outcome")
    require_person(by)
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        unit, now = act.unit, act.now
        if outcome == "withdrawn" and act.case.category == "complaint":
            raise Refused(
                "A complaint that is taken back ends by an act of its own, which keeps the resident's words", "outcome"
            )
        promises = promises_left(unit, case_id)
        refused = standing(unit, case_id) is not None
        owed, tasks = unit.find(Deadline, case_id=case_id), unit.find(Task, case_id=case_id)
        against = obstacles(act.case, owed, tasks, promises, refused=refused)
        if against:
            raise Refused(" ".join(against))
        unit.update(Case, case_id, status=CaseStatus.CLOSED)
        close_tasks(unit, case_id, ENDS_WITH_THE_CASE, at=now, by=by, outcome=OUTCOMES[outcome])
        for rule in MET_BY_CLOSING:
            meet_deadlines(unit, [case_id], rule, now)
        supersede_deadlines(unit, case_id, QUESTIONS, now)
        act.tell("closed", why, outcome=outcome)
        return act.done("Case closed.")


def reopen(acts: Acts, case_id: int, by: str, why: str) -> int:
    """Open a closed case again, and put it into its team's queue, so that it cannot be forgotten."""
    require_person(by)
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        if act.case.status is not CaseStatus.CLOSED:
            raise Stale("The case is open already.")
        refusal = standing(act.unit, case_id)
        if refusal is not None and refusal.stage is (act.case.stage or Stage.ONE):
            raise Refused(
                "It was refused: take the complaint on after all, which tells the resident and sets its dates (Code 2.4)"
            )
        act.unit.update(Case, case_id, status=CaseStatus.OPEN)
        due = by_rule("triage", act.now, acts.calendar)
        kind = AGAIN.get(act.case.category or "", "contact_resident")
        row = {"kind": kind, "case_id": case_id, "team": act.case.team, "why": f"The case was opened again: {why}"}
        act.unit.add(Task, [row | {"opened_at": act.now, "due_at": due.due_at, "assigned_to": act.case.assigned_to}])
        act.tell("reopened", why)
        owed_again(act)
        return act.done("Case opened again. Its team has a task for it.")
