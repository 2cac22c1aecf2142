"""Letters leave: claimed under a lease (T4), sent, and what came of it written down (T5).

A crash between sending and T5 repeats a letter once, with the same Message-ID; nothing else can repeat it.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from handlers.clock import Clock
from handlers.delivery import Outcome, write_down
from intake.channel import (
    DeliveryFailure,
    Outgoing,
    PermanentFailure,
    Reply,
    RouteClosed,
    TemporaryFailure,
    UncertainOutcome,
)
from intake.chat import Button
from intake.identity import MAIL
from store.arrivals import storable
from store.chat_rows import conversations
from store.engine import Store
from store.errors import StoreUnavailable
from store.outbox_rows import ClaimedLetter, claim_letters

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=15)
"""Longer than the 600 seconds that RFC 5321 section 4.5.3.2.6 gives the answer to the final dot."""
BACK_OFF = (60, 300, 900, 3600, 7200, 14400, 28800, 43200)
"""Seconds to wait after each failed attempt; the last is repeated until ``MOST_ATTEMPTS``."""
MOST_ATTEMPTS = 12
A_MOMENT = 0.5
"""Seconds after which what came of letters is written down, though others are still under way; few, as receipts come soon."""
WRITE_AGAIN_AFTER = (0.1, 0.4, 1, 2, 5, 10, 20)
"""Seconds between attempts at T5 while the store is away: well within the lease."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """Who our letters come from."""

    address: str
    name: str
    loop_mark: str


class Outbox:
    """Sends what is due, by the way each letter names."""

    def __init__(
        self, store: Store, ways: Mapping[str, Outgoing], head: Letterhead, clock: Clock, lease: timedelta = LEASE
    ) -> None:
        """``ways`` maps an entry's ``way`` ("mail") to the channel that takes it; what is claimed is held for ``lease``."""
        self._store = store
        self._ways = ways
        self._head = head
        self._clock = clock
        self._lease = lease
        self._heard: dict[str, datetime] = {}

    async def once(self, limit: int = 100) -> int:
        """Send up to ``limit`` due letters; return how many were taken up."""
        lease = secrets.token_hex(8)
        letters = await asyncio.to_thread(self._claim, lease, limit)
        if letters:
            await self._send_all(lease, letters)
        return len(letters)

    async def _send_all(self, lease: str, letters: Sequence[ClaimedLetter]) -> None:
        """Send letters at once, and write down every moment what came of some: one way that hangs keeps no other waiting."""
        numbers = {asyncio.create_task(self._send(letter)): letter.id for letter in letters}
        under_way = set(numbers)
        try:
            while under_way:
                done, under_way = await asyncio.wait(under_way, timeout=A_MOMENT)
                if done:
                    await self._written_down(lease, [task.result() for task in sorted(done, key=numbers.__getitem__)])
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _claim(self, lease: str, limit: int) -> Sequence[ClaimedLetter]:
        now = self._clock.now()
        with self._store.unit("T4") as unit:
            letters = claim_letters(unit, now, now + self._lease, lease, limit)
            talks = conversations(unit, {letter.recipient for letter in letters if letter.recipient and letter.way != MAIL})
            if letters:
                unit.commit()
        self._heard = {identity: talk.heard_at for identity, talk in talks.items()}
        return letters

    async def _send(self, letter: ClaimedLetter) -> Outcome:
        if letter.attempts > MOST_ATTEMPTS:
            # Every attempt ended before it was written down: a process that dies at it again and again, or a broken store.
            failure = UncertainOutcome("it was taken up too often, and what came of it was never written down")
            return self._failed(letter, failure)
        try:
            sent = await self._way_of(letter).send(reply_of(letter, self._head, self._heard.get(letter.recipient or "")))
        except DeliveryFailure as failure:
            return self._failed(letter, failure)
        except Exception as error:
            # The edge of the loop: an unforeseen fault of one way out must not stop the other letters.
            log.exception("sending failed", letter=letter.id)
            return self._failed(letter, TemporaryFailure(f"{type(error).__name__} in the way out"))
        return Outcome(
            letter=letter,
            state="sent",
            at=self._clock.now(),
            answer=storable(sent.answer),
            provider_ids=(*sent.earlier_ids, *filter(None, [sent.provider_id])),
            whole=sent.whole,
        )

    def _way_of(self, letter: ClaimedLetter) -> Outgoing:
        way = self._ways.get(letter.way)
        if way is None:
            raise RouteClosed(f"{letter.way} is not set up here any more", "gone")
        return way

    def _failed(self, letter: ClaimedLetter, failure: DeliveryFailure) -> Outcome:
        now, answer = self._clock.now(), storable(str(failure))
        if isinstance(failure, UncertainOutcome):
            return Outcome(letter=letter, state="uncertain", at=now, answer=answer)
        if isinstance(failure, PermanentFailure) or letter.attempts >= MOST_ATTEMPTS:
            closed = failure.code if isinstance(failure, RouteClosed) else None
            return Outcome(letter=letter, state="failed", at=now, answer=answer, closed=closed)
        return Outcome(letter=letter, state="again", at=now, answer=answer, again_at=next_attempt(letter.attempts, now))

    async def _written_down(self, lease: str, outcomes: Sequence[Outcome]) -> None:
        """Write the outcomes down, however often it takes: what is not written down goes to its resident again."""
        for pause in WRITE_AGAIN_AFTER:
            try:
                return await asyncio.to_thread(self._write_down, lease, outcomes)
            except StoreUnavailable as error:
                log.warning("what was sent waits to be written down", error=str(error))
                await asyncio.sleep(pause)
        return await asyncio.to_thread(self._write_down, lease, outcomes)

    def _write_down(self, lease: str, outcomes: Sequence[Outcome]) -> None:
        try:
            self._write(lease, outcomes)
        except StoreUnavailable:
            raise
        except Exception:
            # The edge of the loop: one outcome that cannot be written must not make all the others go again.
            log.exception("outcomes could not be written down; writing one by one", size=len(outcomes))
            for outcome in outcomes:
                self._write_alone(lease, outcome)

    def _write_alone(self, lease: str, outcome: Outcome) -> None:
        try:
            self._write(lease, [outcome])
        except StoreUnavailable:
            raise
        except Exception as error:
            # The edge of the loop: what the other side answered is the only part of it that comes from outside.
            log.exception("an outcome could not be written down", letter=outcome.letter.id)
            self._write(lease, [replace(outcome, answer=f"an answer that cannot be kept ({type(error).__name__})")])

    def _write(self, lease: str, outcomes: Sequence[Outcome]) -> None:
        with self._store.unit("T5") as unit:
            write_down(unit, lease, outcomes)
            unit.commit()


def next_attempt(attempts: int, now: datetime, jitter: Callable[[], float] = random.random) -> datetime:
    """Return when to try again after this many attempts: growing waits, spread by up to a fifth so that they do not meet."""
    wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return now + timedelta(seconds=wait * (1 + jitter() / 5))


def reply_of(letter: ClaimedLetter, head: Letterhead, heard_at: datetime | None = None) -> Reply:
    """Return the letter as its way out takes it: the words as decided, the Message-ID as fixed before the first attempt."""
    return Reply(
        message_id=letter.header_id,
        sender=head.address,
        sender_name=head.name,
        recipient=letter.recipient or "",
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        written_at=letter.created_at,
        in_reply_to=letter.in_reply_to,
        references=tuple(letter.references),
        automatic=letter.automatic,
        loop_mark=head.loop_mark,
        short=letter.short,
        buttons=tuple(Button(label=label, payload=payload) for label, payload in letter.buttons),
        heard_at=heard_at,
    )
