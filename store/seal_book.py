"""What one transaction writes under seal, until an event of the same transaction bears it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from store.models import CaseEvent, Message, Table
from store.rows import Row, any_of, columns, core
from store.seals import OF_MESSAGE, SEALED, seal_of

if TYPE_CHECKING:
    from store.unit import Glance, Unit


class SealBook:
    """Seals by case: those of new rows at once, those of changed rows when they are asked for."""

    def __init__(self, glance: Glance) -> None:
        """Look up changed rows through this unit."""
        self._glance = glance
        self._pending: dict[int, list[str]] = {}
        self._before: dict[type[Table], dict[int, Row]] = {}

    def of(self, case_id: int) -> list[str]:
        """Return the seals of a case that stand in no event yet."""
        self._look_again()
        return list(self._pending.get(case_id, ()))

    def added(self, table: type[Table], rows: Sequence[Row]) -> None:
        """Note new rows; events that bear seals take those away from what is still to be told."""
        if table is CaseEvent:
            for row in rows:
                self._told(row)
        elif table in SEALED and table is not Message:
            for row in rows:
                self._tell(table, row)

    def changing(self, table: type[Table], rows: Sequence[Row]) -> None:
        """Note rows before they are changed; a message comes under seal with the case that it comes to."""
        if table not in SEALED:
            return
        if table is Message:
            self._came([row for row in rows if row.get("case_id") is not None])
            return
        _name, covered = SEALED[table]
        before = self._before.setdefault(table, {})
        ids = [row["id"] for row in rows if row["id"] not in before and not {*covered, "case_id"}.isdisjoint(row)]
        before |= self._now(table, ids)

    def close(self, unit: Unit) -> None:
        """Put what no event bears yet into one of its own, at the time that the row itself gives."""
        from store.chain import append_events  # noqa: PLC0415  # the chain writes through units

        self._look_again()
        if not self._pending:
            return
        latest = {id_: _latest(self._glance, id_) for id_ in self._pending}
        why = "rows were written that no other event tells of"
        append_events(
            unit,
            [
                {"case_id": id_, "at": at, "by": "machine", "kind": "sealed", "why": why}
                for id_, at in latest.items()
                if at is not None
            ],
        )

    def _told(self, row: Row) -> None:
        if not row.get("seals"):
            return
        pending = self._pending.get(row["case_id"], [])
        for seal in json.loads(row["seals"]):
            if seal in pending:
                pending.remove(seal)
        if not pending:
            self._pending.pop(row["case_id"], None)

    def _came(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        cases = {row["id"]: row["case_id"] for row in rows}
        for found in map(dict, self._glance.run(_messages(), {"ids": list(cases)}).mappings()):
            if found["case_id"] != cases[found["id"]]:
                self._tell(Message, found, gone=True)
                self._tell(Message, {**found, "case_id": cases[found["id"]]})

    def _tell(self, table: type[Table], row: Row, *, gone: bool = False) -> None:
        if row.get("case_id") is not None:
            self._pending.setdefault(row["case_id"], []).append(seal_of(table, row, gone=gone))

    def _look_again(self) -> None:
        changed, self._before = self._before, {}
        for table, before in changed.items():
            for id_, row in self._now(table, list(before)).items():
                if (row["case_id"], seal_of(table, row)) != (before[id_]["case_id"], seal_of(table, before[id_])):
                    self._tell(table, before[id_], gone=True)
                    self._tell(table, row)

    def _now(self, table: type[Table], ids: list[int]) -> dict[int, Row]:
        if not ids:
            return {}
        found = self._glance.run(select(core(table)).where(columns(table).id.in_(ids))).mappings()
        return {row["id"]: dict(row) for row in found}


@cache
def _messages() -> Select[Any]:
    message = columns(Message)
    return select(message.id, message.case_id, *(message[name] for name in OF_MESSAGE)).where(message.id.in_(any_of("ids")))


def _latest(glance: Glance, case_id: int) -> Any:
    """Return when the last event of a case was; None where it has none, and so no chain."""
    event = columns(CaseEvent)
    statement = select(event.at).where(event.case_id == case_id).order_by(event.number.desc()).limit(1)
    return glance.run(statement).scalar()
