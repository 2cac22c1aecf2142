"""What people said of messages beside what the machine had said of them: what a landlord's own model learns from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from store.drift_figures import Sides
from store.models import Case, Message, Party, Task, Verdicting
from store.rows import columns, core
from store.spot_rows import COMPLAINT, KIND
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One judgement: by whom, why, and what; ``scores``, ``route`` and ``model`` are the machine's."""

    message_id: int
    at: datetime
    by: str
    why: str
    model: str | None
    category: str
    also: list[str]
    flags: list[str]
    reason: str | None
    scores: dict[str, float] = field(default_factory=dict)
    route: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """A message with a person's last word on it, and the machine's own first one, if it ever judged it.

    ``drawn`` says that the lot sent it to a person, though the machine was sure; ``names`` are the names and addresses of
    whoever belongs to its case.
    """

    channel: str
    case_id: int
    sender: str | None
    names: frozenset[str]
    subject: str | None
    text: str
    person: Said
    machine: Said | None
    drawn: bool


def decided_messages(glance: Glance, sides: Sides) -> list[Decided]:
    """Return every message with words of a resident's own that a person judged, in the order of the messages.

    What a colleague heard and wrote down is not in a resident's words, and what came twice counts once.
    """
    verdict = columns(Verdicting)
    by_people = verdict.by.not_in(sides.not_people), verdict.undone_at.is_(None)
    judged = select(verdict.message_id).where(*by_people)
    last = _said(glance, by_people)
    own = _said(glance, (*_its_own(sides), verdict.message_id.in_(judged)), first=True)
    drawn = set(glance.run(select(columns(Task).message_id).where(columns(Task).kind == KIND)).scalars())
    names = _names(glance, judged)
    return [
        Decided(
            channel=row.channel_kind,
            case_id=row.case_id,
            sender=row.sender_address,
            names=frozenset(filter(None, (row.sender_name, row.sender_address, row.resident_name, *names[row.case_id]))),
            subject=row.subject,
            text=row.new_text,
            person=last[row.id],
            machine=own.get(row.id),
            drawn=row.id in drawn,
        )
        for row in glance.all(_words(judged, sides))
        if row.new_text and row.id in last
    ]


def sent_away(glance: Glance, sides: Sides) -> dict[str, int]:
    """Count the messages that opened a case and that the machine was sure are no complaint, by model: those the lot draws from."""
    verdict, message = columns(Verdicting), columns(Message)
    sure = verdict.route == "auto", verdict.category != COMPLAINT, verdict.case_id.is_not(None)
    counted = select(verdict.model, func.count(verdict.message_id.distinct()).label("number"))
    joined = counted.select_from(core(Verdicting).join(core(Message), message.id == verdict.message_id))
    wanted = joined.where(*_its_own(sides), *sure, message.channel.not_in(sides.logged)).group_by(verdict.model)
    return {row.model: row.number for row in glance.all(wanted)}


def latest_model(glance: Glance, sides: Sides) -> str | None:
    """Return the name of the model that gave the machine's latest verdict, if there is one."""
    verdict = columns(Verdicting)
    statement = select(verdict.model).where(*_its_own(sides)).order_by(verdict.id.desc()).limit(1)
    found: str | None = glance.run(statement).scalar()
    return found


def _its_own(sides: Sides) -> tuple[ColumnElement[bool], ...]:
    verdict = columns(Verdicting)
    return verdict.by == sides.machine, verdict.model.not_in(sides.spoken_for)


def _words(judged: Select[Any], sides: Sides) -> Select[Any]:
    message, case = columns(Message), columns(Case)
    joined = core(Message).join(core(Case), case.id == message.case_id)
    whose = message.case_id, message.sender_address, message.sender_name, case.resident_name
    wanted = select(message.id, case.channel_kind, message.subject, message.new_text, *whose).select_from(joined)
    own = message.id.in_(judged), message.channel.not_in(sides.logged), message.duplicate_of.is_(None)
    return wanted.where(*own).order_by(message.id)


def _names(glance: Glance, judged: Select[Any]) -> defaultdict[int, set[str]]:
    """Return the names and addresses of the parties, by case."""
    message, party = columns(Message), columns(Party)
    cases = select(message.case_id).where(message.id.in_(judged))
    found: defaultdict[int, set[str]] = defaultdict(set)
    for row in glance.all(select(party.case_id, party.name, party.address).where(party.case_id.in_(cases))):
        found[row.case_id] |= {row.name, row.address} - {None}
    return found


def _said(glance: Glance, wanted: Collection[ColumnElement[bool]], *, first: bool = False) -> dict[int, Said]:
    """Return one judgement a message, by its number: the last of those wanted, or the first."""
    verdict = columns(Verdicting)
    statement = select(*(verdict[name] for name in Said.__dataclass_fields__)).where(*wanted)
    # Of what has the same number the later row wins, so the first word is found by reading backwards.
    ordered = statement.order_by(verdict.id.desc() if first else verdict.id)
    return {row["message_id"]: Said(**row) for row in glance.run(ordered).mappings()}
