"""A resident changes what they wrote: a version each time, one case at most, and nothing at all where nothing is new."""

from __future__ import annotations

import pytest

from chatting import Chat, chat_in
from store.chat_models import MediaFile
from store.models import Case, CaseEvent, Disposition, Message, OutboxEntry, Task

REQUEST = "service_request! The tap drips."
GRIEVANCE = "complaint! The tap drips, and nobody came though I asked three times."


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


def edit(chat, about, words, **more):
    return chat.say(words, type="edit", about=about, **more)


def test_each_further_edit_goes_to_the_case_that_the_first_one_opened(chat):
    first = chat.say(REQUEST)
    for words in (GRIEVANCE, GRIEVANCE.replace("three", "3"), f"{GRIEVANCE} Please come."):
        edit(chat, first, words)
    assert [case.category for case in chat.all(Case)] == ["service_request", "complaint"]
    assert [row.case_id for row in chat.all(Message)] == [1, 2, 2, 2]
    assert [letter.kind for letter in chat.all(OutboxEntry)].count("complaint_acknowledged") == 1
    assert [task.case_id for task in chat.all(Task, kind="reply")] == [2]


@pytest.mark.parametrize("words", [GRIEVANCE, f" {GRIEVANCE.replace('. ', '.  ')}\n"])
def test_an_edit_that_says_nothing_new_brings_no_letter_no_task_and_no_case(chat, words):
    first = chat.say(GRIEVANCE)
    with chat.house.store.unit("T6") as unit:
        unit.update(Case, 1, category="service_request")
        unit.commit()
    edit(chat, first, words)
    assert len(chat.all(Case)) == 1 and not chat.all(Task, kind="reply")
    assert (chat.all(Message)[1].disposition, chat.all(Message)[1].case_id) == (Disposition.ACT, 1)
    assert "message_edited" not in [event.kind for event in chat.all(CaseEvent)]


def test_the_first_of_several_that_were_read_as_one_is_known_by_its_own_words(chat):
    first, second, _ = chat.tell({"text": "complaint! hi"}, {"text": "nobody came on tuesday"}, {"text": "please come"})
    chat.wait()
    edit(chat, first, "complaint! hi")
    edit(chat, second, "nobody came on tuesday")
    assert not chat.all(Task, kind="reply")
    edit(chat, second, "nobody came on wednesday")
    assert len(chat.all(Task, kind="reply")) == 1


def test_the_last_version_is_what_an_edit_is_compared_with(chat):
    first = chat.say(GRIEVANCE)
    edit(chat, first, f"{GRIEVANCE} And the sink.")
    edit(chat, first, f"{GRIEVANCE} And the sink.")
    edit(chat, first, GRIEVANCE)
    dispositions = [row.disposition for row in chat.all(Message)]
    assert dispositions == [Disposition.CASE, Disposition.FOLLOW_UP, Disposition.ACT, Disposition.FOLLOW_UP]


def test_another_picture_under_the_same_words_is_news(chat):
    first = chat.say(GRIEVANCE)
    row = {"number": 1, "way": "signed_json:app", "reference": "{}", "next_at": chat.house.clock.now(), "state": "missing"}
    with chat.house.store.unit("T6") as unit:
        unit.add(MediaFile, [row | {"message_id": 1, "name": "mould.jpg", "said_size": 900}])
        unit.commit()
    for size, kept in ((900, Disposition.ACT), (901, Disposition.FOLLOW_UP)):
        (id_,) = chat.tell({"text": GRIEVANCE, "type": "edit", "about": first})
        (message,) = [one for one in chat.all(Message) if id_ in one.external_id]
        with chat.house.store.unit("T6") as unit:
            unit.add(MediaFile, [row | {"message_id": message.id, "name": "mould.jpg", "said_size": size}])
            unit.commit()
        chat.wait()
        assert chat.all(Message, id=message.id)[0].disposition is kept
