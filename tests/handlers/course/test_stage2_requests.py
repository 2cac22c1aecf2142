"""Stage 2 is asked for in any words by any way; doubt counts for the resident, and the sweep never lets a request lie (Code 6.10)."""

import pytest

from chatting import Chat, chat_in
from desks import join_cases
from handlers.case_acts import Refused
from handlers.course.stage2 import Asked, begin
from handlers.deadlines import acknowledge_by
from handlers.letter_words import day
from handlers.stage2_requests import DISAGREES
from handlers.task_acts import done
from houses import arrive, mail, settle
from store.course_models import Refusal
from store.models import Case, CaseStatus, Deadline, Message, OutboxEntry, Stage, Task
from tests.handlers.course.stage2_house import (
    AFTER,
    MORE,
    answer_goes,
    answered,
    asks,
    begun,
    complaint,
    dates,
    days,
    events,
    judged,
    letters,
    on,
    open_kinds,
    people,
    record,
    replied,
    rows,
    send,
    swept,
    the_case,
)

UNHAPPY = "complaint? That is not what happened at all, and the lift is dead again."
THANKS = "service_request! Thank you for the answer."


@pytest.fixture
def house(house_of):
    return house_of(
        mail={"from_address": "housing@landlord.example", "from_name": "Housing", "trusted_authservs": ("border.example",)}
    )


def passed(address="ada@resident.example"):
    return {"sender": address, "Authentication_Results": f"border.example; dmarc=pass header.from={address.rpartition('@')[2]}"}


@pytest.fixture
def chat(house_of, tmp_path):
    chat = Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)
    people(chat.house)
    return chat


def pressed(chat, case):
    chat.tell({"type": "press", "pressed": f"stage2/{case.reference}"})
    chat.wait()


# --- what is said ---


def test_disagreement_with_our_answer_is_proposed_as_stage_2_with_the_reason(house):
    answered(house)
    message = asks(house, UNHAPPY)
    assert message.case_id == 1
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    assert task.message_id == message.id
    assert "not satisfied" in task.why
    assert events(house, "stage2_asked") == [], "nobody asked for it outright"


def test_thanks_for_our_answer_and_what_is_said_before_it_are_replies(house):
    answered(house)
    asks(house, THANKS)
    assert "stage2_request" not in open_kinds(house)


def test_a_grievance_before_the_answer_is_no_request_for_stage_2(house):
    complaint(house)
    asks(house, UNHAPPY)
    assert "stage2_request" not in open_kinds(house)


SURE = "complaint! The lift has been dead for three weeks and nobody answers me."
NEW = "complaint! I have another problem too. The bins have not been emptied for a month."
BOTH = "complaint! I do not agree with your answer. This is a new complaint: the bins were not emptied for a month."


def told(house):
    """Return the letters that say that an answer to ours is taken as a request for stage 2."""
    return rows(house, OutboxEntry, case_id=1, kind="stage2_asked")


@pytest.mark.parametrize("days_since", [1, 21], ids=["the next day", "three weeks after it was closed"])
def test_a_complaint_that_answers_our_answer_is_the_request_and_the_resident_is_told_so_at_once(house, days_since):
    answered(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, status=CaseStatus.CLOSED)
        unit.commit()
    days(house, days_since)
    message = asks(house, SURE, **passed())
    assert message.case_id == 1
    assert len(rows(house, Case)) == 1
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    assert (task.case_id, task.message_id, task.why) == (1, message.id, DISAGREES)
    (letter,) = told(house)
    assert letter.message_id == message.id
    for words in ("stage 2", "this is a new complaint", "do not agree"):
        assert words in letter.text, words
    promised = by_rule_2(house, message)
    assert day(promised) in letter.text
    days(house, 7)
    swept(house)
    assert the_case(house).stage is Stage.TWO
    assert dates(house)["acknowledge_2"] == promised.isoformat(), "what the letter said is what is owed"
    (begun_by,) = [by for _why, by, _told in events(house, "stage2_begun")]
    assert begun_by == "sweep"


def by_rule_2(house, message):
    return acknowledge_by(message.received_at, 2, house.calendar).due_on


def test_who_says_so_outright_is_told_too_and_whoever_is_copied_in_is_not(house):
    answered(house, Cc="neighbour@n.example")
    asks(house, MORE.replace("I ask", "I, the neighbour, ask"), **passed("neighbour@n.example"))
    assert told(house) == []
    asks(house, message_id="<3@r.example>")
    assert [letter.recipient for letter in told(house)] == ["ada@resident.example"]


def test_thanks_are_told_nothing_of_stage_2(house):
    answered(house)
    asks(house, THANKS)
    assert told(house) == []


@pytest.mark.parametrize("words", [SURE, UNHAPPY])
def test_a_person_logs_it_apart_with_its_own_day_after_the_letter_has_gone(house, words):
    answered(house)
    message = asks(house, words, **passed())
    send(house)
    days(house, 2)
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    house.logging_apart.log(task.id, AFTER, "complaint")
    assert the_case(house, 2).received_at == message.received_at
    assert dates(house, 2)["acknowledge_1"] == acknowledge_by(message.received_at, 1, house.calendar).due_on.isoformat()
    days(house, 10)
    swept(house)
    assert the_case(house).stage is Stage.ONE, "a person has said that it is another matter"


@pytest.mark.parametrize(("words", "subject"), [(NEW, "My home"), (SURE, "Bins in the yard")], ids=["words", "a subject"])
def test_what_is_plainly_another_matter_has_its_own_case_and_clock_and_a_person_is_asked(house, words, subject):
    answered(house)
    message = asks(house, words, subject=subject, **passed())
    assert message.case_id == 2
    assert "acknowledge_1" in dates(house, 2)
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    assert (task.case_id, task.message_id) == (1, message.id)
    assert told(house) == []
    days(house, 10)
    swept(house)
    assert the_case(house).stage is Stage.ONE, "it does not speak of our answer"


@pytest.mark.parametrize(
    "subject", ["Re: My home", "RV: My home", "Our answer to your complaint {reference}", "I do not agree with your letter"]
)
def test_a_subject_that_answers_ours_or_speaks_of_our_answer_is_no_other_matter(house, subject):
    reference = answered(house).reference
    assert asks(house, SURE, subject=subject.format(reference=reference), **passed()).case_id == 1


def test_who_does_not_agree_and_brings_another_matter_has_both_clocks_whoever_sleeps(house):
    answered(house)
    message = asks(house, BOTH, **passed())
    assert message.case_id == 2
    assert "acknowledge_1" in dates(house, 2)
    days(house, 7)
    swept(house)
    assert the_case(house).stage is Stage.TWO
    assert record(house).message_id == message.id
    assert the_case(house, 2).status is CaseStatus.OPEN
    assert "same_matter" in open_kinds(house, 2), "a person says whether the one is the other"


def test_where_people_refused_stage_2_an_answer_to_that_is_a_complaint_with_its_own_clock(house):
    answered(house)
    row = {"case_id": 1, "stage": Stage.TWO, "ground": "x", "reasons": "r", "reasons_key": "r", "evidence": "e"}
    with house.store.unit("T6") as unit:
        unit.add(Refusal, [row | {"state": "refused", "proposed_by": "olive", "proposed_at": house.clock.now()}])
        unit.commit()
    assert asks(house, SURE, **passed()).case_id == 2
    assert told(house) == []


def test_long_after_the_case_was_closed_it_is_a_complaint_and_proposed_as_stage_2_too(house):
    answered(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, status=CaseStatus.CLOSED)
        unit.commit()
    days(house, 40)
    message = asks(house, SURE, **passed())
    assert message.case_id == 2
    assert [task.message_id for task in rows(house, Task, kind="stage2_request", closed_at=None)] == [message.id]


def test_where_the_request_came_as_a_new_complaint_both_are_offered_as_one(house):
    answered(house)
    message = asks(house, NEW, **passed())
    begin(house.course, 1, AFTER, Asked(message_id=message.id), came_to=2)
    assert record(house).message_id == message.id
    (task,) = rows(house, Task, kind="same_matter", closed_at=None)
    assert task.case_id == 2
    join_cases(house, task.id, AFTER, "resident")
    assert the_case(house, 2).status is CaseStatus.CLOSED
    assert set(dates(house)) >= {"acknowledge_2", "respond_2"}
    assert the_case(house).stage is Stage.TWO


def test_somebody_copied_in_disagrees_for_nobody(house):
    answered(house, Cc="neighbour@n.example")
    asks(house, UNHAPPY, **passed("neighbour@n.example"))
    assert "stage2_request" not in open_kinds(house)
    assert "reply" in open_kinds(house)


@pytest.mark.parametrize("before", [True, False], ids=["before the answer", "after it"])
def test_a_flag_that_an_officer_ticks_on_a_reply_makes_the_request(house, before):
    complaint(house)
    if not before:
        answer_goes(house)
    message = asks(house, THANKS)
    judged(house, message, "service_request", ["stage2"])
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    assert task.message_id == message.id
    assert ("waits" in task.why) is before
    assert events(house, "stage2_asked")[0][2]["outright"] is False


def test_a_flag_that_an_officer_takes_off_a_reply_ends_the_request(house):
    answered(house)
    message = asks(house)
    judged(house, message, "complaint", [])
    assert [task.why for task in rows(house, Task, kind="stage2_request", closed_at=None) if "asks for" in task.why] == []


def test_a_flag_on_a_new_complaint_is_a_task_to_find_the_earlier_one(house):
    complaint(house, "complaint! [stage2] I want my complaint about the lift to go to stage 2.")
    (task,) = rows(house, Task, kind="stage2", closed_at=None)
    assert "find the stage 1 case" in task.why
    days(house, 30)
    answer_goes(house)
    swept(house)
    assert the_case(house).stage is Stage.ONE


# --- what the sweep does ---


def test_a_request_that_nobody_took_up_is_begun_and_acknowledged_the_day_before_its_date(house):
    answered(house)
    message = asks(house)
    on(house, 2026, 12, 1, 23)
    swept(house)
    assert the_case(house).stage is Stage.ONE
    on(house, 2026, 12, 2, 1)
    swept(house)
    swept(house)
    assert the_case(house).stage is Stage.TWO
    ((why, by, told),) = events(house, "stage2_begun")
    assert by == "sweep" and "nobody had begun" in why and told["message"] == message.id
    assert dates(house)["acknowledge_2"] == "2026-12-03"
    send(house)
    (line,) = rows(house, Deadline, rule="acknowledge_2")
    assert line.met_at is not None and line.met_at < line.due_at


def test_a_house_whose_sweep_slept_begins_it_late_rather_than_never(house):
    answered(house)
    asks(house)
    days(house, 60)
    swept(house)
    assert the_case(house).stage is Stage.TWO
    assert dates(house)["acknowledge_2"] == "2026-12-03", "late is late"


def test_disagreement_that_nobody_weighed_is_begun_too(house):
    answered(house)
    asks(house, UNHAPPY)
    days(house, 7)
    swept(house)
    assert the_case(house).stage is Stage.TWO


def test_a_request_that_a_person_finished_is_not_begun(house):
    answered(house)
    asks(house)
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    replied(house, AFTER)
    done(house.acts, task.id, AFTER, "they meant another matter, and said so")
    days(house, 30)
    swept(house)
    assert the_case(house).stage is Stage.ONE


@pytest.mark.parametrize("state", ["proposed", "refused"])
def test_only_what_people_refused_is_left_alone_and_a_proposal_stops_nothing(house, state):
    answered(house)
    asks(house)
    row = {"case_id": 1, "stage": Stage.TWO, "ground": "x", "reasons": "r", "reasons_key": "r", "evidence": "e", "state": state}
    with house.store.unit("T6") as unit:
        unit.add(Refusal, [row | {"proposed_by": "olive", "proposed_at": house.clock.now()}])
        unit.commit()
    days(house, 7)
    swept(house)
    assert the_case(house).stage is (Stage.ONE if state == "refused" else Stage.TWO)


def test_one_request_that_cannot_begin_keeps_no_other_waiting(house):
    answered(house)
    asks(house)
    arrive(
        house, mail("complaint! The door is broken.", message_id="<b@r.example>", sender="bo@r.example"), sender="bo@r.example"
    )
    settle(house)
    answer_goes(house, 2)
    letter = rows(house, Message)[-1]
    with house.store.unit("T6") as unit:
        told = {"kind": "stage2_request", "case_id": 2, "message_id": letter.id, "team": "complaints", "why": "asks"}
        unit.add(Task, [told | {"opened_at": house.clock.now(), "due_at": house.clock.now()}])
        # A definition that is lost: nothing can be written of it.

        unit.update(Case, 1, logged_at=None)
        unit.commit()
    days(house, 7)
    swept(house)
    assert the_case(house, 2).stage is Stage.TWO
    assert the_case(house, 1).stage is Stage.ONE


# --- what is plain ---


def test_a_button_after_our_answer_begins_stage_2_within_the_minute(chat):
    chat.say("complaint! The lift has been broken for three weeks and nobody tells us anything.")
    chat.wait()
    house = chat.house
    answer_goes(house)
    days(house, 1)
    pressed(chat, the_case(house))
    swept(house)
    assert the_case(house).stage is Stage.TWO
    ((_why, by, _told),) = events(house, "stage2_begun")
    assert by == "sweep"
    (letter,) = letters(house)
    assert letter.automatic and letter.short and len(letter.short) <= 900
    assert "This was sent automatically." in letter.short


@pytest.mark.parametrize(
    ("words", "days_since", "joins"),
    [
        ("complaint! The lift is dead again and nobody told me that it would be.", 2, True),
        ("complaint! The lift is dead again and nobody told me that it would be.", 21, True),
        ("complaint! The lift is dead again and nobody told me that it would be.", 40, False),
        ("complaint! I have another problem, the bins have not been emptied for weeks.", 2, False),
    ],
)
def test_by_chat_too_who_is_not_satisfied_after_the_case_was_closed_asks_for_stage_2(chat, words, days_since, joins):
    chat.say("complaint! The lift has been broken for three weeks and nobody tells us anything.")
    chat.wait()
    house = chat.house
    answer_goes(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, status=CaseStatus.CLOSED)
        unit.commit()
    days(house, days_since)
    chat.say(words)
    chat.wait()
    assert rows(house, Message)[-1].case_id == (1 if joins else 2)
    assert ("stage2_request" in open_kinds(house)) is joins
    days(house, 7)
    swept(house)
    assert the_case(house).stage is (Stage.TWO if joins else Stage.ONE)


def test_a_button_before_our_answer_waits_for_it_and_then_for_a_person(chat):
    chat.say("complaint! The lift has been broken for three weeks and nobody tells us anything.")
    chat.wait()
    house = chat.house
    pressed(chat, the_case(house))
    assert "stage2_request" in open_kinds(house)
    swept(house)
    answer_goes(house)
    days(house, 1)
    swept(house)
    assert the_case(house).stage is Stage.ONE, "they have not said what they think of the answer"
    begun(house, rows(house, Message)[0])
    assert the_case(house).stage is Stage.TWO


def test_a_request_moves_with_the_matter_it_is_about(house):
    answered(house)
    asks(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, status=CaseStatus.CLOSED)
        unit.commit()
    days(house, 7)
    swept(house)
    assert the_case(house).status is CaseStatus.OPEN, "a closed complaint opens again with stage 2"


def test_who_was_told_that_stage_2_was_understood_is_written_to_before_the_task_is_finished(house):
    answered(house)
    asks(house, SURE, **passed())
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    with pytest.raises(Refused, match="begin stage 2, log it as a complaint of its own, or write to them"):
        done(house.acts, task.id, AFTER, "spoke to her, all is well")
    replied(house, AFTER)
    done(house.acts, task.id, AFTER, "she meant another landlord, and I wrote so")
    assert "stage2_request" not in open_kinds(house)
