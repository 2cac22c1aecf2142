"""On their own page a resident asks for stage 2 with a button, and reads what became of it and by when (Code 6.10 to 6.14)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from resident_house import Case, Task, ask, browser, case_by_mail, link_of, rows, work

from houses import house_of
from store.models import Deadline, Stage

__all__ = ["house_of"]


@pytest.fixture
def database():
    """Pages are the same on any database."""
    return "sqlite"


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def client(house):
    return browser(house)


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def answer_goes(house):
    with house.store.unit("T6") as unit:
        for row in unit.find(Deadline, case_id=1, rule="respond_1"):
            unit.update(Deadline, row.id, met_at=house.clock.now())
        unit.commit()
    house.clock.at += timedelta(hours=3)


def swept(house):
    house.sweep()._chores["stage 2"]()


def test_the_button_after_our_answer_begins_stage_2_and_the_page_says_by_when(house, client):
    case = case_by_mail(house)
    answer_goes(house)
    ask(client, link_of(house, case), "stage2")
    work(house)
    swept(house)
    assert rows(house, Case, id=case.id)[0].stage is Stage.TWO
    page = plain(client.get(link_of(house, case)).text)
    assert "at stage 2" in page
    assert "Somebody who did not deal with it at stage 1 looks at your complaint again." in page
    assert re.search(r"Send you our final answer By Monday 21 December 2026", page)
    assert "Ask for stage 2" not in page


def test_the_button_before_our_answer_is_kept_and_told_and_waits(house, client):
    case = case_by_mail(house)
    ask(client, link_of(house, case), "stage2")
    work(house)
    swept(house)
    assert rows(house, Case, id=case.id)[0].stage is Stage.ONE
    page = plain(client.get(link_of(house, case)).text)
    assert "You asked us to look again (stage 2)." in page
    assert "First we send you our answer, by Monday 7 December 2026. You do not have to ask again." in page


def test_words_that_disagree_are_not_said_to_be_a_request_that_they_never_made(house, client):
    case = case_by_mail(house)
    answer_goes(house)
    ask(client, link_of(house, case), "words", words="complaint? That is not what happened at all.")
    work(house)
    assert rows(house, Task, kind="stage2_request", closed_at=None)
    page = plain(client.get(link_of(house, case)).text)
    assert "You asked us to look again" not in page
    assert "Ask for stage 2" in page, "they may still ask for it themselves"
