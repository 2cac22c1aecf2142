"""What platforms say of letters counts whenever it comes: before the letter is written down as sent, or of one part of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from chatting import ACCOUNT, ME, Chat, chat_in
from houses import Postbag
from store.models import Case, CaseEvent, Deadline, Message, MessageState, OutboxEntry, OutboxState, Task

COMPLAINT = "complaint! Nobody came to mend the boiler on Tuesday."


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


class Numbered(Postbag):
    """A way out that gives each letter an id, or several; ``before`` happens after it took one and before it says so."""

    def __init__(self, *ids, before=lambda: None):
        super().__init__()
        self._ids = ids or ("p1",)
        self._before = before

    async def send(self, reply):
        sent = await super().send(reply)
        self._before()
        return replace(sent, provider_id=self._ids[-1], earlier_ids=self._ids[:-1])


def told(chat, about, progress, **more):
    chat.tell({"type": "receipt", "about": about, "progress": progress, **more})
    chat.wait(seconds=1)


def undelivered(chat):
    return [task for task in chat.all(Task) if task.kind == "undelivered_letter"]


def acknowledgement(chat):
    return next(row for row in chat.all(Deadline) if row.rule == "acknowledge_1")


def test_a_failure_that_is_told_before_the_letter_is_written_down_counts_after_it(chat):
    chat.say(COMPLAINT)
    chat.bag = Numbered(before=lambda: told(chat, "p1", "failed", code="window"))
    chat.send()
    assert chat.letter().state is OutboxState.SENT and not undelivered(chat), "nobody has looked at the receipt again yet"
    chat.wait(seconds=30)
    assert chat.letter().state is OutboxState.FAILED and len(undelivered(chat)) == 1
    (receipt,) = [row for row in chat.all(Message) if row.act == "receipt"]
    assert receipt.state is MessageState.HANDLED and receipt.case_id == chat.letter().case_id


def test_an_echo_that_comes_before_its_letter_is_written_down_is_not_told_as_a_colleagues(chat):
    chat.say(COMPLAINT)
    chat.bag = Numbered(
        before=lambda: (chat.tell({"type": "echo", "about": "p1", "text": "other words"}), chat.wait(seconds=1))
    )
    chat.send()
    chat.wait(minutes=20)
    assert "written_elsewhere" not in [event.kind for event in chat.all(CaseEvent)]
    assert {row.state for row in chat.all(Message)} == {MessageState.HANDLED}


def test_an_echo_of_what_a_colleague_wrote_elsewhere_is_told_once_it_is_no_letter_of_ours(chat):
    chat.say(COMPLAINT)
    chat.tell({"type": "echo", "about": "theirs", "text": "Hello, Sam here."})
    for _ in range(20):
        chat.wait(minutes=1)
    assert [event.kind for event in chat.all(CaseEvent)].count("written_elsewhere") == 1


def test_a_receipt_of_a_letter_that_was_never_ours_is_settled_after_some_looks(chat):
    chat.tell({"type": "receipt", "about": "theirs", "progress": "delivered"})
    looks = 0
    for _ in range(20):
        looks += chat.wait(minutes=1)
    (receipt,) = chat.all(Message)
    assert receipt.state is MessageState.HANDLED and receipt.case_id is None
    assert 3 <= looks <= 8, "ever more seldom"


def test_a_part_that_failed_fails_the_letter_though_the_last_part_arrived(chat):
    chat.say(COMPLAINT)
    chat.bag = Numbered("p1", "p2", "p3")
    chat.send()
    told(chat, "p3", "delivered")
    told(chat, "p2", "delivered")
    told(chat, "p2", "failed")
    assert chat.letter().progress == "delivered" and not undelivered(chat)
    told(chat, "p1", "failed")
    assert (chat.letter().progress, chat.letter().state) == ("failed", OutboxState.FAILED)
    told(chat, "p3", "read")
    told(chat, "p2", "failed")
    assert len(undelivered(chat)) == 1 and chat.letter().progress == "failed"


def test_an_acknowledgement_that_the_platform_could_not_deliver_is_none(chat):
    chat.say(COMPLAINT)
    chat.bag = Numbered()
    chat.send()
    assert chat.all(Case)[0].acknowledged_at is not None and acknowledgement(chat).met_at is not None
    told(chat, "p1", "failed")
    assert chat.all(Case)[0].acknowledged_at is None and acknowledgement(chat).met_at is None, "its clock runs again"
    assert "acknowledgement_not_delivered" in [event.kind for event in chat.all(CaseEvent)]


def test_the_echo_of_any_part_is_known_for_ours(chat):
    chat.say(COMPLAINT)
    chat.bag = Numbered("p1", "p2")
    chat.send()
    for part in ("p1", "p2"):
        chat.tell({"type": "echo", "about": part, "text": "words that the platform made anew"})
    chat.wait(seconds=1)
    assert "written_elsewhere" not in [event.kind for event in chat.all(CaseEvent)]


def test_a_way_that_hangs_keeps_no_other_letter_from_being_written_down(chat):
    chat.say(COMPLAINT)
    chat.tell({"text": "complaint! The lift is broken again and nobody answers"}, person="bea")
    chat.wait()
    states = []

    class Hangs(Postbag):
        async def send(self, reply):
            while reply.recipient != ME and OutboxState.SENT not in states:
                await asyncio.sleep(0.01)
                states[:] = [letter.state for letter in chat.all(OutboxEntry)]
            return await super().send(reply)

    outbox = chat.house.outbox(Hangs())
    outbox._ways = {f"signed_json:{ACCOUNT}": Hangs()}
    asyncio.run(asyncio.wait_for(outbox.once(), timeout=60))
    assert {letter.state for letter in chat.all(OutboxEntry)} == {OutboxState.SENT}
