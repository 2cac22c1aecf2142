"""A logged complaint is joined to an earlier one on its card: not without a reason, a party and a letter, and nothing typed is lost."""

from __future__ import annotations

import pytest
from review_desk import rows, send, words_of
from selectolax.lexbor import LexborHTMLParser

from chats import ADA, wrote
from desks import signed_in
from houses import arrive, mail, settle
from promises.looking import later
from store.models import Case, OutboxEntry, Task

WORDS = "complaint! the boiler in my flat has been broken since March and nobody from the council ever came to mend it"


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def olive(house):
    return signed_in(house)


def twice(house, words=WORDS):
    arrive(house, mail(words))
    settle(house)
    later(house, minutes=30)
    wrote(house, words)
    return rows(house, Task, kind="same_matter")[0]


def card(client, task):
    answer = client.get(f"/tasks/{task.id}")
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("typed", "field"), [({"role": "", "why": "one boiler"}, "role"), ({"role": "household", "why": " "}, "why")]
)
def test_what_is_missing_is_asked_for_beside_its_field_with_all_that_was_typed(house, olive, typed, field):
    task = twice(house)
    answer = send(olive, card(olive, task), f"/tasks/{task.id}/same", **typed)
    assert answer.status_code == 422
    tree = LexborHTMLParser(answer.text)
    assert tree.css_first(f"#{field}-error") is not None
    assert f"{field}-error" in tree.css_first(f"#{field}").attributes["aria-describedby"]
    assert tree.css_first("textarea#why").text().strip() == typed["why"].strip()
    chosen = tree.css_first("select#role option[selected]")
    assert (chosen.attributes["value"] if chosen else "") == typed["role"]
    assert [case.status for case in rows(house, Case)] == ["open", "open"]


def test_the_sender_gets_a_letter_which_the_case_page_shows(house, olive):
    task = twice(house)
    assert "Its sender gets a letter" in words_of(card(olive, task))
    done = send(olive, card(olive, task), f"/tasks/{task.id}/same", role="resident", why="it is one boiler")
    assert done.status_code == 303
    first, second = rows(house, Case)
    (letter,) = rows(house, OutboxEntry, kind="joined_with_earlier")
    assert (letter.case_id, letter.recipient) == (1, ADA)
    told = words_of(olive.get(f"/cases/{first.reference}"))
    assert "goes on under another reference" in told and letter.subject in told
    assert letter.subject == f"Your message {second.reference} goes on as {first.reference}"
    assert "it is one boiler" in words_of(olive.get(f"/cases/{second.reference}?show=history"))


def test_what_is_no_complaint_is_joined_without_a_reason(house, olive):
    task = twice(house, WORDS.replace("complaint!", "service_request!"))
    answer = card(olive, task)
    assert LexborHTMLParser(answer.text).css_first("#why") is None
    assert send(olive, answer, f"/tasks/{task.id}/same", role="").status_code == 303
    assert rows(house, OutboxEntry, kind="joined_with_earlier") == []
