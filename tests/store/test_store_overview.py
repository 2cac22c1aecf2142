"""What the terminal and the desk are shown."""

import pytest
from sample_rows import MINUTE, NOON, case_row, deadline_row, event_row, keep_case, keep_messages, letter_row, task_row

from store.chain import append_events
from store.figures import counts
from store.marks import record_contact
from store.models import Case, Deadline, Disposition, Message, OutboxEntry, OutboxState, Party, Task, Verdicting
from store.overview import case_by_reference, case_whole, list_cases, open_tasks, shunted


def test_a_case_is_found_by_its_reference(store):
    case_id = keep_case(store, 1)
    with store.glance() as glance:
        assert case_by_reference(glance, "LBL-26-000001-00").id == case_id
        assert case_by_reference(glance, "LBL-26-000002-00") is None
        assert case_whole(glance, 4711) is None


def test_a_whole_case_has_all_that_hangs_on_it_and_nothing_of_another(store):
    ids = keep_messages(store, 2)
    cases = [keep_case(store, number) for number in (1, 2)]
    with store.unit("T3") as unit:
        for case_id, message_id in zip(cases, ids, strict=True):
            unit.update(Message, message_id, case_id=case_id)
            unit.add(Party, [{"case_id": case_id, "address": "a@example.org", "role": "resident"}])
            unit.add(Verdicting, [verdicting(case_id, message_id)])
            unit.add(Deadline, [deadline_row(case_id, "acknowledge_1", NOON), deadline_row(case_id, "respond_1", NOON)])
            unit.add(Task, [task_row(case_id, "confirm", NOON)])
            unit.add(OutboxEntry, [letter_row(case_id, case_id, message_id, references=["<a@b>"])])
            append_events(unit, [event_row(case_id, kind) for kind in ("received", "logged")])
        unit.commit()
    with store.glance() as glance:
        whole = case_whole(glance, cases[1])
    assert whole.case.reference == "LBL-26-000002-00"
    assert [message.id for message in whole.messages] == [ids[1]]
    assert [verdict.scores for verdict in whole.verdictings] == [{"complaint": 0.9}]
    assert [deadline.rule for deadline in whole.deadlines] == ["acknowledge_1", "respond_1"]
    assert [event.kind for event in whole.events] == ["received", "logged"]
    assert [letter.references for letter in whole.letters] == [["<a@b>"]]
    assert [task.kind for task in whole.tasks] == ["confirm"]
    assert [party.address for party in whole.parties] == ["a@example.org"]


def verdicting(case_id, message_id):
    return {
        "message_id": message_id,
        "case_id": case_id,
        "at": NOON,
        "by": "machine",
        "input_sha256": "0" * 64,
        "category": "complaint",
        "scores": {"complaint": 0.9},
        "route": "auto",
        "why": "sure",
    }


@pytest.fixture
def five_cases(store):
    """Keep cases with deadlines in different states: late, soon, met, none, closed."""
    rows = [
        case_row(1, received_at=NOON),
        case_row(2, status="triage"),
        case_row(3),
        case_row(4, received_at=NOON + MINUTE),
        case_row(5, status="closed"),
    ]
    with store.unit("T3") as unit:
        late, soon, met, _none, closed = unit.insert(Case, rows)
        deadlines = [
            deadline_row(late, "respond_1", NOON + 9 * MINUTE, met_at=None),
            deadline_row(late, "acknowledge_1", NOON - MINUTE, met_at=None),
            deadline_row(soon, "acknowledge_1", NOON + MINUTE, met_at=None),
            deadline_row(met, "acknowledge_1", NOON - 9 * MINUTE, met_at=NOON),
            deadline_row(closed, "respond_1", NOON - 2 * MINUTE, met_at=None),
        ]
        unit.insert(Deadline, deadlines)
        unit.commit()


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        ({}, [5, 1, 2, 4, 3]),
        ({"open_only": True}, [1, 2, 4, 3]),
        ({"due_only": True}, [5, 1]),
        ({"open_only": True, "due_only": True}, [1]),
        ({"open_only": True, "due_only": True, "now": NOON + MINUTE}, [1, 2]),
        ({"limit": 2}, [5, 1]),
    ],
)
def test_cases_are_listed_by_what_is_owed_first(store, five_cases, choice, numbers):
    with store.glance() as glance:
        listed = list_cases(glance, **{"now": NOON, **choice})
    assert [int(one.case.reference[7:13]) for one in listed] == numbers
    late = [one.next_due_at for one in listed if one.case.reference == "LBL-26-000001-00"]
    assert late == [NOON - MINUTE] * len(late)


def test_signposted_cases_are_not_open(store):
    keep_case(store, status="signposted")
    with store.glance() as glance:
        assert list_cases(glance, open_only=True, now=NOON) == []
        assert len(list_cases(glance, now=NOON)) == 1


def test_the_queue_shows_danger_first_then_the_nearest_date(store):
    case_id = keep_case(store)
    rows = [
        task_row(case_id, "soon", NOON, danger=False),
        task_row(case_id, "danger later", NOON + 9 * MINUTE, danger=True),
        task_row(None, "no case", NOON - MINUTE, danger=False),
        task_row(case_id, "done", NOON, danger=True, closed_at=NOON),
        task_row(case_id, "danger", NOON + MINUTE, danger=True),
    ]
    with store.unit("T3") as unit:
        unit.insert(Task, [{"closed_at": None, **row} for row in rows])
        unit.commit()
    with store.glance() as glance:
        found = open_tasks(glance)
        assert len(open_tasks(glance, limit=2)) == 2
    assert [one.task.kind for one in found] == ["danger", "danger later", "no case", "soon"]
    assert [one.reference for one in found] == ["LBL-26-000001-00", "LBL-26-000001-00", None, "LBL-26-000001-00"]
    assert found[0].subject == "No heating"


def test_shunted_messages_are_shown_oldest_first(store):
    ids = keep_messages(store, 3)
    with store.unit("T3") as unit:
        unit.update(Message, ids[0], state="shunted", received_at=NOON, problem="cannot be read")
        unit.update(Message, ids[2], state="shunted", received_at=NOON - MINUTE)
        unit.commit()
    with store.glance() as glance:
        assert [message.id for message in shunted(glance)] == [ids[2], ids[0]]


def test_nothing_kept_is_nothing_counted(store):
    with store.glance() as glance:
        found = counts(glance, NOON)
    assert (found.arrivals, found.waiting, found.oldest_waiting_at, found.dispositions, found.letters) == (0, 0, None, {}, {})
    assert found.balanced


def test_the_figures_account_for_every_arrival(store):
    ids = keep_messages(store, 7)
    case_id = keep_case(store)
    came_to = [Disposition.CASE, Disposition.CASE, Disposition.DUPLICATE]
    with store.unit("T3") as unit:
        for id_, disposition in zip(ids, came_to, strict=False):
            unit.update(Message, id_, state="handled", disposition=disposition)
        unit.update(Message, ids[3], state="shunted", disposition=Disposition.QUARANTINED)
        unit.update(Message, ids[5], accepted_at=NOON - MINUTE)
        unit.add(Task, [task_row(case_id, "late", NOON - MINUTE), task_row(case_id, "in time", NOON)])
        letters = [letter_row(number, case_id, ids[0], state=state) for number, state in enumerate(OutboxState)]
        unit.add(OutboxEntry, [*letters, letter_row(9, case_id, ids[0], created_at=NOON - MINUTE)])
        record_contact(unit, "smtp", "front door", NOON)
        unit.commit()
    with store.glance() as glance:
        found = counts(glance, NOON)
    assert (found.arrivals, found.waiting, found.shunted, found.cases) == (7, 3, 1, 1)
    assert found.dispositions == {Disposition.CASE: 2, Disposition.DUPLICATE: 1}
    assert found.balanced
    assert found.oldest_waiting_at == found.oldest_letter_at == NOON - MINUTE
    assert found.letters == {state: 2 if state is OutboxState.DUE else 1 for state in OutboxState}
    assert (found.open_tasks, found.overdue_tasks) == (2, 1)
    assert [contact.channel for contact in found.contacts] == ["smtp"]


def test_a_message_that_came_to_nothing_unbalances_the_figures(store):
    (message_id,) = keep_messages(store, 1)
    with store.unit("T3") as unit:
        unit.update(Message, message_id, state="handled")
        unit.commit()
    with store.glance() as glance:
        assert not counts(glance, NOON).balanced
