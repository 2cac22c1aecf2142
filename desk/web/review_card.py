"""The review card's facts: what came, what the machine made of it and why, what is owed, and who else is looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, NamedTuple

from desk.web import words
from desk.web.access import may_open, open_case_id
from desk.web.agreed import agreed_with
from desk.web.case_around import Clock, clocks
from desk.web.case_names import NOT_PEOPLE, names_of
from desk.web.desk import Desk
from desk.web.mail_words import reason_in_words
from desk.web.marking import plain
from desk.web.rights import Person
from desk.web.second_vote import SecondVote, second_vote
from desk.web.showing import ShownMessage, shown_message
from desk.web.similar import Similar, similar_messages
from handlers.machine_reasons import is_unjudged
from handlers.rows import MACHINE, candidates_kept, spans_kept
from handlers.same_matter import KIND, offered_case
from store.casefile import first_message
from store.identity_rows import linked_with, open_on
from store.models import Case, Deadline, Message, Task, Verdicting
from store.unit import Glance

MOST_OTHER_WORDS: Final = 4_000
CHECKED: Final = ("triage", "spot_check", "quarantine")
"""Kinds of task whose card asks what the message is."""


class Quoted(NamedTuple):
    """Words that drove a judgement, and what they mean in English where they are of another language."""

    text: str
    meaning: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A judgement in words: how sure, what came second and how far behind, and the words that drove it."""

    row: Verdicting
    by: str
    percent: int | None
    second: str | None
    second_percent: int
    gap: int
    drove: tuple[tuple[str, tuple[Quoted, ...]], ...]
    candidates: tuple[tuple[str, int], ...] = ()
    """The categories that could not be ruled out, the likeliest first, each with its per cent."""

    @property
    def unjudged(self) -> bool:
        """Whether its category means nothing: it was not understood, or had next to no words."""
        return self.row.by == MACHINE and is_unjudged(self.row.why)


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """All that a card shows; ``latest`` is the judgement that stands, ``machine`` the machine's own."""

    case: Case | None
    message: Message | None
    shown: ShownMessage | None
    latest: Judged | None
    machine: Judged | None
    earlier: tuple[Judged, ...]
    clocks: tuple[Clock, ...]
    similar: tuple[Similar, ...]
    others: tuple[str, ...]
    related: Case | None
    other_words: str = ""
    """How the other case began, to be compared; a restricted one is read on its own page, where that is noted."""
    joins_here: bool = False
    """Whether the other case came later, and would go on in this one."""
    same_person: bool = False
    """Whether the senders of both are linked as one resident."""
    second: SecondVote | None = None
    """What a second reader takes it for, where one was asked."""
    agreed: tuple[str, ...] = ()
    """What was agreed with the resident of its case."""

    @property
    def dangers(self) -> list[str]:
        """Return the danger flags, as last judged or as they stand on the case."""
        judged = self.latest.row.flags if self.latest else []
        return [str(flag) for flag in words.DANGERS if flag in {*judged, *(self.case.flags if self.case else ())}]

    @property
    def seen(self) -> int:
        """Return the judgement that whoever looks at the card has seen; 0 where there is none."""
        return (self.latest.row.id or 0) if self.latest else 0


def card_of(desk: Desk, person: Person, task: Task | None, message: Message | None) -> Card:
    """Gather a card's facts; the task or the message has been opened for the person already."""
    case_id = (task.case_id if task else None) or (message.case_id if message else None)
    opened = open_case_id(desk, person, case_id) if case_id is not None else None
    case = opened.case if opened else None
    with desk.glance() as glance:
        rows = glance.find(Verdicting, message_id=message.id) if message else []
        names = names_of(glance, {row.by for row in rows})
        deadlines = glance.find(Deadline, case_id=case_id, superseded_at=None, met_at=None) if case_id else []
        related = _related(glance, _other_case(glance, task, case), person)
        other_words = _begins(glance, related) if task is not None and task.kind == KIND else ""
        same_person = _are_linked(glance, case, related)
        second = second_vote(glance, case, message)
        agreed = agreed_with(glance, case) if case is not None else ()
    machines = [row for row in rows if row.by == MACHINE]
    standing = [row for row in rows if row.undone_at is None]
    machine = machines[-1] if machines else None
    return Card(
        case=case,
        message=message,
        shown=_not_said_twice(shown_message(desk, message, machine), task) if message else None,
        latest=judged(standing[-1], names) if standing else None,
        machine=judged(machine, names) if machine else None,
        earlier=tuple(judged(row, names) for row in rows if row.by not in NOT_PEOPLE or row is not machine),
        clocks=tuple(clocks(deadlines, desk.now())),
        similar=tuple(similar_messages(desk, person, message)) if message else (),
        others=opened.others if opened else (),
        related=related,
        other_words=other_words,
        joins_here=_came_first(case, related),
        same_person=same_person,
        second=second,
        agreed=agreed,
    )


def _not_said_twice(shown: ShownMessage, task: Task | None) -> ShownMessage:
    """Leave out of what is wrong with a message what the card says above it already."""
    if task is None:
        return shown
    said = reason_in_words(task.why)
    return replace(shown, problems=tuple(problem for problem in shown.problems if problem not in said))


def judged(row: Verdicting, names: Mapping[str, str]) -> Judged:
    """Return a judgement in words."""
    ranked = sorted(row.scores.items(), key=lambda score: -score[1])
    best = ranked[0][1] if ranked else 0.0
    # "Then complaint 0%" tells nobody anything.
    second = next((score for score in ranked[1:2] if round(score[1] * 100)), None)
    return Judged(
        row=row,
        by=names.get(row.by, row.by),
        percent=None if row.confidence is None else round(row.confidence * 100),
        second=second[0] if second else None,
        second_percent=round(second[1] * 100) if second else 0,
        gap=round((best - second[1]) * 100) if second else 0,
        drove=_drove(spans_kept(row.evidence)),
        candidates=tuple((str(one), round(row.scores.get(one, 0.0) * 100)) for one in candidates_kept(row.evidence)),
    )


def _drove(evidence: list[dict[str, Any]]) -> tuple[tuple[str, tuple[Quoted, ...]], ...]:
    """Return the words that drove a judgement, under what they speak for."""
    spans = sorted(evidence, key=lambda span: str(span.get("for")))
    groups = groupby(spans, key=lambda span: str(span.get("for")))
    return tuple(
        (_named(name), tuple(dict.fromkeys(Quoted(str(span.get("text")), span.get("meaning")) for span in group)))
        for name, group in groups
    )


def _named(code: str) -> str:
    return words.CATEGORIES.get(code) or words.said({str(flag): name for flag, name in words.FLAGS.items()}, code)


def _other_case(glance: Glance, task: Task | None, case: Case | None) -> int | None:
    """Return the case that a possible reply names, or that may be the same matter."""
    if case is None:
        return None
    return offered_case(glance, case.id or 0) if task is not None and task.kind == KIND else case.related_case_id


def _begins(glance: Glance, case: Case | None) -> str:
    message = first_message(glance, case.id or 0) if case is not None and not case.restricted else None
    return plain(message.new_text or "")[:MOST_OTHER_WORDS] if message is not None else ""


def _came_first(case: Case | None, other: Case | None) -> bool:
    return case is not None and other is not None and (case.received_at, case.id or 0) < (other.received_at, other.id or 0)


def _are_linked(glance: Glance, one: Case | None, other: Case | None) -> bool:
    first, second = (one.resident_address if one else None), (other.resident_address if other else None)
    return bool(first and second) and second in linked_with(glance, [first or ""], open_on(one.id or 0 if one else 0))


def _related(glance: Glance, case_id: int | None, person: Person) -> Case | None:
    """Return the other case, unless it is closed to the person."""
    found = glance.get(Case, case_id) if case_id else None
    return found if found is not None and may_open(glance, found, person) else None
