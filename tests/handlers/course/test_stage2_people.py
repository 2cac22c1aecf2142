"""Never the same person at both stages: held by the model wherever work is given, taken or done (Code 6.13); parts signed (6.20)."""

from datetime import timedelta

import pytest

from desks import add_person, assessed
from handlers.allocation import suggest
from handlers.barring import bar
from handlers.case_acts import Refused, Stale
from handlers.case_work import add_note
from handlers.clock import london_day
from handlers.course.contributors import ask, sign
from handlers.course.remedies import Offer, approve_remedy, offer_remedy
from handlers.course.stages import workers_of
from handlers.defining import save
from handlers.definition import Definition, Point
from handlers.people.adjustments import Agreed, agree
from handlers.reply_orders import AtStage1
from handlers.rows import definition_of
from handlers.task_acts import give, give_case, ground_for, take
from store.course_models import Answer, Contributor, Remedy
from store.desk_models import Staff
from store.models import Case, CaseStatus, Message, OutboxEntry, Stage, Task
from tests.handlers.course.stage2_house import (
    AFTER,
    BEFORE,
    answered,
    asks,
    at_stage_2,
    begun,
    complaint,
    judged,
    open_kinds,
    record,
    replied,
    rows,
    send,
    the_case,
    worked_at_1,
)

OTHER = Definition(points=(Point(words="The lift is dead.", responsibility="ours"),), outcomes=("Mend it.",))
NEVER = "Code 6.13"


@pytest.fixture
def house(house_of):
    return house_of()


def at_1(house) -> set[str]:
    with house.store.glance() as glance:
        return workers_of(glance, 1, Stage.ONE)


# --- whoever did this at stage 1 ... ---


def confirms(house, by):
    house.confirming.confirm(1, by, the_case(house).definition_version)


def corrects(house, by):
    save(house.acts, 1, by, the_case(house).definition_version, OTHER)


def weighed(house):
    if the_case(house).risk is None:
        assessed(house, 1, "mona")


def is_given_it(house, by):
    weighed(house)
    give_case(house.acts, 1, by, "mona")


def is_given_it_with_a_task(house, by):
    weighed(house)
    (task, *_) = rows(house, Task, case_id=1, closed_at=None)
    give(house.acts, task.id, by, "mona", whole_case=True)


STAGE_1 = [confirms, corrects, is_given_it, is_given_it_with_a_task, replied]


@pytest.mark.parametrize("act", STAGE_1, ids=lambda act: act.__name__)
def test_whoever_worked_on_it_at_stage_1_is_kept(house, act):
    complaint(house)
    act(house, BEFORE)
    assert at_1(house) == {BEFORE}


# --- ... does none of these at stage 2 ---


def takes_a_task(house, by):
    (task, *_) = rows(house, Task, case_id=1, kind="give_stage2")
    take(house.acts, task.id, by)


def is_asked_for_a_part(house, by):
    ask(house.course, 1, "mona", username=by, part="the survey", on=london_day(house.clock.now()))


def makes_it_no_complaint(house, by):
    judged(house, rows(house, Message)[0], "service_request", by=by)


STAGE_2 = [
    confirms,
    corrects,
    is_given_it,
    is_given_it_with_a_task,
    replied,
    takes_a_task,
    is_asked_for_a_part,
    makes_it_no_complaint,
]


@pytest.mark.parametrize("act", STAGE_2, ids=lambda act: act.__name__)
def test_at_stage_2_it_is_refused_to_whoever_worked_on_it_at_stage_1_and_changes_nothing(house, act):
    at_stage_2(house)
    weighed(house)
    before = the_case(house).model_dump(exclude={"events", "head_hash"}), open_kinds(house), len(rows(house, OutboxEntry))
    with pytest.raises(AtStage1 if act is replied else Refused) as refused:
        act(house, BEFORE)
    assert act is replied or NEVER in str(refused.value)
    after = the_case(house).model_dump(exclude={"events", "head_hash"}), open_kinds(house), len(rows(house, OutboxEntry))
    assert after == before
    act(house, AFTER)


def test_beginning_it_takes_it_from_whoever_had_it_with_their_tasks_and_keeps_the_team(house):
    answered(house)
    is_given_it(house, BEFORE)
    message = asks(house)
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    give(house.acts, task.id, BEFORE, "mona")
    case = begun(house, message)
    assert (case.assigned_to, case.team) == (None, "complaints")
    assert at_1(house) == {BEFORE}
    assert not [one for one in rows(house, Task, case_id=1, closed_at=None) if one.assigned_to == BEFORE]
    give_case(house.acts, 1, AFTER, "mona")
    assert the_case(house).assigned_to == AFTER
    assert "give_stage2" not in open_kinds(house)


def test_nobody_of_stage_1_is_suggested_for_stage_2(house):
    at_stage_2(house)
    with house.store.glance() as glance:
        staff, ground = glance.find(Staff), ground_for(glance, the_case(house))
        chosen = suggest(
            staff, ground, london_day(house.clock.now()), "complaints", {AFTER: 9, "tess": 9, "mona": 9, BEFORE: 0}
        )
    assert chosen is not None and chosen.username != BEFORE


def test_whoever_worked_at_stage_1_still_reads_notes_and_logs(house):
    at_stage_2(house)
    add_note(house.acts, 1, BEFORE, "The surveyor's report is in the shared folder.")


def test_any_officer_may_begin_it_for_that_decides_nothing(house):
    answered(house)
    confirms(house, BEFORE)
    assert begun(house, asks(house), by=BEFORE).stage is Stage.TWO


def test_a_case_that_was_given_by_mistake_and_taken_back_at_once_keeps_nobody_from_stage_2(house):
    complaint(house)
    assessed(house, 1, "mona")
    number = give_case(house.acts, 1, BEFORE, "mona", hold=timedelta(seconds=10))
    assert at_1(house) == {BEFORE}
    house.undoing.undo(number, "mona")
    assert at_1(house) == set()


def test_what_they_had_done_before_it_was_given_to_them_stands_when_that_is_undone(house):
    complaint(house)
    confirms(house, BEFORE)
    assessed(house, 1, "mona")
    house.undoing.undo(give_case(house.acts, 1, BEFORE, "mona", hold=timedelta(seconds=10)), "mona")
    assert at_1(house) == {BEFORE}


def test_a_definition_is_confirmed_anew_at_stage_2_and_both_times_are_kept(house):
    answered(house)
    confirms(house, BEFORE)
    first = house.clock.now()
    begun(house, asks(house))
    assert the_case(house).defined_at is None
    house.clock.at += timedelta(hours=2)
    confirms(house, AFTER)
    assert record(house, Stage.ONE).defined_at == first
    assert record(house).defined_at == the_case(house).defined_at == house.clock.now()
    assert definition_of(the_case(house).definition) is not None


# --- parts ---


def test_a_colleague_is_asked_and_says_in_their_own_name_that_their_part_is_right(house):
    at_stage_2(house)
    is_asked_for_a_part(house, "tess")
    (part,) = rows(house, Contributor)
    (task,) = rows(house, Task, kind="contribution", closed_at=None)
    assert (task.assigned_to, part.signed_at) == ("tess", None)
    with pytest.raises(Refused, match="Only who was asked"):
        sign(house.course, 1, AFTER, number=part.id, words="fine")
    sign(house.course, 1, "tess", number=part.id, words="The lift was out for 19 days, as the log says.")
    assert rows(house, Contributor)[0].signed_words == "The lift was out for 19 days, as the log says."
    assert "contribution" not in open_kinds(house)
    with pytest.raises(Stale):
        sign(house.course, 1, "tess", number=part.id, words="again")


def test_whoever_is_named_in_the_complaint_is_asked_for_no_part_of_it(house):
    at_stage_2(house)
    bar(house.acts, 1, "mona", "tess", "it is about her")
    with pytest.raises(Refused, match="must not handle"):
        is_asked_for_a_part(house, "tess")


def test_a_part_of_another_case_is_not_signed_here(house):
    at_stage_2(house)
    with pytest.raises(Refused, match="Nobody was asked"):
        sign(house.course, 1, AFTER, number=7, words="x")
    assert send(house)
    assert isinstance(the_case(house), Case)


@pytest.mark.parametrize("by", ["machine", "sweep", "", " "])
def test_no_machine_asks_for_a_part(house, by):
    case = at_stage_2(house)
    with pytest.raises(Refused, match="person"):
        ask(house.course, case.id, by, username=AFTER, part="the log", on=london_day(house.clock.now()))
    assert rows(house, Contributor) == []


def test_a_part_of_an_answer_that_was_issued_or_of_a_closed_case_is_not_asked_for(house):
    case = at_stage_2(house)
    row = {"case_id": case.id, "stage": Stage.TWO, "decision": "We were late.", "by": AFTER, "at": house.clock.now()}
    with house.store.unit("T6") as unit:
        unit.add(Answer, [row | {"issued_at": house.clock.now()}])
        unit.commit()
    told = {"username": AFTER, "part": "the log", "on": london_day(house.clock.now())}
    with pytest.raises(Refused, match="issued already"):
        ask(house.course, case.id, AFTER, **told)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, status=CaseStatus.CLOSED)
        unit.commit()
    with pytest.raises(Refused, match="closed"):
        ask(house.course, case.id, AFTER, **told)
    assert rows(house, Contributor) == []


def test_a_remedy_of_stage_1_is_approved_at_stage_2_by_somebody_who_stays_fit_for_stage_2(house):
    answered(house)
    worked_at_1(house, BEFORE)
    add_person(house, "max", "manager")
    offer_remedy(house.course, 1, BEFORE, Offer(kind="money", what="For the wait", impact="three weeks", pence=90_000))
    begun(house, asks(house))
    worked_at_1(house, "max")
    (remedy,) = rows(house, Remedy)
    with pytest.raises(Refused, match=NEVER):
        approve_remedy(house.course, 1, "max", remedy.id)
    approve_remedy(house.course, 1, "mona", remedy.id)
    assert "mona" not in at_1(house)


def test_a_letter_of_stage_2_that_people_carry_is_no_task_of_whoever_had_the_complaint_before(house):
    answered(house)
    worked_at_1(house, BEFORE)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, assigned_to=BEFORE)
        unit.commit()
    on_paper = {"kind": "post_only", "words": "letters by post, please", "agreed_with": "Ada Resident"}
    day = london_day(house.clock.now())
    agree(house.acts, 1, BEFORE, Agreed(agreed_on=day, review_on=day + timedelta(days=180), **on_paper))
    begun(house, asks(house))
    (letter,) = rows(house, OutboxEntry, kind="stage2_acknowledged")
    assert letter.recipient is None
    carried = [
        task for task in rows(house, Task, kind="letter_by_hand", closed_at=None) if task.message_id == letter.message_id
    ]
    assert carried
    assert {task.assigned_to for task in carried} == {None}
