"""Conversations by chat: when they were heard, what waits in them, to which case they belong, and who alone polls."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, case, collate, or_, select, update

from store.chat_models import Conversation, LetterPart, Question
from store.door_models import Hold
from store.models import Message, MessageState, OutboxEntry
from store.rows import any_of, columns, core
from store.unit import Glance, Unit, upsert
from store.worklist import message_is


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """That a person wrote in a conversation, and until when to wait whether more comes."""

    identity: str
    at: datetime
    wait_until: datetime | None = None
    begun_after: datetime
    """Messages that were accepted before wait no longer, however much more comes."""


def hear(unit: Unit, heard: Sequence[Heard]) -> None:
    """Note that these people wrote, which opens a closed conversation again, and let what waits there wait for the rest."""
    if not heard:
        return
    unit.run(_hearing(embedded=unit.embedded), [{"identity": one.identity, "heard_at": one.at} for one in _latest(heard)])
    waits = [one for one in heard if one.wait_until is not None]
    if waits:
        unit.run(_waiting(), [{"talk": w.identity, "until": w.wait_until, "begun": w.begun_after} for w in waits])


def _latest(heard: Sequence[Heard]) -> list[Heard]:
    latest: dict[str, Heard] = {}
    for one in heard:
        if one.identity not in latest or latest[one.identity].at < one.at:
            latest[one.identity] = one
    # In the order of names, so that two doors wait for, and never deadlock, each other.
    return [latest[identity] for identity in sorted(latest)]


@cache
def _hearing(*, embedded: bool) -> Any:
    kept = columns(Conversation)
    statement = upsert(Conversation, embedded=embedded).values(
        {"identity": bindparam("identity"), "heard_at": bindparam("heard_at", type_=kept.heard_at.type)}
    )
    newer = statement.excluded.heard_at
    changed = {"heard_at": newer, "closed_at": None, "closed_why": None}
    return statement.on_conflict_do_update(index_elements=[kept.identity], set_=changed, where=kept.heard_at < newer)


@cache
def _waiting() -> Update:
    message = columns(Message)
    still = message_is(MessageState.WAITING), message.lease.is_(None), message.act == "message", message.attempts == 0
    begun = message.accepted_at >= bindparam("begun", type_=message.accepted_at.type)
    wanted = message.conversation == bindparam("talk"), *still, begun
    until = bindparam("until", type_=message.due_at.type)
    # Never sooner than it is due already: it may be waiting for its files.
    moved = {column: case((message[column] > until, message[column]), else_=until) for column in ("due_at", "quiet_until")}
    return update(core(Message)).where(*wanted).values(moved)


def conversations(glance: Glance, identities: Collection[str]) -> dict[str, Conversation]:
    """Return what is known of these conversations."""
    return {row.identity: row for row in glance.find(Conversation, identity=sorted(set(identities)))}


def hold_conversations(unit: Unit, identities: Collection[str]) -> None:
    """Hold these conversations, so that nobody else settles what is said in them before we commit.

    Messages are held before them, cases after them: whoever keeps to that waits for, and never blocks, the others.
    """
    if identities and not unit.embedded:
        unit.all(_holding(), {"talks": sorted(set(identities))})


@cache
def _holding() -> Select[Any]:
    talk = columns(Conversation)
    # By their letters, as whoever hears of several sorts them, and not as the database's language would.
    statement = select(talk.identity).where(talk.identity.in_(any_of("talks"))).order_by(collate(talk.identity, "C"))
    return statement.with_for_update()


def close_conversation(unit: Unit, identity: str, at: datetime, why: str) -> None:
    """Note that nothing can be sent there until the person writes again."""
    unit.update(Conversation, identity, closed_at=at, closed_why=why)


def open_conversation(unit: Unit, identity: str) -> None:
    """Note that we may write there again."""
    unit.update(Conversation, identity, closed_at=None, closed_why=None)


def came_to_case(unit: Unit, talks: Mapping[str, int], at: datetime) -> None:
    """Note to which case each conversation belongs now."""
    unit.update_many(
        Conversation, [{"identity": i, "case_id": case_id, "spoke_at": at} for i, case_id in sorted(talks.items())]
    )


def open_question(glance: Glance, conversation: str, kind: str) -> Question | None:
    """Return the latest question of this kind that waits for an answer there."""
    found = glance.find(Question, conversation=conversation, kind=kind, answered_at=None)
    return found[-1] if found else None


def earlier_message(glance: Glance, channel: str, account: str, external_id: str) -> Message | None:
    """Return the message that an edit or a withdrawal is about."""
    found = glance.find(Message, channel=channel, account=account, external_id=external_id)
    return found[0] if found else None


def part_by_provider_id(glance: Glance, way: str, provider_id: str) -> LetterPart | None:
    """Return the part of a letter, or the whole of it, that a platform knows by this id."""
    found = glance.find(LetterPart, provider_id=provider_id, way=way)
    return found[-1] if found else None


def give_up_parts(unit: Unit, letter_id: int) -> None:
    """Note that what was sent of a letter did not arrive: what platforms still say of it is heeded no more."""
    unit.update_many(LetterPart, [{"id": part.id, "progress": "failed"} for part in unit.find(LetterPart, letter_id=letter_id)])


def letters_to(glance: Glance, recipient: str, since: datetime) -> list[OutboxEntry]:
    """Return the letters to somebody that were written or sent since then."""
    letter = columns(OutboxEntry)
    lately = or_(letter.created_at >= since, letter.sent_at >= since)
    return glance.models(OutboxEntry, select(core(OutboxEntry)).where(letter.recipient == recipient, lately))


def talk_of(glance: Glance, conversation: str, limit: int = 200) -> list[Message]:
    """Return the last messages of a conversation, the oldest first."""
    return list(reversed(glance.models(Message, _talk(), {"talk": conversation, "at_most": limit})))


@cache
def _talk() -> Select[Any]:
    message = columns(Message)
    statement = select(core(Message)).where(message.conversation == bindparam("talk"), message.conversation.is_not(None))
    return statement.order_by(message.id.desc()).limit(bindparam("at_most", type_=message.attempts.type))


def hold(unit: Unit, account: str, holder: str, now: datetime, until: datetime) -> bool:
    """Give the account to this holder until then, unless somebody else has it; return whether it is theirs."""
    kept = columns(Hold)
    statement = upsert(Hold, embedded=unit.embedded).values(account=account, holder=holder, until=until)
    theirs = or_(kept.holder == holder, kept.until <= now)
    taken = statement.on_conflict_do_update(
        index_elements=[kept.account], set_={"holder": holder, "until": until}, where=theirs
    )
    unit.run(taken)
    found = unit.get(Hold, account)
    return found is not None and found.holder == holder
