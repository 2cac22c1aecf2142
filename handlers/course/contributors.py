"""All who should have a part in an answer are asked, and say in their own name that their part is right (Code 6.20)."""

from __future__ import annotations

from datetime import date

from handlers.allocation import may_be_given
from handlers.case_acts import Refused, Stale, reasoned
from handlers.clock import london_day
from handlers.course import stages
from handlers.course.acting import Course
from handlers.course.people import require_open_complaint
from handlers.deadlines import end_of
from handlers.task_acts import ground_for
from store.act_rows import close_tasks_by_ids
from store.course_models import Answer, Contributor
from store.models import Task
from store.staff_rows import staff_by_username

TASK = "contribution"


def ask(course: Course, case_id: int, by: str, *, username: str, part: str, on: date) -> int:
    """Ask a colleague for a part of the answer by a date: a task of theirs; at stage 2 nobody who worked on it at stage 1."""
    part = reasoned(part, "part")
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        stage = stages.stage_of(act.case)
        if any(row.issued_at is not None for row in act.unit.find(Answer, case_id=case_id, stage=stage)):
            raise Refused("The answer was issued already, so no part of it can be asked for")
        staff = staff_by_username(act.unit, username)
        if staff is None:
            raise Refused("Choose a colleague", "username")
        if against := may_be_given(staff, ground_for(act.unit, act.case), london_day(act.now)):
            raise Refused(against, "username")
        if on < london_day(act.now):
            raise Refused("The date must be today or later", "on")
        task = {"kind": TASK, "case_id": case_id, "team": act.case.team, "why": f"Your part of the answer is asked for: {part}"}
        (task_id,) = act.unit.insert(Task, [task | {"opened_at": act.now, "due_at": end_of(on), "assigned_to": username}])
        row = {"case_id": case_id, "stage": stage, "username": username, "part": part, "asked_by": by, "asked_at": act.now}
        act.unit.add(Contributor, [row | {"due_on": on, "task_id": task_id}])
        act.tell("contribution_asked", part, who=username, due_on=on.isoformat())
        return act.done(f"{staff.name} is asked, and has a task for it.")


def sign(course: Course, case_id: int, by: str, *, number: int, words: str) -> int:
    """Let the colleague say that their part is right; nobody says so for them."""
    with course.acts.on(case_id, by) as act:
        found = act.unit.get(Contributor, number)
        if found is None or found.case_id != case_id:
            raise Refused("Nobody was asked for this")
        if found.username != by:
            raise Refused("Only who was asked for it can say that it is right (Code 6.20)")
        if found.signed_at is not None:
            raise Stale("You said so already.")
        said = reasoned(words, "words")
        act.unit.update(Contributor, number, signed_at=act.now, signed_words=said)
        close_tasks_by_ids(act.unit, [found.task_id or 0], at=act.now, by=by, outcome="their part is right")
        act.tell("contribution_signed", said, part=found.part)
        return act.done("Your part is signed.")
