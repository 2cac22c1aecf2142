"""One message through the house: kept, understood, decided, written down, answered; on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from classifiers.taxonomy import Category
from houses import Broken, Postbag, arrive, mail, settle
from store.models import Case, CaseEvent, Deadline, Disposition, Message, MessageState, OutboxEntry, Task
from store.overview import case_whole


def everything(house, table):
    with house.store.glance() as glance:
        return glance.find(table)


def test_a_complaint_is_logged_with_its_dates_and_acknowledged(house_of):
    house = house_of()
    arrive(house, mail("complaint! Nobody came to mend the boiler on Tuesday. Please send somebody."))
    settle(house)
    (case,) = everything(house, Case)
    assert case.category == "complaint" and case.stage == "1" and case.logged_at == house.clock.now()
    with house.store.glance() as glance:
        whole = case_whole(glance, case.id)
    assert {deadline.rule: deadline.due_on.isoformat() for deadline in whole.deadlines} == {
        "acknowledge_1": "2026-11-30",
        "respond_1": "2026-12-07",
    }
    assert all(deadline.counted and deadline.provision.startswith("Code") for deadline in whole.deadlines)
    (letter,) = whole.letters
    assert letter.kind == "complaint_acknowledged" and case.reference in letter.subject
    assert "Monday 7 December 2026" in letter.text and "Nobody came to mend the boiler" in letter.text
    postbag = Postbag()
    asyncio.run(house.outbox(postbag).once())
    assert [reply.recipient for reply in postbag.sent] == ["ada@resident.example"]
    (case,) = everything(house, Case)
    assert case.acknowledged_at == house.clock.now()
    assert [d.rule for d in everything(house, Deadline) if d.met_at] == ["acknowledge_1"]
    kinds = [event.kind for event in everything(house, CaseEvent)]
    assert kinds == ["received", "judged", "logged_as_complaint", "letter_written", "letter_sent", "deadline_met"]


def test_an_unsure_message_gets_a_receipt_a_place_in_the_queue_and_the_clock(house_of):
    house = house_of()
    arrive(house, mail("service_request? The tap drips again."))
    settle(house)
    (case,) = everything(house, Case)
    (letter,) = everything(house, OutboxEntry)
    assert case.status == "triage" and case.category is None and letter.kind == "receipt"
    assert [deadline.rule for deadline in everything(house, Deadline)] == ["acknowledge_1"]
    assert [task.kind for task in everything(house, Task)] == ["triage"]


def test_a_classifier_that_is_down_is_doubt_not_loss(house_of):
    house = house_of(classifier=Broken())
    arrive(house, mail("The tap drips again."))
    settle(house)
    (case,) = everything(house, Case)
    (letter,) = everything(house, OutboxEntry)
    assert case.status == "triage" and letter.kind == "receipt"


def test_the_same_mail_by_two_routes_is_one_case_and_one_letter(house_of):
    house = house_of()
    raw = mail("complaint! Nobody came.")
    arrive(house, raw, to="housing@landlord.example")
    arrive(house, b"Received: by elsewhere; Mon, 23 Nov 2026 12:00:00 +0000\r\n" + raw, to="repairs@landlord.example")
    settle(house)
    assert len(everything(house, Case)) == 1 and len(everything(house, OutboxEntry)) == 1
    dispositions = [message.disposition for message in everything(house, Message)]
    assert dispositions == [Disposition.CASE, Disposition.DUPLICATE]
    also = [event for event in everything(house, CaseEvent) if event.kind == "also_arrived"]
    assert len(also) == 1 and "repairs@landlord.example" in also[0].details


def test_a_bare_reply_of_the_resident_joins_the_case_without_a_second_letter(house_of):
    house = house_of()
    arrive(house, mail("complaint! Nobody came."))
    settle(house)
    (letter,) = everything(house, OutboxEntry)
    arrive(house, mail("complaint! Still nobody.", In_Reply_To=letter.header_id))
    settle(house)
    assert len(everything(house, Case)) == 1 and len(everything(house, OutboxEntry)) == 1
    assert everything(house, Message)[1].disposition is Disposition.FOLLOW_UP


def test_saying_that_it_is_a_complaint_makes_it_one_from_its_first_day(house_of):
    house = house_of()
    arrive(house, mail("service_request! My bath is cracked and the plumber shrugged."))
    settle(house)
    (letter,) = everything(house, OutboxEntry)
    arrive(house, mail("service_request? This is a complaint.", In_Reply_To=letter.header_id))
    settle(house)
    (case,) = everything(house, Case)
    assert case.category == "complaint" and case.logged_at is not None
    letters = everything(house, OutboxEntry)
    assert [letter.kind for letter in letters] == ["service_request_logged", "complaint_acknowledged"]
    assert "bath is cracked" in letters[1].text
    assert {d.rule for d in everything(house, Deadline)} == {"acknowledge_1", "respond_1"}


def test_f10_a_stranger_who_answers_our_letter_never_joins_the_case(house_of):
    house = house_of()
    arrive(house, mail("complaint! Nobody came."))
    settle(house)
    (letter,) = everything(house, OutboxEntry)
    arrive(house, mail("service_request! I am Ada's friend.", sender="eve@elsewhere.example", In_Reply_To=letter.header_id))
    settle(house)
    first, second = everything(house, Case)
    assert second.related_case_id == first.id
    assert "possible_reply" in [task.kind for task in everything(house, Task) if task.case_id == second.id]


def test_what_cannot_be_read_waits_for_a_person_under_a_clock(house_of):
    house = house_of()
    arrive(house, b"   \r\n")
    settle(house)
    (message,) = everything(house, Message)
    assert message.state is MessageState.SHUNTED and message.disposition is Disposition.QUARANTINED
    (case,) = everything(house, Case)
    assert case.status == "triage" and [d.rule for d in everything(house, Deadline)] == ["acknowledge_1"]
    assert "quarantine" in [task.kind for task in everything(house, Task)]


def test_a_reply_brings_a_signposted_matter_back_to_a_person(house_of):
    house = house_of()
    arrive(house, mail("out_of_scope! My parking ticket is wrong."))
    settle(house)
    (letter,) = everything(house, OutboxEntry)
    assert everything(house, Case)[0].status == "signposted"
    arrive(house, mail("service_request! Yes, please pass it on.", In_Reply_To=letter.header_id))
    settle(house)
    assert everything(house, Case)[0].status == "open"
    assert [task.kind for task in everything(house, Task)] == ["reply"]


def confirming(house_of):
    house = house_of(acknowledgement={"mode": "after_confirmation"})
    arrive(house, mail("complaint! Nobody came to mend the boiler."))
    settle(house)
    assert [letter.kind for letter in everything(house, OutboxEntry)] == ["receipt"]
    assert everything(house, Case)[0].logged_at is not None
    return house


def test_where_an_officer_confirms_first_the_acknowledgement_follows_the_officer(house_of):
    house = confirming(house_of)
    house.deciding().decide(1, Category.COMPLAINT, "A. Officer", "the points are right")
    assert [letter.kind for letter in everything(house, OutboxEntry)] == ["receipt", "complaint_acknowledged"]


def test_where_no_officer_confirms_the_sweep_acknowledges_in_time_and_once(house_of):
    house = confirming(house_of)
    house.clock.at += timedelta(days=3)
    assert house.sweep().once() == 0
    house.clock.at += timedelta(days=1)
    for _ in range(3):
        house.sweep().once()
    letters = everything(house, OutboxEntry)
    assert [letter.kind for letter in letters] == ["receipt", "complaint_acknowledged"]
    (acknowledge,) = [deadline for deadline in everything(house, Deadline) if deadline.rule == "acknowledge_1"]
    assert letters[1].created_at < acknowledge.due_at


def test_a_person_who_says_that_it_is_no_complaint_ends_the_complaints_clock(house_of):
    house = house_of()
    arrive(house, mail("complaint? The lift is out."))
    settle(house)
    house.deciding().decide(1, Category.SERVICE_REQUEST, "A. Officer", "a first report of a lift that stands still")
    (deadline,) = everything(house, Deadline)
    assert (deadline.rule, deadline.superseded_at) == ("acknowledge_1", house.clock.now())
    arrive(house, mail("service_request? This is a complaint.", In_Reply_To=everything(house, OutboxEntry)[-1].header_id))
    settle(house)
    running = [deadline.rule for deadline in everything(house, Deadline) if deadline.superseded_at is None]
    assert running == ["acknowledge_1", "respond_1"]
