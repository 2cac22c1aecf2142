"""Keeps search up to date behind everybody's back: what changed is indexed within seconds, attached files after that.

It gives way to residents' messages: while many wait to be settled, it works now and then only. Where it left off it
finds out anew after every start, by comparing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from handlers.clock import Clock
from handlers.fetched import attachment_of
from intake.contained import ContainedReader
from intake.message import Attachment
from store.engine import Store
from store.errors import StoreUnavailable
from store.media_rows import files_of
from store.search_upkeep import (
    FileWords,
    cases_after_event,
    cases_not_indexed,
    cases_to_do_again,
    cases_with_unread_files,
    content_of,
    files_read,
    give_up,
    index_cases,
    keep_files,
    last_event,
    many_wait,
)
from store.unit import Glance

log = structlog.get_logger(__name__)

BATCH = 40
"""Cases in one transaction: few, for on an embedded store nobody else writes meanwhile."""
STEP = 2_000
"""Cases that are compared at a time."""
COMPARE_EVERY = timedelta(minutes=2)
"""How often all cases are compared with the index, for what no event led to."""
MANY = 40
"""So many messages waiting are more than the next batch."""
AT_LATEST = timedelta(seconds=15)
"""However many wait, a batch is indexed so often."""
MOST_FILES = 50
"""Files of one message that are read."""


class Indexing:
    """Indexes cases and reads their files, a little at a time; one thread for each of the two."""

    def __init__(self, store: Store, clock: Clock, reader: ContainedReader) -> None:
        """Begin by comparing all cases; files are read by ``reader``, whatever they do to it."""
        self._reader = reader
        self._store = store
        self._clock = clock
        self._event: int | None = None
        self._at: int | None = 0
        self._compared = self._worked = self._clock.now()

    def words_once(self) -> bool:
        """Index a batch of what changed; return whether there may be more to do at once."""
        with self._store.glance() as glance:
            if self._gives_way(glance):
                return False
            due = self._due(glance)
        self._worked = self._clock.now()
        if due:
            self._index(due)
        return bool(due) or self._at is not None

    def files_once(self) -> bool:
        """Read the files of one case; return whether there may be more."""
        with self._store.glance() as glance:
            waiting = [] if many_wait(glance, MANY) else cases_with_unread_files(glance, 1)
        for case_id, message_ids in waiting:
            for message_id in message_ids:
                self._read_files(case_id, message_id)
            if not message_ids:
                with self._store.unit("search") as unit:
                    files_read(unit, case_id)
                    unit.commit()
        return bool(waiting)

    def _gives_way(self, glance: Glance) -> bool:
        return self._clock.now() - self._worked < AT_LATEST and many_wait(glance, MANY)

    def _due(self, glance: Glance) -> list[int]:
        """Return the cases to be indexed next: of new events, those asked for, and those that differ."""
        if self._event is None:
            self._event = last_event(glance)
        new, self._event = cases_after_event(glance, self._event, BATCH)
        due = [*new, *cases_to_do_again(glance, BATCH)]
        if len(due) < BATCH:
            due += self._differing(glance, self._clock.now())
        return list(dict.fromkeys(due))

    def _differing(self, glance: Glance, now: datetime) -> Sequence[int]:
        if self._at is None and now - self._compared >= COMPARE_EVERY:
            self._at = 0
        if self._at is None:
            return ()
        found, self._at = cases_not_indexed(glance, self._at, STEP, BATCH)
        if self._at is None:
            self._compared = now
        return found

    def _index(self, case_ids: Sequence[int]) -> None:
        """Index them in one transaction; where it fails, one by one, so that one case never keeps the others out."""
        try:
            self._index_together(case_ids)
        except StoreUnavailable:
            raise
        except Exception:
            # The edge of the loop: whatever a text does to the index, the other cases are found.
            log.exception("cases could not be indexed together", number=len(case_ids))
            for case_id in case_ids:
                self._index_alone(case_id)

    def _index_together(self, case_ids: Sequence[int]) -> None:
        with self._store.unit("search") as unit:
            index_cases(unit, case_ids)
            unit.commit()

    def _index_alone(self, case_id: int) -> None:
        try:
            self._index_together([case_id])
        except StoreUnavailable:
            raise
        except Exception:
            # The edge of the loop, as above: this one is left out until something happens to it.
            log.exception("a case could not be indexed", case=case_id)
            with self._store.unit("search") as unit:
                give_up(unit, case_id)
                unit.commit()

    def _read_files(self, case_id: int, message_id: int) -> None:
        with self._store.glance() as glance:
            content = content_of(glance, message_id)
            fetched = tuple(map(attachment_of, files_of(glance, message_id)))
        attachments = self._reader.read(*content, files=fetched).attachments if content else ()
        found = [self._words(attachment) for attachment in attachments[:MOST_FILES]]
        with self._store.unit("search") as unit:
            keep_files(unit, case_id, message_id, found)
            unit.commit()

    def _words(self, attachment: Attachment) -> FileWords:
        found = self._reader.words_of(attachment)
        return FileWords(name=attachment.name, words=found.text, problem=found.problem)
