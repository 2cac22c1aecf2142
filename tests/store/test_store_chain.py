"""Whoever changes, takes out or reorders a case's events is found out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sample_rows import NOON, case_row, event_row, keep_case, task_row
from sqlalchemy import delete, update

from store.chain import append_events, canonical, opening_events, verify_chain
from store.models import Case, CaseEvent, Task
from store.rows import columns, core


def append(store, *rows):
    with store.unit("T3") as unit:
        append_events(unit, rows)
        unit.commit()


def faults(store):
    with store.glance() as glance:
        return verify_chain(glance)


def events(store, case_id):
    with store.glance() as glance:
        return glance.find(CaseEvent, case_id=case_id)


@pytest.fixture
def case_id(store):
    """Return a case with three events, beside another with one."""
    case_id, other = keep_case(store, 1), keep_case(store, 2)
    append(
        store,
        event_row(case_id, "received"),
        event_row(other, "received"),
        event_row(case_id, "logged", details={"b": 1, "a": NOON}),
    )
    append(store, event_row(case_id, "acknowledged", by="A. Officer"))
    return case_id


def test_events_are_numbered_case_by_case_and_chained(store, case_id):
    first, second, third = events(store, case_id)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [first.previous_hash, second.previous_hash, third.previous_hash] == ["", first.hash, second.hash]
    assert second.details == '{"a":"2026-11-23T12:00:00.000000+00:00","b":1}'
    with store.glance() as glance:
        case = glance.get(Case, case_id)
    assert (case.events, case.head_hash) == (3, third.hash)
    assert faults(store) == []


def test_events_chained_before_their_case_is_added_are_as_if_appended_after_it_and_go_on(store, case_id):
    with store.unit("T3") as unit:
        (own,) = unit.new_ids(Case, 1)
        rows, chain = opening_events(own, [event_row(own, "received"), event_row(own, "logged", details={"b": 1, "a": NOON})])
        unit.add(Case, [case_row(3) | chain | {"id": own}])
        unit.add(CaseEvent, rows)
        append_events(unit, [event_row(case_id, "closed"), event_row(own, "acknowledged", by="A. Officer")])
        unit.commit()
    assert faults(store) == []
    assert [(event.number, event.kind) for event in events(store, own)] == [(1, "received"), (2, "logged"), (3, "acknowledged")]
    assert [event.details for event in events(store, own)] == [event.details for event in events(store, case_id)[:3]]


def test_a_case_without_opening_events_begins_with_an_empty_chain():
    assert opening_events(4711, []) == ([], {"events": 0, "head_hash": ""})
    with pytest.raises(KeyError):
        opening_events(4711, [event_row(4712, "received")])


def test_a_store_without_cases_or_events_is_whole(store):
    assert faults(store) == []
    keep_case(store)
    append(store)
    assert faults(store) == []


CHANGES = {
    "who": {"by": "somebody else"},
    "when": {"at": NOON + timedelta(microseconds=1)},
    "what": {"kind": "closed"},
    "why": {"why": "because of logged "},
    "details": {"details": '{"a":"2026-11-23T12:00:00.000000+00:00","b":2}'},
    "its hash": {"hash": "0" * 64},
    "the hash before it": {"previous_hash": "0" * 64},
}


@pytest.mark.parametrize("values", CHANGES.values(), ids=CHANGES)
def test_a_changed_event_is_found(store, case_id, values):
    event = columns(CaseEvent)
    tamper(store, update(core(CaseEvent)).where(event.case_id == case_id, event.number == 2).values(**values))
    assert faults(store) == ["LBL-26-000001-00: event 2 was changed"]


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (1, "event 1 is missing or out of order"),
        (2, "event 2 is missing or out of order"),
        (3, "3 events were written, 2 are there"),
    ],
)
def test_an_event_taken_out_is_found_the_last_one_too(store, case_id, number, fault):
    event = columns(CaseEvent)
    tamper(store, delete(core(CaseEvent)).where(event.case_id == case_id, event.number == number))
    assert faults(store) == [f"LBL-26-000001-00: {fault}"]


def test_all_events_taken_out_are_found(store, case_id):
    tamper(store, delete(core(CaseEvent)).where(columns(CaseEvent).case_id == case_id))
    assert faults(store) == ["LBL-26-000001-00: 3 events were written, 0 are there"]


def test_events_put_in_another_order_are_found(store, case_id):
    event = columns(CaseEvent)
    for was, becomes in ((2, 9), (3, 2), (9, 3)):
        tamper(store, update(core(CaseEvent)).where(event.case_id == case_id, event.number == was).values(number=becomes))
    assert faults(store) == ["LBL-26-000001-00: event 2 was changed"]


def test_an_event_moved_to_another_case_is_found_on_both(store, case_id):
    event = columns(CaseEvent)
    move = update(core(CaseEvent)).where(event.case_id == case_id, event.number == 3)
    tamper(store, move.values(case_id=case_id + 1, number=2))
    assert faults(store) == [
        "LBL-26-000001-00: 3 events were written, 2 are there",
        "LBL-26-000002-00: event 2 was changed",
    ]


def test_an_event_replaced_by_a_well_made_one_is_found_by_the_case(store, case_id):
    last = events(store, case_id)[-1]
    tamper(store, delete(core(CaseEvent)).where(columns(CaseEvent).id == last.id))
    tamper(store, update(core(Case)).where(columns(Case).id == case_id).values(events=2, head_hash=last.previous_hash))
    append(store, event_row(case_id, "closed"))
    tamper(store, update(core(Case)).where(columns(Case).id == case_id).values(head_hash=last.hash))
    assert faults(store) == ["LBL-26-000001-00: the last event is not the one that was written last"]


def tamper(store, statement):
    with store.unit("T6") as unit:
        assert unit.run(statement).rowcount > 0
        unit.commit()


def test_an_event_for_no_case_is_refused(store):
    with store.unit("T3") as unit, pytest.raises(KeyError):
        append_events(unit, [event_row(4711, "received")])


def test_many_writers_of_one_case_keep_one_chain(store):
    first, second = keep_case(store, 1), keep_case(store, 2)

    def write(writer):
        both = [event_row(first, f"first {writer}"), event_row(second, f"second {writer}")]
        append(store, *(both if writer % 2 else reversed(both)))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    assert faults(store) == []
    assert [event.number for event in events(store, first)] == list(range(1, 41))


def test_an_instant_has_one_canonical_text_whatever_its_zone():
    london = datetime.fromisoformat("2026-07-01T10:00:00+01:00")
    assert canonical({"b": london, "a": ["é", None]}) == '{"a":["\\u00e9",null],"b":"2026-07-01T09:00:00.000000+00:00"}'
    with pytest.raises(TypeError):
        canonical(object())


def test_whoever_wrote_a_row_of_a_case_waits_for_whoever_wrote_on_the_case_and_never_the_other_way_round(store, case_id):
    """A message that comes to a case while its letter goes out: each has written something of the case before its events."""
    if store.embedded:
        pytest.skip("on SQLite a transaction is alone")

    def settling(unit):
        unit.add(Task, [task_row(case_id, "reply", NOON)])
        written.wait(20)
        append_events(unit, [event_row(case_id, "repeated")])
        unit.commit()

    def sending(unit):
        unit.update(Case, case_id, acknowledged_at=NOON)
        written.wait(20)
        append_events(unit, [event_row(case_id, "letter_sent")])
        unit.commit()

    written = Barrier(2)
    with store.unit("T3") as one, store.unit("T5") as other, ThreadPoolExecutor(2) as threads:
        jobs = [threads.submit(settling, one), threads.submit(sending, other)]
        for job in jobs:
            job.result(60)
    assert {event.kind for event in events(store, case_id)[3:]} == {"repeated", "letter_sent"}
    assert faults(store) == []
