"""T2 and T3: messages that wait are claimed under a lease, and only the holder of the lease may finish them.

A lease is a random name that the claimer makes up; ``due_at`` says until when it holds. Whoever comes too late finds that
the lease is no longer theirs, and must drop what they did.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, bindparam, case, literal_column, select, update

from store.models import Message, MessageState, RawContent
from store.rows import any_of, columns, core
from store.unit import Unit

ATTEMPTS = 3
"""After so many failed attempts a message waits for a person."""
MOST_TOGETHER = 200
"""Messages that are claimed because they belong with others; what somebody sends beyond that comes to the next claim."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimedMessage:
    """A message as triage needs it; ``attempts`` counts this one."""

    id: int
    channel: str
    account: str
    external_id: str
    media_type: str
    received_at: datetime
    accepted_at: datetime
    raw_sha256: str
    raw_size: int
    mail_from: str | None
    rcpt_to: list[str]
    peer: str | None
    attempts: int
    problem: str | None
    case_id: int | None = None
    conversation: str | None = None
    act: str | None = None
    body: bytes = field(repr=False)


def claim_messages(
    unit: Unit, now: datetime, lease_until: datetime, lease: str, limit: int
) -> tuple[list[ClaimedMessage], list[ClaimedMessage]]:
    """Claim the messages that have waited longest, at most ``limit``; return them with their bytes, in two lists.

    The first holds those whose attempts are used up and whose lease has run out: they are to be shunted, and this is no
    attempt. The second holds those to try. One that was tried before is tried alone: if it kills the process, its
    neighbours' attempts are not used up.
    """
    due = _in_turn(unit, unit.all(due_messages(), {"now": now, "at_most": limit}), now)
    exhausted = {row.id for row in due if row.attempts >= ATTEMPTS}
    fresh = _together([row for row in due if row.attempts < ATTEMPTS])
    ids = [*exhausted, *fresh]
    if not ids:
        return [], []
    # What belongs together is claimed together, whatever the limit says: it is read as one.
    ids += siblings(
        unit, {row.conversation for row in due if row.act == "message" and row.id in fresh and not row.attempts}, ids
    )
    unit.run(_claim(), {"ids": ids, "new_lease": lease, "until": lease_until})
    claimed = [ClaimedMessage(**row) for row in unit.run(_with_bodies(), {"ids": ids}).mappings()]
    return [one for one in claimed if one.id in exhausted], [one for one in claimed if one.id not in exhausted]


def hold_messages(unit: Unit, lease: str, ids: Collection[int]) -> set[int]:
    """Return which of these messages are still ours under this lease; nobody else can take them before we commit."""
    if not ids:
        return set()
    return {row.id for row in unit.all(_held(), {"ids": list(ids), "known_lease": lease})}


def message_retry(unit: Unit, message_id: int, lease: str, due_at: datetime, problem: str) -> bool:
    """Put a message back until ``due_at``, saying what went wrong; False when the lease was no longer ours."""
    return _settle(unit, message_id, lease, due_at=due_at, problem=problem)


def message_untried(unit: Unit, message_id: int, lease: str, due_at: datetime) -> bool:
    """Put a message back until ``due_at`` as if nobody had claimed it; False when the lease was no longer ours."""
    return _settle(unit, message_id, lease, due_at=due_at, attempts=columns(Message).attempts - 1)


def message_shunted(unit: Unit, message_id: int, problem: str, **values: Any) -> bool:
    """Put a waiting message into the quarantine queue, whoever holds it; False when it was not waiting any more."""
    message = columns(Message)
    statement = update(core(Message)).where(message.id == message_id, message_is(MessageState.WAITING))
    return unit.run(statement.values(state=MessageState.SHUNTED, lease=None, problem=problem, **values)).rowcount > 0


def _settle(unit: Unit, message_id: int, lease: str, **values: Any) -> bool:
    message = columns(Message)
    statement = update(core(Message)).where(message.id == message_id, message.lease == lease, message_is(MessageState.WAITING))
    return unit.run(statement.values(lease=None, **values)).rowcount > 0


def message_is(state: MessageState) -> ColumnElement[bool]:
    """Return the condition under which a message is in this state, so written that the index for it serves."""
    # Written out, not bound: only so does the planner see which partial index serves.
    condition: ColumnElement[bool] = columns(Message).state == literal_column(f"'{state.value}'")
    return condition


@cache
def due_messages() -> Select[Any]:
    """Return the question which messages wait and are due ``now``, ``at_most`` so many; it locks what nobody else just claims."""
    message = columns(Message)
    wanted = message_is(MessageState.WAITING), message.due_at <= bindparam("now", type_=message.due_at.type)
    asked = message.id, message.attempts, message.conversation, message.act
    statement = select(*asked).where(*wanted).order_by(message.due_at, message.id)
    return statement.limit(bindparam("at_most", type_=message.attempts.type)).with_for_update(skip_locked=True)


def _in_turn(unit: Unit, due: list[Any], now: datetime) -> list[Any]:
    """Leave out what was said in a conversation of which somebody else holds words right now: those open the case."""
    talks = sorted({row.conversation for row in due if row.conversation is not None})
    busy = set(unit.run(_held_talks(), {"talks": talks, "now": now}).scalars()) if talks else set()
    return [row for row in due if row.conversation not in busy]


@cache
def _held_talks() -> Select[Any]:
    message = columns(Message)
    held = message_is(MessageState.WAITING), message.lease.is_not(None)
    held_on = message.due_at > bindparam("now", type_=message.due_at.type)
    wanted = message.conversation.in_(any_of("talks")), message.conversation.is_not(None), *held, held_on
    return select(message.conversation).distinct().where(*wanted)


def _together(rows: list[Any]) -> list[int]:
    if rows and rows[0].attempts > 0:
        return [rows[0].id]
    fresh = []
    for row in rows:
        if row.attempts > 0:
            break
        fresh.append(row.id)
    return fresh


@cache
def _claim() -> Update:
    message = columns(Message)
    tried = case((message.attempts < ATTEMPTS, message.attempts + 1), else_=message.attempts)
    changed = {"attempts": tried, "lease": bindparam("new_lease"), "due_at": bindparam("until")}
    return update(core(Message)).where(message.id.in_(any_of("ids"))).values(changed)


@cache
def _with_bodies() -> Select[Any]:
    message = columns(Message)
    wanted = [message[name] for name in ClaimedMessage.__dataclass_fields__ if name != "body"]
    joined = core(Message).join(core(RawContent), columns(RawContent).message_id == message.id)
    statement = select(*wanted, columns(RawContent).body).select_from(joined)
    return statement.where(message.id.in_(any_of("ids"))).order_by(message.id)


@cache
def _held() -> Select[Any]:
    message = columns(Message)
    ours = message.lease == bindparam("known_lease", type_=message.lease.type), message_is(MessageState.WAITING)
    return select(message.id).where(message.id.in_(any_of("ids")), *ours).order_by(message.id).with_for_update()


def siblings(unit: Unit, talks: Collection[str], known: Collection[int]) -> list[int]:
    """Return the messages that wait in these conversations beside those known, unless somebody just claims them."""
    if not talks:
        return []
    found = unit.run(_siblings(), {"talks": list(talks)}).scalars()
    return [id_ for id_ in found if id_ not in known]


@cache
def _siblings() -> Select[Any]:
    message = columns(Message)
    fresh = message_is(MessageState.WAITING), message.lease.is_(None), message.attempts == 0, message.act == "message"
    wanted = message.conversation.in_(any_of("talks")), message.conversation.is_not(None), *fresh
    return select(message.id).where(*wanted).order_by(message.id).limit(MOST_TOGETHER).with_for_update(skip_locked=True)
