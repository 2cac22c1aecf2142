"""From kept bytes to a settled message: claimed (T2), understood, decided, written down (T3); in batches, without loops.

A message that was tried before is claimed alone, so that one which kills the process never burns its neighbours'
attempts; the third failed attempt makes it a person's (a shunt). One bad message never stops the next.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from handlers.calendar import CalendarGap
from handlers.clock import Clock
from handlers.earlier_words import EarlierWords
from handlers.fetched import attachment_of
from handlers.late_files import HEAD, ids_of
from handlers.logging_contacts import heeded
from handlers.one_matter import matters
from handlers.own_trouble import StandingTroubleOf
from handlers.settling import Settling
from handlers.understanding import Arrival, Understanding, Understood, arrival_of
from intake.contained import ReaderUnavailable
from intake.message import MAIL
from store.engine import Store
from store.errors import StoreUnavailable
from store.media_rows import files_of_messages
from store.worklist import claim_messages, message_retry, message_untried

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
"""How long a claim holds; longer than any batch takes, short enough that a crash is soon made good."""
BACK_OFF = (timedelta(seconds=2), timedelta(seconds=20))
"""How long to wait after the first and the second failed attempt."""
READER_PAUSE = timedelta(seconds=20)
"""How long mail rests when no process can be started to read it."""
TRIED_TOO_OFTEN = "tried three times without success"


class Triage:
    """Settles what waits in the inbox."""

    def __init__(
        self, store: Store, understanding: Understanding, settling: Settling, clock: Clock, lease: timedelta = LEASE
    ) -> None:
        """Read with ``understanding``, write down with ``settling``; hold what is claimed for ``lease``."""
        self._store = store
        self._understanding = understanding
        self._earlier_words = EarlierWords(store)
        self._settling = settling
        self._clock = clock
        self._lease = lease
        self._unsettled: list[Understood] = []
        self._reader_trouble = StandingTroubleOf(store, clock, "reader")

    def once(self, limit: int = 100) -> int:
        """Settle up to ``limit`` waiting messages; return how many were taken up, so that 0 means: nothing to do.

        What a store that went away left unsettled comes first, so that an outage of the store uses up nobody's attempts.
        """
        if self._unsettled:
            return self._settle_held()
        exhausted, claimed = self._claim(limit)
        for arrival in exhausted:
            self._settle_alone(self._understanding.unread(arrival, None, arrival.problem or TRIED_TOO_OFTEN))
        if claimed:
            read, unread = self._read_all(matters(claimed))
            self._unsettled = [self._judged(understood) for understood in self._without_known(read)]
            self._settle_held()
            return len(exhausted) + len(claimed) - len(unread)
        return len(exhausted)

    def _settle_held(self) -> int:
        """Settle what is held in hand; while the store is away it stays there, until the lease says otherwise."""
        self._settle(self._unsettled)
        settled, self._unsettled = len(self._unsettled), []
        return settled

    def _claim(self, limit: int) -> tuple[list[Arrival], list[Arrival]]:
        now = self._clock.now()
        lease = secrets.token_hex(8)
        with self._store.unit("T2") as unit:
            exhausted, claimed = claim_messages(unit, now, now + self._lease, lease, limit)
            files = files_of_messages(unit, [row.id for row in claimed if row.conversation], HEAD)
            if exhausted or claimed:
                unit.commit()
        kept = {id_: tuple(map(attachment_of, rows)) for id_, rows in files.items()}
        return [arrival_of(row, lease) for row in exhausted], [arrival_of(row, lease, kept.get(row.id, ())) for row in claimed]

    def _read_all(self, groups: Iterable[Sequence[Arrival]]) -> tuple[list[Understood], list[Arrival]]:
        """Read all that can be; mail that nobody can read just now is put back, and returned beside the rest."""
        read: list[Understood] = []
        unread: list[Arrival] = []
        why = None
        for group in groups:
            try:
                if why is not None and any(one.media_type == MAIL for one in group):
                    unread += group
                else:
                    read.append(self._read(group))
            except ReaderUnavailable as error:
                why = f"no mail can be read, and all of it waits: {error}"
                unread += group
        self._put_back(unread, why)
        return read, unread

    def _put_back(self, unread: Sequence[Arrival], why: str | None) -> None:
        """Put mail back with no attempt used up: that nothing can be read now says nothing of any message."""
        if unread:
            log.error("no mail can be read", waiting=len(unread), why=why)
            with self._store.unit("T2") as unit:
                for arrival in unread:
                    message_untried(unit, arrival.id, arrival.lease, self._clock.now() + READER_PAUSE)
                unit.commit()
        self._reader_trouble.stands(why)

    def _read(self, group: Sequence[Arrival]) -> Understood:
        try:
            return self._understanding.together(group) if len(group) > 1 else self._understanding.read(group[0])
        except ReaderUnavailable:
            raise
        except Exception as error:
            # The edge of the loop: whatever a message does to us, it becomes a message that waits for a person.
            log.exception("message could not be understood", message=group[0].id)
            unread = [self._understanding.unread(one, None, f"reading failed: {type(error).__name__}") for one in group]
            return replace(unread[0], parts=tuple(unread)) if len(unread) > 1 else unread[0]

    def _without_known(self, messages: list[Understood]) -> list[Understood]:
        try:
            return self._earlier_words.without(messages)
        except Exception:
            # The edge of the loop: where nobody can say which words are old, all of them are judged.
            log.exception("answers could not be compared with what was sent", size=len(messages))
            return messages

    def _judged(self, understood: Understood) -> Understood:
        try:
            return heeded(self._understanding.judged(understood))
        except Exception as error:
            # The edge of the loop: as above.
            log.exception("message could not be understood", message=understood.arrival.id)
            why = f"reading failed: {type(error).__name__}"
            return replace(self._understanding.unread(understood.arrival, understood.reading, why), parts=understood.parts)

    def _settle(self, batch: Sequence[Understood]) -> None:
        """Settle a batch in one transaction; where it fails, one by one, so that only the faulty one waits again."""
        try:
            waiting: Sequence[Understood] = batch
            while waiting:
                waiting = self._settling.settle(waiting)
        except StoreUnavailable:
            raise
        except Exception:
            # The edge of the loop: the messages of a failed batch are settled apart, so that one cannot harm the others.
            log.exception("a batch failed; settling one by one", size=len(batch))
            for understood in batch:
                self._settle_alone(understood)

    def _settle_alone(self, understood: Understood) -> None:
        try:
            self._settling.settle([understood])
        except StoreUnavailable:
            raise
        except Exception as error:
            # The edge of the loop: it is tried twice more, and then it is a person's.
            log.exception("message could not be settled", message=understood.arrival.id)
            self._give_back(understood, error)

    def _give_back(self, understood: Understood, error: Exception) -> None:
        why = f"settling failed: {type(error).__name__}"
        if understood.shunted is not None or isinstance(error, CalendarGap):
            self._settling.park(understood, str(error) if isinstance(error, CalendarGap) else why)
            return
        again_at = self._clock.now() + BACK_OFF[min(understood.arrival.attempts, len(BACK_OFF)) - 1]
        with self._store.unit("T2") as unit:
            for id_ in ids_of(understood):
                message_retry(unit, id_, understood.arrival.lease, again_at, why)
            unit.commit()
