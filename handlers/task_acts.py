"""What a person does with a task (T6): finishes it with an outcome, takes it, gives it to a colleague; each is an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.allocation import BARRED, Ground, ground_of, may_be_given
from handlers.case_acts import Act, Acts, Refused, Stale
from handlers.clock import london_day
from handlers.course.assessing import require_assessed
from handlers.course.stages import HAD, worked, workers_of
from handlers.named import NamedPerson
from handlers.rows import event_row
from handlers.standing import Standing, note_undoable, standing_of
from store.act_rows import close_tasks_by_ids, hold_message, hold_task, people_of_case
from store.chain import append_events
from store.lookups import hold_case
from store.marks import close_tasks
from store.models import Case, Message, OutboxEntry, Stage, Task
from store.staff_rows import staff_by_username
from store.unit import Glance, Unit

AT_ONCE = timedelta(0)
DECIDED = frozenset(
    {"triage", "spot_check", "quarantine", "possible_reply", "same_matter", "new_matter", "representative", "refusal_check"}
)
"""Tasks that ask a question: only its answer closes them."""
GIVE_STAGE_2 = "give_stage2"
STAGE_2, STAGE_2_ASKED = "stage2_request", "stage2_asked"
TOLD = (
    "We wrote to them that we take this as a request for stage 2, and that we will write again: begin stage 2, log it as a "
    "complaint of its own, or write to them first"
)
LONGEST_OUTCOME = 500


class Closed(Stale):
    """The task is finished already; ``task`` says by whom and with which outcome."""

    def __init__(self, task: Task) -> None:
        """Hold the task as it was finished."""
        super().__init__(f"{task.closed_by} finished this already: {task.outcome}")
        self.task = task


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldTask:
    """A task held by the transaction of one person's act, with its case and its message, and how they stood."""

    unit: Unit
    task: Task
    case: Case | None
    message: Message | None
    now: datetime
    by: str
    old: Standing | None

    def tell(self, kind: str, why: str, **details: Any) -> None:
        """Write an event onto the task's case; a task without one keeps what was done itself."""
        if self.case is not None:
            append_events(self.unit, [event_row(self.case.id or 0, kind, why, self.now, self.by, **details)])

    def close(self, outcome: str) -> None:
        """Close the task."""
        close_tasks_by_ids(self.unit, [self.task.id or 0], at=self.now, by=self.by, outcome=outcome)

    def finish(self, said: str, *, hold: timedelta, batch: str | None = None) -> int | None:
        """Make it all durable; return the act's number, if the task has a case to keep it with."""
        number = None
        if self.case is not None and self.old is not None:
            told: dict[str, Any] = {"case_id": self.case.id, "message_id": self.task.message_id, "by": self.by, "now": self.now}
            number = note_undoable(self.unit, self.old, **told, said=said, hold=hold, batch=batch)
        self.unit.commit()
        return number


@contextmanager
def on_task(acts: Acts, task_id: int, by: str, first: Callable[[Unit, Task], None] | None = None) -> Iterator[HeldTask]:
    """Hold an open task for one person's act; refuse it to machines, and to whoever is barred from its case.

    ``first`` holds what else the act changes and must be held before the case.
    """
    NamedPerson(username=by)
    with acts.store.unit("T6") as unit:
        found = unit.get(Task, task_id)
        if found is None:
            raise Refused("There is no such task.")
        # In the order in which decisions hold them: so that two people wait for, and never block, each other.
        message = hold_message(unit, found.message_id) if found.message_id is not None else None
        if first is not None:
            first(unit, found)
        case_id = found.case_id if found.case_id is not None else message.case_id if message is not None else None
        case = hold_case(unit, case_id) if case_id is not None else None
        task = hold_task(unit, task_id)
        if task is None or task.closed_at is not None:
            raise Closed(task or found)
        if case is not None and by in people_of_case(unit, case.id or 0, "barred"):
            raise Refused(BARRED)
        old = standing_of(unit, case.id or 0, task.message_id) if case is not None else None
        yield HeldTask(unit=unit, task=task, case=case, message=message, now=acts.clock.now(), by=by, old=old)


def done(acts: Acts, task_id: int, by: str, outcome: str, *, hold: timedelta = AT_ONCE, batch: str | None = None) -> int | None:
    """Finish a task with what came of it; one that asks a question is finished by its answer alone."""
    outcome = outcome.strip()
    if not outcome:
        raise Refused("Say what came of it", "outcome")
    if len(outcome) > LONGEST_OUTCOME:
        raise Refused(f"Make the outcome {LONGEST_OUTCOME} characters or fewer; it has {len(outcome)}", "outcome")
    with on_task(acts, task_id, by) as held:
        if held.task.kind in DECIDED:
            raise Refused("This asks a question: answer it, and the task is finished with it.")
        if held.task.kind == STAGE_2 and _waits_for_a_letter(held):
            raise Refused(TOLD)
        held.close(outcome)
        held.tell("task_done", outcome, task=task_id, task_kind=held.task.kind)
        return held.finish("Task finished.", hold=hold, batch=batch)


def _waits_for_a_letter(held: HeldTask) -> bool:
    """Tell whether our letter promised that we write about this request, and no person has written since (Code 6.10)."""
    letters = held.unit.find(OutboxEntry, case_id=held.task.case_id)
    promised = [row.id or 0 for row in letters if row.kind == STAGE_2_ASKED and row.message_id == held.task.message_id]
    return bool(promised) and not any(not row.automatic and (row.id or 0) > max(promised) for row in letters)


def give(
    acts: Acts,
    task_id: int,
    to: str,
    by: str,
    *,
    was: str | None = None,
    whole_case: bool = False,
    hold: timedelta = AT_ONCE,
    batch: str | None = None,
) -> int | None:
    """Give a task, or with it the whole case, to somebody who may be given it; ``was`` is who had it when the person looked."""
    with on_task(acts, task_id, by) as held:
        unit, had = held.unit, _has(held)
        if was is not None and was != had:
            raise Stale(f"{had or 'Nobody'} has it now: somebody was first.")
        name = _may(unit, held.case, to, held.now)
        if whole_case and held.case is not None:
            require_assessed(held.case)
        unit.update(Task, task_id, assigned_to=to)
        if whole_case and held.case is not None:
            unit.update(Case, held.case.id, assigned_to=to)
            _has_it(unit, held.case, to, by, held.now)
        told = {"task": task_id, "from": had or None, "to": to, "whole_case": whole_case}
        held.tell("assigned", f"given to {name}", **told)
        return held.finish(f"Given to {'you' if to == by else name}.", hold=hold, batch=batch)


def take(acts: Acts, task_id: int, by: str, *, was: str | None = None, hold: timedelta = AT_ONCE) -> int | None:
    """Take a task oneself."""
    return give(acts, task_id, by, by, was=was, hold=hold)


def give_case(acts: Acts, case_id: int, to: str, by: str, *, was: str | None = None, hold: timedelta = AT_ONCE) -> int:
    """Give a case to somebody; tasks on it that were given to nobody else come with it."""
    with acts.on(case_id, by) as act:
        had = act.case.assigned_to or ""
        if was is not None and was != had:
            raise Stale(f"{had or 'Nobody'} has it now: somebody was first.")
        old = standing_of(act.unit, case_id, None)
        name = _may(act.unit, act.case, to, act.now)
        require_assessed(act.case)
        act.unit.update(Case, case_id, assigned_to=to)
        _has_it(act.unit, act.case, to, by, act.now)
        told: dict[str, Any] = {"from": had or None, "to": to, "whole_case": True}
        act.tell("assigned", f"given to {name}", **told)
        said = f"{act.case.reference} is with {'you' if to == by else name} now."
        number = note_undoable(act.unit, old, case_id=case_id, by=by, now=act.now, said=said, hold=hold)
        act.unit.commit()
    return number


def ground_for(glance: Glance, case: Case | None) -> Ground:
    """Return what speaks against giving people work on this case."""
    if case is None or case.id is None:
        return Ground()
    barred, let_in = people_of_case(glance, case.id, "barred"), people_of_case(glance, case.id, "let_in")
    before = workers_of(glance, case.id, Stage.ONE) if case.stage is Stage.TWO else ()
    return ground_of(barred, let_in, restricted=case.restricted, before=before)


def _has_it(unit: Unit, case: Case, to: str, by: str, now: datetime) -> None:
    """Keep at which stage somebody got a complaint: whoever had it at stage 1 never has it at stage 2 (Code 6.13)."""
    if case.category == "complaint" and case.stage is not None:
        worked(Act(unit=unit, case=case, now=now, by=by), case.stage, HAD, to)
        close_tasks(
            unit, case.id or 0, (GIVE_STAGE_2,) if case.stage is Stage.TWO else (), at=now, by=by, outcome=f"given to {to}"
        )


def _has(held: HeldTask) -> str:
    return held.task.assigned_to or (held.case.assigned_to if held.case else None) or ""


def _may(unit: Unit, case: Case | None, to: str, now: datetime) -> str:
    """Return the name of somebody who may be given work on the case, or refuse."""
    staff = staff_by_username(unit, to)
    if staff is None:
        raise Refused("Choose who is to have it", "to")
    against = may_be_given(staff, ground_for(unit, case), london_day(now))
    if against:
        raise Refused(against, "to")
    return staff.name
