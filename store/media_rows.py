"""Files of chat messages: claimed to be fetched, kept byte for byte, or noted as missing with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, case, func, literal_column, select, update

from store.chat_models import MediaContent, MediaFile
from store.models import Message, MessageState
from store.rows import any_of, columns, core
from store.unit import Glance, Unit
from store.worklist import message_is

END = 65_536
"""Bytes of the end of a large file, where archives list what is in them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """A fetched file with its bytes, or with those of its beginning and its end."""

    message_id: int
    number: int
    name: str | None
    type: str | None
    size: int
    sha256: str
    body: bytes = field(repr=False)


def files_of_messages(glance: Glance, message_ids: Collection[int], at_most: int | None = None) -> dict[int, list[KeptFile]]:
    """Return the files that were fetched for these messages, in their order; messages without any are left out.

    ``at_most`` is how many bytes of each are returned, and of a larger one its end beside: many of 20 MB would fill the memory.
    """
    found: dict[int, list[KeptFile]] = {}
    asked = {"ids": list(message_ids)} if at_most is None else {"ids": list(message_ids), "at_most": at_most}
    for row in glance.run(_kept(whole=at_most is None), asked).mappings() if message_ids else ():
        found.setdefault(row["message_id"], []).append(_file(dict(row), at_most))
    return found


def _file(told: dict[str, Any], at_most: int | None) -> KeptFile:
    end = told.pop("end", None)
    if at_most is not None and told["size"] > at_most:
        told["body"] += end or b""
    return KeptFile(**told)


def files_of(glance: Glance, message_id: int) -> list[KeptFile]:
    """Return the files that were fetched for one message."""
    return files_of_messages(glance, [message_id]).get(message_id, [])


def missing_files(glance: Glance, message_ids: Collection[int]) -> list[MediaFile]:
    """Return the files of these messages that are still to come, or never will."""
    found = glance.find(MediaFile, message_id=sorted(message_ids), state=["waiting", "missing"])
    return sorted(found, key=lambda file: (file.message_id, file.number))


def numbers_of(glance: Glance, message_id: int) -> tuple[int, ...]:
    """Return the numbers of a message's files that were fetched."""
    return tuple(sorted(file.number for file in glance.find(MediaFile, message_id=message_id, state="kept")))


def file_of(glance: Glance, message_id: int, number: int) -> KeptFile | None:
    """Return one file that was fetched for a message, with all its bytes."""
    found = glance.run(_kept(whole=True).where(columns(MediaFile).number == number), {"ids": [message_id]}).mappings().first()
    return None if found is None else KeptFile(**found)


@cache
def _kept(*, whole: bool) -> Select[Any]:
    file, content = columns(MediaFile), columns(MediaContent)
    joined = core(MediaFile).join(core(MediaContent), content.media_id == file.id)
    head = func.substr(content.body, 1, bindparam("at_most", type_=file.number.type), type_=content.body.type)
    end = func.substr(content.body, func.length(content.body) + 1 - END, END, type_=content.body.type)
    body = [content.body] if whole else [head.label("body"), case((file.size > END, end), else_=None).label("end")]
    asked = file.message_id, file.number, file.name, file.type, file.size, file.sha256, *body
    return select(*asked).select_from(joined).where(file.message_id.in_(any_of("ids"))).order_by(file.message_id, file.number)


def claim_files(unit: Unit, now: datetime, until: datetime, lease: str, limit: int) -> list[MediaFile]:
    """Claim files that are to be fetched, at most ``limit``; nobody else sees them before ``until``."""
    found = list(unit.run(_due(), {"now": now, "at_most": limit}).scalars())
    if not found:
        return []
    unit.run(_claimed(), {"ids": found, "new_lease": lease, "until": until})
    return unit.find(MediaFile, id=found)


@cache
def _due() -> Select[Any]:
    file = columns(MediaFile)
    waiting = file.state == literal_column("'waiting'"), file.next_at <= bindparam("now", type_=file.next_at.type)
    statement = select(file.id).where(*waiting).order_by(file.next_at, file.id)
    return statement.limit(bindparam("at_most", type_=file.attempts.type)).with_for_update(skip_locked=True)


@cache
def _claimed() -> Update:
    file = columns(MediaFile)
    changed = {"attempts": file.attempts + 1, "lease": bindparam("new_lease"), "next_at": bindparam("until")}
    return update(core(MediaFile)).where(file.id.in_(any_of("ids"))).values(changed)


def keep_file(unit: Unit, file: MediaFile, body: bytes, *, name: str | None, kind: str | None, at: datetime) -> bool:
    """Keep the bytes of a file; False when the lease was no longer ours, and nothing was kept."""
    known = {"size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "name": name, "type": kind}
    if not _settle(unit, file, state="kept", kept_at=at, **known):
        return False
    unit.add(MediaContent, [{"media_id": file.id, "body": body}])
    unit.update(Message, file.message_id, files_scanned_at=None)
    return True


def rest(unit: Unit, way: str, until: datetime) -> None:
    """Fetch nothing more this way before ``until``."""
    file = columns(MediaFile)
    wanted = file.way == way, file.state == literal_column("'waiting'"), file.lease.is_(None), file.next_at < until
    unit.run(update(core(MediaFile)).where(*wanted).values(next_at=until))


def hold_message(unit: Unit, message_id: int) -> Message | None:
    """Return a message that nobody else changes before we commit."""
    message = columns(Message)
    unit.run(select(message.id).where(message.id == message_id).with_for_update())
    return unit.get(Message, message_id)


def file_again(unit: Unit, file: MediaFile, at: datetime, problem: str, attempts: int) -> bool:
    """Try for a file again at a later time, after so many attempts that count; False when the lease was no longer ours."""
    return _settle(unit, file, next_at=at, problem=problem, attempts=attempts)


def file_missing(unit: Unit, file: MediaFile, problem: str) -> bool:
    """Note that a file will never come, and why; False when the lease was no longer ours."""
    return _settle(unit, file, state="missing", problem=problem)


def _settle(unit: Unit, file: MediaFile, **values: Any) -> bool:
    kept = columns(MediaFile)
    ours = kept.id == file.id, kept.lease == file.lease, kept.state == "waiting"
    return unit.run(update(core(MediaFile)).where(*ours).values(lease=None, **values)).rowcount > 0


def all_here(unit: Unit, message_ids: Sequence[int], now: datetime) -> None:
    """Let messages be read now whose conversation waits for no file any more, or once it has been quiet for long enough."""
    message, file, other = columns(Message), columns(MediaFile), core(Message).alias("other")
    theirs = select(message.conversation).where(message.id.in_(list(message_ids)))
    open_file = select(file.id).join(other, other.c.id == file.message_id)
    open_file = open_file.where(file.state == "waiting", other.c.conversation == message.conversation)
    wanted = message.conversation.in_(theirs), message_is(MessageState.WAITING), message.lease.is_(None), message.attempts == 0
    due = case((message.quiet_until > now, message.quiet_until), else_=now)
    unit.run(update(core(Message)).where(*wanted, message.due_at > now, ~open_file.exists()).values(due_at=due))
