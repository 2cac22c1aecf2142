"""The recorded run of channels: what it delivers, that it notices a wrong count, and a short run of the whole program."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from benchmarks.channel_delivery import FURTHEST, order
from benchmarks.channels import bench_of, channels, check
from benchmarks.databases import Databases
from benchmarks.ledger import WrongCount
from benchmarks.scenarios import Plan
from intake.channel import WebhookAnswer

MANY = 1_000


def test_a_fifth_is_delivered_twice_and_a_tenth_late():
    told = order(MANY, seed=1)
    firsts = list(dict.fromkeys(told))
    assert sorted(firsts) == list(range(1, MANY + 1))
    assert len(told) == MANY * 12 // 10 and max(told.count(number) for number in set(told)) == 2
    late = [number for place, number in enumerate(firsts) if any(later > number for later in firsts[:place])]
    assert MANY * 0.08 < len(late) <= MANY * 0.1
    assert all(abs(place - number) <= FURTHEST + 2 for place, number in enumerate(firsts, 1))


def test_the_same_seed_delivers_alike_and_another_otherwise():
    assert order(MANY, seed=2) == order(MANY, seed=2) != order(MANY, seed=3)


def test_a_bench_of_the_contract_suite_delivers_to_a_channel_that_is_far_away(tmp_path):
    @dataclass
    class Away:
        refuses: int = 3
        bodies: list[bytes] = field(default_factory=list)

        def answer(self, request):
            self.refuses -= 1
            if self.refuses >= 0:
                return WebhookAnswer(status=503)
            self.bodies.append(request.body)
            return WebhookAnswer(status=200)

    async def story():
        away = Away()
        async with bench_of("signed_json") as bench:
            bench.settings(tmp_path)
            await bench.bring(away, [bench.words(1, "no heat")])
        return away

    away = asyncio.run(story())
    assert len(away.bodies) == 1 and b"no heat" in away.bodies[0]


@dataclass
class Books:
    """A ledger of two messages, both complaints, and what their residents were shown."""

    names: tuple[str, ...] = ("m-1", "m-2")
    cases: tuple[int | None, ...] = (1, 2)
    letters: tuple[str, ...] = ("your reference EBC-1", "your reference EBC-2")
    again: tuple[int, ...] = ()

    def rows(self, query):
        people = [f"person-{number}" for number in range(1, len(self.names) + 1)]
        if "HAVING" in query:
            return list(self.again)
        if "external_id" in query:
            return list(zip(self.names, people, self.cases, strict=True))
        return [(person, f"EBC-{case}") for person, case in zip(people, self.cases, strict=True) if case]

    def number(self, query):
        if "disposition" in query or "echo" in query:
            return 0
        return len(self.names) if "raw_content" in query else len({case for case in self.cases if case})

    def sent(self):
        return [(f"person-{1 + number % 2}", words) for number, words in enumerate(self.letters)]


def test_a_run_in_which_all_is_kept_and_answered_once_passes():
    books = Books()
    found = check(books, books, "signed_json", {"m-1", "m-2"})
    assert found == {"kept": 2, "cases": 2, "complaints": 2, "answered": 2, "twice": 0}


@pytest.mark.parametrize(
    ("books", "wrong"),
    [
        (Books(names=("m-1",), cases=(1,)), "messages kept: 1"),
        (Books(names=("m-1", "m-2", "m-1"), cases=(1, 2, 3)), "messages kept: 3"),
        (Books(names=("m-1", "m-3")), "messages of another name: 2"),
        (Books(cases=(1, None)), "messages without a case: 1"),
        (Books(letters=("your reference EBC-1",)), "complaints answered: 1"),
        (Books(letters=("your reference EBC-1", "another letter")), "complaints answered: 1"),
        (Books(letters=("your reference EBC-1", "your reference EBC-2") * 2), "letters shown twice: 2"),
        (Books(again=(2,)), "letters of one kind written twice for a case: 1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_lost_or_doubled_fails_the_run(books, wrong):
    with pytest.raises(WrongCount, match=wrong):
        check(books, books, "signed_json", {"m-1", "m-2"})


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["signed_json", "telegram"])
def test_killed_twice_each_message_is_kept_once_and_each_complaint_answered_once(kind, tmp_path):
    with Databases("sqlite", tmp_path) as databases:
        (outcome,) = channels(Plan(folder=tmp_path, messages=60, channels=(kind,)), databases).outcomes
    assert (outcome.messages, outcome.kept, outcome.cases, outcome.delivered, outcome.twice) == (60, 60, 60, 72, 0)
    assert outcome.complaints == outcome.answered > 0
