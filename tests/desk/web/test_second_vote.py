"""What an officer sees of a second reader: one line on the card and one in the history, in plain words and never as markup."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from review_desk import UNSURE, came, decide, rows, said, send, task_of, words_of

from classifiers.second_reader import NoVote, Vote
from classifiers.taxonomy import Category, Reason
from desks import officer
from handlers.second_reading import SecondReading, Sparing
from houses import house_of
from store.models import Case, CaseEvent

__all__ = ["house_of", "officer"]

HOSTILE = '<script>alert("x")</script> & "evil'


class Said:
    """A reader that says one thing."""

    def __init__(self, answer):
        self._answer = answer

    async def vote(self, text):
        return self._answer

    async def close(self):
        """Nothing is open."""


def vote(house, answer):
    sparing = Sparing(daily_limit=9, batch=9, hold_for=timedelta(minutes=1), other_languages=True)
    return asyncio.run(SecondReading(house.store, Said(answer), house.clock, sparing).once())


def test_the_card_shows_the_vote_in_one_line_beside_the_machines_verdict(officer):
    house, client = officer
    came(house, UNSURE)
    address = f"/tasks/{task_of(house).id}"
    assert "Second reader" not in client.get(address).text
    vote(house, Vote(category=Category.OUT_OF_SCOPE, reason=Reason.SURVEY, why="It answers a survey", model="reader-7b"))
    told = words_of(client.get(address))
    line = told[told.index("Second reader:") :].replace("( ", "(").replace(" )", ")").replace(" .", ".")
    assert line.startswith(
        "Second reader: out of scope (answers a survey). It answers a survey Model reader-7b; it decides nothing."
    )
    assert "Complaint 50%" in told


def test_what_the_reader_says_is_shown_as_words_and_never_as_markup(officer):
    house, client = officer
    came(house, UNSURE)
    vote(house, Vote(category=Category.COMPLAINT, why=HOSTILE, model="<b>m</b>"))
    (case,) = rows(house, Case)
    for address in (f"/tasks/{task_of(house).id}", f"/cases/{case.reference}", f"/cases/{case.reference}?history=whole"):
        page = client.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<b>m</b>" not in page.text
    assert "&lt;script&gt;" in client.get(f"/tasks/{task_of(house).id}").text


def test_an_answer_that_was_no_vote_stands_in_the_history_alone(officer):
    house, client = officer
    came(house, UNSURE)
    vote(house, NoVote(why="it refused to answer", model="reader-7b"))
    assert "Second reader" not in client.get(f"/tasks/{task_of(house).id}").text
    (case,) = rows(house, Case)
    told = words_of(client.get(f"/cases/{case.reference}"))
    assert "A second reader was asked" in told
    assert "no vote: it refused to answer" in told


def test_the_history_says_what_was_asked_of_whom_and_what_was_left_out(officer):
    house, client = officer
    came(house, f"{UNSURE} Ring me on 07700 900123.")
    vote(house, Vote(category=Category.ASB_REPORT, why="drums at night", model="reader-7b"))
    (case,) = rows(house, Case)
    told = words_of(client.get(f"/cases/{case.reference}"))
    for words in ("A second reader was asked", "drums at night", "Masked: yes", "Left out: phone", "Model: reader-7b"):
        assert words in told, words


@pytest.mark.parametrize("late", [True, False])
def test_a_vote_that_comes_late_keeps_nobody_from_undoing_what_they_did(officer, late):
    house, client = officer
    came(house, UNSURE)
    task = task_of(house)
    if not late:
        vote(house, Vote(category=Category.ASB_REPORT, why="drums", model="m"))

    def decided():
        decide(client, task.id, **{"as": "accept"})

    if late:
        vote_while(house, decided)
    else:
        decided()
    assert rows(house, Case)[0].category == "complaint"
    answer = send(client, client.get("/queue?told=end&done=1"), "/acts/1/undo")
    assert "Undone" in (said(client.get(answer.headers["location"])) or "")
    assert rows(house, Case)[0].category is None
    assert len(rows(house, CaseEvent, kind="second_reader")) == 1


def vote_while(house, act):
    """Let somebody act while the reader thinks."""

    class Slow(Said):
        async def vote(self, text):
            act()
            return self._answer

    sparing = Sparing(daily_limit=9, batch=9, hold_for=timedelta(minutes=1), other_languages=True)
    answer = Vote(category=Category.ASB_REPORT, why="drums", model="m")
    assert asyncio.run(SecondReading(house.store, Slow(answer), house.clock, sparing).once()) == 1
