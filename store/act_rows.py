"""What the acts of people ask and change: rows held until they commit, letters called back, and who has how much to do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update

from store.desk_models import CaseStaff, StaffAct
from store.models import CaseEvent, Message, OutboxEntry, OutboxState, Task, Verdicting
from store.outbox_rows import letter_is_due
from store.rows import any_of, columns, core, whole
from store.unit import Glance, Unit

UNDONE = "undone"
"""The rule of a letter that was called back, and the outcome of a task that an undone act had opened."""


def hold_message(unit: Unit, message_id: int) -> Message | None:
    """Return a message that nobody else can change before we commit; hold it before its case, as triage does."""
    message = columns(Message)
    found = unit.models(Message, whole(Message).where(message.id == message_id).with_for_update())
    return found[0] if found else None


def hold_task(unit: Unit, task_id: int) -> Task | None:
    """Return a task that nobody else can change before we commit."""
    task = columns(Task)
    found = unit.models(Task, whole(Task).where(task.id == task_id).with_for_update())
    return found[0] if found else None


def hold_act(unit: Unit, act_id: int) -> StaffAct | None:
    """Return an act that nobody else can undo before we commit."""
    act = columns(StaffAct)
    found = unit.models(StaffAct, whole(StaffAct).where(act.id == act_id).with_for_update())
    return found[0] if found else None


def hold_acts_letters(unit: Unit, ids: Collection[int]) -> list[OutboxEntry]:
    """Return these letters, which no sender can claim before we commit; one that is being claimed is waited for."""
    if not ids:
        return []
    letter = columns(OutboxEntry)
    statement = whole(OutboxEntry).where(letter.id.in_(any_of("ids"))).order_by(letter.id).with_for_update()
    return unit.models(OutboxEntry, statement, {"ids": list(ids)})


def call_back(unit: Unit, ids: Collection[int]) -> int:
    """Suppress letters that nobody has begun to send, by the rule ``undone``; return how many."""
    if not ids:
        return 0
    letter = columns(OutboxEntry)
    untouched = letter.lease.is_(None), letter.attempts == 0, or_(letter_is_due(), letter.state == OutboxState.SUPPRESSED)
    statement = update(core(OutboxEntry)).where(letter.id.in_(list(ids)), *untouched)
    return unit.run(statement.values(state=OutboxState.SUPPRESSED, rule=UNDONE)).rowcount


def called_back(glance: Glance, case_id: int, kind: str, message_id: int) -> int | None:
    """Return the letter of this kind in answer to this message that was called back: it may be written anew in its place."""
    found = glance.find(OutboxEntry, case_id=case_id, kind=kind, message_id=message_id, rule=UNDONE)
    return found[0].id if found else None


def kinds_of_events_after(glance: Glance, case_id: int, number: int) -> set[str]:
    """Return the kinds of what happened to a case after its event of this number."""
    event = columns(CaseEvent)
    return set(glance.run(select(event.kind).where(event.case_id == case_id, event.number > number)).scalars())


def standing_flags(glance: Glance, case_id: int, without: int) -> set[str]:
    """Return the flags of a case's messages as they were last judged, one message left out."""
    verdict = columns(Verdicting)
    wanted = verdict.case_id == case_id, verdict.message_id != without, verdict.undone_at.is_(None)
    rows = glance.all(select(verdict.message_id, verdict.flags).where(*wanted).order_by(verdict.id))
    return {flag for flags in dict([tuple(row) for row in rows]).values() for flag in flags}


def task_kinds_ever(glance: Glance, case_id: int) -> set[str]:
    """Return the kinds of the tasks that a case has or had, those of undone acts left out."""
    task = columns(Task)
    stood = or_(task.outcome.is_(None), task.outcome != UNDONE)
    return set(glance.run(select(task.kind).where(task.case_id == case_id, stood)).scalars())


def open_tasks_of(glance: Glance, case_id: int | None, message_id: int | None, kinds: Collection[str] = ()) -> list[Task]:
    """Return the open tasks on a message and those of its case that name no other message; of all kinds unless named."""
    task = columns(Task)
    mine = task.message_id == message_id
    about = mine if case_id is None else or_(mine, (task.case_id == case_id) & task.message_id.is_(None))
    statement = whole(Task).where(task.closed_at.is_(None), about).order_by(task.danger.desc(), task.due_at, task.id)
    return glance.models(Task, statement.where(task.kind.in_(list(kinds))) if kinds else statement)


def close_tasks_by_ids(unit: Unit, ids: Collection[int], *, at: datetime, by: str, outcome: str) -> int:
    """Close those of these tasks that are open; return how many were."""
    if not ids:
        return 0
    task = columns(Task)
    wanted = task.id.in_(list(ids)), task.closed_at.is_(None)
    return unit.run(update(core(Task)).where(*wanted).values(closed_at=at, closed_by=by, outcome=outcome)).rowcount


def people_of_case(glance: Glance, case_id: int, relation: str) -> set[str]:
    """Return the user names that stand in this relation to a case: ``barred`` or ``let_in``."""
    return {row.username for row in glance.find(CaseStaff, case_id=case_id, relation=relation)}


def acts_of_batch(glance: Glance, act: StaffAct, batch: str) -> list[StaffAct]:
    """Return the acts of one person that were done together with this one, in the order in which they were done."""
    kept = columns(StaffAct)
    near = kept.by == act.by, kept.undo_until >= act.at
    rows = glance.models(StaffAct, whole(StaffAct).where(*near).order_by(kept.id))
    return [row for row in rows if row.before.get("batch") == batch]
