"""A person judged a message's danger anew: the open question follows, and so do the calls to the duty officer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from classifiers.taxonomy import Flag
from handlers.dangers import ASSESS, HAZARDS
from handlers.hazards.calls import make_calls
from handlers.rows import Row
from store.act_rows import close_tasks_by_ids
from store.hazard_models import Page
from store.models import Task
from store.unit import Unit


def reweigh(
    unit: Unit, message_id: int, flags: Collection[Flag], *, due_at: datetime, now: datetime, by: str, why: str
) -> None:
    """Let the task that asks to assess this message's hazard say what the person saw; without a hazard it is answered.

    A danger that is seen now is called about; one that is none is no longer.
    """
    found = next((flag for flag in HAZARDS if flag in flags), None)
    emergency = found is Flag.EMERGENCY
    if not emergency:
        for page in unit.find(Page, message_id=message_id, taken_at=None):
            unit.update(Page, page.id, taken_at=now, taken_by=by, lease=None)
    for task in unit.find(Task, message_id=message_id, kind=ASSESS, closed_at=None):
        if found is not None and (task.due_at == task.opened_at) is emergency:
            continue
        # Never changed in place: what is undone soon after finds the old task as it was.
        close_tasks_by_ids(unit, [task.id or 0], at=now, by=by, outcome=f"judged anew by a person: {why}")
        if found is not None:
            _ask_anew(unit, task, found, now, now if emergency else due_at)


def _ask_anew(unit: Unit, task: Task, found: Flag, now: datetime, due_at: datetime) -> None:
    row: Row = {
        "kind": ASSESS,
        "case_id": task.case_id,
        "message_id": task.message_id,
        "team": task.team,
        "why": HAZARDS[found],
    }
    row |= {"danger": found is not Flag.DAMP_MOULD, "opened_at": now, "due_at": due_at, "assigned_to": task.assigned_to}
    unit.add(Task, [row])
    make_calls(unit, [row], now)
