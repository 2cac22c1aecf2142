"""How a case stood before an act, in plain values beside the act: all that is needed to put it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.acts import note_act
from store.act_rows import UNDONE
from store.models import Case, Deadline, Message, OutboxEntry, OutboxState, Table, Task, Verdicting
from store.unit import Unit

CHAIN = {"id", "reference", "events", "head_hash"}
"""Columns of a case that no undoing touches: history is only added to."""
OF_MESSAGE = ("state", "disposition", "disposition_why", "problem", "case_id")
OF_TASK = ("case_id", "assigned_to", "closed_at", "closed_by", "outcome")
OF_DEADLINE = ("superseded_at",)

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A case as it stands: its columns, those of one message, its tasks and deadlines, its letters and judgements."""

    case: Values
    message: Values
    tasks: dict[int, Values]
    deadlines: dict[int, Values]
    letters: frozenset[int]
    judgements: frozenset[int]


def standing_of(unit: Unit, case_id: int, message_id: int | None) -> Standing:
    """Look how a case and a message stand; tasks of the message count, though they name no case."""
    case, message = unit.get(Case, case_id), unit.get(Message, message_id) if message_id is not None else None
    tasks = unit.find(Task, case_id=case_id) + (unit.find(Task, message_id=message_id) if message_id is not None else [])
    letters = unit.find(OutboxEntry, case_id=case_id)
    return Standing(
        case={} if case is None else {name: value for name, value in case.model_dump().items() if name not in CHAIN},
        message={} if message is None else _columns(message, OF_MESSAGE),
        tasks=_by_id(tasks, OF_TASK),
        deadlines=_by_id(unit.find(Deadline, case_id=case_id), OF_DEADLINE),
        letters=frozenset(letter.id or 0 for letter in letters if letter.rule != UNDONE),
        judgements=frozenset(row.id or 0 for row in unit.find(Verdicting, case_id=case_id)),
    )


def difference(old: Standing, new: Standing) -> Values:
    """Return, as plain JSON values, how things were that an act changed, and the numbers of what it added."""
    return {
        "case": _changed(old.case, new.case),
        "message": _changed(old.message, new.message),
        "tasks": {str(id_): _changed(old.tasks[id_], row) for id_, row in new.tasks.items() if _differs(old.tasks, id_, row)},
        "opened": sorted(new.tasks.keys() - old.tasks.keys()),
        "deadlines": {
            str(id_): _changed(old.deadlines[id_], row)
            for id_, row in new.deadlines.items()
            if _differs(old.deadlines, id_, row)
        },
        "added": sorted(new.deadlines.keys() - old.deadlines.keys()),
        "letters": sorted(new.letters - old.letters),
        "judgements": sorted(new.judgements - old.judgements),
    }


def values_of(kept: Values) -> Values:
    """Return kept values as the store takes them: times are times again (every such column's name ends in ``_at``)."""
    return {name: datetime.fromisoformat(value) if name.endswith("_at") and value else value for name, value in kept.items()}


def _by_id(rows: Iterable[Table], names: tuple[str, ...]) -> dict[int, Values]:
    return {row.id: _columns(row, names) for row in rows}  # type: ignore[attr-defined]  # every such table has one


def _columns(row: Table, names: tuple[str, ...]) -> Values:
    return {name: getattr(row, name) for name in names}


def _differs(old: dict[int, Values], id_: int, row: Values) -> bool:
    return id_ in old and old[id_] != row


def _changed(old: Values, new: Values) -> Values:
    return {name: _plain(value) for name, value in old.items() if value != new.get(name)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def note_undoable(
    unit: Unit,
    old: Standing,
    *,
    case_id: int,
    by: str,
    now: datetime,
    said: str,
    hold: timedelta,
    message_id: int | None = None,
    batch: str | None = None,
) -> int:
    """Keep an act that was just written, with how all was before it, and let its letters wait for as long as it can be undone.

    Acts of one ``batch`` are undone together. With no time to undo in, the act is kept with its sentence alone.
    """
    if not hold:
        return note_act(unit, case_id=case_id, message_id=message_id, by=by, now=now, said=said)
    changed = difference(old, standing_of(unit, case_id, message_id))
    for letter in unit.find(OutboxEntry, id=changed["letters"], state=OutboxState.DUE):
        unit.update(OutboxEntry, letter.id, next_at=now + hold)
    case = unit.get(Case, case_id)
    before = changed | {"events": case.events if case else 0} | ({"batch": batch} if batch else {})
    told: dict[str, Any] = {"case_id": case_id, "message_id": message_id, "by": by, "now": now, "said": said}
    return note_act(unit, **told, before=before, undo_until=now + hold)
