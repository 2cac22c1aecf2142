"""Whoever complained is rung unless they asked us not to; letters that people carry count when they say that they went."""

from datetime import date, timedelta

import answering_house
import pytest
from people_house import TODAY, agreed, complaint, phoned, staffed
from timing import kinds, later, letters_leave, one, open_tasks, rows

from handlers.case_acts import Refused
from handlers.people.calls import asked_not_to, rang
from handlers.people.posted import Carried, posted
from houses import arrive, house_of, mail, settle
from store.models import Case, Deadline, OutboxEntry, OutboxState, Task

__all__ = ["house_of"]


@pytest.fixture
def house(house_of):
    return staffed(house_of())


@pytest.fixture
def case(house):
    return complaint(house)


def swept(house, days=0):
    return later(house, TODAY + timedelta(days=days), hour=14)


# --- calls ---


def test_an_acknowledged_complaint_with_a_known_number_opens_one_task_to_ring(house, case):
    phoned(house, case)
    swept(house)
    swept(house, 1)
    (task,) = open_tasks(house, case, "call_resident")
    assert task.due_at.date() == date(2026, 11, 25)
    assert kinds(house, case).count("call_asked") == 1


def test_nobody_is_rung_whose_number_is_not_known_or_whose_complaint_was_not_acknowledged(house, case):
    arrive(house, mail("complaint! Bins.", sender="bo@resident.example"), sender="bo@resident.example")
    settle(house)
    unacknowledged = rows(house, Case)[-1]
    phoned(house, unacknowledged)
    assert house.sweep().once() == 0
    assert rows(house, Task, kind="call_resident") == []


@pytest.mark.parametrize("kind", ["no_telephone", "mail_only"])
def test_an_adjustment_forbids_the_call_task(house, case, kind):
    phoned(house, case)
    agreed(house, case, kind)
    swept(house)
    assert rows(house, Task, kind="call_resident") == []


def test_a_word_of_theirs_forbids_the_call_task(house):
    case = complaint(house, words="complaint! The lift is broken. Please do not phone me, I work nights.")
    phoned(house, case)
    swept(house)
    assert rows(house, Task, kind="call_resident") == []


@pytest.mark.parametrize(
    "words",
    [
        "Please do not call me.",
        "don't ring, I am deaf",
        "dont phone",
        "I asked you not to ring me",
        "no phone calls please",
        "contact me by email only",
        "only in writing",
        "I can't use the phone",
        "not by phone",
        "Never call before noon",
    ],
)
def test_words_that_ask_us_not_to_ring_are_known(words):
    assert asked_not_to(words)


@pytest.mark.parametrize(
    "words",
    [
        "They never call me back.",
        "You don't ring when you say you will",
        "Nobody phones. Please call me.",
        "I have called ten times and nobody answers the phone",
        "we never call you for nothing",
        "",
    ],
)
def test_a_grievance_about_calls_is_no_wish_not_to_be_rung(words):
    assert not asked_not_to(words)


def test_the_landlord_may_ring_nobody(house_of):
    house = staffed(house_of(course={"call_residents": False}))
    phoned(house, complaint(house))
    swept(house)
    assert rows(house, Task, kind="call_resident") == []


@pytest.mark.parametrize("outcome", ["spoke", "no_answer", "not_wanted"])
def test_what_came_of_the_call_closes_its_task_and_is_kept(house, case, outcome):
    phoned(house, case)
    swept(house)
    rang(house.acts, case.id, "olive", outcome, "she is in on Friday")
    assert open_tasks(house, case, "call_resident") == []
    assert "resident_rung" in kinds(house, case)
    swept(house, 1)
    assert open_tasks(house, case, "call_resident") == []


def test_a_call_is_noted_with_its_outcome_by_a_person_and_not_where_none_was_wanted(house, case):
    with pytest.raises(Refused, match="Choose"):
        rang(house.acts, case.id, "olive", "perhaps")
    with pytest.raises(Refused, match="person"):
        rang(house.acts, case.id, "machine", "spoke")
    agreed(house, case, "no_telephone")
    with pytest.raises(Refused, match="nobody rings"):
        rang(house.acts, case.id, "olive", "spoke")


def test_the_task_to_ring_closes_when_the_answer_has_gone_and_ends_with_the_case(house, case):
    phoned(house, case)
    swept(house)
    with house.store.unit("T6") as unit:
        (due,) = unit.find(Deadline, case_id=case.id, rule="respond_1")
        unit.update(Deadline, due.id, met_at=house.clock.now())
        unit.commit()
    swept(house, 1)
    (task,) = rows(house, Task, kind="call_resident")
    assert (task.closed_by, task.outcome) == ("sweep", "the answer has gone")


# --- letters carried by hand ---


def held(house):
    """Let somebody with whom letters by post were agreed complain; return the case and its acknowledgement."""
    agreed(house, complaint(house), "post_only")
    house.clock.at += timedelta(days=1)
    case = complaint(house, words="complaint! The boiler is cold.")
    return case, one(house, OutboxEntry, case_id=case.id)


def test_an_acknowledgement_that_was_posted_acknowledges_and_meets_its_date(house):
    case, letter = held(house)
    assert case.acknowledged_at is None
    posted(house.acts, case.id, "olive", letter.id, Carried(way="post", on=TODAY + timedelta(1), to="1 Larch House"))
    gone = one(house, OutboxEntry, id=letter.id)
    assert (gone.state, gone.sent_at, gone.recipient) == (OutboxState.SENT, house.clock.now(), "1 Larch House")
    assert gone.answer == "posted by olive on Tuesday 24 November 2026"
    assert one(house, Case, id=case.id).acknowledged_at == gone.sent_at
    assert one(house, Deadline, case_id=case.id, rule="acknowledge_1").met_at == gone.sent_at
    assert open_tasks(house, case, "letter_by_hand") == []
    assert kinds(house, case)[-2:] == ["letter_sent", "deadline_met"]


def test_until_somebody_says_so_it_is_not_acknowledged(house):
    case, letter = held(house)
    letters_leave(house)
    later(house, TODAY + timedelta(days=20))
    assert one(house, Case, id=case.id).acknowledged_at is None
    assert one(house, Deadline, case_id=case.id, rule="acknowledge_1").met_at is None
    assert one(house, OutboxEntry, id=letter.id).state is OutboxState.SUPPRESSED


def test_a_letter_said_to_have_gone_later_counts_from_then(house):
    case, letter = held(house)
    house.clock.at += timedelta(days=4)
    posted(house.acts, case.id, "olive", letter.id, Carried(way="in_person", on=TODAY + timedelta(3)))
    assert one(house, Case, id=case.id).acknowledged_at.date() == TODAY + timedelta(3)


@pytest.mark.parametrize(
    ("how", "field"),
    [
        (Carried(way="pigeon", on=TODAY + timedelta(1), to="x"), "way"),
        (Carried(way="post", on=TODAY + timedelta(1)), "to"),
        (Carried(way="post", on=TODAY + timedelta(2), to="x"), "on"),
        (Carried(way="post", on=TODAY, to="x"), "on"),
    ],
)
def test_it_cannot_have_gone_before_it_was_written_nor_tomorrow_nor_nowhere(house, how, field):
    case, letter = held(house)
    with pytest.raises(Refused) as refused:
        posted(house.acts, case.id, "olive", letter.id, how)
    assert refused.value.field == field


def test_a_letter_goes_by_hand_once_and_none_that_goes_by_itself(house):
    case, letter = held(house)
    how = Carried(way="telephone", on=TODAY + timedelta(1), to="020 7946 0000")
    with pytest.raises(Refused, match="person"):
        posted(house.acts, case.id, "machine", letter.id, how)
    posted(house.acts, case.id, "olive", letter.id, how)
    with pytest.raises(Refused, match="does not wait"):
        posted(house.acts, case.id, "olive", letter.id, how)
    other = complaint(house, words="complaint! Door.", sender="bo@resident.example")
    mailed = one(house, OutboxEntry, case_id=other.id)
    with pytest.raises(Refused, match="does not wait"):
        posted(house.acts, other.id, "olive", mailed.id, how)
    with pytest.raises(Refused, match="does not wait"):
        posted(house.acts, other.id, "olive", letter.id, how)


def test_only_the_task_of_the_letter_that_went_is_closed(house):
    case, letter = held(house)
    with house.store.unit("T6") as unit:
        (task,) = unit.find(Task, case_id=case.id, kind="letter_by_hand")
        row = task.model_dump(exclude={"id"}) | {"why": task.why.replace("complaint_acknowledged", "receipt")}
        unit.add(Task, [row])
        unit.commit()
    posted(house.acts, case.id, "olive", letter.id, Carried(way="post", on=TODAY + timedelta(1), to="1 Larch House"))
    (left,) = open_tasks(house, case, "letter_by_hand")
    assert "receipt" in left.why


def test_an_answer_that_is_carried_meets_its_date_when_somebody_says_that_it_went(house_of):
    house = answering_house.staffed(house_of())
    case = answering_house.ready(house)
    agreed(house, case, "post_only")
    answering_house.issue(house, case)
    letter = next(row for row in rows(house, OutboxEntry, case_id=case.id) if row.kind.startswith("complaint_answered"))
    assert (letter.state, letter.rule) == (OutboxState.SUPPRESSED, "adjustment")
    assert answering_house.answer_of(house, case).sent_at is None
    posted(house.acts, case.id, "olive", letter.id, Carried(way="post", on=TODAY, to="1 Larch House"))
    assert answering_house.answer_of(house, case).sent_at == house.clock.now()
    assert one(house, Deadline, case_id=case.id, rule="respond_1").met_at == house.clock.now()
    assert open_tasks(house, case, "letter_by_hand") == []
