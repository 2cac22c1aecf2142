"""Everything that happened to a case in one line of time, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from desk.web.case_events import SHOWN_AS_THINGS, title_of
from desk.web.row_ids import LARGEST_ID
from store.case_rows import READ, Moment, events_before, letters_before, messages_before, notes_before
from store.desk_models import Note
from store.models import CaseEvent, Message, OutboxEntry, Task
from store.unit import Glance

Kind = Literal["message", "note", "letter", "opened", "closed", "event"]
RANKS: dict[Kind, int] = {"message": 0, "note": 1, "letter": 2, "opened": 3, "closed": 4, "event": 5}
"""What stands above what where all bear the same time: the later in this list, the higher."""
SHOWN: dict[str, tuple[Kind, ...]] = {
    "all": ("message", "note", "letter", "opened", "closed", "event"),
    "messages": ("message",),
    "letters": ("letter",),
    "notes": ("note",),
    "history": ("opened", "closed", "event"),
}
"""What each filter lets through."""
PAGE = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing that happened; ``thing`` is the row that tells of it."""

    kind: Kind
    moment: Moment
    thing: Any
    by: str | None = None

    @property
    def title(self) -> str:
        """What an event is called."""
        return title_of(self.thing.kind) if self.kind == "event" else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """A page of what happened, and where the next page begins, if there is one."""

    entries: list[Entry]
    following: str | None

    def people(self) -> set[str]:
        """Return who did what stands on the page."""
        return {entry.by for entry in self.entries if entry.by}

    def messages(self) -> list[Message]:
        """Return the messages on the page."""
        return [entry.thing for entry in self.entries if entry.kind == "message"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which part of a case's time is wanted; ``reads`` says whether readings of a restricted case are history to the person."""

    case_id: int
    show: str
    before: Moment | None
    reads: bool


def timeline(glance: Glance, asked: Asked, tasks: Sequence[Task]) -> Timeline:
    """Return the next page of what happened to a case, whose tasks are known already."""
    wanted = SHOWN[asked.show]
    found = [*_rows(glance, asked, wanted), *_tasks(tasks, asked.before, wanted)]
    entries = sorted(found, key=lambda entry: entry.moment, reverse=True)
    more = len(entries) > PAGE
    return Timeline(entries=entries[:PAGE], following=cursor(entries[PAGE - 1].moment) if more else None)


def _rows(glance: Glance, asked: Asked, wanted: Collection[Kind]) -> Iterator[Entry]:
    """Yield one more of each kind than a page holds, so that it is known whether another page follows."""
    case_id, before, limit = asked.case_id, asked.before, PAGE + 1
    if "message" in wanted:
        for message in messages_before(glance, case_id, RANKS["message"], before, limit):
            yield _entry("message", message.received_at, message, None)
    if "note" in wanted:
        for note in notes_before(glance, case_id, RANKS["note"], before, limit):
            yield _entry("note", note.at, note, note.by)
    if "letter" in wanted:
        for letter in letters_before(glance, case_id, RANKS["letter"], before, limit):
            yield _entry("letter", letter.created_at, letter, None)
    if "event" in wanted:
        for event in events_before(glance, case_id, RANKS["event"], before, limit, but=_left_out(asked)):
            yield _entry("event", event.at, event, event.by)


def _left_out(asked: Asked) -> tuple[str, ...]:
    if asked.show != "history":
        return SHOWN_AS_THINGS
    return () if asked.reads else (READ,)


def _tasks(tasks: Sequence[Task], before: Moment | None, wanted: Collection[Kind]) -> Iterator[Entry]:
    opened = [_entry("opened", task.opened_at, task, None) for task in tasks if "opened" in wanted]
    closed = [_entry("closed", task.closed_at, task, task.closed_by) for task in tasks if task.closed_at and "closed" in wanted]
    yield from (entry for entry in (*opened, *closed) if before is None or entry.moment < before)


def _entry(kind: Kind, at: datetime, thing: Message | Note | OutboxEntry | Task | CaseEvent, by: str | None) -> Entry:
    return Entry(kind=kind, moment=Moment(at=at, rank=RANKS[kind], id=thing.id or 0), thing=thing, by=by)


def cursor(moment: Moment) -> str:
    """Return a moment as it stands in an address."""
    return f"{(moment.at - EPOCH) // timedelta(microseconds=1)}.{moment.rank}.{moment.id}"


def moment_of(text: str | None) -> Moment | None:
    """Return the moment that an address names; one that nobody made is the present."""
    try:
        micros, rank, id_ = map(int, (text or "").split("."))
        if not (0 <= id_ <= LARGEST_ID and abs(rank) <= LARGEST_ID):
            return None
        return Moment(at=EPOCH + timedelta(microseconds=micros), rank=rank, id=id_)
    except (ValueError, OverflowError):
        return None
