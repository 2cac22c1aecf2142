"""Discretion, ombudsmen's instructions and orders, and what is looked into again: dates anew, the day of receipt as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusal_house import CLAIM, MONA, OLIVE, case_now, complaint, considered, later, post, propose, refuse, rows, staffed

from classifiers.taxonomy import Flag
from desks import add_person
from handlers.calendar import WorkingCalendar
from handlers.case_acts import Refused, Stale
from handlers.clock import london_day
from handlers.course import orders, refusing, reopening
from handlers.course.discretion import Considered, consider
from handlers.course.orders import Told
from handlers.course.refusal_grounds import Facts, Ground
from handlers.course.reopening import Again
from handlers.course.twelve_months import is_late, last_day
from handlers.deadlines import acknowledge_by, respond_by
from handlers.named import NamedPerson
from handlers.resident_links import ResidentLinks
from handlers.resident_pages import ResidentPages
from houses import NOON, house_of
from store.course_models import Answer, Discretion, OmbudsmanOrder, Refusal, StageRecord
from store.models import Case, CaseEvent, CaseStatus, Deadline, OutboxEntry, Stage, Task

__all__ = ["house_of"]

WHAT = "Take the complaint on at stage 1, as the bill is in part about your own letters."
CALENDAR = WorkingCalendar()


@pytest.fixture
def house(house_of):
    return staffed(house_of())


@pytest.fixture
def case(house):
    found = complaint(house)
    post(house)
    return found


@pytest.fixture
def refused(house, case):
    """A case that two people refused, and whose letter has gone; ten days later."""
    refuse(house, case)
    post(house)
    later(house, days=10)
    return case


def instruct(house, case, told_on=date(2026, 12, 1), **changes):
    told = {"office": "housing_ombudsman", "kind": "take_on", "told_on": told_on, "what": WHAT}
    return orders.record(house.course, case.id, MONA, Told(**(told | changes)))


def order(house, case, due_on=date(2026, 12, 18), **changes):
    told = {"office": "housing_ombudsman", "kind": "order", "told_on": date(2026, 11, 20), "what": "Pay £100 and say sorry."}
    orders.record(house.course, case.id, OLIVE, Told(**(told | {"due_on": due_on} | changes)))
    return rows(house, OmbudsmanOrder, case_id=case.id)[-1]


def owed(house, case):
    return {row.rule: row for row in rows(house, Deadline, case_id=case.id, met_at=None, superseded_at=None)}


def open_tasks(house, case, kind):
    return rows(house, Task, case_id=case.id, kind=kind, closed_at=None)


# --- twelve months and discretion ---


@pytest.mark.parametrize(
    ("occurred", "aware", "received", "late"),
    [
        (date(2025, 11, 23), date(2025, 11, 23), date(2026, 11, 23), False),
        (date(2025, 11, 22), date(2025, 11, 22), date(2026, 11, 23), True),
        (date(2020, 1, 1), date(2025, 11, 23), date(2026, 11, 23), False),
        (date(2025, 11, 23), date(2020, 1, 1), date(2026, 11, 23), False),
        (date(2024, 2, 29), date(2024, 2, 29), date(2025, 3, 1), False),
        (date(2024, 2, 29), date(2024, 2, 29), date(2025, 3, 2), True),
    ],
)
def test_twelve_months_run_from_the_event_or_from_knowing_of_it_whichever_is_later(occurred, aware, received, late):
    assert is_late(occurred, aware, received) is late


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_the_later_date_counts_and_twelve_months_are_a_year(occurred, aware, days):
    later_one = max(occurred, aware)
    received = later_one + timedelta(days=days)
    assert is_late(occurred, aware, received) is is_late(aware, occurred, received)
    assert is_late(occurred, aware, received) is (received > last_day(later_one, later_one))
    assert 365 <= (last_day(occurred, aware) - later_one).days <= 366


@pytest.mark.parametrize("taken_on", [True, False])
def test_discretion_is_kept_either_way_with_its_reasons_and_moves_no_date(house, taken_on):
    case = complaint(house, "complaint! [over_12_months] the bill of two years ago")
    assert open_tasks(house, case, "over_12_months")
    before = set(owed(house, case))
    considered(house, case, taken_on=taken_on)
    (kept,) = rows(house, Discretion, case_id=case.id)
    assert (kept.taken_on, kept.by, "in hospital" in kept.reasons) == (taken_on, "olive", True)
    assert set(owed(house, case)) == before
    assert case_now(house, case).status is CaseStatus.OPEN
    assert open_tasks(house, case, "over_12_months") == []
    assert Flag.OVER_12_MONTHS in case_now(house, case).flags
    assert rows(house, CaseEvent, case_id=case.id, kind="discretion_considered")


def test_what_is_in_time_after_all_loses_its_flag_and_cannot_be_left_for_its_age(house):
    case = complaint(house, "complaint! [over_12_months] the bill of two years ago")
    dates = {"occurred": date(2024, 1, 1), "aware": date(2026, 1, 5)}
    with pytest.raises(Refused, match="must be accepted"):
        considered(house, case, taken_on=False, **dates)
    considered(house, case, taken_on=True, **dates)
    assert Flag.OVER_12_MONTHS not in case_now(house, case).flags


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"occurred_on": date(2026, 11, 24)}, "occurred_on"),
        ({"aware_on": date(2026, 11, 24)}, "aware_on"),
        ({"reasons": " "}, "reasons"),
    ],
)
def test_discretion_needs_dates_before_the_complaint_and_reasons(house, case, changes, field):
    found = {"occurred_on": date(2025, 1, 1), "aware_on": date(2025, 1, 1), "taken_on": True, "reasons": "she was ill"}
    with pytest.raises(Refused) as refused:
        consider(house.course, case.id, OLIVE, Considered(**(found | changes)))
    assert refused.value.field == field


# --- an ombudsman's instruction ---


def test_an_instruction_opens_the_case_with_new_dates_and_the_day_of_receipt_stays(house, refused):
    received = refused.received_at
    instruct(house, refused)
    now = case_now(house, refused)
    assert (now.status, now.received_at, now.stage) == (CaseStatus.OPEN, received, Stage.ONE)
    told = date(2026, 12, 1)
    today = london_day(house.clock.now())
    dates = {rule: row.due_on for rule, row in owed(house, refused).items()}
    assert dates == {
        "acknowledge_1": acknowledge_by(told, 1, CALENDAR).due_on,
        "respond_1": respond_by(told, today, 1, CALENDAR).due_on,
    }
    assert [row.state for row in rows(house, Refusal, case_id=refused.id)] == ["reopened"]
    (kept,) = rows(house, OmbudsmanOrder, case_id=refused.id)
    assert (kept.kind, kept.done_by) == ("take_on", "mona")
    assert open_tasks(house, refused, "taken_on_again")


def test_its_letter_tells_who_told_us_when_and_by_when_we_answer_and_acknowledges(house, refused):
    instruct(house, refused)
    answer = owed(house, refused)["respond_1"].due_on
    letter = post(house)[-1]
    assert "The Housing Ombudsman Service told us on Tuesday 1 December 2026 to look into your complaint." in letter.text
    assert f"by {answer:%A} {answer.day} {answer:%B %Y}" in letter.text
    assert "You brought your complaint to us on Monday 23 November 2026." in letter.text
    assert set(owed(house, refused)) == {"respond_1"}
    (record,) = rows(house, StageRecord, case_id=refused.id, stage=Stage.ONE)
    assert record.acknowledged_at == house.clock.now()


def test_after_an_instruction_the_complaint_may_be_refused_anew_by_two_people_with_a_letter_of_its_own(house, refused):
    instruct(house, refused)
    post(house)
    refuse(
        house,
        refused,
        ground=Ground.COURT_CLAIM,
        facts=CLAIM,
        reasons="Her lawyer put the very same four points about April before a judge last week.",
    )
    assert [row.state for row in rows(house, Refusal, case_id=refused.id)] == ["reopened", "refused"]
    assert len([row for row in rows(house, OutboxEntry, case_id=refused.id) if row.kind.startswith("complaint_refused")]) == 2


def test_the_other_ombudsman_is_named_by_its_own_name(house, refused):
    instruct(house, refused, office="council_ombudsman")
    assert "The Local Government and Social Care Ombudsman told us on" in post(house)[-1].text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"told_on": date(2026, 12, 4)}, "told_on"),
        ({"told_on": date(2026, 11, 22)}, "told_on"),
        ({"what": ""}, "what"),
        ({"office": "a friend"}, "office"),
        ({"kind": "advice"}, "kind"),
    ],
)
def test_an_instruction_needs_its_office_its_day_and_its_words(house, refused, changes, field):
    with pytest.raises(Refused) as stopped:
        instruct(house, refused, **changes)
    assert stopped.value.field == field
    assert case_now(house, refused).status is CaseStatus.CLOSED
    assert rows(house, OmbudsmanOrder) == []


def test_a_complaint_that_runs_cannot_be_taken_on_again(house, case):
    with pytest.raises(Refused, match=r"Code 6\.10"):
        instruct(house, case, told_on=date(2026, 11, 23))


def test_stage_2_that_was_refused_is_taken_on_at_stage_2_by_others(house, case):
    record = {"case_id": case.id, "stage": Stage.ONE, "received_at": NOON, "begun_at": NOON, "begun_by": "machine"}
    row = {"case_id": case.id, "team": "complaints", "opened_at": NOON, "due_at": NOON, "why": "asks", "kind": "stage2_request"}
    with house.store.unit("T6") as unit:
        unit.add(StageRecord, [record | {"answered_at": NOON}])
        unit.update(Deadline, unit.find(Deadline, case_id=case.id, rule="respond_1")[0].id, met_at=NOON)
        unit.add(Task, [row])
        unit.commit()
    refuse(house, case, ground=Ground.COURT_CLAIM, facts=CLAIM)
    post(house)
    later(house, days=10)
    instruct(house, case)
    now = case_now(house, case)
    assert (now.stage, now.assigned_to) == (Stage.TWO, None)
    assert set(owed(house, case)) == {"acknowledge_2", "respond_2"}
    letter = post(house)[-1]
    assert "(stage 2)" in letter.text
    assert "take your complaint to the Ombudsman" in letter.text
    assert set(owed(house, case)) == {"respond_2"}


def test_their_own_page_says_what_a_refusal_means_and_what_they_can_do(house, case):
    links = ResidentLinks(key=house.key)
    residents = ResidentPages(store=house.store, clock=house.clock, links=links, landlord=house.landlord)
    link = links.page(case.id, "ada@resident.example")
    assert "stage2" in residents.page(link).offers
    refuse(house, case)
    assert "why we do not look into this" not in " ".join(residents.page(link).next_steps)
    post(house)
    page = residents.page(link)
    assert "We wrote to you and told you why we do not look into this." in page.next_steps
    assert "You do not have to accept that. You can take it to the Ombudsman." in page.next_steps
    assert "stage2" not in page.offers
    assert page.ombudsmen
    later(house, days=10)
    instruct(house, case)
    post(house)
    assert "why we do not look into this" not in " ".join(residents.page(link).next_steps)


# --- something new, or our own mistake ---


def test_something_new_takes_it_on_with_dates_from_that_day(house, refused):
    reopening.take_on(house.course, refused.id, OLIVE, Again(source="evidence", told_on=date(2026, 12, 2), why="a new letter"))
    assert "You told us something new on Wednesday 2 December 2026." in post(house)[-1].text
    assert owed(house, refused)["respond_1"].counted_from >= date(2026, 12, 2)


def test_our_own_mistake_is_said_as_ours(house, refused):
    reopening.take_on(house.course, refused.id, MONA, Again(source="ourselves", told_on=date(2026, 12, 3), why="we misread it"))
    assert "We were wrong not to look into your complaint, and we are sorry." in post(house)[-1].text


def test_a_machine_takes_nothing_on_and_neither_does_a_stranger(house, refused):
    again = Again(source="evidence", told_on=date(2026, 12, 2), why="a new letter")
    with pytest.raises(Refused):
        reopening.take_on(house.course, refused.id, NamedPerson(username="stranger"), again)
    assert case_now(house, refused).status is CaseStatus.CLOSED


def test_nothing_new_is_refused_by_two_people_with_a_letter_that_names_the_ombudsman(house, refused):
    facts = Facts(on=date(2026, 12, 2), what="a copy of the bill")
    given = {
        "ground": Ground.NO_NEW_EVIDENCE,
        "facts": facts,
        "reasons": "The copy shows the bill of April, which we had in our hands in November.",
    }
    number = propose(house, refused, **given)
    with pytest.raises(Refused, match="somebody else"):
        refusing.agree(house.course, refused.id, OLIVE, number)
    refusing.agree(house.course, refused.id, MONA, number)
    letter = post(house)[-1]
    assert letter.subject.startswith("Why we do not look at your complaint again")
    for said in (
        "On Wednesday 2 December 2026 you asked us",
        "a copy of the bill",
        "in our hands in November",
        "0300 111 3000",
    ):
        assert said in letter.text
    assert case_now(house, refused).status is CaseStatus.CLOSED
    assert [row.state for row in rows(house, Refusal, case_id=refused.id)] == ["refused", "refused"]


def test_it_is_still_possible_to_take_on_what_was_not_looked_at_again(house, refused):
    facts = Facts(on=date(2026, 12, 2), what="a copy of the bill")
    refuse(
        house,
        refused,
        ground=Ground.NO_NEW_EVIDENCE,
        facts=facts,
        reasons="The copy shows the bill of April, which we had in our hands in November.",
    )
    instruct(house, refused)
    assert [row.state for row in rows(house, Refusal, case_id=refused.id)] == ["reopened", "reopened"]


@pytest.fixture
def exhausted(house, case):
    """A complaint that has its final response."""
    record = {"case_id": case.id, "received_at": NOON, "begun_at": NOON, "begun_by": "machine", "answered_at": NOON}
    answer = {"case_id": case.id, "decision": "no", "by": "max", "at": NOON, "issued_at": NOON, "signed_by": "max"}
    with house.store.unit("T6") as unit:
        unit.add(StageRecord, [record | {"stage": stage} for stage in Stage])
        unit.insert(Answer, [answer | {"stage": Stage.TWO, "sent_at": NOON}])
        unit.update(Deadline, unit.find(Deadline, case_id=case.id, rule="respond_1")[0].id, met_at=NOON)
        unit.update(Case, case.id, stage=Stage.TWO, status=CaseStatus.CLOSED)
        unit.commit()
    later(house, days=10)
    return case


def test_an_exhausted_complaint_without_anything_new_gets_the_same_letter(house, exhausted):
    facts = Facts(on=date(2026, 12, 2), what="the same photos")
    refuse(
        house, exhausted, ground=Ground.NO_NEW_EVIDENCE, facts=facts, reasons="We had these four photos in our hands in June."
    )
    assert "(stage 2)" in post(house)[-1].text
    assert owed(house, exhausted) == {}


def test_an_exhausted_complaint_with_something_new_is_answered_anew_at_stage_2(house, exhausted):
    reopening.take_on(house.course, exhausted.id, OLIVE, Again(source="evidence", told_on=date(2026, 12, 2), why="new report"))
    assert set(owed(house, exhausted)) == {"acknowledge_2", "respond_2"}
    (answer,) = rows(house, Answer, case_id=exhausted.id)
    assert (answer.issued_at, answer.sent_at, answer.version) == (None, None, 2)
    assert rows(house, CaseEvent, case_id=exhausted.id, kind="answer_opened_again")


def test_after_a_final_response_we_do_not_open_it_without_anything_new(house, exhausted):
    with pytest.raises(Refused, match="something new"):
        reopening.take_on(house.course, exhausted.id, MONA, Again(source="ourselves", told_on=date(2026, 12, 2), why="hm"))


# --- orders ---


def test_an_order_has_its_day_its_task_and_its_end(house, case):
    kept = order(house, case)
    (task,) = open_tasks(house, case, "ombudsman_order")
    assert (task.id, london_day(task.due_at), "Pay £100" in task.why) == (kept.task_id, date(2026, 12, 18), True)
    orders.finish(house.course, case.id, OLIVE, kept.id, "Paid on 1 December, letter of apology in the file.")
    assert open_tasks(house, case, "ombudsman_order") == []
    done = rows(house, OmbudsmanOrder, id=kept.id)[0]
    assert (done.done_by, "apology" in done.outcome) == ("olive", True)
    with pytest.raises(Stale):
        orders.finish(house.course, case.id, OLIVE, kept.id, "again")


def test_what_an_ombudsman_orders_is_the_liaisons_where_there_is_one(house, case):
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, assigned_to="olive")
        unit.commit()
    order(house, case)
    add_person(house, "lia", "liaison")
    order(house, case, what="Write to her.")
    orders.finish(house.course, case.id, NamedPerson(username="lia"), rows(house, OmbudsmanOrder)[-1].id, "Written.")
    assert [task.assigned_to for task in rows(house, Task, kind="ombudsman_order")] == ["olive", "lia"]
    house.clock.at += timedelta(days=60)
    house.sweep().once()
    (late,) = open_tasks(house, case, "ombudsman_overdue")
    assert late.assigned_to == "mona", "what is overdue is a manager's"


def test_an_order_without_a_date_and_one_due_before_it_came_are_refused(house, case):
    for due_on in (None, date(2026, 11, 19)):
        with pytest.raises(Refused) as refused:
            order(house, case, due_on=due_on)
        assert refused.value.field == "due_on"


def test_a_determination_is_kept_and_leaves_nothing_to_do(house, case):
    kept = order(house, case, due_on=None, kind="determination", what="No maladministration.")
    assert kept.done_at is not None
    assert open_tasks(house, case, "ombudsman_order") == []


def test_an_overdue_order_is_shown_to_a_manager_once(house, case):
    kept = order(house, case, due_on=date(2026, 12, 1))
    house.sweep().once()
    assert open_tasks(house, case, "ombudsman_overdue") == []
    house.clock.at = NOON + timedelta(days=9)
    for _ in range(2):
        house.sweep().once()
    (task,) = open_tasks(house, case, "ombudsman_overdue")
    assert (task.assigned_to, "Tuesday 1 December 2026" in task.why) == ("mona", True)
    orders.finish(house.course, case.id, OLIVE, kept.id, "Paid, late.")
    assert open_tasks(house, case, "ombudsman_overdue") == []
    assert '"late":true' in rows(house, CaseEvent, case_id=case.id, kind="ombudsman_order_done")[0].details


def test_an_order_that_is_done_in_time_is_never_shown_as_overdue(house, case):
    kept = order(house, case, due_on=date(2026, 12, 1))
    orders.finish(house.course, case.id, OLIVE, kept.id, "Paid.")
    house.clock.at = NOON + timedelta(days=30)
    house.sweep().once()
    assert open_tasks(house, case, "ombudsman_overdue") == []


def test_of_two_overdue_orders_the_other_keeps_its_task(house, case):
    one, _other = order(house, case, due_on=date(2026, 12, 1)), order(house, case, due_on=date(2026, 12, 2))
    house.clock.at = NOON + timedelta(days=12)
    house.sweep().once()
    orders.finish(house.course, case.id, OLIVE, one.id, "Paid.")
    assert open_tasks(house, case, "ombudsman_overdue")
