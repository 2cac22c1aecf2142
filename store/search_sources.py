"""All texts in which a case can be found, with where each stands: read from the tables that keep them, never copied."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from store.desk_models import Note
from store.models import Case, Disposition, Message, OutboxEntry, Party
from store.rows import columns
from store.search_models import SearchFile
from store.search_words import FACTS, FILE, LETTER, MESSAGE, NOTE
from store.unit import Glance

OFFICERS_LETTER = "officer_reply"
"""The template of a letter that holds an officer's own words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A text of a case; ``title`` says of a fact what it is, and of a file its name."""

    place: str
    title: str
    text: str


def sources_of(glance: Glance, case_ids: Collection[int], places: Collection[str] | None = None) -> dict[int, list[Source]]:
    """Return for each case its texts (those in the places given, else all), with what names the case first."""
    found: dict[int, list[Source]] = {id_: [] for id_ in case_ids}
    if not found:
        return found
    ids = list(found)
    for case in glance.find(Case, id=ids):
        found[case.id or 0] += _facts(case)
    for party in glance.find(Party, case_id=ids):
        found[party.case_id] += _people("Party", party.name, party.address)
    messages = _messages(glance, ids)
    for row in messages:
        found[row.case_id] += _people("Sender", row.sender_name, row.sender_address)
        found[row.case_id] += _said(row)
    if places is None or FILE in places:
        _add_files(glance, messages, found)
    for row in _letters(glance, ids) if places is None or LETTER in places else ():
        found[row.case_id].append(Source(place=LETTER, title="", text=f"{row.subject}\n{row.text}"))
    for note in glance.find(Note, case_id=ids) if places is None or NOTE in places else ():
        found[note.case_id].append(Source(place=NOTE, title="", text=note.text))
    return {id_: _each_once(texts) for id_, texts in found.items()}


def _each_once(texts: Sequence[Source]) -> list[Source]:
    first: dict[tuple[str, str], Source] = {}
    for source in texts:
        first.setdefault((source.place, source.text), source)
    return list(first.values())


def _facts(case: Case) -> Iterator[Source]:
    facts = (
        ("Reference", case.reference),
        ("Name", case.resident_name),
        ("Email", case.resident_address),
        ("Telephone", case.resident_phone),
        ("Home", case.home),
        ("Subject", case.subject),
    )
    yield from (Source(place=FACTS, title=title, text=text) for title, text in facts if text)


def _people(title: str, *texts: str | None) -> Iterator[Source]:
    yield from (Source(place=FACTS, title=title, text=text) for text in texts if text)


def _messages(glance: Glance, case_ids: Sequence[int]) -> list[Any]:
    message = columns(Message)
    told = (
        message.id,
        message.case_id,
        message.subject,
        message.new_text,
        message.sender_name,
        message.sender_address,
        message.attachment_names,
    )
    # The same mail by a second route says nothing new.
    wanted = message.case_id.in_(case_ids), message.disposition.is_distinct_from(Disposition.DUPLICATE)
    return glance.all(select(*told).where(*wanted).order_by(message.id))


def _said(row: Any) -> Iterator[Source]:
    yield from (Source(place=MESSAGE, title="", text=text) for text in (row.subject, row.new_text) if text)


def _add_files(glance: Glance, messages: Sequence[Any], found: dict[int, list[Source]]) -> None:
    cases = {row.id: row.case_id for row in messages if row.attachment_names}
    for row in messages:
        found[row.case_id] += [Source(place=FILE, title=name, text=name) for name in row.attachment_names]
    for file in glance.find(SearchFile, message_id=list(cases)):
        if file.words:
            found[cases[file.message_id]].append(Source(place=FILE, title=file.name, text=file.words))


def _letters(glance: Glance, case_ids: Sequence[int]) -> list[Any]:
    letter = columns(OutboxEntry)
    # What the house writes by itself says the same in every case, and would be found in all of them.
    by_people = or_(letter.automatic.is_(False), letter.template == OFFICERS_LETTER)
    statement = select(letter.case_id, letter.subject, letter.text).where(letter.case_id.in_(case_ids), by_people)
    return glance.all(statement.order_by(letter.id))


def messages_with_unread_files(glance: Glance, case_ids: Collection[int]) -> dict[int, list[int]]:
    """Return for each case with any the messages that have files which nobody has read for search yet."""
    carrying = {row.id: row.case_id for row in _messages(glance, list(case_ids)) if row.attachment_names}
    read = {file.message_id for file in glance.find(SearchFile, message_id=list(carrying), number=0)}
    unread: dict[int, list[int]] = {}
    for message_id, case_id in carrying.items():
        if message_id not in read:
            unread.setdefault(case_id, []).append(message_id)
    return unread
