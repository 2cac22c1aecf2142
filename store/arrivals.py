"""T1: an arrival is kept, once, together with how far its mailbox was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, tuple_

from store.chat_models import MediaFile
from store.models import MailboxPosition, Message, RawContent
from store.rows import Row, any_of, columns
from store.tallies import AGAIN, KEPT, add_tallies
from store.unit import Glance, Unit, upsert

NAME = ("channel", "account", "external_id")
"""What names an arrival for ever."""

NOT_STORABLE = re.compile("[\0\ud800-\udfff]")

FROM_OUTSIDE = ("account", "external_id", "mail_from", "peer", "folder", "problem")
"""Text of a row which nobody has read yet, and which must not be what keeps a message from being kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """How far a mailbox folder was read (RFC 3501 section 2.3.1.1)."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


def receive(unit: Unit, rows: Sequence[Row], cursors: Iterable[Cursor] = ()) -> list[tuple[int, bool]]:
    """Keep arrivals that are new; return for each, in order, its message id and whether it was new.

    A row holds columns of ``Message``, as ``body`` the bytes as they came, and as ``files`` rows of ``MediaFile`` without
    the message, for what is still to be fetched. ``cursors`` move on in the same
    transaction: forward only, unless a new UIDVALIDITY numbers the folder afresh.
    """
    named = [_storable(row) for row in rows]
    names = [tuple(row[name] for name in NAME) for row in named]
    own = unit.new_ids(Message, len(named))
    numbered = [{**_without_body(row), "id": id_} for id_, row in zip(own, named, strict=True)]
    # In the order of names, so that two doors with the same mails wait for, and never deadlock, each other.
    all_new = unit.add_new(Message, sorted(numbered, key=itemgetter(*NAME)), NAME)
    # The database's key decided: what stands under its name with the id we gave it is ours, all else was there before.
    kept = dict(zip(names, own, strict=True)) if all_new else _ids(unit, names)
    found = [(kept[name], kept[name] == id_) for name, id_ in zip(names, own, strict=True)]
    bodies = [{"message_id": id_, "body": row["body"]} for (id_, fresh), row in zip(found, named, strict=True) if fresh]
    unit.add(RawContent, bodies)
    unit.add(MediaFile, [file for (id_, fresh), row in zip(found, named, strict=True) if fresh for file in _files(id_, row)])
    counted = Counter(
        (row["channel"], row["account"], KEPT if fresh else AGAIN) for (_, fresh), row in zip(found, named, strict=True)
    )
    for (channel, account, outcome), number in sorted(counted.items()):
        add_tallies(unit, channel, account, {outcome: number})
    for cursor in cursors:
        told = {"account": cursor.account, "folder": cursor.folder, "uidvalidity": cursor.uidvalidity, "uid": cursor.uid}
        unit.run(_moved(embedded=unit.embedded), told)
    return found


def mailbox_position(glance: Glance, account: str, folder: str) -> Cursor | None:
    """Return how far this folder was read, or None when never."""
    kept = glance.get(MailboxPosition, (account, folder))
    if kept is None:
        return None
    return Cursor(account=account, folder=folder, uidvalidity=kept.uidvalidity, uid=kept.uid)


def kept_names(glance: Glance, channel: str, account: str, external_ids: Sequence[str]) -> set[str]:
    """Return which arrivals of these names are kept, in the words that were asked with."""
    wanted = {storable(name): name for name in external_ids}
    named = {"names": [(channel, storable(account), name) for name in wanted]}
    return {wanted[name] for _id, _channel, _account, name in glance.all(_by_names(), named)} if wanted else set()


def storable(text: str) -> str:
    """Return text that both databases can keep: PostgreSQL has no NUL, and UTF-8 no lone surrogates."""
    return NOT_STORABLE.sub("\ufffd", text)


def _storable(row: Row) -> dict[str, Any]:
    changed = {name: storable(value) for name in FROM_OUTSIDE if isinstance(value := row.get(name), str)}
    return {**row, **changed}


def _without_body(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("body", "files")}


def _files(message_id: int, row: Row) -> list[Row]:
    return [{**file, "message_id": message_id, "number": number} for number, file in enumerate(row.get("files", ()), start=1)]


def _ids(unit: Unit, names: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    return {tuple(name): id_ for id_, *name in unit.all(_by_names(), {"names": names})}


@cache
def _by_names() -> Select[Any]:
    message = columns(Message)
    key = tuple(message[name] for name in NAME)
    return select(message.id, *key).where(tuple_(*key).in_(any_of("names")))


@cache
def _moved(*, embedded: bool) -> Any:
    kept = columns(MailboxPosition)
    named: dict[str, Any] = {name: bindparam(name) for name in ("account", "folder", "uidvalidity", "uid")}
    statement = upsert(MailboxPosition, embedded=embedded).values(named)
    told = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[kept.account, kept.folder],
        set_={"uidvalidity": told.uidvalidity, "uid": told.uid},
        where=or_(told.uidvalidity != kept.uidvalidity, told.uid > kept.uid),
    )
