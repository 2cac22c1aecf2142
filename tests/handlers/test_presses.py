"""A button is pressed late, by somebody else, or under a case that goes on elsewhere: nothing happens in silence."""

from __future__ import annotations

import pytest
from desk_house import must_stand

from chatting import ME, Chat, chat_in
from desks import add_person, join_cases
from handlers import possible_replies
from handlers.closing import close, reopen
from handlers.same_case_parting import part
from houses import arrive, mail, settle
from store.case_rows import take_out
from store.models import Case, CaseEvent, CaseStatus, OutboxEntry, Party, Task

MAIL = "service_request! the boiler in my flat has been broken since March and nobody from the council ever came to mend it"
TOLD = MAIL.replace("!", "?")


@pytest.fixture
def chat(house_of, tmp_path):
    chat = Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)
    add_person(chat.house, "olive", "officer")
    return chat


def press(chat, choice, case, **more):
    chat.tell({"type": "press", "pressed": f"{choice}/{case.reference}", **more})
    chat.wait()


def tasks(chat, case_id=None, **equals):
    found = chat.all(Task, closed_at=None, **equals)
    return sorted(task.kind for task in found if case_id in (None, task.case_id))


def joined(chat, role=None):
    """A mail's case, and one by chat that nobody has judged: a colleague finds that they are one."""
    arrive(chat.house, mail(MAIL))
    settle(chat.house)
    chat.say(TOLD)
    (task,) = chat.all(Task, kind="same_matter")
    join_cases(chat.house, task.id, "olive", role)
    return chat.all(Case)


@pytest.mark.parametrize("choice", ["complaint", "request", "stage2", "person"])
def test_a_button_of_a_case_that_goes_on_in_another_counts_there(chat, choice):
    _, later = joined(chat, "resident")
    before = later.model_dump()
    press(chat, choice, later)
    first, later = chat.all(Case)
    assert later.model_dump() == before, "what was joined is answered no more"
    assert "answered" in [event.kind for event in chat.all(CaseEvent, case_id=1)]
    assert (first.category == "complaint") is (choice == "complaint")
    asked = {"stage2": "stage2_request", "person": "wants_person"}.get(choice, "reply")
    assert asked in tasks(chat, 1) and tasks(chat, 2) == []
    if choice == "complaint":
        (letter,) = chat.all(OutboxEntry, case_id=1, kind="complaint_acknowledged")
        assert first.reference in letter.text and "boiler" in letter.text
    must_stand(chat.house)


@pytest.mark.parametrize(("choice", "kind"), [("complaint", "reply"), ("request", "reply"), ("person", "wants_person")])
def test_who_does_not_belong_to_the_case_that_it_goes_on_in_is_a_persons(chat, choice, kind):
    _, later = joined(chat)
    reply = chat.all(Task, kind="reply")[0]
    with chat.house.store.unit("T6") as unit:
        unit.update(Task, reply.id, closed_at=chat.house.clock.now())
        unit.commit()
    before = [case.category for case in chat.all(Case)]
    press(chat, choice, later)
    assert [case.category for case in chat.all(Case)] == before
    assert chat.all(Case)[1].status is CaseStatus.CLOSED
    assert tasks(chat, 1, kind=kind) == [kind]


def test_a_button_counts_where_it_stands_once_the_two_are_taken_apart(chat):
    _, later = joined(chat, "resident")
    part(chat.house.acts, 2, "olive", "two boilers")
    press(chat, "complaint", later)
    assert [case.category for case in chat.all(Case)] == ["service_request", "complaint"]
    must_stand(chat.house)


def test_a_button_counts_where_a_reply_went_on_that_a_colleague_joined_until_it_is_opened_again(chat):
    arrive(chat.house, mail(MAIL))
    settle(chat.house)
    first = chat.all(Case)[0]
    with chat.house.store.unit("T6") as unit:
        unit.add(Party, [{"case_id": 1, "address": ME, "role": "resident"}])
        unit.commit()
    chat.say("service_request? it is still not done")
    with chat.house.store.unit("T6") as unit:
        unit.update(Case, 2, related_case_id=1)
        unit.add(Task, [_possible_reply(chat)])
        unit.commit()
    (task,) = chat.all(Task, kind="possible_reply")
    possible_replies.join(chat.house.acts, task.id, "olive")
    later = chat.all(Case)[1]
    press(chat, "stage2", later)
    assert tasks(chat, 1, kind="stage2_request") and not tasks(chat, 2)
    reopen(chat.house.acts, 2, "olive", "it was another matter")
    press(chat, "person", later)
    assert tasks(chat, 2, kind="wants_person") and first.reference != later.reference


def _possible_reply(chat):
    now = chat.house.clock.now()
    told = {"kind": "possible_reply", "case_id": 2, "message_id": 2, "team": "housing", "why": "x"}
    return told | {"opened_at": now, "due_at": now}


@pytest.mark.parametrize("choice", ["complaint", "request", "neighbour", "other"])
def test_an_answer_about_a_closed_case_is_told_to_a_person(chat, choice):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    with chat.house.store.unit("T6") as unit:
        unit.update(Case, 1, status=CaseStatus.CLOSED)
        unit.commit()
    press(chat, choice, chat.all(Case)[0])
    assert tasks(chat, kind="reply") == ["reply"]
    assert chat.all(Case)[0].status is CaseStatus.CLOSED


@pytest.mark.parametrize(
    ("choice", "told"), [("request", []), ("neighbour", ["reply"]), ("other", ["reply"])], ids=["same", "another", "else"]
)
def test_an_answer_that_changes_nothing_is_told_to_a_person_where_it_says_something_else(chat, choice, told):
    chat.say("service_request! the tap in the kitchen drips all night")
    for _ in range(2):
        press(chat, choice, chat.all(Case)[0])
    assert tasks(chat, kind="reply") == told


def test_something_else_waits_for_the_person_who_has_the_case_already(chat):
    chat.say("service_request? it is still not done")
    press(chat, "other", chat.all(Case)[0])
    assert tasks(chat, kind="reply") == [] and "triage" in tasks(chat)


def test_a_closed_request_becomes_a_complaint_when_its_resident_says_so(chat):
    chat.say("service_request! the tap in the kitchen drips all night")
    for task in chat.all(Task, closed_at=None):
        with chat.house.store.unit("T6") as unit:
            unit.update(Task, task.id, closed_at=chat.house.clock.now())
            unit.commit()
    close(chat.house.acts, 1, "olive", "done", "mended")
    press(chat, "complaint", chat.all(Case)[0])
    assert (chat.all(Case)[0].status, chat.all(Case)[0].category) == (CaseStatus.OPEN, "complaint")


def test_a_press_of_a_party_counts_whoever_the_case_is_about_by_now(chat):
    chat.say("service_request! the tap in the kitchen drips all night")
    with chat.house.store.unit("T6") as unit:
        unit.update(Case, 1, resident_address="ada@resident.example")
        unit.commit()
    chat.wait(days=3)
    chat.say("asb_report! The people upstairs play music until three in the morning every night.")
    press(chat, "complaint", chat.all(Case)[0])
    assert [case.category for case in chat.all(Case)] == ["complaint", "asb_report"]


def test_a_press_of_somebody_who_was_taken_out_of_the_case_changes_nothing_and_waits_for_a_person(chat):
    chat.say("service_request! the tap in the kitchen drips all night")
    with chat.house.store.unit("T6") as unit:
        unit.update(Case, 1, resident_address="ada@resident.example")
        take_out(unit, Party, chat.all(Party)[0].id)
        unit.commit()
    chat.wait(days=3)
    chat.say("asb_report! The people upstairs play music until three in the morning every night.")
    press(chat, "complaint", chat.all(Case)[0], text="This is a complaint")
    first, second, claims = chat.all(Case)
    assert (first.category, second.category) == ("service_request", "asb_report")
    assert claims.related_case_id == first.id and "possible_reply" in tasks(chat, claims.id)


def test_a_button_of_a_case_that_there_is_not_is_a_message(chat):
    chat.tell({"type": "press", "pressed": "complaint/LBL-26-000000-00"})
    chat.wait()
    assert len(chat.all(Case)) == 1 and "triage" in tasks(chat)
