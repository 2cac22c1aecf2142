"""T4 and T5: no letter has two senders at once, none is lost, and who comes too late changes nothing."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sample_rows import MINUTE, NOON, keep_case, keep_letters, keep_messages, letter_row

from store.models import OutboxEntry, OutboxState
from store.outbox_rows import (
    claim_letters,
    hold_letters,
    letter_failed,
    letter_retry,
    letter_sent,
    letter_uncertain,
    letters_sent,
)


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
        (letter_sent, (NOON, "250 kept"), OutboxState.SENT),
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
    assert kept.answer in arguments


def test_many_letters_are_noted_as_sent_but_those_taken_over_are_not(store):
    ids = keep_letters(store, 3)
    claim(store, lease="slow")
    claim(store, now=NOON + 6 * MINUTE, lease="quick", limit=1)
    proofs = {letter_id: (NOON + timedelta(seconds=letter_id), f"250 {letter_id}") for letter_id in ids}
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


def test_no_letter_ever_has_two_senders_or_is_lost(store):
    (message_id,), case_id = keep_messages(store, 1), keep_case(store)
    machine = type("Machine", (OutboxMachine,), {"store": store, "ids": (case_id, message_id)})
    few = settings(max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=few)
