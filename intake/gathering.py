"""Group commit: messages that arrive while one commit is under way share the next.

One sync to disk serves a whole batch, which is what keeps a burst at wire speed on a disk that really flushes
(reference/performance.md: 20 times the rate of one commit a message).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from intake.channel import Inbox, InboxUnavailable
from intake.message import InboundMessage, Receipt

MOST_MESSAGES = 200
MOST_BYTES = 32 * 1024 * 1024
PATIENCE = 3
"""After so many messages in a row failed alone, the inbox is down and not the messages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    message: InboundMessage
    answer: asyncio.Future[Receipt]


class Gatherer:
    """Gathers the messages of many sessions on one event loop into few calls of a blocking inbox."""

    def __init__(self, inbox: Inbox, *, most_messages: int = MOST_MESSAGES, most_bytes: int = MOST_BYTES) -> None:
        """Use ``inbox`` from one thread of our own, with batches of at most so many messages and bytes."""
        self._inbox = inbox
        self._most_messages = most_messages
        self._most_bytes = most_bytes
        self._waiting: deque[_Waiting] = deque()
        self._emptying: asyncio.Task[None] | None = None
        # A thread of our own: the loop's shared pool may be full of slow work, and the sender waits for this.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gatherer")

    async def put(self, message: InboundMessage) -> Receipt:
        """Return once the message is durable, or raise ``InboxUnavailable``: then it was not kept."""
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(message=message, answer=answer))
        if self._emptying is None:
            self._emptying = asyncio.create_task(self._empty())
        return await answer

    async def close(self) -> None:
        """Finish what waits, then let the thread go."""
        while self._emptying is not None:
            await asyncio.wait([self._emptying])
        self._thread.shutdown(wait=False)

    async def _empty(self) -> None:
        try:
            while self._waiting:
                await self._commit(self._next_batch())
        finally:
            self._emptying = None

    def _next_batch(self) -> list[_Waiting]:
        batch = [self._waiting.popleft()]
        size = len(batch[0].message.raw)
        while self._waiting and len(batch) < self._most_messages:
            size += len(self._waiting[0].message.raw)
            if size > self._most_bytes:
                break
            batch.append(self._waiting.popleft())
        return batch

    async def _commit(self, batch: list[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        outcomes = await loop.run_in_executor(self._thread, put_each, self._inbox, [one.message for one in batch])
        for one, outcome in zip(batch, outcomes, strict=True):
            # The sender may have hung up meanwhile; what it sent is kept all the same.
            if one.answer.done():
                continue
            if isinstance(outcome, InboxUnavailable):
                one.answer.set_exception(outcome)
            else:
                one.answer.set_result(outcome)


def put_each(inbox: Inbox, messages: Sequence[InboundMessage]) -> list[Receipt | InboxUnavailable]:
    """Put all in one transaction, or else one by one, so that one bad message fails alone; blocks.

    The answers stand in the order of the messages. Every failure of the inbox becomes ``InboxUnavailable``.
    """
    together = _put(inbox, messages)
    if not isinstance(together, InboxUnavailable):
        return together
    if len(messages) == 1:
        return [together]
    outcomes: list[Receipt | InboxUnavailable] = []
    failed_in_a_row = 0
    for message in messages:
        # Every attempt may take as long as the database's own timeout; senders wait ten minutes at most.
        alone = _put(inbox, [message]) if failed_in_a_row < PATIENCE else InboxUnavailable("the inbox is down")
        failed_in_a_row = failed_in_a_row + 1 if isinstance(alone, InboxUnavailable) else 0
        outcomes.extend([alone] if isinstance(alone, InboxUnavailable) else alone)
    return outcomes


def _put(inbox: Inbox, messages: Sequence[InboundMessage]) -> list[Receipt | InboxUnavailable] | InboxUnavailable:
    try:
        receipts: list[Receipt | InboxUnavailable] = list(inbox.put(messages))
    except InboxUnavailable as error:
        return error
    except Exception as error:  # noqa: BLE001 - the edge of the door: whatever broke inside, upstream is told "not now"
        unavailable = InboxUnavailable(f"the inbox failed: {type(error).__name__}")
        unavailable.__cause__ = error
        return unavailable
    if len(receipts) != len(messages):
        return InboxUnavailable("the inbox did not answer for every message")
    return receipts
