"""Group commit: one transaction for all that waits, and each sender its own answer."""

import asyncio
import threading

import pytest
from doors import Clock, MemoryInbox

from intake.channel import InboxUnavailable
from intake.gathering import Gatherer, put_each
from intake.message import InboundMessage


def message(number, size=10):
    return InboundMessage(channel="smtp", account="main", external_id=str(number), received_at=Clock().now(), raw=b"x" * size)


def gather(inbox, messages, **limits):
    async def all_at_once():
        gatherer = Gatherer(inbox, **limits)
        try:
            return await asyncio.gather(*(gatherer.put(one) for one in messages), return_exceptions=True)
        finally:
            await gatherer.close()

    return asyncio.run(all_at_once())


def test_messages_that_wait_share_one_commit():
    inbox = MemoryInbox()
    started, go_on = threading.Event(), threading.Event()

    def hold_the_first(messages):
        if not started.is_set():
            started.set()
            go_on.wait(5)

    inbox.before_put = hold_the_first

    async def scene():
        gatherer = Gatherer(inbox)
        first = asyncio.create_task(gatherer.put(message(0)))
        await asyncio.to_thread(started.wait, 5)
        rest = [asyncio.create_task(gatherer.put(message(number))) for number in range(1, 51)]
        await asyncio.sleep(0)
        go_on.set()
        receipts = await asyncio.gather(first, *rest)
        await gatherer.close()
        return receipts

    receipts = asyncio.run(scene())
    assert inbox.batches == [1, 50]
    assert [receipt.message_id for receipt in receipts] == list(range(1, 52))


@pytest.mark.parametrize(("limits", "largest"), [({"most_messages": 7}, 7), ({"most_bytes": 1000}, 10)])
def test_a_batch_keeps_to_its_limits(limits, largest):
    inbox = MemoryInbox()
    gather(inbox, [message(number, size=100) for number in range(60)], **limits)
    assert len(inbox.messages) == 60
    assert max(inbox.batches) == largest


def test_a_message_larger_than_the_limit_goes_alone():
    inbox = MemoryInbox()
    gather(inbox, [message(1, size=5000), message(2)], most_bytes=1000)
    assert len(inbox.messages) == 2


def test_one_bad_message_fails_alone():
    inbox = MemoryInbox()
    inbox.refuses = lambda message: message.external_id == "13"
    outcomes = gather(inbox, [message(number) for number in range(40)])
    failed = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, Exception)]
    assert failed == [13]
    assert isinstance(outcomes[13], InboxUnavailable)
    assert len(inbox.messages) == 39


def test_every_sender_hears_that_the_inbox_is_down_and_it_is_not_asked_for_each():
    inbox = MemoryInbox()
    inbox.down = True
    outcomes = gather(inbox, [message(number) for number in range(100)])
    assert all(isinstance(outcome, InboxUnavailable) for outcome in outcomes)
    assert len(inbox.batches) < 12


def test_after_a_failure_the_next_message_is_kept():
    inbox = MemoryInbox()
    inbox.down = True
    assert isinstance(gather(inbox, [message(1)])[0], InboxUnavailable)
    inbox.down = False
    assert gather(inbox, [message(1)])[0].fresh


def test_a_sender_that_hangs_up_does_not_stop_the_others():
    inbox = MemoryInbox()
    go_on = threading.Event()
    inbox.before_put = lambda messages: go_on.wait(5)

    async def scene():
        gatherer = Gatherer(inbox)
        leaver, stayer = (asyncio.create_task(gatherer.put(message(number))) for number in (1, 2))
        await asyncio.sleep(0)
        leaver.cancel()
        go_on.set()
        receipt = await stayer
        await gatherer.close()
        return receipt

    assert asyncio.run(scene()).fresh
    assert len(inbox.messages) == 2


def test_an_inbox_that_forgets_an_answer_is_not_believed():
    class Forgetful(MemoryInbox):
        def put(self, messages):
            return super().put(messages)[:-1]

    assert all(isinstance(outcome, InboxUnavailable) for outcome in put_each(Forgetful(), [message(1), message(2)]))
