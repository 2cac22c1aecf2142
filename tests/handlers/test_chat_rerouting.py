"""A letter whose way is closed goes each other way of the resident's once, and to nobody else; then it is a person's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chats import heard
from chatting import ME, Chat, chat_in
from houses import Postbag
from intake.channel import RouteClosed
from store.chat_models import Conversation
from store.models import Case, CaseEvent, OutboxEntry, OutboxState, Party, Task

COMPLAINT = "complaint! Nobody came to mend the boiler on Tuesday."
OTHER = "signed_json:app:ada-too"
MAIL = "ada@resident.example"


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


def belongs(chat, address, role="resident", *, heard_ago=None):
    """Let an address belong to the case; ``heard_ago`` is since when its conversation is silent."""
    with chat.house.store.unit("T6") as unit:
        unit.add(Party, [{"case_id": 1, "address": address, "role": role}])
        if heard_ago is not None:
            heard(unit, address, chat.house.clock.now() - heard_ago)
        unit.commit()


def closed(code, *recipients):
    def fail(reply):
        if not recipients or reply.recipient in recipients:
            raise RouteClosed("nothing goes there", code)

    return Postbag(fail)


def kinds(chat, table=CaseEvent):
    return [row.kind for row in chat.all(table)]


@pytest.mark.parametrize("code", ["window", "gone", "blocked"])
def test_a_letter_goes_every_way_once_and_is_then_a_persons(chat, code):
    chat.say(COMPLAINT)
    belongs(chat, OTHER, heard_ago=timedelta(hours=1))
    chat.bag = closed(code)
    chat.send()
    assert (chat.letter().state, chat.letter().recipient) == (OutboxState.FAILED, OTHER)
    assert kinds(chat).count("letter_rerouted") == 1 and kinds(chat, Task).count("undelivered_letter") == 1
    shut = {talk.identity for talk in chat.all(Conversation) if talk.closed_at is not None}
    assert shut == ({ME, OTHER} if code != "window" else set())


def test_no_letter_is_sent_on_to_a_platform_that_takes_none_any_more(chat):
    chat.say(COMPLAINT)
    belongs(chat, "messenger:page:7", heard_ago=timedelta(hours=25))
    chat.bag = closed("window", ME)
    chat.send()
    assert (chat.letter().state, chat.letter().recipient) == (OutboxState.FAILED, ME)
    belongs(chat, "messenger:page:8", heard_ago=timedelta(hours=20))
    with chat.house.store.unit("T6") as unit:
        unit.update(OutboxEntry, chat.letter().id, state=OutboxState.DUE, next_at=chat.house.clock.now())
        unit.commit()
    outbox = chat.house.outbox(chat.bag)
    outbox._ways = {"signed_json:app": chat.bag, "messenger:page": chat.bag}
    asyncio.run(outbox.once())
    assert chat.letter().recipient == "messenger:page:8"


@pytest.mark.parametrize("role", ["representative", "household", "copied"])
def test_a_letter_to_somebody_else_of_the_case_never_goes_to_the_resident(chat, role):
    chat.say(COMPLAINT)
    belongs(chat, OTHER, role, heard_ago=timedelta(hours=1))
    belongs(chat, MAIL)
    with chat.house.store.unit("T6") as unit:
        unit.update(OutboxEntry, chat.letter().id, recipient=OTHER)
        unit.commit()
    chat.bag = closed("blocked")
    chat.send()
    assert (chat.letter().state, chat.letter().recipient) == (OutboxState.FAILED, OTHER)
    assert "letter_rerouted" not in kinds(chat) and "undelivered_letter" in kinds(chat, Task)


def test_the_second_way_has_its_own_progress(chat):
    chat.say(COMPLAINT)
    belongs(chat, OTHER, heard_ago=timedelta(hours=1))

    class Numbered(Postbag):
        async def send(self, reply):
            return replace(await super().send(reply), provider_id=f"p{len(self.sent)}")

    chat.bag = Numbered()
    chat.send()
    chat.tell({"type": "receipt", "about": "p1", "progress": "failed"})
    chat.wait(seconds=1)
    assert (chat.letter().recipient, chat.letter().progress) == (OTHER, None)
    assert chat.all(Case)[0].acknowledged_at is None, "what did not arrive acknowledged nothing"
    chat.house.clock.at += timedelta(hours=1)
    chat.send()
    assert chat.all(Case)[0].acknowledged_at == chat.letter().sent_at == chat.house.clock.now()
    chat.tell({"type": "receipt", "about": "p1", "progress": "failed", "id": "again"})
    chat.tell({"type": "receipt", "about": "p2", "progress": "delivered"})
    chat.wait(seconds=1)
    assert chat.letter().progress == "delivered"


def test_what_was_only_announced_goes_by_mail_where_the_resident_gave_an_address(chat):
    class Announces(Postbag):
        async def send(self, reply):
            return replace(await super().send(reply), whole=reply.recipient == MAIL, provider_id="a1")

    chat.say(COMPLAINT)
    belongs(chat, MAIL)
    chat.bag = Announces()
    assert [reply.recipient for reply in chat.send()] == [ME, MAIL]
    assert (chat.letter().way, chat.letter().state) == ("mail", OutboxState.SENT)
    assert chat.all(Case)[0].acknowledged_at is not None and "undelivered_letter" not in kinds(chat, Task)
