"""What is missing although something else says that it must be there: each finding is a sentence for whoever keeps the house."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select

from store.chat_models import MediaContent, MediaFile
from store.models import Case, Disposition, MailboxPosition, Message, MessageState, RawContent, Task
from store.rows import columns, core
from store.tallies import accounts
from store.unit import Glance

AT_ONCE = 200
"""Bodies that are read at once."""
SHOWN = 5
"""So many messages are named in a finding."""
HAVE_CASES = (Disposition.CASE, Disposition.FOLLOW_UP)
REPEATS = (Disposition.DUPLICATE, Disposition.REPEAT)


def sums(glance: Glance) -> list[str]:
    """Return which door's answers, kept messages and present rows do not add up: quick enough for every look."""
    return [sentence for account in accounts(glance) for sentence in account.holes]


def holes(glance: Glance) -> list[str]:
    """Return all that is missing, but for what only the bytes can tell."""
    message = columns(Message)
    checks: list[tuple[ColumnElement[bool], str]] = [
        (~_there(RawContent, "message_id", message.id), "without their bytes"),
        (message.disposition.in_(HAVE_CASES) & ~_there(Case, "id", message.case_id), "came to a case that is not there"),
        (message.disposition.in_(REPEATS) & ~_original(), "are repeats of a message that is not there"),
        ((message.state == MessageState.HANDLED) & message.disposition.is_(None), "are handled and came to nothing"),
        ((message.state == MessageState.SHUNTED) & ~_quarantine_task(), "are in quarantine and nobody was asked"),
    ]
    found = [sentence for wanted, what in checks if (sentence := _named(glance, wanted, what))]
    return [*sums(glance), *found, *_read_beyond(glance)]


def spoilt(glance: Glance) -> Iterator[str]:
    """Yield a sentence for each message, and each file fetched for one, whose bytes are not those that were kept."""
    message, raw = columns(Message), columns(RawContent)
    page = select(message.id, message.raw_sha256, raw.body).join(core(RawContent), raw.message_id == message.id)
    for id_ in _changed(glance, page, message.id):
        yield f"the bytes of message {id_} were changed"
    file, content = columns(MediaFile), columns(MediaContent)
    page = select(file.id, file.sha256, content.body).join(core(MediaContent), content.media_id == file.id)
    for id_ in _changed(glance, page, file.id):
        yield f"the bytes of fetched file {id_} were changed"


def _changed(glance: Glance, statement: Select[Any], key: ColumnElement[int]) -> Iterator[int]:
    """Yield the ids of rows (id, sum, bytes) whose bytes have another sum."""
    last = 0
    page = statement.where(key > bindparam("last")).order_by(key).limit(AT_ONCE)
    while rows := glance.all(page, {"last": last}):
        last = rows[-1][0]
        yield from (id_ for id_, digest, body in rows if _hash(body) != digest)


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _there(table: Any, name: str, value: Any) -> ColumnElement[bool]:
    return exists().where(columns(table)[name] == value)


def _original() -> ColumnElement[bool]:
    earlier = core(Message).alias("earlier")
    return exists().where(earlier.c.id == columns(Message).duplicate_of)


def _quarantine_task() -> ColumnElement[bool]:
    # Open or closed: what a person did with it is theirs.
    message, task = columns(Message), columns(Task)
    same_case = task.case_id.is_not(None) & (task.case_id == message.case_id)
    return exists().where(or_(task.message_id == message.id, same_case))


def _named(glance: Glance, wanted: ColumnElement[bool], what: str) -> str | None:
    message = columns(Message)
    number = glance.run(select(func.count()).select_from(core(Message)).where(wanted)).scalar_one()
    if not number:
        return None
    some = glance.all(select(message.id).where(wanted).order_by(message.id).limit(SHOWN))
    return f"{number} messages {what}: number {', '.join(str(row.id) for row in some)}"


def _read_beyond(glance: Glance) -> list[str]:
    """Return which mailboxes were read up to a message that is not there."""
    message, place = columns(Message), columns(MailboxPosition)
    same = (message[name] == place[name] for name in ("account", "folder", "uidvalidity", "uid"))
    rows = glance.all(select(place.account, place.folder, place.uid).where(~exists().where(*same)))
    return [f"{row.account} {row.folder} was read up to UID {row.uid}, which is not there" for row in rows]
