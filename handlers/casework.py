"""Decisions become cases: all rows of one decision in one transaction, or none (T3); a person's acts likewise (T6)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers import references
from handlers.chat_letters import recipient_of
from handlers.circumstances import Situation
from handlers.clock import london_day
from handlers.correspondence import Addressee, Correspondence
from handlers.decision import Decision, TaskNeeded
from handlers.hazards.calls import make_calls
from handlers.logging_contacts import contact_columns, contact_events, decider, judgement_rows
from handlers.manners import Manners, OwnAddresses
from handlers.rows import (
    MACHINE,
    Row,
    case_row,
    deadline_row,
    event_row,
    message_facts,
    party_rows,
    task_row,
)
from handlers.understanding import Understood
from store.chain import append_events, opening_events
from store.chat_models import Question
from store.chat_rows import came_to_case
from store.lookups import taken_references
from store.models import (
    Case,
    CaseEvent,
    Deadline,
    Disposition,
    Message,
    MessageState,
    OutboxEntry,
    Party,
    Task,
    Verdicting,
)
from store.seals import seal_of
from store.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCase:
    """A case about to be opened: what was understood, what was decided, and an older case it may belong to."""

    understood: Understood
    decision: Decision
    manners: Manners
    related_case_id: int | None = None
    notes: tuple[str, ...] = ()
    first_words: bool = False
    """By chat: whether this person never wrote to us here before."""


@dataclass(slots=True)
class Pages:
    """Rows that gather while one transaction is written, so that each table is written once; by whom, and when.

    ``opening_events`` are chained already, as the first of their cases; ``events`` go onto cases that are there.
    """

    now: datetime
    by: str = MACHINE
    parties: list[Row] = field(default_factory=list)
    verdictings: list[Row] = field(default_factory=list)
    deadlines: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    letters: list[Row] = field(default_factory=list)
    opening_events: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    questions: list[Row] = field(default_factory=list)
    talks: dict[str, int] = field(default_factory=dict)
    """By chat: the case that each conversation is about from now on."""

    def write(self, unit: Unit) -> None:
        """Write every page in the open unit."""
        unit.add(Party, self.parties)
        unit.add(Verdicting, self.verdictings)
        unit.add(Deadline, self.deadlines)
        unit.add(Task, self.tasks)
        unit.add(OutboxEntry, self.letters)
        # Before the events, which bear the seals of what was written until then.
        unit.update_many(Message, self.messages)
        unit.add(CaseEvent, self.opening_events)
        append_events(unit, self.events)
        unit.add(Question, self.questions)
        came_to_case(unit, self.talks, self.now)
        make_calls(unit, self.tasks, self.now)


class Casework:
    """Opens cases and writes down what happens to them."""

    def __init__(
        self, correspondence: Correspondence, prefix: str, own: OwnAddresses, restricting: Collection[str] = ()
    ) -> None:
        """Write letters with ``correspondence``; give references this prefix; never make our addresses parties.

        A case with one of the flags ``restricting`` is closed to all but those let in.
        """
        self._correspondence = correspondence
        self._prefix = prefix
        self._own = own
        self._restricting = frozenset(restricting)

    def open_cases(self, unit: Unit, cases: Sequence[NewCase], pages: Pages) -> list[int]:
        """Insert the cases and gather all that hangs on them; return their ids in order."""
        names = self._new_references(unit, len(cases), pages.now)
        ids = unit.new_ids(Case, len(cases))
        unit.add(Case, [self._gather(id_, name, case, pages) for id_, name, case in zip(ids, names, cases, strict=True)])
        return ids

    def _gather(self, case_id: int, reference: str, case: NewCase, pages: Pages) -> Row:
        """Gather what hangs on a new case; return its own row, which holds the end of its chain of events."""
        understood, decision, now, by = case.understood, case.decision, pages.now, pages.by
        pages.parties += party_rows(case_id, understood, self._own)
        judgements = judgement_rows(case_id, understood, now, by)
        pages.verdictings += judgements
        deadlines = [deadline_row(case_id, due, now) for due in decision.deadlines]
        pages.deadlines += deadlines
        pages.tasks += [task_row(task, decision.team, now, case_id, understood.arrival.id) for task in decision.tasks]
        addressee = Addressee(
            case_id=case_id, reference=reference, message=understood, manners=case.manners, first_words=case.first_words
        )
        letter = self._correspondence.letter(addressee, decision, now)
        if letter is not None:
            pages.letters.append(letter.row)
            pages.questions += letter.questions
            pages.tasks += [task_row(task, decision.team, now, case_id, understood.arrival.id) for task in letter.tasks]
        seals = [seal_of(Message, arrived) for arrived in _arrived(understood)]
        seals += [seal_of(Verdicting, row) for row in judgements] + [seal_of(Deadline, row) for row in deadlines]
        seals += [seal_of(OutboxEntry, letter.row)] if letter is not None else []
        events, chain = opening_events(case_id, _opening_events(case_id, case, pages, letter.row if letter else None), seals)
        pages.opening_events += events
        pages.messages += settled_together(understood, Disposition.CASE, now, "opened a case", case_id)
        pages.tasks += [task_row(task, decision.team, now, case_id, id_) for id_, task in unread_parts(understood)]
        if understood.reading.chat is not None:
            pages.talks[understood.reading.chat.conversation] = case_id
        row = case_row(understood, decision, reference, now) | contact_columns(understood.reading, now)
        restricted = not self._restricting.isdisjoint(row["flags"])
        return row | chain | {"id": case_id, "related_case_id": case.related_case_id, "restricted": restricted}

    def public_answer(self, message: Understood, case_id: int, situation: Situation, pages: Pages) -> None:
        """Answer what somebody says in public again with the one sentence, unless a rule forbids it; once a day is enough."""
        recipient = recipient_of(message) or ""
        if situation.letters.get(recipient.lower()):
            return
        manners = situation.circumstances_of(message).manners
        letter = self._correspondence.in_public(message, case_id, recipient, manners, situation.now)
        pages.letters.append(letter)
        pages.events.append(letter_event(case_id, letter, situation.now))
        if manners.answer:
            situation.will_answer(message)

    def _new_references(self, unit: Unit, count: int, now: datetime) -> list[str]:
        year = london_day(now).year
        names: dict[str, None] = {}
        while len(names) < count:
            fresh = [str(references.new(self._prefix, year)) for _ in range(count - len(names))]
            taken = taken_references(unit, fresh)
            names.update((name, None) for name in fresh if name not in taken)
        return list(names)


def settled(
    understood: Understood,
    disposition: Disposition,
    now: datetime,
    why: str,
    *,
    case_id: int | None = None,
    duplicate_of: int | None = None,
) -> Row:
    """Return the message's own row after T3: what it came to, and what was read from it."""
    shunted = understood.shunted is not None
    return message_facts(understood) | {
        "id": understood.arrival.id,
        "state": MessageState.SHUNTED if shunted else MessageState.HANDLED,
        "disposition": Disposition.QUARANTINED if shunted else disposition,
        "disposition_why": understood.shunted or why,
        "problem": understood.shunted,
        "case_id": case_id,
        "duplicate_of": duplicate_of,
        "lease": None,
        "due_at": now,
    }


def settled_together(
    understood: Understood, disposition: Disposition, now: datetime, why: str, case_id: int | None
) -> list[Row]:
    """Return the rows of a message and of those that were read as one with it; the first holds the words of all."""
    rows = [settled(understood, disposition, now, why, case_id=case_id)]
    others = [part for part in understood.parts if part.arrival.id != understood.arrival.id]
    return rows + [
        settled(part, Disposition.PART, now, "read as one with the message before", case_id=case_id) for part in others
    ]


def _arrived(understood: Understood) -> Iterator[Row]:
    """Yield what stands under seal of the messages that open a case, where they have just been read."""
    for arrival in {part.arrival.id: part.arrival for part in (understood, *understood.parts)}.values():
        if arrival.external_id:
            yield {
                "channel": arrival.channel,
                "account": arrival.account,
                "external_id": arrival.external_id,
                "raw_sha256": hashlib.sha256(arrival.body).hexdigest(),
                "received_at": arrival.received_at,
            }


def unread_parts(understood: Understood) -> list[tuple[int, TaskNeeded]]:
    """Return a task for each message of several that could not be read: the others stand without it, a person looks at it."""
    unread = [part for part in understood.parts if part.shunted is not None and part.arrival.id != understood.arrival.id]
    return [(part.arrival.id, TaskNeeded(kind="quarantine", why=part.shunted or "", due=None)) for part in unread]


def _opening_events(case_id: int, case: NewCase, pages: Pages, letter: Row | None) -> list[Row]:
    understood, decision, verdict = case.understood, case.decision, case.understood.verdict
    arrival, now, by = understood.arrival, pages.now, pages.by
    received: dict[str, Any] = {
        "message": arrival.id,
        "channel": arrival.channel,
        "received_at": arrival.received_at.isoformat(),
    }
    judged: dict[str, Any] = {"model": verdict.model, "route": verdict.route} if verdict else {}
    if verdict is not None:
        judged |= {"category": str(verdict.category), "confidence": round(verdict.confidence, 4), "flags": list(verdict.flags)}
    dates = {due.rule: due.due_on.isoformat() for due in decision.deadlines}
    events = [
        event_row(case_id, "received", "a message came in", now, by, **received),
        *contact_events(case_id, understood.reading, arrival.id, now),
        event_row(
            case_id, "judged", verdict.why if verdict else "no verdict", now, decider(understood.reading) or by, **judged
        ),
        event_row(case_id, _opened(decision), "; ".join(decision.why), now, by, team=decision.team, deadlines=dates),
    ]
    events += [event_row(case_id, "noted", note, now, by, related=case.related_case_id) for note in case.notes]
    if letter is not None:
        events.append(letter_event(case_id, letter, now, by))
    return events


def letter_event(case_id: int, letter: Row, now: datetime, by: str = MACHINE) -> Row:
    """Return the event of a letter written, or of one that a rule held back, with the rule's name (design 2.6)."""
    if letter["rule"]:
        why = f"not sent, by the rule {letter['rule']}"
        return event_row(case_id, "letter_suppressed", why, now, by, letter=letter["kind"], rule=letter["rule"])
    return event_row(case_id, "letter_written", letter["kind"], now, by, letter=letter["kind"], template=letter["template"])


def _opened(decision: Decision) -> str:
    return "logged_as_complaint" if decision.logged_as_complaint else {"triage": "awaits_triage"}.get(decision.status, "opened")
