"""Keeps the search index up to date, after the fact: nothing here runs in the transactions that keep or settle messages.

A case counts its events, and the index knows how many there were when it last looked: whatever happens in whatever
order, what differs is indexed again. New events only say where to look first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, func, or_, select, text

from store.models import Case, CaseEvent, MessageState, RawContent
from store.models import Message as Arrival
from store.rows import Row, columns, core
from store.search_index import GAP, index_of, remove
from store.search_models import SearchCase, SearchFile
from store.search_sources import Source, messages_with_unread_files, sources_of
from store.search_words import FACTS, fold, indexed
from store.unit import Glance, Unit, upsert
from store.worklist import message_is

AGAIN = -1
"""The number of events of a case that is to be indexed again."""
ONE_AT_A_TIME = 7203116
"""Our number for PostgreSQL's advisory lock: of several processes one writes the index."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileWords:
    """What was got out of one file of a message."""

    name: str
    words: str
    problem: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Behind:
    """How much the index does not hold yet."""

    cases: int
    with_files: int


def touch(unit: Unit, case_id: int) -> None:
    """Have a case indexed again soon: for changes of what it is found by that write no event."""
    row = {"case_id": case_id, "events": AGAIN, "files_due": False, "digest": ""}
    statement = upsert(SearchCase, embedded=unit.embedded).on_conflict_do_update(
        index_elements=["case_id"], set_={"events": AGAIN}
    )
    unit.run(statement, row)


def forget(unit: Unit, case_id: int) -> None:
    """Take out of search whatever it holds of a case, the words of its files too; while the case stands, it is indexed anew."""
    message = columns(Arrival)
    remove(unit, [case_id])
    mine = select(message.id).where(message.case_id == case_id)
    unit.run(core(SearchFile).delete().where(columns(SearchFile).message_id.in_(mine)))
    unit.run(core(SearchCase).delete().where(columns(SearchCase).case_id == case_id))


def tidy(unit: Unit) -> None:
    """Rewrite the index without what was taken out of it: SQLite's keeps such words until it next merges its parts."""
    if unit.embedded:
        unit.run(text("INSERT INTO search_index (search_index) VALUES ('optimize')"))


def last_event(glance: Glance) -> int:
    """Return the number of the newest event, 0 where there is none."""
    return int(glance.run(select(func.coalesce(func.max(columns(CaseEvent).id), 0))).scalar_one())


def cases_after_event(glance: Glance, event_id: int, limit: int) -> tuple[list[int], int]:
    """Return the cases of the events after this one, at most so many events, and the last event that was looked at."""
    event = columns(CaseEvent)
    rows = glance.all(select(event.id, event.case_id).where(event.id > event_id).order_by(event.id).limit(limit))
    return list(dict.fromkeys(row.case_id for row in rows)), rows[-1].id if rows else event_id


def cases_to_do_again(glance: Glance, limit: int) -> list[int]:
    """Return cases that somebody asked to have indexed again."""
    kept = columns(SearchCase)
    return list(glance.run(select(kept.case_id).where(text("events < 0")).order_by(kept.case_id).limit(limit)).scalars())


def cases_not_indexed(glance: Glance, after: int, step: int, limit: int) -> tuple[list[int], int | None]:
    """Return those of the next cases by number, a step of them, which are not indexed as they stand, at most ``limit``.

    With them comes the number after which to look next, None at the end.
    """
    case, kept = columns(Case), columns(SearchCase)
    last = glance.run(select(func.max(case.id)).where(case.id > after)).scalar()
    if last is None:
        return [], None
    joined = core(Case).outerjoin(core(SearchCase), kept.case_id == case.id)
    differs = or_(kept.case_id.is_(None), and_(kept.events >= 0, kept.events != case.events))
    statement = select(case.id).select_from(joined).where(case.id > after, case.id <= after + step, differs)
    found = list(glance.run(statement.order_by(case.id).limit(limit)).scalars())
    return found, found[-1] if len(found) == limit else after + step


def many_wait(glance: Glance, more_than: int) -> bool:
    """Return whether more messages than that wait to be settled."""
    waiting = select(columns(Arrival).id).where(message_is(MessageState.WAITING)).limit(more_than + 1).subquery()
    return int(glance.run(select(func.count()).select_from(waiting)).scalar_one()) > more_than


def index_cases(unit: Unit, case_ids: Collection[int]) -> int:
    """Index those of the cases which are not indexed as they stand; return how many were written."""
    if not _my_turn(unit):
        return 0
    kept, case = columns(SearchCase), columns(Case)
    # Locked first: whoever asks for a case to be indexed again waits for us, and is heard afterwards.
    locked = select(core(SearchCase)).where(kept.case_id.in_(list(case_ids))).order_by(kept.case_id).with_for_update()
    before = {row.case_id: row for row in unit.models(SearchCase, locked)}
    # Counted before the texts are read: what is added meanwhile makes the count differ again.
    counted = dict(unit.all(select(case.id, case.events).where(case.id.in_(list(case_ids)))))
    due = sorted(id_ for id_, events in counted.items() if id_ not in before or before[id_].events != events)
    unread = messages_with_unread_files(unit, due) if due else {}
    for case_id, sources in sources_of(unit, due).items():
        found = list(_indexed(sources))
        digest = hashlib.sha256(" ".join(found).encode()).hexdigest()
        if case_id not in before or before[case_id].digest != digest:
            index_of(unit).put(unit, case_id, found)
        _note(unit, case_id, counted[case_id], digest, files_due=case_id in unread)
    return len(due)


def give_up(unit: Unit, case_id: int) -> None:
    """Count a case as indexed that could not be, so that it is tried again only when something happens to it."""
    case = unit.get(Case, case_id)
    if case is not None:
        _note(unit, case_id, case.events, "", files_due=False)


def cases_with_unread_files(glance: Glance, limit: int) -> list[tuple[int, list[int]]]:
    """Return cases with files to be read for search, each with the messages that carry them."""
    kept = columns(SearchCase)
    ids = list(glance.run(select(kept.case_id).where(text("files_due")).order_by(kept.case_id.desc()).limit(limit)).scalars())
    unread = messages_with_unread_files(glance, ids) if ids else {}
    return [(id_, unread.get(id_, [])) for id_ in ids]


def content_of(glance: Glance, message_id: int) -> tuple[bytes, str] | None:
    """Return a message's bytes and their media type."""
    content, arrival = glance.get(RawContent, message_id), glance.get(Arrival, message_id)
    return (content.body, arrival.media_type) if content is not None and arrival is not None else None


def keep_files(unit: Unit, case_id: int, message_id: int, files: Sequence[FileWords]) -> None:
    """Keep the words of a message's files, for good, and have its case indexed with them."""
    rows: list[Row] = [
        {"message_id": message_id, "number": number, "name": file.name, "words": file.words, "problem": file.problem}
        for number, file in enumerate(files or [FileWords(name="", words="", problem="no files")])
    ]
    unit.add_new(SearchFile, rows, ("message_id", "number"))
    touch(unit, case_id)


def read_files_anew(unit: Unit, case_id: int, message_id: int) -> None:
    """Have a message's files read again, for another one came late."""
    file = columns(SearchFile)
    unit.run(delete(core(SearchFile)).where(file.message_id == message_id))
    touch(unit, case_id)


def files_read(unit: Unit, case_id: int) -> None:
    """Note that a case has no more files to be read; indexing it finds those that came meanwhile."""
    unit.update(SearchCase, case_id, files_due=False, events=AGAIN)


def behind(glance: Glance) -> Behind:
    """Count the cases that are not indexed as they stand, and those whose files are still to be read."""
    case, kept = columns(Case), columns(SearchCase)
    joined = core(Case).outerjoin(core(SearchCase), kept.case_id == case.id)
    differs = or_(kept.case_id.is_(None), kept.events != case.events)
    cases = glance.run(select(func.count()).select_from(joined).where(differs)).scalar_one()
    files = glance.run(select(func.count()).select_from(core(SearchCase)).where(text("files_due"))).scalar_one()
    return Behind(cases=cases, with_files=files)


def _indexed(sources: Sequence[Source]) -> Iterator[str]:
    for source in sources:
        yield from indexed(source.place, source.text)
        yield GAP
        if source.title == "Reference":  # as people type it without its breaks
            yield FACTS + fold(source.text.replace("-", ""))
            yield GAP


def _note(unit: Unit, case_id: int, events: int, digest: str, *, files_due: bool) -> None:
    row = {"case_id": case_id, "events": events, "digest": digest, "files_due": files_due}
    changed = {name: value for name, value in row.items() if name != "case_id"}
    statement = upsert(SearchCase, embedded=unit.embedded).on_conflict_do_update(index_elements=["case_id"], set_=changed)
    unit.run(statement, row)


def _my_turn(unit: Unit) -> bool:
    """Return whether no other process writes the index just now; on SQLite a unit is alone anyway."""
    if unit.embedded:
        return True
    return bool(unit.run(select(func.pg_try_advisory_xact_lock(bindparam("number"))), {"number": ONE_AT_A_TIME}).scalar_one())
