"""What a resident says that we understood wrongly is taken into the definition, or asked about (Code 5.6)."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.course.acting import Course
from handlers.course.matters_letters import asked, corrected
from handlers.course.stages import stage_of
from handlers.deadlines import by_rule
from handlers.defining import checked, require, write
from handlers.definition import Definition, Point, for_letter
from handlers.responsibility import whose
from handlers.rows import definition_of
from store.act_rows import close_tasks_by_ids, hold_task
from store.marks import close_tasks
from store.models import Case, Task
from store.staff_rows import called

TASKS = ("definition_correction", "reply")
"""Tasks of a message that may correct the definition."""
WAITS = "definition_question"
"""The task that waits for what the resident says to a question of ours."""
CLEARED = "the definition was put right"


def take_in(
    course: Course,
    case_id: int,
    by: str,
    *,
    version: int,
    points: Sequence[str],
    outcomes: Sequence[str],
    task_id: int | None = None,
    why: str = "",
) -> int:
    """Write the next version of the definition from what the resident said, and tell them how it stands now.

    A point that stays as it was keeps whose it is; who is responsible for a new one is drafted, and a person may put it right.
    """
    with course.acts.on(case_id, by) as act:
        stage_of(act.case)
        task = _asked(act, task_id)
        require(act, version)
        before = definition_of(act.case.definition)
        after = _definition(course, before, _lines(points), _lines(outcomes))
        if after == before:
            raise Refused("Nothing was changed: put right what the resident said, or say that nothing changes", "points")
        number = write(act, after, why or "the resident said what we had understood wrongly (Code 5.6)")
        act.unit.update(Case, case_id, defined_at=act.case.defined_at or act.now)
        posted = course.posting.put(act, "definition_corrected", corrected(for_letter(after), course.acts.landlord), of=number)
        close_tasks(act.unit, case_id, (WAITS, "confirm_definition"), at=act.now, by=by, outcome=CLEARED)
        _close(act, task, CLEARED)
        act.tell("definition_confirmed", CLEARED, version=number)
        return act.done(f"Taken into the definition. {posted.said}")


def ask(course: Course, case_id: int, by: str, *, version: int, question: str, task_id: int | None = None) -> int:
    """Ask the resident what is unclear: the question stands in the definition, goes to them, and a task waits for the answer."""
    question = reasoned(question, "question")
    with course.acts.on(case_id, by) as act:
        stage_of(act.case)
        task = _asked(act, task_id)
        require(act, version)
        before = definition_of(act.case.definition)
        if before is None:
            raise Refused("This complaint has no definition yet")
        after = checked(before.points, before.outcomes, question)
        number = write(act, after, "asked the resident what is unclear (Code 5.6)") if after != before else version
        asks = for_letter(after).question or question
        posted = course.posting.put(act, "definition_question", asked(asks), of=_asked_before(act))
        _wait(act, course, question)
        _close(act, task, "the resident was asked")
        act.tell("resident_asked", question, version=number)
        return act.done(f"Asked, and a task waits for the answer. {posted.said}")


def nothing_changes(course: Course, case_id: int, by: str, why: str, task_id: int | None = None) -> int:
    """Leave the definition as it is, for a reason."""
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        task = _asked(act, task_id)
        if task is None:
            raise Refused("There is no such task on this case")
        _close(act, task, "nothing to put right")
        act.tell("definition_kept", why, message=task.message_id)
        return act.done("The definition stays as it is.")


def _definition(course: Course, before: Definition | None, points: list[str], outcomes: list[str]) -> Definition:
    known = {point.words: point for point in before.points} if before else {}
    made = []
    for words in points:
        responsibility, who = whose(words, course.acts.landlord)
        made.append(known.get(words) or Point(words=words, responsibility=responsibility, who=who))
    question = (before.question or "") if before and not outcomes else ""
    return checked(made, outcomes, question)


def _lines(given: Sequence[str]) -> list[str]:
    return [" ".join(line.split()) for line in given if line.strip()]


def _asked(act: Act, task_id: int | None) -> Task | None:
    """Return the open task of the message, held; None where nobody asked."""
    if task_id is None:
        return None
    task = hold_task(act.unit, task_id)
    if task is None or task.case_id != act.case_id or task.kind not in TASKS:
        raise Refused("There is no such task on this case")
    if task.closed_at is not None:
        raise Stale(f"{called(act.unit, task.closed_by)} finished this already: {task.outcome}")
    return task


def _asked_before(act: Act) -> int:
    """Return the number of the next question of this case, so that letters are told apart."""
    return len(act.unit.find(Task, case_id=act.case_id, kind=WAITS)) + 1


def _wait(act: Act, course: Course, question: str) -> None:
    due = by_rule("confirm_definition", act.now, course.acts.calendar)
    row = {"kind": WAITS, "case_id": act.case_id, "team": act.case.team, "assigned_to": act.case.assigned_to or act.by}
    told = {"why": f"the resident was asked: {question}", "opened_at": act.now, "due_at": due.due_at}
    act.unit.add(Task, [row | told])


def _close(act: Act, task: Task | None, outcome: str) -> None:
    if task is not None:
        close_tasks_by_ids(act.unit, [task.id or 0], at=act.now, by=act.by, outcome=outcome)
