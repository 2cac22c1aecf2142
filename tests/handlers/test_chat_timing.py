"""What comes by chat is settled in the order in which it was meant, whatever the order in which it can be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chatting import Chat, chat_in
from store.chat_models import Conversation
from store.models import Case, CaseEvent, Message, MessageState, Task

PHOTO = {"id": "f1", "name": "boiler.jpg", "type": "image/jpeg", "size": 3}


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


@pytest.mark.parametrize("files", [[], [PHOTO]], ids=["words alone", "words that wait for their photo"])
def test_an_edit_within_the_quiet_window_waits_for_the_message_that_it_changes(chat, files):
    (first,) = chat.tell({"text": "complaint! The boiler is of again.", "files": files})
    chat.wait(seconds=1)
    chat.tell({"text": "service_request! The boiler is off again.", "type": "edit", "about": first})
    assert chat.wait(seconds=1) == 1 and not chat.all(Case), "the words that came first are read first"
    for _ in range(12):
        chat.wait(seconds=3)
    (case,) = chat.all(Case)
    rows = chat.all(Message)
    assert case.category == "complaint" and [row.case_id for row in rows] == [case.id, case.id]
    assert {(row.state, row.attempts) for row in rows} == {(MessageState.HANDLED, 1)}
    assert "message_edited" in [event.kind for event in chat.all(CaseEvent, case_id=case.id)]


def closed_at(chat):
    return chat.all(Conversation)[0].closed_at


def test_whoever_unblocks_us_may_be_written_to_although_they_said_nothing_yet(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    for round_ in (1, 2):
        chat.tell({"type": "blocked"})
        chat.wait(seconds=1)
        assert closed_at(chat) is not None
        chat.tell({"type": "back"})
        chat.wait(seconds=1)
        assert closed_at(chat) is None
        assert len([event for event in chat.all(CaseEvent) if event.kind == "route_open"]) == round_
    chat.tell({"type": "back"})
    chat.wait(seconds=1)
    assert len([event for event in chat.all(CaseEvent) if event.kind == "route_open"]) == 2, "nothing was closed"


def test_a_block_that_is_told_of_after_they_wrote_again_closes_nothing(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    blocked_at = chat.house.clock.now() - timedelta(seconds=1)
    chat.house.clock.at += timedelta(minutes=5)
    chat.tell({"text": "still no heating"}, {"type": "blocked", "at": blocked_at.isoformat()})
    chat.wait()
    assert closed_at(chat) is None
    assert "route_closed" not in [task.kind for task in chat.all(Task)]
