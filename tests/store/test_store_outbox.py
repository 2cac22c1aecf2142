"""T4 and T5: no letter has two senders at once, none is lost, and who comes too late changes nothing."""

from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sample_rows import MINUTE, NOON, keep_case, keep_letters, keep_messages, letter_row
from sqlalchemy import delete

from store.models import OutboxEntry, OutboxState
from store.outbox_rows import (
    Proof,
    claim_letters,
    hold_letters,
    letter_failed,
    letter_retry,
    letter_sent,
    letter_uncertain,
    letters_sent,
)
from store.rows import core


def claim(store, now=NOON, lease="mine", limit=50):
    with store.unit("T4") as unit:
        claimed = claim_letters(unit, now, now + 5 * MINUTE, lease, limit)
        unit.commit()
    return claimed


def settle(store, act, *arguments):
    with store.unit("T5") as unit:
        done = act(unit, *arguments)
        unit.commit()
    return done


def letter(store, letter_id):
    with store.glance() as glance:
        return glance.get(OutboxEntry, letter_id)


def test_a_claim_brings_the_letter_and_counts_the_attempt(store):
    (letter_id,) = keep_letters(store, 1, references=["<a@b>", "<c@d>"], html="<p>Dear resident</p>")
    (claimed,) = claim(store)
    assert (claimed.id, claimed.attempts, claimed.references) == (letter_id, 1, ["<a@b>", "<c@d>"])
    assert (claimed.text, claimed.html, claimed.recipient) == ("Dear resident", "<p>Dear resident</p>", "resident@example.org")
    assert claim(store) == []


@pytest.mark.parametrize("state", [state for state in OutboxState if state is not OutboxState.DUE])
def test_only_letters_that_are_due_are_claimed(store, state):
    keep_letters(store, 1, state=state)
    assert claim(store) == []


def test_a_letter_is_claimed_when_its_time_has_come(store):
    keep_letters(store, 1, next_at=NOON + MINUTE)
    assert claim(store) == []
    assert len(claim(store, now=NOON + MINUTE)) == 1


@pytest.mark.parametrize(
    ("act", "arguments", "state"),
    [
        (letter_sent, (Proof(at=NOON, answer="250 kept"),), OutboxState.SENT),
        (letter_retry, (NOON + MINUTE, "450 later"), OutboxState.DUE),
        (letter_failed, ("550 nobody here", "bounced"), OutboxState.FAILED),
        (letter_uncertain, ("the link broke",), OutboxState.UNCERTAIN),
    ],
)
def test_only_the_holder_settles_a_letter_and_only_once(store, act, arguments, state):
    (letter_id,) = keep_letters(store, 1)
    claim(store)
    assert not settle(store, act, letter_id, "another's", *arguments)
    assert letter(store, letter_id).lease == "mine"
    assert settle(store, act, letter_id, "mine", *arguments)
    assert not settle(store, act, letter_id, "mine", *arguments)
    kept = letter(store, letter_id)
    assert (kept.state, kept.lease) == (state, None)
    assert kept.answer in str(arguments)


def test_many_letters_are_noted_as_sent_but_those_taken_over_are_not(store):
    ids = keep_letters(store, 3)
    claim(store, lease="slow")
    claim(store, now=NOON + 6 * MINUTE, lease="quick", limit=1)
    proofs = {letter_id: Proof(at=NOON + timedelta(seconds=letter_id), answer=f"250 {letter_id}") for letter_id in ids}
    with store.unit("T5") as unit:
        assert hold_letters(unit, "slow", ids) == set(ids[1:])
    assert settle(store, letters_sent, "slow", proofs) == set(ids[1:])
    assert settle(store, letters_sent, "slow", {}) == set()
    assert [letter(store, id_).state for id_ in ids] == [OutboxState.DUE, OutboxState.SENT, OutboxState.SENT]
    assert letter(store, ids[2]).answer == f"250 {ids[2]}"
    assert letter(store, ids[2]).sent_at == NOON + timedelta(seconds=ids[2])


def test_a_letter_of_the_same_kind_about_the_same_message_is_written_once(store):
    (message_id,), case_id = keep_messages(store, 1), keep_case(store)
    rows = [letter_row(number, case_id, message_id, kind="receipt") for number in (1, 2)]
    with store.unit("T3") as unit:
        assert unit.insert_new(OutboxEntry, rows, ["case_id", "kind", "message_id"]) == [True, False]


class OutboxMachine(RuleBasedStateMachine):
    """Several senders, some slow, some dead, against a plain model of what the outbox promises."""

    store = None
    ids = (0, 0)
    claims = Bundle("claims")

    def __init__(self):
        super().__init__()
        self.now = NOON
        self.letters = {}  # id -> (state, next_at, lease, attempts)
        self.count = 0
        with self.store.unit("T3") as unit:
            unit.run(delete(core(OutboxEntry)))
            unit.commit()

    @rule(number=st.integers(1, 4), wait=st.integers(0, 3))
    def write(self, number, wait):
        rows = [letter_row(self.count + step, *self.ids, next_at=self.now + wait * MINUTE) for step in range(number)]
        self.count += number
        with self.store.unit("T3") as unit:
            ids = unit.insert(OutboxEntry, rows)
            unit.commit()
        self.letters |= dict.fromkeys(ids, ("due", self.now + wait * MINUTE, None, 0))

    @rule(target=claims, limit=st.integers(1, 5), minutes=st.integers(1, 4))
    def claim(self, limit, minutes):
        self.count += 1
        lease, until = f"lease {self.count}", self.now + minutes * MINUTE
        free = sorted((at, id_) for id_, (state, at, _, _) in self.letters.items() if state == "due" and at <= self.now)
        with self.store.unit("T4") as unit:
            found = claim_letters(unit, self.now, until, lease, limit)
            unit.commit()
        assert sorted(one.id for one in found) == sorted(id_ for _, id_ in free[:limit])
        for one in found:
            attempts = self.letters[one.id][3] + 1
            assert one.attempts == attempts
            self.letters[one.id] = ("due", until, lease, attempts)
        return lease, [one.id for one in found]

    @rule(minutes=st.integers(1, 5))
    def time_goes_by(self, minutes):
        self.now += minutes * MINUTE

    @rule(claimed=claims, act=st.sampled_from(["sent", "retry", "failed", "uncertain"]), which=st.integers(0, 4))
    def settle(self, claimed, act, which):
        lease, ids = claimed
        if not ids:
            return
        letter_id = ids[which % len(ids)]
        acts = {
            "sent": lambda unit: letter_sent(unit, letter_id, lease, Proof(at=self.now, answer="250")),
            "retry": lambda unit: letter_retry(unit, letter_id, lease, self.now + MINUTE, "450"),
            "failed": lambda unit: letter_failed(unit, letter_id, lease, "550"),
            "uncertain": lambda unit: letter_uncertain(unit, letter_id, lease, "?"),
        }
        with self.store.unit("T5") as unit:
            done = acts[act](unit)
            unit.commit()
        state, at, holder, attempts = self.letters[letter_id]
        assert done == (state == "due" and holder == lease)
        if done:
            new = ("due", self.now + MINUTE) if act == "retry" else (act, at)
            self.letters[letter_id] = (*new, None, attempts)

    @rule(claimed=claims)
    def all_sent(self, claimed):
        lease, ids = claimed
        with self.store.unit("T5") as unit:
            done = letters_sent(unit, lease, dict.fromkeys(ids, Proof(at=self.now, answer="250")))
            unit.commit()
        assert done == {id_ for id_ in ids if self.letters[id_][0] == "due" and self.letters[id_][2] == lease}
        for id_ in done:
            self.letters[id_] = ("sent", self.letters[id_][1], None, self.letters[id_][3])

    @invariant()
    def the_outbox_is_what_the_model_says(self):
        with self.store.glance() as glance:
            kept = {one.id: (one.state, one.next_at, one.lease, one.attempts) for one in glance.find(OutboxEntry)}
        assert kept == self.letters

    def teardown(self):
        """Whatever happened, once all leases have run out every unsettled letter is found again."""
        self.now += timedelta(days=1)
        unsettled = sorted(id_ for id_, (state, *_) in self.letters.items() if state == "due")
        assert sorted(one.id for one in claim(self.store, now=self.now, lease="at last", limit=10_000)) == unsettled


def test_no_letter_ever_has_two_senders_or_is_lost(store):
    (message_id,), case_id = keep_messages(store, 1), keep_case(store)
    machine = type("Machine", (OutboxMachine,), {"store": store, "ids": (case_id, message_id)})
    few = settings(max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=few)
