"""A second reader, where the landlord runs one, votes on what the machine left to a person: kept as an event, and no more.

It changes no verdict, route, deadline or letter. It is asked outside every transaction, about each message once; killed
between the answer and its keeping, it is asked again, and one answer is kept. While it is away nothing waits for it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

import structlog

from classifiers.second_reader import NoVote, ReaderUnavailable, SecondReader, Vote
from classifiers.second_reader_masking import MaskedText, is_mostly_latin, masked
from classifiers.verdict import Text
from handlers.clock import LONDON, Clock, london_day
from handlers.rows import MACHINE, event_row
from handlers.second_reader_state import ReaderState
from store.chain import append_events
from store.chat_rows import hold
from store.engine import Store
from store.errors import StoreError
from store.lookups import hold_case
from store.models import Case, Message, Party
from store.second_rows import KIND, Waiting, answers_about, answers_since, still_waits, waiting_in_triage

log = structlog.get_logger(__name__)

OLDEST: Final = timedelta(days=14)
"""What waits for longer than this is not asked about any more, as where the reader is switched on late."""
MOST_LOOKED_AT: Final = 1_000
HOLD_ACCOUNT: Final = "second reader"
"""Under this name one worker alone asks; with a blank in it, it is no channel's account."""
ENGLISH: Final = "en"
"""What could not be told for English is not sent: names in it might not be known for names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sparing:
    """How much is asked: answers in a day, questions in a round, seconds that one may take, and whether only about English."""

    daily_limit: int
    batch: int
    hold_for: timedelta
    other_languages: bool = False
    """Names are known by English words around them, so in other languages more of them would leave the house."""


class SecondReading:
    """Asks the second reader, a batch at a time."""

    def __init__(self, store: Store, reader: SecondReader, clock: Clock, sparing: Sparing) -> None:
        """Ask ``reader``; how it is doing is kept for ``intake status``."""
        self._store = store
        self._reader = reader
        self._clock = clock
        self._sparing = sparing
        self._state = ReaderState(store, clock)
        self._holder = secrets.token_hex(8)
        self._failed: Counter[int] = Counter()
        self._passed: set[int] = set()

    async def once(self) -> int:
        """Ask about a batch of what waits; return how many answers were kept."""
        if self._state.rests():
            return 0
        kept = 0
        for waiting in await asyncio.to_thread(self._batch):
            if not await asyncio.to_thread(self._is_ours) or self._state.rests():
                break
            try:
                kept += await self._one(waiting)
            except StoreError:
                raise
            except Exception:
                # The edge of the loop: a message that cannot be asked about must not keep the others from being read.
                log.exception("second reader could not be asked", message=waiting.message_id)
                self._failed[waiting.message_id] += 1
        return kept

    async def close(self) -> None:
        """Let go of the reader."""
        await self._reader.close()

    async def _one(self, waiting: Waiting) -> bool:
        try:
            text = await asyncio.to_thread(self._text, waiting)
            answer = await self._reader.vote(text) if text is not None else None
        except ReaderUnavailable as error:
            # Another message goes first the next time: if it is this one that the reader stumbles over, it keeps none waiting.
            self._failed[waiting.message_id] += 1
            await asyncio.to_thread(self._state.failed, str(error), error.pause)
            return False
        if text is None or answer is None:
            self._passed.add(waiting.message_id)
            return False
        kept = await asyncio.to_thread(self._keep, waiting, text, answer)
        await asyncio.to_thread(self._state.answered, answer)
        return kept

    def _batch(self) -> list[Waiting]:
        today = datetime.combine(london_day(self._clock.now()), time(), LONDON)
        with self._store.glance() as glance:
            left = self._sparing.daily_limit - answers_since(glance, today, today - OLDEST)
            if left <= 0:
                return []
            found = waiting_in_triage(glance, MACHINE, self._clock.now() - OLDEST, MOST_LOOKED_AT)
        chosen = [one for one in found if one.message_id not in self._passed and self._is_read(one.language)]
        return sorted(chosen, key=lambda one: self._failed[one.message_id])[: min(left, self._sparing.batch)]

    def _is_read(self, language: str | None) -> bool:
        return self._sparing.other_languages or language == ENGLISH

    def _is_ours(self) -> bool:
        """Return whether no other worker asks at present, and keep it so for as long as one question takes."""
        now = self._clock.now()
        with self._store.unit("contact") as unit:
            ours = hold(unit, HOLD_ACCOUNT, self._holder, now, now + self._sparing.hold_for)
            unit.commit()
        return ours

    def _text(self, waiting: Waiting) -> MaskedText | None:
        """Return what is asked about, masked; nothing where there are no words, or none among which names are known."""
        with self._store.glance() as glance:
            message, case = glance.get(Message, waiting.message_id), glance.get(Case, waiting.case_id)
            # Since the batch was chosen minutes may have gone by, in which it was settled, closed, restricted or taken back.
            if not still_waits(glance, waiting):
                return None
            people = glance.find(Party, case_id=waiting.case_id)
        if message is None or case is None or not (message.new_text or "").strip():
            return None
        if not self._sparing.other_languages and not is_mostly_latin(message.new_text or ""):
            return None
        known = {message.sender_name, case.resident_name, *(party.name for party in people)} - {None, ""}
        text = Text(channel=case.channel_kind, subject=message.subject, text=message.new_text or "")
        return masked(text, sorted(str(name) for name in known))

    def _keep(self, waiting: Waiting, text: MaskedText, answer: Vote | NoVote) -> bool:
        with self._store.unit("T3") as unit:
            # Held first: of two workers with an answer to the same question, the second finds the first one's.
            case = hold_case(unit, waiting.case_id)
            if case is None or answers_about(unit, waiting.case_id, waiting.message_id):
                return False
            vote = answer if isinstance(answer, Vote) else None
            details = {
                "category": vote and str(vote.category),
                "reason": str(vote.reason) if vote and vote.reason else None,
                "masked": True,
                "left_out": list(text.left_out),
                "message": waiting.message_id,
                "model": answer.model,
            }
            why = answer.why if vote else f"no vote: {answer.why}"
            append_events(unit, [event_row(waiting.case_id, KIND, why, self._clock.now(), MACHINE, **details)])
            unit.commit()
        return True
