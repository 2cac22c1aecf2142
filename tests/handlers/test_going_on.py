"""What answers a case that was joined to another lands on the one that goes on, or waits for a person."""

from __future__ import annotations

import pytest
from desk_house import came, must_stand, open_tasks, rows

from chats import wrote
from chatting import ME, Chat, chat_in
from desks import add_person, join_cases
from handlers.going_on import goes_on_in
from handlers.same_case_parting import part
from promises.looking import later
from store.models import Case, Message, OutboxEntry, Task

WORDS = "service_request! the boiler in my flat has been broken since March and nobody from the council ever came to mend it"


@pytest.fixture
def house(house_of):
    house = house_of()
    add_person(house, "olive", "officer")
    return house


def joined(house, role=None):
    """A case by chat, and the same by mail some days later, which a colleague joins to it."""
    wrote(house, WORDS)
    later(house, days=2)
    came(house, WORDS, message_id="<1@resident.example>")
    (task,) = rows(house, Task, kind="same_matter")
    join_cases(house, task.id, "olive", role)


@pytest.mark.parametrize("role", ["resident", None])
@pytest.mark.parametrize("to", ["our letter", "their own mail", "the reference"])
def test_a_mail_that_answers_the_later_case_goes_to_the_earlier_one_or_to_a_person(house, role, to):
    joined(house, role)
    letter = next(letter for letter in rows(house, OutboxEntry, case_id=2))
    headers = {"our letter": letter.header_id, "their own mail": "<1@resident.example>"}
    named = {"In_Reply_To": headers[to]} if to in headers else {"subject": rows(house, Case)[1].reference}
    number = came(house, "service_request? it is still cold", message_id="<2@resident.example>", **named)
    (message,) = rows(house, Message, id=number)
    if role == "resident" and to == "our letter":  # nothing else proves whose mail it is that is not authentic
        assert (message.case_id, message.disposition) == (1, "follow_up")
    else:
        assert rows(house, Case, id=message.case_id)[0].related_case_id == 1
        assert "possible_reply" in open_tasks(house, case_id=message.case_id)
    assert open_tasks(house, case_id=2) == []
    must_stand(house)


def test_what_goes_on_is_followed_to_its_end_and_not_once_it_is_parted(house):
    joined(house)
    with house.store.unit("T6") as unit:
        assert goes_on_in(unit, unit.get(Case, 2)).id == 1
        assert goes_on_in(unit, unit.get(Case, 1)) is None
        unit.update(Case, 1, status="closed")
        assert goes_on_in(unit, unit.get(Case, 2)).id == 1, "a case that was closed otherwise goes on nowhere else"
    part(house.acts, 2, "olive", "two boilers")
    with house.store.glance() as glance:
        assert goes_on_in(glance, glance.get(Case, 2)) is None


@pytest.mark.parametrize("role", ["resident", None])
def test_words_in_a_conversation_whose_case_went_on_elsewhere_go_there_or_wait_for_a_person(house_of, tmp_path, role):
    chat = Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)
    add_person(chat.house, "olive", "officer")
    came(chat.house, WORDS)
    chat.say(WORDS)
    (task,) = chat.all(Task, kind="same_matter")
    join_cases(chat.house, task.id, "olive", role)
    chat.say("service_request? and the kitchen is cold too")
    message = chat.all(Message)[-1]
    assert message.sender_address == ME
    if role == "resident":
        assert message.case_id == 1
    else:
        assert chat.all(Case, id=message.case_id)[0].related_case_id == 1
        assert "possible_reply" in open_tasks(chat.house, case_id=message.case_id)
