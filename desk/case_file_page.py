"""The page of a case's file that people read: facts, dates with their arithmetic, and everything that happened, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.commands.output import said
from desk.web import words
from desk.web.case_events import SHOWN_AS_THINGS, details_of, title_of
from desk.web.case_words import arithmetic
from desk.web.pages import DESK
from handlers.landlord import Landlord
from handlers.machine_reasons import plain
from handlers.rows import definition_of
from store.models import CaseEvent, Message, OutboxEntry
from store.overview import WholeCase


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One thing on the page: when, what it was, who did it, why, what else is to say, and the file that holds all of it."""

    at: datetime
    title: str
    by: str
    why: str = ""
    more: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """Which files of the archive hold messages and letters, by the numbers of their rows."""

    messages: Mapping[int, Sequence[str]]
    letters: Mapping[int, str]


def timeline_page(
    whole: WholeCase,
    course: Mapping[str, Sequence[Mapping[str, Any]]],
    facts: Mapping[str, Any],
    files: Files,
    landlord: Landlord,
) -> str:
    """Return the page; it needs nothing but the archive that it lies in, and runs nothing."""
    names: dict[str, str] = {}
    happened = sorted(_happened(whole, files, names, landlord), key=lambda one: one.at)
    tables = {title.replace("_", " "): [_row(row) for row in rows] for title, rows in course.items() if rows}
    shown = {
        "case": whole.case,
        "facts": facts,
        "happened": happened,
        "definition": definition_of(whole.case.definition),
        "deadlines": [(line, arithmetic(line)) for line in sorted(whole.deadlines, key=lambda line: line.due_at)],
        "verdicts": [(row, plain(row.why)) for row in whole.verdictings],
        "tables": tables,
        "said": said,
        "category": words.category(whole.case.category) if whole.case.category else "not decided",
    }
    pages = Environment(
        loader=FileSystemLoader(DESK / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template("case_file.html").render(**shown)


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.replace("_", " "): said(value)
        for name, value in row.items()
        if value not in (None, "", [], {}) and name not in ("id", "case_id")
    }


def _happened(whole: WholeCase, files: Files, names: Mapping[str, str], landlord: Landlord) -> Iterator[Happened]:
    for message in whole.messages:
        yield _message(message, files)
    for letter in whole.letters:
        yield _letter(letter, files)
    for event in whole.events:
        yield _event(event, names, landlord)


def _message(message: Message, files: Files) -> Happened:
    others = files.messages.get(message.id or 0, ())
    return Happened(
        at=message.received_at,
        title=f"Message {message.id} came by {message.channel}",
        by=message.sender_name or message.sender_address or "the resident",
        why=message.subject or "",
        more=tuple((message.new_text or "(no words)").split("\n")),
        file=others[0] if others else "",
    )


def _letter(letter: OutboxEntry, files: Files) -> Happened:
    went = f"sent {said(letter.sent_at)}: {letter.answer}" if letter.sent_at else f"{letter.state} {letter.rule or ''}".strip()
    return Happened(
        at=letter.created_at,
        title=f"Letter {letter.kind} to {letter.recipient or 'nobody by mail or chat'}",
        by=letter.template,
        why=letter.subject,
        more=(went,),
        file=f"{files.letters[letter.id or 0]}.txt",
    )


def _event(event: CaseEvent, names: Mapping[str, str], landlord: Landlord) -> Happened:
    quiet = event.kind in SHOWN_AS_THINGS
    more = () if quiet else tuple(details_of(event.details, names, landlord))
    return Happened(at=event.at, title=f"{event.number}. {title_of(event.kind)}", by=event.by, why=plain(event.why), more=more)
