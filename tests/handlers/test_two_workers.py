"""Two workers, or a worker and a colleague, on one conversation at the same moment, on a real PostgreSQL."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from chats import ADA, wrote
from chatting import ME, Chat, chat_in
from desks import add_person, join_cases
from handlers.delivery import Outcome, write_down
from handlers.same_case_parting import part
from houses import arrive, mail, settle
from store.chat_models import Conversation
from store.chat_rows import hold_conversations
from store.lookups import hold_case
from store.models import Case, Deadline, Disposition, Message, OutboxEntry, Task
from store.outbox_rows import claim_letters

PATIENCE = 120

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


@pytest.mark.parametrize("answer", [{"type": "press", "pressed": "request/{}"}, {"text": "2"}])
def test_what_a_colleague_decides_at_the_same_moment_stays(chat, answer):
    chat.say("service_request? it is still not done")
    (case,) = chat.all(Case)
    deciding = threading.Event()

    def border(border, moment):
        if (border, moment) == ("T6", "before"):
            deciding.set()
            until(lambda: somebody_waits(chat.house.store))

    chat.house.store._on_border = border
    with ThreadPoolExecutor(1) as pool:
        decided = pool.submit(chat.house.deciding().decide, 1, "complaint", "olive", "they say how we handled it")
        assert deciding.wait(PATIENCE)
        chat.tell({name: told.format(case.reference) for name, told in answer.items()})
        chat.wait()
        decided.result()
    (case,) = chat.all(Case)
    assert (case.category, case.status) == ("complaint", "open")
    assert not [one.rule for one in chat.all(Deadline) if one.rule == "acknowledge_1" and one.superseded_at is not None]


@pytest.fixture
def house(house_of):
    """One matter told by mail and by chat, which olive is to join."""
    house = house_of()
    add_person(house, "olive", "officer")
    words = "complaint! the boiler in my flat has been broken since March and nobody from the council ever came to mend it"
    arrive(house, mail(words))
    settle(house)
    wrote(house, words)
    with house.store.unit("T6") as unit:
        unit.update(Conversation, ADA, case_id=2)
        unit.commit()
    return house


def free_while(house, held, act, *cases):
    """Hold something as triage does and let an act run into it; the cases must be free to go on with, or both are stuck."""
    with ThreadPoolExecutor(1) as pool:
        with house.store.unit("T3") as unit:
            held(unit)
            done = pool.submit(act)
            until(lambda: somebody_waits(house.store))
            listed = ", ".join(map(str, cases))
            unit.run(text(f"SELECT id FROM case_file WHERE id IN ({listed}) FOR UPDATE NOWAIT"))
            unit.commit()
        return done.result()


def test_two_cases_are_joined_and_parted_in_the_order_in_which_triage_holds_them(house):
    with house.store.glance() as glance:
        (task,) = glance.find(Task, kind="same_matter")

    def joined():
        return join_cases(house, task.id, "olive", "resident")

    def apart():
        return part(house.acts, 2, "olive", "there are two boilers")

    # The conversation turns with its case, to the other one and back again.
    free_while(house, lambda unit: hold_conversations(unit, [ADA]), joined, 1, 2)
    free_while(house, lambda unit: hold_conversations(unit, [ADA]), apart, 1, 2)


def test_of_two_cases_the_first_is_held_first_whichever_is_joined_to_the_other(house):
    with house.store.glance() as glance:
        (task,) = glance.find(Task, kind="same_matter")
    free_while(house, lambda unit: hold_case(unit, 1), lambda: join_cases(house, task.id, "olive", "resident"), 2)


def test_a_conversation_that_is_shut_is_held_before_the_cases_of_all_letters(chat):
    store, now = chat.house.store, chat.house.clock.now
    chat.tell({"text": "complaint! Nobody came to mend the boiler."})
    chat.tell({"text": "complaint! Nobody answers my letters at all."}, person="bea")
    chat.wait()
    with store.unit("T4") as unit:
        letters = claim_letters(unit, now(), now() + timedelta(minutes=5), "mine", 10)
        unit.commit()
    told = {False: {"state": "sent"}, True: {"state": "failed", "closed": "blocked"}}
    outcomes = [Outcome(letter=one, at=now(), answer="so it went", **told[one.recipient == ME]) for one in letters]

    def write():
        with store.unit("T5") as unit:
            write_down(unit, "mine", outcomes)
            unit.commit()

    free_while(chat.house, lambda unit: hold_conversations(unit, [ME]), write, 1, 2)
    assert sorted(letter.state for letter in chat.all(OutboxEntry)) == ["failed", "sent"]
