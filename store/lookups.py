"""What triage and the sweep must know of what is already kept; every question is asked for a whole batch at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, literal_column, select, union_all

from store.chat_models import LetterPart
from store.models import Case, CaseStatus, Deadline, Message, Original, OutboxEntry, Party
from store.rows import any_of, columns, core, whole
from store.unit import Glance, Unit

Value = TypeVar("Value", str, int)

MAIL = "mail"
"""The way of letters that go by mail; a chat's ids name no mail."""
MOST_WORDS_OF = 50
"""Letters and messages of a case whose words are asked for."""
AT_ONCE = 5_000
"""Values in one question: a mail's References may name more than a database takes parameters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NearDeadline:
    """An open deadline of a case that nobody has looked at."""

    deadline_id: int
    case_id: int
    reference: str
    due_at: datetime


def claim_originals(unit: Unit, claims: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Claim content keys for messages, first come first served; return which message owns each key.

    Of several messages with the same key in one call, the lowest id gets it.
    """
    # In the order of keys, so that two batches with the same mails wait for, and never deadlock, each other.
    if unit.add_new(Original, [{"content_key": key, "message_id": id_} for key, id_ in sorted(claims)], ["content_key"]):
        return dict(claims)
    found: dict[str, int] = {}
    for keys in _portions({key for key, _ in claims}):
        found.update(dict(unit.all(_owners(), {"keys": keys})))
    return found


@cache
def _owners() -> Select[Any]:
    original = columns(Original)
    return select(original.content_key, original.message_id).where(original.content_key.in_(any_of("keys")))


def cases_by_header_ids(glance: Glance, header_ids: Collection[str]) -> dict[str, tuple[int, bool]]:
    """Return the case that each Message-ID belongs to, and whether the mail was ours; unknown ones are left out.

    Ours are also known by the Message-IDs that a relay gave them, where it told us.
    """
    found: dict[str, tuple[int, bool]] = {}
    for ids in _portions(header_ids):
        rows = glance.all(_by_header_ids(), {"ids": ids})
        # Latest first, so that the earliest message with a repeated Message-ID is what stays, unless a letter of ours has it.
        rows.sort(key=lambda row: (row.ours, -row.id))
        found.update({row.header_id: (row.case_id, bool(row.ours)) for row in rows})
    return found


@cache
def _by_header_ids() -> CompoundSelect[Any]:
    message, letter = columns(Message), columns(OutboxEntry)
    theirs = select(message.header_id, message.case_id, message.id, literal_column("0").label("ours"))
    ours = select(letter.header_id, letter.case_id, letter.id, literal_column("1").label("ours"))
    of_a_case = message.header_id.in_(any_of("ids")), message.case_id.is_not(None)
    part = columns(LetterPart)
    renamed = select(part.provider_id, letter.case_id, letter.id, literal_column("1").label("ours"))
    renamed = renamed.select_from(core(LetterPart).join(core(OutboxEntry), letter.id == part.letter_id))
    told = part.way == MAIL, part.provider_id.in_(any_of("ids"))
    return union_all(theirs.where(*of_a_case), ours.where(letter.header_id.in_(any_of("ids"))), renamed.where(*told))


def words_of_cases(glance: Glance, case_ids: Collection[int]) -> dict[int, tuple[list[str], list[str]]]:
    """Return of each case what was written to its people and what they wrote, the last first, some of each."""
    found: dict[int, tuple[list[str], list[str]]] = {case_id: ([], []) for case_id in case_ids}
    letter, message = columns(OutboxEntry), columns(Message)
    for case_id, (sent, received) in found.items():
        letters = select(letter.text).where(letter.case_id == case_id).order_by(letter.id.desc())
        messages = select(message.new_text).where(message.case_id == case_id).order_by(message.id.desc())
        sent += [row.text for row in glance.all(letters.limit(MOST_WORDS_OF))]
        received += [row.new_text for row in glance.all(messages.limit(MOST_WORDS_OF)) if row.new_text]
    return found


def parties_of(glance: Glance, case_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the addresses of each case's parties, and what each of them is to it."""
    found: dict[int, dict[str, str]] = {case_id: {} for case_id in case_ids}
    for ids in _portions(case_ids):
        for case_id, address, role in glance.all(_parties(), {"case_ids": ids}):
            found[case_id][address] = role
    return found


@cache
def _parties() -> Select[Any]:
    party = columns(Party)
    return select(party.case_id, party.address, party.role).where(party.case_id.in_(any_of("case_ids")))


def repeats(glance: Glance, repeat_keys: Collection[str], since: datetime) -> dict[str, tuple[int, int]]:
    """Return for each key the first message since then that has it and came to a case: message id, case id."""
    found: dict[str, tuple[int, int]] = {}
    for keys in _portions(repeat_keys):
        rows = glance.all(_by_repeat_keys(), {"keys": keys, "since": since})
        found.update({key: (id_, case_id) for key, id_, case_id in rows})
    return found


@cache
def _by_repeat_keys() -> Select[Any]:
    message = columns(Message)
    lately = message.received_at >= bindparam("since", type_=message.received_at.type)
    wanted = message.repeat_key.in_(any_of("keys")), lately, message.case_id.is_not(None)
    return select(message.repeat_key, message.id, message.case_id).where(*wanted).order_by(message.id.desc())


def senders_of_words(glance: Glance, words: str, since: datetime) -> set[str]:
    """Return who sent messages since then whose repeat key begins with ``words``; a thousand at the most."""
    found = glance.all(_by_words(), {"words": words, "beyond": f"{words}g", "since": since})  # "g": after every hex digit
    return {row.sender_address for row in found if row.sender_address}


@cache
def _by_words() -> Select[Any]:
    message = columns(Message)
    begins = message.repeat_key >= bindparam("words"), message.repeat_key < bindparam("beyond")
    lately = message.received_at >= bindparam("since", type_=message.received_at.type)
    return select(message.sender_address).distinct().where(*begins, lately).limit(1_000)


def taken_references(glance: Glance, references: Collection[str]) -> set[str]:
    """Return which of these references a case already bears."""
    return set(cases_by_references(glance, references))


def cases_by_references(glance: Glance, references: Collection[str]) -> dict[str, int]:
    """Return the case of each reference; unknown ones are left out."""
    if not references:
        return {}
    return dict(glance.all(_by_references(), {"references": list(references)}))


@cache
def _by_references() -> Select[Any]:
    case = columns(Case)
    return select(case.reference, case.id).where(case.reference.in_(any_of("references")))


def near_deadlines(glance: Glance, rule: str, before: datetime, limit: int = 500) -> list[NearDeadline]:
    """Return open deadlines of this rule that fall before then, of cases in triage that nobody looked at; nearest first."""
    deadline, case = columns(Deadline), columns(Case)
    statement = select(deadline.id.label("deadline_id"), deadline.case_id, case.reference, deadline.due_at)
    statement = statement.select_from(core(Deadline).join(core(Case), case.id == deadline.case_id))
    untouched = case.status == CaseStatus.TRIAGE, case.looked_at.is_(None)
    statement = statement.where(deadline.rule == rule, deadline.due_at < before, *open_deadline(), *untouched)
    rows = glance.run(statement.order_by(deadline.due_at, deadline.id).limit(limit)).mappings()
    return [NearDeadline(**row) for row in rows]


def open_deadline() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions under which a deadline still runs."""
    deadline = columns(Deadline)
    return deadline.met_at.is_(None), deadline.superseded_at.is_(None)


def hold_case(unit: Unit, case_id: int) -> Case | None:
    """Return a case that nobody else can change before we commit."""
    case = columns(Case)
    found = unit.models(Case, whole(Case).where(case.id == case_id).with_for_update())
    return found[0] if found else None


def _portions(values: Collection[Value]) -> Iterator[list[Value]]:
    listed: list[Any] = sorted(set(values))
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
