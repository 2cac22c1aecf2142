"""Stage 2 begins by one short act, with dates and a letter, and never again by the same person (Code 6.10 to 6.14)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.case_acts import Refused, Stale
from handlers.casework import Pages
from handlers.course.stage2 import Asked, begin
from handlers.course.stage2_clock import Stood
from handlers.course.stage2_letters import repeatable
from handlers.undelivered import came_back
from houses import NOON, arrive, mail, settle
from store.models import Case, CaseStatus, Message, OutboxEntry, Stage, Task
from tests.handlers.course.stage2_house import (
    AFTER,
    RULES_2,
    answer_goes,
    answered,
    asks,
    at_stage_2,
    begun,
    complaint,
    dates,
    days,
    events,
    judged,
    letters,
    on,
    open_kinds,
    record,
    rows,
    send,
    swept,
    the_case,
    two_points,
)


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def confirmed_first(house_of):
    return house_of(acknowledgement={"mode": "after_confirmation"})


def test_stage_2_needs_no_reason_and_keeps_what_was_asked_and_when(house):
    answered(house)
    message = asks(house)
    case = begun(house, message)
    kept = record(house)
    assert (case.stage, case.status) == (Stage.TWO, CaseStatus.OPEN)
    assert (kept.points, kept.disagreement, kept.message_id) == ([], None, message.id)
    assert kept.asked_at == kept.received_at == message.received_at
    assert events(house, "stage2_begun")[0][1:] == (AFTER, events(house, "stage2_begun")[0][2])
    assert open_kinds(house) == ["confirm_definition", "give_stage2"]


@pytest.mark.parametrize(
    ("asked", "begun_on", "acknowledge", "answer"),
    [
        ((2026, 12, 11), (2026, 12, 14), "2026-12-18", "2027-01-14"),
        ((2027, 3, 8), (2027, 3, 9), "2027-03-15", "2027-04-08"),
    ],
    ids=["over Christmas", "over Easter"],
)
def test_both_dates_are_those_of_the_worked_examples(house, asked, begun_on, acknowledge, answer):
    complaint(house)
    answer_goes(house)
    on(house, *asked)
    message = asks(house)
    on(house, *begun_on)
    begun(house, message)
    assert dates(house) == {"acknowledge_2": acknowledge, "respond_2": answer}


def test_the_letter_says_what_when_who_and_by_when_and_meets_its_date_once_it_has_gone(house):
    answered(house)
    two_points(house)
    begun(house, asks(house), points=(2,), disagreement="You say it was mended. Ring 020 7946 0123, it is not.")
    (letter,) = letters(house)
    for words in (
        "(stage 2)",
        "We got your message on: Thursday 26 November 2026",
        "Point 2 of the list below.",
        "You say it was mended. Ring [phone number], it is not.",
        "The person who looks at it now will not be the one who dealt with it at stage 1.",
        "We will send you our final answer by Thursday 24 December 2026.",
        "Points 1 and 2: we are responsible.",
        "Housing Ombudsman Service",
    ):
        assert words in letter.text
    assert "020 7946" not in letter.text + letter.html + (letter.short or "")
    assert record(house).acknowledged_at is None
    assert "acknowledge_2" in dates(house), "what is on its way meets no date"
    assert send(house)[-1].subject == letter.subject
    assert record(house).acknowledged_at == house.clock.now()
    assert dates(house) == {"respond_2": "2026-12-24"}
    assert events(house, "deadline_met")[-1][2]["rule"] == "acknowledge_2"


def test_the_letter_of_stage_1_that_goes_late_says_nothing_of_stage_2(house):
    arrive(house, mail("complaint! The lift is dead.", message_id="<1@r.example>"))
    settle(house)
    answer_goes(house)
    begun(house, by="sam")
    with house.store.unit("T6") as unit:
        (letter,) = unit.find(OutboxEntry, kind="stage2_acknowledged")
        unit.update(OutboxEntry, letter.id, next_at=house.clock.now() + timedelta(days=1))
        unit.commit()
    send(house)
    assert the_case(house).acknowledged_at is not None
    assert "acknowledge_2" in dates(house)


def test_a_letter_that_came_back_acknowledged_nothing_and_the_date_runs_again(house):
    at_stage_2(house)
    send(house)
    assert "acknowledge_2" not in dates(house)
    with house.store.unit("T6") as unit:
        (letter,) = unit.find(OutboxEntry, kind="stage2_acknowledged")
        pages = Pages(now=house.clock.now())
        came_back(unit, letter, "it came back", None, pages)
        pages.write(unit)
        unit.commit()
    assert "acknowledge_2" in dates(house)
    assert record(house).acknowledged_at is None
    assert "acknowledgement_not_delivered" in {
        e.kind for e in rows(house, __import__("store.models", fromlist=["CaseEvent"]).CaseEvent)
    }


def test_some_points_or_all_of_them_but_none_that_the_complaint_has_not(house):
    answered(house)
    two_points(house)
    message = asks(house)
    with pytest.raises(Refused, match="points that the complaint has"):
        begun(house, message, points=(1, 3))
    assert the_case(house).stage is Stage.ONE
    begun(house, message, points=(2, 1))
    assert record(house).points == [], "both of two points are all of it"


def test_points_of_a_definition_that_was_changed_meanwhile_are_chosen_again(house):
    answered(house)
    with pytest.raises(Stale, match="changed the definition"):
        begun(house, asks(house), points=(1,), version=3)


def test_whoever_asks_before_the_answer_waits_and_is_not_refused_for_good(house):
    complaint(house)
    message = asks(house)
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    assert "waits" in task.why
    with pytest.raises(Refused, match="due by Monday 7 December 2026: the request waits"):
        begun(house, message)
    swept(house)
    assert the_case(house).stage is Stage.ONE
    days(house, 3)
    answer_goes(house)
    swept(house)
    (offered,) = rows(house, Task, kind="stage2_request", closed_at=None)
    assert "waits" not in offered.why
    assert events(house, "stage2_can_begin")
    begun(house, message)
    # Asked for on 23 November, and answered on the 26th: five working days from then.
    assert dates(house)["acknowledge_2"] == "2026-12-03"
    assert record(house).asked_at == message.received_at


def test_an_overdue_stage_1_need_not_be_waited_for_if_somebody_says_why(house):
    complaint(house)
    message = asks(house)
    on(house, 2026, 12, 8)
    with pytest.raises(Refused, match="Say why"):
        begun(house, message)
    begun(house, message, why="the surveyor never came, and stage 1 leads nowhere")
    assert set(dates(house)) == RULES_2, "what stage 1 owed is replaced, and stays on the case"
    replaced = [told["replaced"] for _why, _by, told in events(house, "deadline_set")]
    assert {"respond_1": "2026-12-07"} in replaced
    assert "did not get our answer at stage 1 in time" in letters(house)[0].text


def test_the_twenty_days_of_the_policy_are_no_bar(house):
    answered(house)
    days(house, 200)
    assert begun(house, asks(house)).stage is Stage.TWO


def test_a_closed_complaint_opens_again_with_stage_2(house):
    answered(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, status=CaseStatus.CLOSED)
        unit.commit()
    assert begun(house, asks(house)).status is CaseStatus.OPEN
    assert events(house, "reopened")


def test_stage_2_begins_once_and_there_is_no_stage_3(house):
    at_stage_2(house)
    with pytest.raises(Stale, match="at stage 2 already"):
        begun(house)
    message = asks(house, "complaint! [stage2] I ask for stage 2 once more.", message_id="<3@r.example>")
    assert message.case_id == 1
    (task,) = rows(house, Task, kind="reply", closed_at=None)
    assert "at stage 2 already" in task.why
    assert "stage2_request" not in open_kinds(house)


def test_what_is_no_complaint_has_no_stage_2(house):
    arrive(house, mail("service_request! The tap drips and my daughter has asthma."))
    settle(house)
    with pytest.raises(Refused, match="Only a complaint"):
        begun(house, by="sam")


def test_the_message_must_be_one_of_the_complaint(house):
    answered(house)
    arrive(house, mail("complaint! Another matter.", sender="bo@else.example"), sender="bo@else.example")
    settle(house)
    with pytest.raises(Refused, match="Choose the message"):
        begin(house.course, 1, AFTER, Asked(message_id=rows(house, Message)[-1].id))


def test_where_the_landlord_confirms_first_the_letter_waits_for_somebody_else_and_its_date_runs_from_it(confirmed_first):
    house = confirmed_first
    answered(house)
    case = begun(house, asks(house))
    assert letters(house) == []
    assert dates(house) == {"acknowledge_2": "2026-12-03", "respond_2": "2027-01-05"}
    days(house, 1)
    house.confirming.confirm(1, AFTER, case.definition_version)
    assert dates(house)["respond_2"] == "2026-12-29", "it runs from the acknowledgement"
    assert "by Tuesday 29 December 2026" in letters(house)[0].text
    assert record(house).defined_at == house.clock.now()
    swept(house)
    assert len(letters(house)) == 1


def test_an_acknowledgement_that_nobody_confirmed_leaves_on_the_day_before_it_is_late(confirmed_first):
    house = confirmed_first
    answered(house)
    begun(house, asks(house))
    on(house, 2026, 12, 1, 23)
    swept(house)
    assert letters(house) == []
    on(house, 2026, 12, 2, 1)
    swept(house)
    swept(house)
    (letter,) = letters(house)
    assert letter.automatic and "A computer sorted your message" in letter.text
    send(house)
    assert "acknowledge_2" not in dates(house)


def test_stage_2_that_is_put_right_as_no_complaint_leaves_nothing_running(house):
    at_stage_2(house)
    first = rows(house, Message)[0]
    judged(house, first, "service_request")
    assert dates(house) == {}
    assert the_case(house).stage is None
    assert "give_stage2" not in open_kinds(house)
    with pytest.raises(Refused, match="Only a complaint"):
        begun(house)


def test_stage_2_that_is_looked_at_again_stays_what_it_is_with_the_dates_it_has(house):
    at_stage_2(house)
    before = dates(house)
    judged(house, rows(house, Message)[0], "complaint")
    assert the_case(house).stage is Stage.TWO
    assert dates(house) == before


def test_what_stage_2_took_the_place_of_is_not_owed_anew_when_the_complaint_is_looked_at_again(house):
    complaint(house)
    message = asks(house)
    on(house, 2026, 12, 8)
    begun(house, message, why="stage 1 leads nowhere")
    judged(house, rows(house, Message)[0], "complaint")
    assert set(dates(house)) == RULES_2


def test_what_was_no_complaint_and_is_one_after_all_can_go_to_stage_2_again(house):
    at_stage_2(house)
    first = rows(house, Message)[0]
    judged(house, first, "service_request")
    judged(house, first, "complaint")
    assert begun(house, rows(house, Message)[-1]).stage is Stage.TWO
    assert set(dates(house)) >= RULES_2


LONDON_DAYS = st.integers(0, 900).map(lambda number: NOON + timedelta(days=number))


@given(asked=LONDON_DAYS, answered_after=st.integers(-90, 90), now_after=st.integers(0, 400))
def test_the_clock_of_stage_2_never_runs_from_before_it_was_asked_for_nor_from_the_future(asked, answered_after, now_after):
    now = asked + timedelta(days=now_after)
    went = min(asked + timedelta(days=answered_after), now)
    runs = Stood(answered_at=went).runs_from(asked, now)
    assert asked <= runs <= now
    assert runs == max(asked, went)


@given(st.text(max_size=2_000))
def test_what_a_letter_repeats_of_reasons_is_one_line_of_a_bounded_length(words):
    said = repeatable(words)
    assert len(said) <= 602 and "\n" not in said
