"""Files by chat that came, or turned out never to come, between the claim of their message and what is written down of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.fetched import attachment_of
from handlers.rows import event_row
from handlers.understanding import Understood
from store.chain import append_events
from store.media_rows import KeptFile, files_of_messages, missing_files
from store.models import Case, Message, Task
from store.unit import Unit

HEAD = 65_536
"""Bytes of a file that are read where only what it is matters: an answer to an invitation says so at its beginning."""
MISSING = "file_missing"


def ids_of(message: Understood) -> list[int]:
    """Return the numbers of a message and of those that were read as one with it."""
    return list(dict.fromkeys([message.arrival.id, *(part.arrival.id for part in message.parts)]))


def with_late_files(unit: Unit, messages: Sequence[Understood]) -> list[Understood]:
    """Return the messages with what became of their files since they were claimed; their rows are held by now."""
    ids = [id_ for message in messages if message.reading.chat is not None for id_ in ids_of(message)]
    kept = files_of_messages(unit, ids, HEAD)
    missing = {file.message_id for file in missing_files(unit, ids) if file.state == "missing"}
    whole = [_with(message, kept) if not kept.keys().isdisjoint(ids_of(message)) else message for message in messages]
    return [message if missing.isdisjoint(ids_of(message)) else replace(message, file_missing=True) for message in whole]


def _with(message: Understood, kept: dict[int, list[KeptFile]]) -> Understood:
    parts = tuple(_alone(part, kept) for part in message.parts)
    if not parts:
        return _alone(message, kept)
    files = tuple(file for part in parts if part.shunted is None for file in part.reading.attachments)
    return replace(message, parts=parts, reading=replace(message.reading, attachments=files or message.reading.attachments))


def _alone(message: Understood, kept: dict[int, list[KeptFile]]) -> Understood:
    found, known = kept.get(message.arrival.id, []), message.arrival.files
    if len(found) <= len(known):
        return message
    others = message.reading.attachments[: len(message.reading.attachments) - len(known)]
    return replace(message, reading=replace(message.reading, attachments=(*others, *map(attachment_of, found))))


def tie_missing(unit: Unit, messages: Sequence[Understood], now: datetime) -> None:
    """Put what was found missing before there was a case onto the case that the message has come to."""
    ids = [id_ for message in messages if message.reading.chat is not None for id_ in ids_of(message)]
    tasks = unit.find(Task, kind=MISSING, case_id=None, message_id=ids)
    rows = {row.id: row for row in unit.find(Message, id=sorted({task.message_id or 0 for task in tasks}))}
    cases = {case.id: case for case in unit.find(Case, id=sorted({row.case_id for row in rows.values() if row.case_id}))}
    events = []
    for task in tasks:
        row = rows.get(task.message_id)
        case = cases.get(row.case_id) if row is not None else None
        if case is not None and case.id is not None:
            unit.update(Task, task.id, case_id=case.id, team=case.team)
            events.append(event_row(case.id, MISSING, task.why, now, message=task.message_id))
    append_events(unit, events)
