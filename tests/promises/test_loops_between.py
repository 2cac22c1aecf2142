"""Services that answer each other, and bots that answer everything: every loop ends after few mails, and a task says so."""

import asyncio
import shutil

import pytest

from benchmarks.loop_mail import BOTS, PASSED_ON
from benchmarks.loops import Ground, between, with_bot
from houses import READER
from store.schema import migrate

LIMITS = {"in_hour": 4, "brake": 6, "same_words": 6, "elsewhere": 10}
"""Small ones, so that a loop is soon over; ``python -m benchmarks loops`` prints the numbers of the usual ones."""

LETTERS = []
"""Of the invented landlord, compiled once."""


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory):
    path = tmp_path_factory.mktemp("loops") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def ground(tmp_path, empty_store):
    stores = [shutil.copyfile(empty_store, tmp_path / f"{name}.db") for name in ("north", "south")]
    urls = tuple(f"sqlite:///{path}" for path in stores)
    return Ground(folder=tmp_path, stores=urls, reader=READER, books=LETTERS, manners=LIMITS)


UNSENT = {"unsent_letter": 1}
BETWEEN = [
    ("all headers kept", 1, ["null-sender"], UNSENT),
    ("Auto-Submitted and X-Auto-Response-Suppress stripped", 1, ["null-sender"], UNSENT),
    ("the same, and sent on in the name of its From", 2, [], {"new_matter": 1}),
    ("all marks, threading and Message-ID stripped, in the name of its From", 8, ["hourly-cap"], UNSENT),
    ("two services of one council, all headers kept", 1, ["null-sender"], UNSENT),
    ("the same under one Message-ID domain", 1, ["null-sender"], UNSENT),
    ("the same, marks and threading stripped, in the name of its From", 1, ["own-message-id"], UNSENT),
]


@pytest.mark.parametrize(("passing", "told"), list(zip(PASSED_ON, BETWEEN, strict=True)), ids=[row[0] for row in BETWEEN])
def test_two_services_with_each_others_address_soon_fall_silent_and_a_task_says_so(ground, passing, told):
    ending = asyncio.run(between(passing, ground))
    name, letters, rules, tasks = told
    assert (passing.name, ending.letters, ending.at_rest, list(ending.rules)) == (name, letters, True, rules)
    assert tasks.items() <= ending.tasks.items()


STOPPED = {"loop_stopped": 1, "unsent_letter": 1}
WITH_BOTS = [
    ("names our Message-ID, other words each time", 7, ["global-brake"]),
    ("names our reference in the subject, other words each time", 7, ["global-brake"]),
    ("the same words each time, names nothing", 7, ["same-words"]),
    ("its own ticket number each time, names nothing", 7, ["same-words"]),
    ("other words under another subject each time, names nothing", 10, ["elsewhere-brake"]),
]


@pytest.mark.parametrize(("bot", "told"), list(zip(BOTS, WITH_BOTS, strict=True)), ids=[row[0] for row in WITH_BOTS])
def test_a_bot_that_answers_everything_from_changing_addresses_is_stopped_and_one_task_says_so(ground, bot, told):
    ending = asyncio.run(with_bot(bot, ground))
    assert (bot.name, ending.letters, list(ending.rules)) == told
    assert ending.at_rest
    assert STOPPED.items() <= ending.tasks.items()


def test_a_loop_that_nothing_stops_is_told_as_one(ground, monkeypatch):
    monkeypatch.setattr("benchmarks.loops.MOST_ROUNDS", 3)
    ending = asyncio.run(with_bot(BOTS[0], ground))
    assert not ending.at_rest
    assert "| NO |" in ending.row()
