"""Tasks are finished, taken and given; unreadable messages and possible replies get their answer from a person."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from desk_house import HOLD, came, must_stand, open_tasks, rows, running, without_numbers

from desks import add_person
from handlers import possible_replies, quarantine, task_acts
from handlers.case_acts import Refused, Stale
from handlers.task_acts import Closed
from handlers.undoing import CannotUndo
from houses import Broken, arrive, mail, settle
from store.desk_models import CaseLink, CaseStaff, StaffAct
from store.models import Case, CaseEvent, Message, OutboxEntry, Party, RawContent, Task, Verdicting
from store.staff_rows import open_items_by_person


def house_with(house_of, *people):
    house = house_of()
    for username in people or ("olive", "omar"):
        add_person(house, username, "officer", teams=("complaints",))
    return house


def task_of(house, kind):
    return rows(house, Task, kind=kind, closed_at=None)[0]


def bar(house, case_id, username):
    with house.store.unit("desk") as unit:
        row = {
            "case_id": case_id,
            "username": username,
            "relation": "barred",
            "at": house.clock.now(),
            "by": "m",
            "why": "named",
        }
        unit.insert(CaseStaff, [row])
        unit.commit()


def last_event(house, case_id=1):
    return rows(house, CaseEvent, case_id=case_id)[-1]


def test_a_finished_task_keeps_its_outcome_and_is_an_event_that_can_be_undone(house_of):
    house = house_with(house_of)
    came(house, "service_request! A tap.")
    before = without_numbers(house)
    number = task_acts.done(house.acts, task_of(house, "service_request").id, "olive", "booked for Tuesday", hold=HOLD)
    assert open_tasks(house) == []
    assert (last_event(house).kind, last_event(house).why) == ("task_done", "booked for Tuesday")
    house.undoing.undo(number, "olive")
    assert without_numbers(house) == before
    must_stand(house)


@pytest.mark.parametrize("outcome", ["", "  ", "x" * 501])
def test_a_task_is_not_finished_without_a_short_outcome(house_of, outcome):
    house = house_with(house_of)
    came(house, "service_request! A tap.")
    with pytest.raises(Refused, match=r"outcome|what came of it"):
        task_acts.done(house.acts, task_of(house, "service_request").id, "olive", outcome)
    assert open_tasks(house) == ["service_request"]


def test_a_question_is_finished_by_its_answer_alone(house_of):
    house = house_with(house_of)
    came(house, "complaint? words")
    with pytest.raises(Refused, match="asks a question"):
        task_acts.done(house.acts, task_of(house, "triage").id, "olive", "seen")
    must_stand(house)


def test_f24_a_task_that_somebody_finished_is_not_finished_twice(house_of):
    house = house_with(house_of)
    came(house, "service_request! A tap.")
    task = task_of(house, "service_request")
    task_acts.done(house.acts, task.id, "olive", "booked")
    with pytest.raises(Closed) as conflict:
        task_acts.done(house.acts, task.id, "omar", "cancelled")
    assert (conflict.value.task.closed_by, conflict.value.task.outcome) == ("olive", "booked")


def test_a_task_is_taken_and_given_and_each_is_an_event(house_of):
    house = house_with(house_of)
    came(house, "service_request! A tap.")
    task = task_of(house, "service_request")
    task_acts.take(house.acts, task.id, "olive", was="")
    assert task_of(house, "service_request").assigned_to == "olive"
    task_acts.give(house.acts, task.id, "omar", "olive", was="olive", whole_case=True)
    (case,) = rows(house, Case)
    assert (case.assigned_to, task_of(house, "service_request").assigned_to) == ("omar", "omar")
    told = [json.loads(event.details) for event in rows(house, CaseEvent) if event.kind == "assigned"]
    assert [(one["from"], one["to"], one["whole_case"]) for one in told] == [(None, "olive", False), ("olive", "omar", True)]
    with house.store.glance() as glance:
        assert open_items_by_person(glance) == {"omar": 1}
    must_stand(house)


def test_a_case_is_given_with_what_waits_on_it_and_that_can_be_undone(house_of):
    house = house_with(house_of)
    came(house, "service_request! A tap.")
    number = task_acts.give_case(house.acts, 1, "omar", "olive", was="", hold=HOLD)
    with house.store.glance() as glance:
        assert open_items_by_person(glance) == {"omar": 1}
    with pytest.raises(Stale, match="omar has it now"):
        task_acts.give_case(house.acts, 1, "olive", "olive", was="")
    house.undoing.undo(number, "olive")
    assert rows(house, Case)[0].assigned_to is None


def test_whoever_comes_second_to_a_task_is_told_who_has_it(house_of):
    house = house_with(house_of)
    came(house, "service_request! A tap.")
    task = task_of(house, "service_request")
    task_acts.take(house.acts, task.id, "olive", was="")
    with pytest.raises(Stale, match="olive has it now"):
        task_acts.take(house.acts, task.id, "omar", was="")
    assert task_of(house, "service_request").assigned_to == "olive"


def test_the_person_named_in_a_complaint_is_never_given_it_and_does_nothing_on_it(house_of):
    house = house_with(house_of)
    came(house, "complaint! omar was rude")
    bar(house, 1, "omar")
    task = task_of(house, "confirm_definition")
    for whole in (False, True):
        with pytest.raises(Refused, match="must not handle"):
            task_acts.give(house.acts, task.id, "omar", "olive", whole_case=whole)
    with pytest.raises(Refused, match="must not handle"):
        task_acts.give_case(house.acts, 1, "omar", "olive")
    for act in (lambda: task_acts.take(house.acts, task.id, "omar"), lambda: task_acts.done(house.acts, task.id, "omar", "x")):
        with pytest.raises(Refused, match="must not handle"):
            act()
    assert rows(house, Case)[0].assigned_to is None


def unreadable(house_of):
    """Return a house with a message that failed to be read, as a case that waits."""
    house = house_with(house_of)
    number = arrive(house, mail("complaint! Nobody came to mend the boiler."))
    with house.store.unit("desk") as unit:
        unit.update(Message, number, problem="the door said: too large")
        unit.commit()
    settle(house)
    assert rows(house, Message)[0].state == "shunted"
    return house, number


def test_a_message_that_could_not_be_read_is_read_again_onto_the_case_it_has(house_of):
    house, _number = unreadable(house_of)
    (case,) = rows(house, Case)
    assert open_tasks(house) == ["quarantine", "triage"]
    quarantine.read_again(house.acts, task_of(house, "quarantine").id, "olive")
    assert rows(house, Message)[0].state == "waiting"
    assert settle(house) == 1
    (message,), (again,) = rows(house, Message), rows(house, Case)
    assert (message.state, message.case_id, message.new_text.strip()) == (
        "handled",
        case.id,
        "complaint! Nobody came to mend the boiler.",
    )
    assert (again.reference, again.category, again.subject) == (case.reference, "complaint", "My home")
    assert [row.by for row in rows(house, Verdicting)] == ["machine"]
    assert "ada@resident.example" in {party.address for party in rows(house, Party)}
    assert [letter.kind for letter in rows(house, OutboxEntry)] == ["receipt", "complaint_acknowledged"]
    assert open_tasks(house) == ["confirm_definition"]
    must_stand(house)


def test_what_still_cannot_be_read_waits_for_a_person_again_on_the_same_case(house_of):
    house, number = unreadable(house_of)
    quarantine.read_again(house.acts, task_of(house, "quarantine").id, "olive")
    with house.store.unit("desk") as unit:
        unit.update(Message, number, problem="still too large")
        unit.commit()
    settle(house)
    assert len(rows(house, Case)) == 1
    assert open_tasks(house) == ["quarantine", "triage"]
    assert last_event(house).kind == "still_unread"
    must_stand(house)


def test_a_message_read_again_without_a_classifier_waits_for_triage_with_its_clock(house_of):
    house, _ = unreadable(house_of)
    quarantine.read_again(house.acts, task_of(house, "quarantine").id, "olive")
    house.__dict__["classifier"] = Broken()
    settle(house)
    assert (open_tasks(house), running(house)) == (["triage"], ["acknowledge_1"])
    must_stand(house)


def test_a_message_put_aside_is_kept_with_who_and_why_and_that_can_be_undone(house_of):
    house, _number = unreadable(house_of)
    before, raw = without_numbers(house), rows(house, RawContent)
    act = quarantine.discard(house.acts, task_of(house, "quarantine").id, "olive", "a torn advert", hold=HOLD)
    (case,), (message,) = rows(house, Case), rows(house, Message)
    assert (case.status, case.looked_by, running(house), open_tasks(house)) == ("closed", "olive", [], [])
    assert (message.state, message.disposition_why) == ("handled", "put aside by olive: a torn advert")
    assert [row.body for row in rows(house, RawContent)] == [row.body for row in raw]
    assert (last_event(house).kind, last_event(house).why) == ("discarded", "a torn advert")
    house.undoing.undo(act, "olive")
    assert without_numbers(house) == before
    must_stand(house)


def test_a_message_is_not_put_aside_without_a_reason_nor_once_it_is_a_complaint(house_of):
    house, _number = unreadable(house_of)
    task = task_of(house, "quarantine")
    with pytest.raises(Refused, match="Say why"):
        quarantine.discard(house.acts, task.id, "olive", " ", hold=HOLD)
    house.clock.at += timedelta(days=7)
    house.sweep().once()
    with house.store.unit("desk") as unit:
        unit.update(Task, task.id, closed_at=None)
        unit.commit()
    with pytest.raises(Refused, match="logged as a complaint"):
        quarantine.discard(house.acts, task.id, "olive", "an advert", hold=HOLD)
    must_stand(house)


def possible_reply(house_of, first, reply):
    house = house_with(house_of)
    came(house, first, message_id="<1@resident.example>")
    came(house, reply, sender="bea@other.example", In_Reply_To="<1@resident.example>")
    assert [case.related_case_id for case in rows(house, Case)] == [None, 1]
    return house


def test_a_possible_reply_joins_the_case_it_names_and_its_own_ends_with_events_on_both(house_of):
    house = possible_reply(house_of, "complaint! Nobody came.", "complaint? [safeguarding] my mum says nobody came yet")
    own, named = rows(house, Case, id=2)[0], rows(house, Case, id=1)[0]
    possible_replies.join(house.acts, task_of(house, "possible_reply").id, "olive", "household")
    assert [message.case_id for message in rows(house, Message)] == [1, 1]
    assert (rows(house, Case, id=2)[0].status, running(house, 2), open_tasks(house, case_id=2)) == ("closed", [], [])
    assert open_tasks(house, case_id=1) == ["confirm_definition", "reply", "safeguarding"]
    assert rows(house, Case, id=1)[0].flags == ["safeguarding"]
    assert [(party.address, party.role) for party in rows(house, Party, case_id=1)][-1] == ("bea@other.example", "household")
    assert [(link.case_id, link.other_id) for link in rows(house, CaseLink)] == [(1, 2)]
    joined = next(event for event in rows(house, CaseEvent, case_id=1) if event.kind == "reply_joined")
    assert json.loads(joined.details) == {"messages": [2], "came_from": own.reference}
    (ended,) = [event for event in rows(house, CaseEvent, case_id=2) if event.kind == "joined_to"]
    assert json.loads(ended.details) == {"to": named.reference}
    must_stand(house)


def test_the_sender_becomes_a_party_only_when_the_person_says_so(house_of):
    house = possible_reply(house_of, "complaint! Nobody came.", "complaint? nobody came yet")
    possible_replies.join(house.acts, task_of(house, "possible_reply").id, "olive")
    assert "bea@other.example" not in {party.address for party in rows(house, Party, case_id=1)}
    came(house, "complaint! once more", sender="bea@other.example", In_Reply_To="<1@resident.example>")
    assert len(rows(house, Case)) == 3


def test_a_logged_complaint_is_not_buried_in_a_case_that_is_none(house_of):
    house = possible_reply(house_of, "service_request! A tap.", "complaint! nobody came")
    with pytest.raises(Refused, match="no open complaint"):
        possible_replies.join(house.acts, task_of(house, "possible_reply").id, "olive")
    assert [message.case_id for message in rows(house, Message)] == [1, 2]
    must_stand(house)


def test_a_possible_reply_kept_apart_stays_a_case_of_its_own_and_that_can_be_undone(house_of):
    house = possible_reply(house_of, "complaint! Nobody came.", "complaint? my own boiler")
    before = without_numbers(house)
    act = possible_replies.keep_apart(house.acts, task_of(house, "possible_reply").id, "olive", hold=HOLD)
    assert open_tasks(house, case_id=2) == ["triage"]
    assert last_event(house, 2).kind == "kept_apart"
    house.undoing.undo(act, "olive")
    assert without_numbers(house) == before
    must_stand(house)


def test_nobody_joins_a_message_to_a_case_that_they_are_barred_from(house_of):
    house = possible_reply(house_of, "complaint! olive was rude", "complaint? she was")
    bar(house, 1, "olive")
    with pytest.raises(Refused, match="must not handle"):
        possible_replies.join(house.acts, task_of(house, "possible_reply").id, "olive")
    assert [message.case_id for message in rows(house, Message)] == [1, 2]


def test_the_acts_of_a_batch_are_undone_together_and_what_cannot_be_says_why(house_of):
    house = house_with(house_of)
    numbers = [came(house, f"service_request! Tap {n}", sender=f"r{n}@x.example") for n in range(3)]
    tasks = rows(house, Task, kind="service_request")
    acts = [task_acts.give(house.acts, task.id, "omar", "olive", hold=HOLD, batch="one") for task in tasks]
    task_acts.take(house.acts, tasks[1].id, "omar")
    together = house.undoing.note_together(acts, "olive", "3 items given to Omar.")
    with pytest.raises(CannotUndo, match="no such act"):
        house.undoing.undo_all(together, "omar")
    number = house.undoing.undo_all(together, "olive")
    assert [task.assigned_to for task in rows(house, Task, kind="service_request")] == [None, "omar", None]
    (said,) = rows(house, StaffAct, id=number)
    assert said.said.startswith("2 of 3 undone. The others stand: Something else has happened")
    with pytest.raises(CannotUndo, match="undone already"):
        house.undoing.undo_all(together, "olive")
    assert len(numbers) == 3
    must_stand(house)
