"""T2 and T3: each waiting message has at most one holder, and none is forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sample_rows import MINUTE, NOON, keep_messages
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import open_store
from store.models import Message, MessageState
from store.outbox_rows import due_letters
from store.worklist import (
    ATTEMPTS,
    claim_messages,
    due_messages,
    hold_messages,
    message_retry,
    message_shunted,
)


def claim(store, now=NOON, lease="mine", limit=50, until=None):
    with store.unit("T2") as unit:
        exhausted, claimed = claim_messages(unit, now, until or now + 5 * MINUTE, lease, limit)
        assert exhausted == []
        unit.commit()
    return claimed


def message(store, message_id):
    with store.glance() as glance:
        return glance.get(Message, message_id)


def change(store, message_id, **values):
    with store.unit("T3") as unit:
        assert unit.update(Message, message_id, **values)
        unit.commit()


def test_a_claim_brings_the_bytes_and_counts_the_attempt(store):
    ids = keep_messages(store, 3)
    claimed = claim(store)
    assert [one.id for one in claimed] == ids
    assert [(one.attempts, one.body) for one in claimed] == [(1, b"mail 0"), (1, b"mail 1"), (1, b"mail 2")]
    kept = message(store, ids[0])
    assert (kept.attempts, kept.lease, kept.due_at) == (1, "mine", NOON + 5 * MINUTE)


def test_those_that_waited_longest_come_first(store):
    ids = keep_messages(store, 4)
    change(store, ids[3], due_at=NOON - 2 * MINUTE)
    change(store, ids[1], due_at=NOON - MINUTE)
    assert [one.id for one in claim(store, limit=2)] == [ids[1], ids[3]]
    assert [one.id for one in claim(store, limit=2)] == [ids[0], ids[2]]


def test_what_is_held_or_not_yet_due_is_left_alone(store):
    ids = keep_messages(store, 2)
    change(store, ids[1], due_at=NOON + MINUTE)
    assert [one.id for one in claim(store)] == [ids[0]]
    assert claim(store) == []
    assert [one.id for one in claim(store, now=NOON + MINUTE)] == [ids[1]]


@pytest.mark.parametrize("state", [MessageState.HANDLED, MessageState.SHUNTED])
def test_what_waits_no_longer_is_never_claimed(store, state):
    (message_id,) = keep_messages(store, 1)
    change(store, message_id, state=state)
    assert claim(store) == []
    assert not message_shunted_by(store, message_id)


def message_shunted_by(store, message_id):
    with store.unit("T3") as unit:
        done = message_shunted(unit, message_id, "cannot be read")
        unit.commit()
    return done


def test_a_message_tried_before_is_claimed_alone(store):
    ids = keep_messages(store, 5)
    change(store, ids[0], attempts=1)
    change(store, ids[3], attempts=2)
    batches = [[one.id for one in claim(store)] for _ in range(5)]
    assert batches == [[ids[0]], [ids[1], ids[2]], [ids[3]], [ids[4]], []]


def test_neighbours_of_a_poison_message_keep_their_attempts(store):
    ids = keep_messages(store, 4)
    poison, now, handled, claims = ids[2], NOON, [], 0
    while any(message(store, id_).state == MessageState.WAITING for id_ in ids):
        claims += 1
        now += 10 * MINUTE  # every holder's lease has run out
        with store.unit("T2") as unit:
            exhausted, claimed = claim_messages(unit, now, now + MINUTE, f"lease {claims}", 50)
            for gone in exhausted:
                assert message_shunted(unit, gone.id, "three attempts failed")
            unit.commit()
        if poison not in [one.id for one in claimed]:  # otherwise the process dies here
            handled += [one.id for one in claimed]
            for one in claimed:
                change(store, one.id, state=MessageState.HANDLED)
        assert claims < 20
    assert sorted(handled) == [ids[0], ids[1], ids[3]]
    assert message(store, poison).state == MessageState.SHUNTED
    assert message(store, poison).attempts == ATTEMPTS
    assert max(message(store, id_).attempts for id_ in handled) == 2


def test_what_follows_words_that_somebody_holds_waits_its_turn(store):
    """After a killed worker the words of one talk are tried one by one, and by nobody at the same moment."""
    ids = keep_messages(store, 4)
    for id_ in ids:
        change(store, id_, attempts=1, conversation="telegram:housing-bot:2" if id_ == ids[2] else "telegram:housing-bot:1")
    change(store, ids[3], conversation=None)
    assert take(store, NOON) == ([], [ids[0]])
    assert take(store, NOON) == ([], [ids[2]]), "another talk goes on"
    assert take(store, NOON) == ([], [ids[3]]), "so does mail"
    assert take(store, NOON) == ([], [])
    change(store, ids[0], state=MessageState.HANDLED, lease=None)
    assert take(store, NOON) == ([], [ids[1]])


def test_nobody_waits_for_a_lease_that_has_run_out(store):
    ids = keep_messages(store, 2)
    for id_ in ids:
        change(store, id_, conversation="telegram:housing-bot:1")
    change(store, ids[0], lease="dead", due_at=NOON + MINUTE)
    assert take(store, NOON) == ([], [])
    assert take(store, NOON + MINUTE) == ([], ids)


def test_a_message_whose_attempts_are_used_up_is_not_claimed_but_told_of_once_its_lease_has_run_out(store):
    (message_id,) = keep_messages(store, 1)
    change(store, message_id, attempts=ATTEMPTS, lease="dead", due_at=NOON + MINUTE)
    assert take(store, NOON) == ([], [])
    assert take(store, NOON + MINUTE) == ([message_id], [])
    kept = message(store, message_id)
    assert (kept.attempts, kept.lease, kept.due_at) == (ATTEMPTS, "mine", NOON + 2 * MINUTE)
    assert take(store, NOON + MINUTE) == ([], [])


def test_messages_whose_attempts_are_used_up_keep_nobody_from_being_claimed(store):
    ids = keep_messages(store, 5)
    change(store, ids[0], attempts=ATTEMPTS)
    change(store, ids[2], attempts=ATTEMPTS)
    change(store, ids[3], attempts=1)
    assert take(store, NOON) == ([ids[0], ids[2]], [ids[1]])
    assert take(store, NOON) == ([], [ids[3]])
    assert take(store, NOON) == ([], [ids[4]])
    assert [message(store, id_).attempts for id_ in ids] == [ATTEMPTS, 1, ATTEMPTS, 2, 1]


def take(store, now):
    with store.unit("T2") as unit:
        exhausted, claimed = claim_messages(unit, now, now + MINUTE, "mine", 10)
        unit.commit()
    return [one.id for one in exhausted], [one.id for one in claimed]


def test_a_shunted_message_keeps_its_reason_and_waits_for_a_person(store):
    (message_id,) = keep_messages(store, 1)
    claim(store)
    assert message_shunted_by(store, message_id)
    kept = message(store, message_id)
    assert (kept.state, kept.problem, kept.lease) == (MessageState.SHUNTED, "cannot be read", None)


def test_only_the_holder_of_the_lease_holds_on(store):
    ids = keep_messages(store, 2)
    claim(store, lease="first", until=NOON + MINUTE)
    later = claim(store, now=NOON + 2 * MINUTE, lease="second")
    assert [one.id for one in later] == [ids[0]]
    with store.unit("T3") as unit:
        assert hold_messages(unit, "first", ids) == {ids[1]}
        assert hold_messages(unit, "second", ids) == {ids[0]}
        assert hold_messages(unit, "second", []) == set()


def test_what_is_handled_is_held_no_more(store):
    (message_id,) = keep_messages(store, 1)
    claim(store)
    change(store, message_id, state=MessageState.HANDLED)
    with store.unit("T3") as unit:
        assert hold_messages(unit, "mine", [message_id]) == set()


def test_a_message_put_back_is_claimed_again_when_its_time_comes_and_only_by_its_holder(store):
    (message_id,) = keep_messages(store, 1)
    claim(store)
    with store.unit("T3") as unit:
        assert not message_retry(unit, message_id, "another's", NOON, "not mine")
        assert message_retry(unit, message_id, "mine", NOON + MINUTE, "the model was away")
        unit.commit()
    assert message(store, message_id).problem == "the model was away"
    assert claim(store) == []
    assert [one.attempts for one in claim(store, now=NOON + MINUTE)] == [2]


def test_an_undone_claim_uses_up_no_attempt(store):
    (message_id,) = keep_messages(store, 1)
    with store.unit("T2") as unit:
        assert len(claim_messages(unit, NOON, NOON + MINUTE, "mine", 10)[1]) == 1
    assert message(store, message_id).attempts == 0


def test_of_many_claimers_each_message_has_one(store):
    ids = keep_messages(store, 200)
    start = threading.Barrier(6)

    def work(worker):
        start.wait()
        mine = []
        while claimed := claim(store, lease=f"worker {worker}", limit=7):
            mine += [one.id for one in claimed]
        return mine

    with ThreadPoolExecutor(6) as threads:
        found = [id_ for mine in threads.map(work, range(6)) for id_ in mine]
    # A claimer may find all that it wanted in others' hands and stop early: what is left is for the next one.
    found += work_off(store)
    assert sorted(found) == ids


def work_off(store):
    found = []
    while claimed := claim(store, lease="last", limit=50):
        found += [one.id for one in claimed]
    return found


def test_claimers_on_postgresql_pass_by_what_another_is_just_claiming(new_postgresql, migrated_postgresql):
    with open_store(new_postgresql(migrated_postgresql)) as store:
        ids = keep_messages(store, 6)
        with store.unit("T2") as one, store.unit("T2") as other:
            _, first = claim_messages(one, NOON, NOON + MINUTE, "one", 3)
            _, second = claim_messages(other, NOON, NOON + MINUTE, "other", 10)
            other.commit()
            one.commit()
    assert [[message.id for message in claimed] for claimed in (first, second)] == [ids[:3], ids[3:]]


@pytest.mark.parametrize(("question", "index"), [(due_messages, "ix_message_due"), (due_letters, "ix_outbox_due")])
def test_what_waits_is_found_by_its_index_however_much_is_done(store, database, question, index):
    plan = plan_of(store, question().params(now=NOON, at_most=50), database)
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def plan_of(store, statement, database):
    """Return how the database would go about a question, were its tables large."""
    dialect = sqlite.dialect() if database == "sqlite" else postgresql.dialect()
    asked = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    with store.unit("T2") as unit:
        if database == "postgresql":
            unit.run(text("SET LOCAL enable_seqscan = off"))
        return str(unit.all(text(f"EXPLAIN {'QUERY PLAN' if database == 'sqlite' else ''} {asked}")))
