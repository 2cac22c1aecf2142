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

from handlers.bounce_addresses import BounceAddresses
from handlers.clock import Clock
from handlers.delivery import Outcome, write_down
from handlers.own_trouble import StandingTroubleOf
from handlers.their_words import repeated
from handlers.under_way import UnderWay
from intake.channel import (
    DeliveryFailure,
    Outgoing,
    OwnFault,
    PermanentFailure,
    Reply,
    RouteClosed,
    Sent,
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
HELD_FOR = 0.98
"""Part of its lease in which a letter must have gone or failed; the relay takes less (``intake.relay.settings.LONGEST``)."""
MATTERS = {True: "letters of machines", False: "letters of people"}
"""They leave with reverse paths of their own, so one may be refused and the other not."""
PATIENCE = 2.0
"""Seconds that a round waits for the letters which it took up."""
MOST_UNDER_WAY = 400
"""Letters that hang before no more are taken up; the relay gives those up soon that find no connection free."""
WRITE_AGAIN_AFTER = (0.1, 0.4, 1, 2, 5, 10, 20)
"""Seconds between attempts at T5 while the store is away: well within the lease."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """Who our letters come from."""

    address: str
    name: str
    loop_mark: str
    reply_to: Callable[[int, str], str | None] = lambda _case_id, _recipient: None
    """Returns the address at which a correspondent answers about a case, where the landlord has a domain for such."""
    paths: BounceAddresses | None = None
    """What makes the reverse paths of letters, where there are any."""


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
        self._under_way = UnderWay(self._written_down)
        self._senders = {automatic: StandingTroubleOf(store, clock, MATTERS[automatic]) for automatic in MATTERS}
        self._heard: dict[str, datetime] = {}
        self._theirs: Mapping[int, tuple[str, ...]] = {}

    async def once(self, limit: int = 100) -> int:
        """Send up to ``limit`` due letters to their end; return how many were taken up."""
        try:
            return await self._take_up(limit, None)
        finally:
            await self.stop()

    async def round(self, limit: int = 100) -> int:
        """Do the same, and leave to the next round what hangs: one letter keeps no other waiting."""
        return await self._take_up(min(limit, MOST_UNDER_WAY - len(self._under_way)), PATIENCE)

    async def stop(self) -> None:
        """End what a round left under way."""
        await self._under_way.stop()

    async def _take_up(self, limit: int, patience: float | None) -> int:
        lease = secrets.token_hex(8)
        letters = await asyncio.to_thread(self._claim, lease, limit) if limit > 0 else ()
        await self._under_way.send(lease, map(self._send, letters), patience)
        return len(letters)

    def _claim(self, lease: str, limit: int) -> Sequence[ClaimedLetter]:
        now = self._clock.now()
        with self._store.unit("T4") as unit:
            letters = claim_letters(unit, now, now + self._lease, lease, limit)
            talks = conversations(unit, {letter.recipient for letter in letters if letter.recipient and letter.way != MAIL})
            theirs = repeated(unit, letters)
            if letters:
                unit.commit()
        self._theirs = theirs
        self._heard = {identity: talk.heard_at for identity, talk in talks.items()}
        return letters

    async def _send(self, letter: ClaimedLetter) -> Outcome:
        if letter.attempts > MOST_ATTEMPTS:
            # Every attempt ended before it was written down: a process that dies at it again and again, or a broken store.
            failure = UncertainOutcome("it was taken up too often, and what came of it was never written down")
            return self._failed(letter, failure)
        heard_at, theirs = self._heard.get(letter.recipient or ""), self._theirs.get(letter.id, ())
        try:
            sent = await self._in_time(letter, reply_of(letter, self._head, heard_at, theirs))
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

    async def _in_time(self, letter: ClaimedLetter, reply: Reply) -> Sent:
        limit = asyncio.timeout(self._lease.total_seconds() * HELD_FOR)
        try:
            async with limit:
                return await self._way_of(letter).send(reply)
        except TimeoutError as error:
            if not limit.expired():
                raise
            # Others may take it up soon; whether it has gone nobody knows.
            raise UncertainOutcome("the way out gave no answer as long as the letter was held for it") from error

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
        mend = answer if isinstance(failure, OwnFault) else None
        again_at = next_attempt(letter.attempts, now)
        return Outcome(letter=letter, state="again", at=now, answer=answer, again_at=again_at, mend=mend)

    async def _written_down(self, lease: str, outcomes: Sequence[Outcome]) -> None:
        """Write the outcomes down, however often it takes: what is not written down goes to its resident again."""
        for pause in WRITE_AGAIN_AFTER:
            try:
                return await asyncio.to_thread(self._write_down, lease, outcomes)
            except StoreUnavailable as error:
                log.warning("what was sent waits to be written down", error=str(error))
                await asyncio.sleep(pause)
        return await asyncio.to_thread(self._write_down, lease, outcomes)

    def _tell_what_to_mend(self, outcomes: Sequence[Outcome]) -> None:
        """Say before the desk that a way takes nothing from us, until it takes a letter again."""
        for automatic, trouble in self._senders.items():
            mails = [one for one in outcomes if one.letter.way == MAIL and one.letter.automatic is automatic]
            mend = next((one.mend for one in mails if one.mend), None)
            if mend or any(one.state == "sent" for one in mails):
                trouble.stands(f"no {MATTERS[automatic]} go: {mend}" if mend else None)

    def _write_down(self, lease: str, outcomes: Sequence[Outcome]) -> None:
        try:
            self._write(lease, outcomes)
            self._tell_what_to_mend(outcomes)
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


def reply_of(letter: ClaimedLetter, head: Letterhead, heard_at: datetime | None = None, theirs: tuple[str, ...] = ()) -> Reply:
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
        reply_to=head.reply_to(letter.case_id, letter.recipient) if letter.way == MAIL and letter.recipient else None,
        reverse_path=head.paths.path_of(letter.id, automatic=letter.automatic) if head.paths and letter.way == MAIL else None,
        automatic=letter.automatic,
        loop_mark=head.loop_mark,
        short=letter.short,
        buttons=tuple(Button(label=label, payload=payload) for label, payload in letter.buttons),
        heard_at=heard_at,
        again=letter.attempts > 1,
        theirs=theirs,
    )
