"""A person decides what a message is: flags, further categories, what was seen, and letters that wait to be undone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from desk_house import HOLD, came, must_stand, open_tasks, rows, running, send

from classifiers.taxonomy import Category, Flag, Reason
from handlers.case_acts import Refused
from handlers.deciding import NotYetHandled, Stale
from houses import arrive, mail
from store.desk_models import CaseStaff, StaffAct
from store.models import Case, CaseEvent, CaseStatus, Message, MessageState, OutboxEntry, Task, Verdicting

UNSURE = "service_request? [emergency] The tap drips, and there is gas in the air."


def decide(house, number, category, why="read it", by="olive", **more):
    return house.deciding().decide(number, category, by, why, **more)


def events(house, *kinds):
    return [event for event in rows(house, CaseEvent) if event.kind in kinds]


def test_accepting_is_the_same_act_with_the_machines_own_category_and_flags(house_of):
    house = house_of()
    number = came(house, UNSURE)
    (machine,) = rows(house, Verdicting)
    done = decide(house, number, Category.SERVICE_REQUEST, seen=machine.id)
    (case,) = rows(house, Case)
    assert (done.reference, case.category, case.status) == (case.reference, "service_request", "open")
    assert case.flags == ["emergency"]
    assert (case.looked_by, case.looked_at) == ("olive", house.clock.now())
    mine = rows(house, Verdicting)[-1]
    assert (mine.by, mine.flags, mine.confidence) == ("olive", ["emergency"], 1.0)
    assert open_tasks(house) == ["hazard_assess", "service_request"]
    must_stand(house)


def test_a_person_sets_flags_takes_them_off_and_names_further_categories(house_of):
    house = house_of()
    number = came(house, UNSURE)
    chosen = {"flags": (Flag.DAMP_MOULD, Flag.SAFEGUARDING), "also": (Category.SERVICE_REQUEST,)}
    decide(house, number, Category.COMPLAINT, "no gas: rang her; a child is ill", **chosen)
    (case,) = rows(house, Case)
    assert (case.category, case.also) == ("complaint", ["service_request"])
    assert case.flags == ["damp_mould", "safeguarding"]
    assert open_tasks(house) == ["also_service_request", "confirm_definition", "hazard_assess", "safeguarding"]
    gone, damp = rows(house, Task, kind="hazard_assess")
    assert gone.outcome == "judged anew by a person: no gas: rang her; a child is ill"
    assert (damp.danger, damp.due_at > damp.opened_at, damp.why[:4]) == (False, True, "damp")
    (told,) = events(house, "logged_as_complaint")
    details = json.loads(told.details)
    assert (details["flags"], details["also"]) == (["damp_mould", "safeguarding"], ["service_request"])
    must_stand(house)


def our_letter(house):
    return rows(house, OutboxEntry)[0].header_id


def test_flags_that_another_message_of_the_case_carries_stay_on_the_case(house_of):
    house = house_of()
    first = came(house, "complaint! [vulnerable] Nobody came.", message_id="<1@resident.example>")
    second = came(house, "complaint! [emergency] It smokes.", In_Reply_To=our_letter(house))
    decide(house, second, Category.COMPLAINT, flags=(Flag.HAZARD,))
    assert rows(house, Case)[0].flags == ["hazard", "vulnerable"]
    decide(house, first, Category.COMPLAINT, flags=())
    assert rows(house, Case)[0].flags == ["hazard"]
    must_stand(house)


def test_f24_of_two_reviewers_of_one_item_the_second_gets_a_conflict_and_overwrites_nothing(house_of):
    house = house_of()
    number = came(house, UNSURE)
    (machine,) = rows(house, Verdicting)
    decide(house, number, Category.COMPLAINT, by="olive", seen=machine.id)
    before = rows(house, CaseEvent), rows(house, Verdicting), rows(house, OutboxEntry), rows(house, Task)
    with pytest.raises(Stale) as conflict:
        decide(house, number, Category.ASB_REPORT, by="omar", seen=machine.id)
    assert (conflict.value.seen.by, conflict.value.seen.category) == ("machine", "service_request")
    assert (conflict.value.latest.by, conflict.value.latest.category) == ("olive", "complaint")
    assert before == (rows(house, CaseEvent), rows(house, Verdicting), rows(house, OutboxEntry), rows(house, Task))
    decide(house, number, Category.ASB_REPORT, by="omar", seen=conflict.value.latest.id)
    assert rows(house, Case)[0].category == "asb_report"
    must_stand(house)


def test_what_nobody_could_judge_is_stale_once_somebody_did(house_of):
    house = house_of()
    number = came(house, "complaint? words")
    with house.store.unit("desk") as unit:
        unit.update(Verdicting, 1, undone_at=house.clock.now())
        unit.commit()
    decide(house, number, Category.COMPLAINT, seen=0)
    with pytest.raises(Stale) as conflict:
        decide(house, number, Category.ASB_REPORT, seen=0)
    assert conflict.value.seen is None


def test_the_letters_of_a_decision_wait_so_long_as_it_can_be_undone_and_then_go(house_of):
    house = house_of()
    number = came(house, "complaint? The lift is out.")
    assert len(send(house)) == 1  # the receipt
    decide(house, number, Category.COMPLAINT, hold=HOLD)
    assert send(house) == []
    house.clock.at += HOLD
    (letter,) = send(house)
    assert "LBL" in letter.subject


def test_an_act_without_time_to_undo_it_in_keeps_nothing_to_put_back(house_of):
    house = house_of()
    decide(house, came(house, UNSURE), Category.COMPLAINT)
    (act,) = rows(house, StaffAct)
    assert (act.before, act.undo_until) == ({}, house.clock.now())
    assert act.said == f"{rows(house, Case)[0].reference}: complaint."


def test_what_a_colleague_made_of_the_case_stays_when_it_is_only_confirmed(house_of):
    house = house_of()
    number = came(house, "service_request! A tap.")
    (task,) = rows(house, Task)
    with house.store.unit("desk") as unit:
        unit.update(Task, task.id, closed_at=house.clock.now(), closed_by="omar", outcome="mended")
        unit.update(Case, 1, status=CaseStatus.CLOSED, team="repairs")
        unit.insert(Task, [{"kind": "spot_check", "case_id": 1, "message_id": number, "team": "complaints", "why": "a sample",
                            "opened_at": house.clock.now(), "due_at": house.clock.now()}])  # fmt: skip
        unit.commit()
    decide(house, number, Category.SERVICE_REQUEST)
    (case,) = rows(house, Case)
    assert (case.status, case.team) == ("closed", "repairs")
    assert open_tasks(house) == []
    assert [event.by for event in events(house, "confirmed")] == ["olive"]
    assert [letter.kind for letter in rows(house, OutboxEntry)] == ["service_request_logged"]


def test_a_spot_check_that_finds_a_complaint_logs_it_and_acknowledges_it(house_of):
    house = house_of()
    number = came(house, "service_request! A tap.")
    decide(house, number, Category.COMPLAINT)
    assert running(house) == ["acknowledge_1", "respond_1"]
    assert [letter.kind for letter in rows(house, OutboxEntry)] == ["service_request_logged", "complaint_acknowledged"]
    must_stand(house)


def test_a_reply_judged_to_be_no_complaint_makes_no_complaint_less(house_of):
    house = house_of()
    came(house, "complaint! Nobody came.", message_id="<1@resident.example>")
    reply = came(house, "complaint? When is the plumber here?", In_Reply_To=our_letter(house))
    decide(house, reply, Category.SERVICE_REQUEST, flags=(Flag.SAFEGUARDING,))
    (case,) = rows(house, Case)
    assert (case.category, case.flags) == ("complaint", ["safeguarding"])
    assert running(house) == ["acknowledge_1", "respond_1"]
    assert "safeguarding" in open_tasks(house)
    assert [event.by for event in events(house, "reply_judged")] == ["olive"]
    must_stand(house)


def test_a_reply_judged_to_be_a_complaint_makes_its_case_one(house_of):
    house = house_of()
    came(house, "service_request! A tap.", message_id="<1@resident.example>")
    reply = came(house, "service_request! Still dripping", In_Reply_To=our_letter(house))
    decide(house, reply, Category.COMPLAINT, "is angry that nobody came")
    (case,) = rows(house, Case)
    assert case.category == "complaint"
    assert running(house) == ["acknowledge_1", "respond_1"]
    must_stand(house)


def test_a_message_that_came_to_no_case_gets_one_and_its_question_is_closed(house_of):
    house = house_of()
    number = arrive(house, mail("complaint! words"))
    now = house.clock.now()
    with house.store.unit("desk") as unit:
        unit.update(Message, number, state=MessageState.SHUNTED, disposition="quarantined", disposition_why="calendar ends")
        task = {"kind": "quarantine", "message_id": number, "team": "complaints", "why": "calendar ends"}
        unit.insert(Task, [task | {"opened_at": now, "due_at": now}])
        unit.commit()
    decide(house, number, Category.COMPLAINT, hold=HOLD, seen=0)
    (message,) = rows(house, Message)
    assert (message.case_id, message.state, message.disposition) == (1, "handled", "case")
    assert (rows(house, Case)[0].category, rows(house, Case)[0].resident_address) == ("complaint", "ada@resident.example")
    assert open_tasks(house) == ["confirm_definition"]
    must_stand(house)


def test_a_message_that_still_waits_to_be_read_is_not_decided(house_of):
    house = house_of()
    number = arrive(house, mail("complaint! words"))
    with pytest.raises(NotYetHandled):
        decide(house, number, Category.COMPLAINT)


def test_nobody_decides_a_case_that_they_are_barred_from(house_of):
    house = house_of()
    number = came(house, UNSURE)
    with house.store.unit("desk") as unit:
        row = {"case_id": 1, "username": "olive", "relation": "barred", "at": house.clock.now(), "by": "mona", "why": "named"}
        unit.insert(CaseStaff, [row])
        unit.commit()
    with pytest.raises(Refused, match="must not handle"):
        decide(house, number, Category.SERVICE_REQUEST)
    assert rows(house, Case)[0].category is None
    decide(house, number, Category.SERVICE_REQUEST, by="omar")


def test_a_correction_months_later_is_an_event_and_no_erasure(house_of):
    house = house_of()
    number = came(house, UNSURE)
    decide(house, number, Category.SERVICE_REQUEST)
    earlier = [event.model_dump() for event in rows(house, CaseEvent)]
    house.clock.at += timedelta(days=60)
    decide(house, number, Category.OUT_OF_SCOPE, reason=Reason.NOT_FOR_US)
    assert [event.model_dump() for event in rows(house, CaseEvent)][: len(earlier)] == earlier
    assert [row.category for row in rows(house, Verdicting)] == ["service_request", "service_request", "out_of_scope"]
    assert (rows(house, Case)[0].reason, rows(house, Case)[0].status) == ("not_for_us", "signposted")
    must_stand(house)
