"""The page of a case's file that people read: facts, dates with their arithmetic, and everything that happened, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.case_file_rows import Rows
from desk.case_file_words import Sections
from desk.commands.output import said
from desk.web import words
from desk.web.case_events import SHOWN_AS_THINGS, details_of, title_of
from desk.web.case_versions import said_point
from desk.web.case_words import DELIVERY, arithmetic, next_step, rule_in_words
from desk.web.mail_words import reason_in_words
from desk.web.pages import DESK
from handlers.case_acts import team_name
from handlers.course.sent import kind_of
from handlers.defining import Version
from handlers.landlord import Landlord
from handlers.machine_reasons import plain
from handlers.parties import ROLES
from handlers.rows import MACHINE, definition_of, spans_kept
from store.case_rows import Linked
from store.models import CaseEvent, Message, OutboxEntry, Task, Verdicting
from store.overview import WholeCase


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One thing on the page: when, what it was, who did it, why, what else is to say, and the files that hold all of it."""

    at: datetime
    title: str
    by: str
    why: str = ""
    more: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """Which files of the archive hold messages and letters, by the numbers of their rows."""

    messages: Mapping[int, Sequence[str]]
    letters: Mapping[int, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """All that the page tells; ``names`` are what everybody is called, by user name."""

    whole: WholeCase
    course: Mapping[str, Rows]
    linked: Sequence[Linked]
    versions: Sequence[Version]
    facts: Mapping[str, Any]
    files: Files
    names: Mapping[str, str]
    landlord: Landlord

    @property
    def sections(self) -> Sections:
        """What says rows and people in words."""
        return Sections(names=self.names, landlord=self.landlord)


def timeline_page(told: Told) -> str:
    """Return the page; it needs nothing but the archive that it lies in, and runs nothing."""
    whole, called = told.whole, told.sections.called
    shown = {
        "case": whole.case,
        "facts": told.facts,
        "made_by": called(str(told.facts["made_by"])),
        "team": team_name(told.landlord, whole.case.team),
        "officer": called(whole.case.assigned_to) if whole.case.assigned_to else "nobody",
        "flags": ", ".join(words.said(words.FLAGS, flag) for flag in whole.case.flags),
        "happened": sorted(_happened(told), key=lambda one: one.at),
        "definition": definition_of(whole.case.definition),
        "versions": [(version, called(version.by)) for version in told.versions] if len(told.versions) > 1 else [],
        "said_point": said_point,
        "deadlines": [
            (line, next_step(line.rule), arithmetic(line)) for line in sorted(whole.deadlines, key=lambda one: one.due_at)
        ],
        "verdicts": [
            (row, _judged(row), called(row.by), reason_in_words(plain(row.why)), _drove(row)) for row in whole.verdictings
        ],
        "parties": [(party, ROLES.get(party.role, party.role)) for party in whole.parties],
        "linked": [(one, called(one.by)) for one in told.linked],
        "sections": told.sections.of(told.course),
        "said": said,
        "category": words.category(whole.case.category) if whole.case.category else "not decided",
        "status": words.said(words.STATUSES, whole.case.status),
    }
    pages = Environment(
        loader=FileSystemLoader(DESK / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template("case_file.html").render(**shown)


def _judged(row: Verdicting) -> str:
    """Return what it was taken for in words: category, what else, flags, how sure, and whether a person was asked."""
    told = [words.category(row.category), *(f"also {words.category(other).lower()}" for other in row.also)]
    told += [words.said(words.FLAGS, flag).lower() for flag in row.flags]
    sure = f" ({row.confidence:.0%} sure)" if row.confidence is not None and row.by == MACHINE else ""
    return (
        f"{'; '.join(told)}{sure}{', left for a person' if row.route == 'triage' else ''}{', undone' if row.undone_at else ''}"
    )


def _drove(row: Verdicting) -> str:
    """Return the words that drove a judgement."""
    return "; ".join(f"“{span['text']}”" for span in spans_kept(row.evidence) if span.get("text"))


def _happened(told: Told) -> Iterator[Happened]:
    """Yield everything; of what bears the same time, a message comes before what it brought, and letters and tasks after it."""
    for message in told.whole.messages:
        yield _message(message, told.files)
    for event in told.whole.events:
        yield _event(event, told)
    for letter in told.whole.letters:
        yield _letter(letter, told.files)
    for task in told.whole.tasks:
        yield from _task(task, told)


def _message(message: Message, files: Files) -> Happened:
    return Happened(
        at=message.received_at,
        title=f"Message {message.id} came in: {words.said(words.CHANNELS, message.channel)}",
        by=" ".join(filter(None, (message.sender_name, message.sender_address))) or "the resident",
        why=message.subject or "",
        more=tuple((message.new_text or "(no words)").split("\n")),
        files=tuple(files.messages.get(message.id or 0, ())),
    )


def _letter(letter: OutboxEntry, files: Files) -> Happened:
    if letter.sent_at:
        went = f"Sent {said(letter.sent_at)}; the other side said: {letter.answer or 'nothing'}"
    else:
        rule = f", as {rule_in_words(letter.rule)}" if letter.rule else ""
        went = f"{DELIVERY.get(letter.state, (str(letter.state), ''))[0]}{rule}"
    return Happened(
        at=letter.created_at,
        title=f"Letter {letter.id}, {words.said(words.LETTERS, kind_of(letter.kind)).lower()}, to {letter.recipient or 'nobody by mail or chat'}",
        by=f"wording {letter.template}",
        why=letter.subject,
        more=(went,),
        files=(f"{files.letters[letter.id or 0]}.txt",),
    )


def _task(task: Task, told: Told) -> Iterator[Happened]:
    name, team = words.said(words.TASKS, task.kind), team_name(told.landlord, task.team)
    yield Happened(at=task.opened_at, title=f"To do: {name}", by=team, why=reason_in_words(plain(task.why)))
    if task.closed_at is not None:
        by = told.sections.called(task.closed_by or "machine")
        yield Happened(at=task.closed_at, title=f"Finished: {name}", by=by, why=task.outcome or "")


def _event(event: CaseEvent, told: Told) -> Happened:
    quiet = event.kind in SHOWN_AS_THINGS
    more = () if quiet else tuple(details_of(event.details, told.names, told.landlord))
    by, title = told.sections.called(event.by), f"Event {event.number}: {title_of(event.kind)}"
    # The reason of a letter written is its kind.
    why = words.said(words.LETTERS, kind_of(event.why)) if event.kind == "letter_written" else reason_in_words(plain(event.why))
    return Happened(at=event.at, title=title, by=by, why=why, more=more)
