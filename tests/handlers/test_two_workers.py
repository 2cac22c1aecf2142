"""Two workers, or a worker and a colleague, on one conversation at the same moment, on a real PostgreSQL."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from chatting import Chat, chat_in
from store.models import Case, Disposition, Message, OutboxEntry

PATIENCE = 20

pytestmark = pytest.mark.parametrize("database", ["postgresql"])


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


def somebody_waits(store):
    """Say whether a transaction waits for another one's rows."""
    with store.glance() as glance:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return glance.run(text(asked)).scalar_one() > 0


def until(holds):
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


class Lockstep:
    """Lets two workers go on only together: both have claimed before either commits, and neither settles far ahead."""

    def __init__(self, store):
        self.store = store
        self.claimed = threading.Barrier(2, timeout=PATIENCE)
        self.settling = 0

    def __call__(self, border, moment):
        if (border, moment) == ("T2", "before"):
            self.claimed.wait()
        elif (border, moment) == ("T3", "before"):
            self.settling += 1
            # The first waits until the other has settled as much, or waits for it in its turn.
            until(lambda: self.settling == 2 or somebody_waits(self.store))


def test_two_workers_with_parts_of_one_talk_open_one_case(chat):
    store = chat.house.store
    chat.tell({"text": "complaint! Nobody came to mend the boiler."})
    chat.house.clock.at += timedelta(seconds=6)
    with store.unit("T3") as unit:  # as a worker leaves it that was killed
        unit.update(Message, 1, attempts=1)
        unit.commit()
    store._on_border = lockstep = Lockstep(store)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(chat.house.triage().once)
        until(lambda: lockstep.claimed.n_waiting == 1)
        chat.tell({"text": "complaint! And nobody ever rang me about it."})
        chat.house.clock.at += timedelta(seconds=6)
        second = pool.submit(chat.house.triage().once)
        assert (first.result(), second.result()) == (1, 1)
    (case,) = chat.all(Case)
    assert {row.case_id for row in chat.all(Message)} == {case.id}
    assert sorted(row.disposition for row in chat.all(Message)) == [Disposition.CASE, Disposition.FOLLOW_UP]
    assert [letter.kind for letter in chat.all(OutboxEntry)] == ["complaint_acknowledged"]
