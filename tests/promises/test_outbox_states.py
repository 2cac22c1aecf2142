"""Letters under every weather: whatever the relay does and whenever the process dies, none is lost and none is repeated."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from looking import everything, must_hold

from handlers.outbox import BACK_OFF, LEASE, MOST_ATTEMPTS
from houses import NOON, Postbag, arrive, house_in, mail, settle
from intake.channel import PermanentFailure, TemporaryFailure, UncertainOutcome
from store.models import CaseEvent, OutboxEntry, OutboxState, Task
from store.schema import migrate

WEATHERS = {
    "taken": None,
    "later": TemporaryFailure("451 try again"),
    "never": PermanentFailure("550 no such mailbox"),
    "unknown": UncertainOutcome("the link broke after the last byte"),
    "fault": RuntimeError("a fault in the way out"),
}


WEATHER = st.lists(st.sampled_from(sorted(WEATHERS)), min_size=1, max_size=4)
MINUTES = st.sampled_from([2, 20, 60 * 4, 60 * 24])
"""How long after the last act; even the shortest is longer than the first wait."""


class PowerCut(BaseException):
    """The end of the process, which no handler may catch."""


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory):
    path = tmp_path_factory.mktemp("outbox") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


class Letters(RuleBasedStateMachine):
    """One house with its outbox, and a relay whose weather is drawn by lot for every letter."""

    empty: Path

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="intake-outbox-"))
        shutil.copyfile(self.empty, self.folder / "intake.db")
        self.house = house_in(self.folder, f"sqlite:///{self.folder}/intake.db", at=NOON)
        self.cut = None
        self.house.on_border = self._border
        self.handed_over = Counter()
        self.life = 0
        self.done = set()
        self.twice = []

    def _border(self, border, moment):
        if (border, moment) == self.cut:
            self.cut = None
            raise PowerCut

    @initialize()
    def somebody_writes_first(self):
        self.somebody_writes(5)

    @rule(number=st.integers(1, 4))
    def somebody_writes(self, number):
        for _ in range(number):
            n = len(everything(self.house, OutboxEntry))
            arrive(self.house, mail(f"complaint! Number {n} drips.", sender=f"tenant{n}@resident.example"))
            settle(self.house)

    @rule(weather=WEATHER, waited=MINUTES, limit=st.integers(1, 50))
    def the_outbox_works(self, weather, waited, limit):
        self.house.clock.at += timedelta(minutes=waited)
        self._work(weather, limit)

    @rule(weather=WEATHER, waited=MINUTES, border=st.sampled_from(["T4", "T5"]), moment=st.sampled_from(["before", "after"]))
    def the_process_dies_at_work(self, weather, waited, border, moment):
        self.house.clock.at += timedelta(minutes=waited)
        self.cut = (border, moment)
        try:
            self._work(weather, 50)
        except PowerCut:
            self.life += 1
        self.cut = None

    @precondition(lambda self: len(everything(self.house, Task)) < 200)
    @rule()
    def the_sweep_comes_by(self):
        self.house.sweep().once()

    def _work(self, weather, limit):
        drawn = iter(weather * 50)

        def relay(reply):
            error = WEATHERS[next(drawn)]
            if isinstance(error, UncertainOutcome) or error is None:
                self.handed_over[reply.message_id] += 1
                # Noted and not raised: the outbox takes an error here for the relay's.
                self.twice += [reply.message_id] if reply.message_id in self.done else []
            if error is not None:
                raise error

        before = {letter.header_id: letter.state for letter in everything(self.house, OutboxEntry)}
        postbag = Postbag(relay)
        handed = Counter(self.handed_over)
        try:
            asyncio.run(self.house.outbox(postbag).once(limit))
            # What was handed over, surely or perhaps, by a process that lived to write it down never goes again.
            self.done |= set(self.handed_over - handed)
        finally:
            for name in self.handed_over - handed:
                assert before[name] is OutboxState.DUE, "a letter that was settled went again"

    @invariant()
    def no_letter_is_lost_and_every_failure_has_a_task(self):
        assert not self.twice, "a letter whose handing over was written down went again"
        letters = everything(self.house, OutboxEntry)
        tasks = Counter(task.case_id for task in everything(self.house, Task) if task.kind == "undelivered_letter")
        for letter in letters:
            assert self.handed_over[letter.header_id] <= 1 + self.life
            if letter.state is OutboxState.SENT:
                assert self.handed_over[letter.header_id] >= 1
            elif letter.state is OutboxState.DUE:
                # It will go: at the latest when its longest wait or its lease is over.
                wait = max(timedelta(seconds=BACK_OFF[-1] * 1.2), LEASE)
                assert letter.next_at <= self.house.clock.now() + wait
                assert letter.attempts <= MOST_ATTEMPTS + self.life
            else:
                assert tasks[letter.case_id] >= 1
        events = {(event.case_id, event.kind) for event in everything(self.house, CaseEvent)}
        ended = [letter for letter in letters if letter.state is not OutboxState.DUE]
        assert all((letter.case_id, f"letter_{letter.state}") in events for letter in ended)

    def teardown(self):
        """In fair weather everything that is still due goes, once, and then nothing more."""
        due = {letter.header_id for letter in everything(self.house, OutboxEntry) if letter.state is OutboxState.DUE}
        sent = Counter(self.handed_over)
        self.life += 1
        for _day in range(3):
            self.house.clock.at += timedelta(days=1)
            self._work(["taken"], 50)
        assert Counter(self.handed_over) - sent == dict.fromkeys(due, 1)
        assert not [letter for letter in everything(self.house, OutboxEntry) if letter.state is OutboxState.DUE]
        must_hold(self.house)
        self.house.store.close()
        shutil.rmtree(self.folder)


@pytest.mark.slow
def test_no_weather_loses_a_letter_or_sends_one_twice(empty_store):
    machine = type("LettersHere", (Letters,), {"empty": empty_store})
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    # Without shrinking: a failing run of some hundred transactions takes minutes to make smaller, and tells enough as it is.
    quickly = settings(phases=[Phase.generate])
    chosen = settings(
        quickly, max_examples=25, stateful_step_count=16, deadline=None, database=None, suppress_health_check=quiet
    )
    machine.TestCase.settings = chosen
    machine.TestCase("runTest").runTest()
