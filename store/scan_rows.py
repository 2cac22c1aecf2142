"""Which messages hold files that nobody scanned yet, and what the scanner said of the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, literal_column, select, update

from store.models import Message, MessageState
from store.rows import Row, any_of, columns, core, whole
from store.scan_models import FileScan
from store.states import FileState
from store.unit import Glance, Unit


def messages_to_scan(glance: Glance, limit: int) -> list[Message]:
    """Return messages whose files are to be looked at, at most ``limit``, the newest first; none that is still to be read."""
    return glance.models(Message, _to_scan(), {"at_most": limit})


@cache
def _to_scan() -> Select[Any]:
    message = columns(Message)
    statement = whole(Message).where(*_unscanned()).order_by(message.id.desc())
    return statement.limit(bindparam("at_most", type_=message.attempts.type))


def _unscanned() -> tuple[Any, ...]:
    message = columns(Message)
    # Written out, not bound: only so does the planner see that the partial index serves.
    return message.files_scanned_at.is_(None), message.state != literal_column(f"'{MessageState.WAITING.value}'")


def scans_of(glance: Glance, sha256s: Collection[str]) -> dict[str, FileScan]:
    """Return what was said of these bytes, by their SHA-256; what was not scanned is left out."""
    return {scan.sha256: scan for scan in glance.find(FileScan, sha256=sorted(set(sha256s)))}


def keep_scans(unit: Unit, rows: Sequence[Row]) -> None:
    """Keep what the scanner said; where somebody was quicker, theirs stays."""
    unit.add_new(FileScan, rows, ("sha256",))


def files_scanned(unit: Unit, message_ids: Collection[int], at: datetime) -> None:
    """Note that all files of these messages were looked at, or that they have none."""
    if message_ids:
        unit.run(_scanned(), {"ids": list(message_ids), "at": at})


@cache
def _scanned() -> Any:
    message = columns(Message)
    told = {"files_scanned_at": bindparam("at", type_=message.received_at.type)}
    return update(core(Message)).where(message.id.in_(any_of("ids"))).values(told)


def scan_again(unit: Unit, message_id: int, sha256s: Collection[str]) -> None:
    """Have these bytes scanned anew with the next look at this message: until then they count as not scanned."""
    scan = columns(FileScan)
    unit.run(delete(core(FileScan)).where(scan.sha256.in_(list(sha256s))))
    unit.update(Message, message_id, files_scanned_at=None)


def scan_figures(glance: Glance) -> Mapping[str, int]:
    """Count the different files of each state, and the messages whose files are still to be looked at."""
    scan = columns(FileScan)
    states = glance.all(select(scan.state, func.count().label("number")).group_by(scan.state))
    found = {row.state: row.number for row in states}
    to_scan = select(func.count()).select_from(core(Message)).where(*_unscanned())
    known = (FileState.CLEAN, FileState.INFECTED, FileState.UNSCANNABLE)
    return {str(state): found.get(state, 0) for state in known} | {"messages_to_scan": int(glance.run(to_scan).scalar_one())}
