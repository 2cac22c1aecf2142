"""Messages by chat that are read as one are held, settled, given back and parked as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chatting import Chat, chat_in
from store.models import Case, Message, MessageState, OutboxEntry, Task


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


class Disturbed:
    """Settles with the real thing after something has happened."""

    def __init__(self, settling, happens):
        self.settling, self.happens = settling, happens

    def settle(self, messages):
        self.happens()
        return self.settling.settle(messages)

    def park(self, message, why):
        self.settling.park(message, why)


def told_to(chat, happens):
    """Let two parts of a complaint come in; return a triage for them to which something happens between claim and settling."""
    chat.tell({"text": "complaint! Nobody came to mend the boiler."}, {"text": "and nobody ever rang me about it"})
    chat.house.clock.at += timedelta(seconds=6)
    triage = chat.house.triage()
    triage._settling = Disturbed(triage._settling, happens)
    return triage


def test_what_is_read_as_one_is_left_alone_where_a_part_of_it_is_held_by_somebody_else(chat):
    def passed_on():
        with chat.house.store.unit("T2") as unit:
            unit.update(Message, 2, lease="another's")
            unit.commit()

    told_to(chat, passed_on).once()
    assert [row.state for row in chat.all(Message)] == [MessageState.WAITING] * 2
    assert not chat.all(Case) and not chat.all(OutboxEntry)
    chat.wait(minutes=2)
    (case,) = chat.all(Case)
    assert {row.case_id for row in chat.all(Message)} == {case.id}


def test_what_is_read_as_one_and_cannot_be_settled_is_given_back_whole(chat):
    def fails():
        raise ValueError("nothing can be settled today")

    told_to(chat, fails).once()
    kept = [(row.state, row.attempts, row.lease, row.due_at) for row in chat.all(Message)]
    assert kept == [(MessageState.WAITING, 1, None, kept[0][3])] * 2
    chat.wait(seconds=3)
    assert len(chat.all(Case)) == 1


def test_what_is_read_as_one_beyond_the_calendar_is_parked_whole(house_of, tmp_path):
    chat = Chat(house_of(at=datetime(2028, 12, 27, 12, tzinfo=UTC), channels=(chat_in(tmp_path),)), tmp_path)
    chat.tell({"text": "complaint! Nobody came to mend the boiler."}, {"text": "and nobody ever rang me about it"})
    chat.wait()
    assert [row.state for row in chat.all(Message)] == [MessageState.SHUNTED] * 2
    assert sorted(task.message_id for task in chat.all(Task) if task.kind == "quarantine") == [1, 2]
