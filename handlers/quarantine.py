"""What a person does with a message that could not be read: has it read again, or puts it aside with a reason.

To make a case of it, they decide what it is. Nothing here takes anything away: the message and its bytes stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from handlers.case_acts import Acts, Refused, reasoned
from handlers.task_acts import HeldTask, on_task
from store.act_rows import close_tasks_by_ids, open_tasks_of
from store.marks import supersede_deadlines
from store.models import Case, CaseStatus, Message, MessageState
from store.quarantine_rows import KIND, Quarantined
from store.unit import Unit

ANSWERED = ("quarantine", "triage", "unsent_letter")
OWED = ("acknowledge_1", "respond_1", "triage", "quarantine")

NUMBERS = re.compile(r"\d+")


def alike(waiting: Iterable[Quarantined], message_id: int) -> list[Quarantined]:
    """Return those that wait for the same reason as this message, itself too: sizes, dates and numbers make no other reason."""
    waiting = list(waiting)
    wanted = {_reason(one.reason) for one in waiting if one.message_id == message_id}
    return [one for one in waiting if _reason(one.reason) in wanted]


def _reason(text: str) -> str:
    return NUMBERS.sub("0", text)


def read_again(acts: Acts, task_id: int, by: str) -> int | None:
    """Put the message back to be read, as after a mend; its case stays its case, and what is read goes onto that."""
    with on_task(acts, task_id, by) as held:
        message = _shunted(held)
        told = {"attempts": 0, "lease": None, "problem": None, "disposition": None, "disposition_why": None}
        # What is read anew may hold files that were not seen before: they are to be scanned, too.
        held.unit.update(Message, message.id, state=MessageState.WAITING, due_at=held.now, files_scanned_at=None, **told)
        held.close("to be read again")
        held.tell("to_be_read_again", held.task.why, message=message.id)
        # Whoever reads it may begin at once: there is nothing to take back.
        return held.finish("It will be read again in a moment.", hold=timedelta(0))


def discard(acts: Acts, task_id: int, by: str, why: str, *, hold: timedelta) -> int | None:
    """Put the message aside: its case is closed by this person for this reason, unless it was logged as a complaint."""
    why = reasoned(why)
    with on_task(acts, task_id, by) as held:
        message, unit = _shunted(held), held.unit
        if held.case is not None and held.case.logged_at is not None:
            raise Refused("It is logged as a complaint: a complaint ends with its answer.")
        told = f"put aside by {by}: {why}"
        unit.update(Message, message.id, state=MessageState.HANDLED, disposition_why=told)
        tasks = open_tasks_of(unit, held.case.id if held.case else None, message.id, ANSWERED)
        close_tasks_by_ids(unit, [task.id or 0 for task in tasks], at=held.now, by=by, outcome=told)
        if held.case is not None:
            _close(unit, held.case, held)
        held.tell("discarded", why, message=message.id)
        return held.finish("Put aside. The message is kept.", hold=hold)


def _shunted(held: HeldTask) -> Message:
    if held.task.kind != KIND or held.message is None:
        raise Refused("This is no message that could not be read.")
    if held.message.state is not MessageState.SHUNTED:
        raise Refused("The message has been read meanwhile.")
    return held.message


def _close(unit: Unit, case: Case, held: HeldTask) -> None:
    unit.update(Case, case.id, status=CaseStatus.CLOSED, looked_at=held.now, looked_by=held.by)
    supersede_deadlines(unit, case.id or 0, OWED, held.now)
