"""Actions and remedies: from the first day on, approved where they must be, followed until each is done; then the case may close."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from answering_house import AGREED, NOT_AGREED, SOON, SORRY, TWO, defined, drafted, issue, ready, save, staffed
from hypothesis import given
from hypothesis import strategies as st
from people_house import agreed
from timing import at, complaint, kinds, letter, letters_leave, one, open_tasks, owed, rows

from handlers.case_acts import Refused, Stale
from handlers.closing import OUTCOMES, close, obstacles, reopen
from handlers.course import stages
from handlers.course.actions import add_action, do_action, drop_action, move_action
from handlers.course.money import pence_of, pounds
from handlers.course.remedies import (
    KINDS,
    Offer,
    approve_remedy,
    do_remedy,
    offer_remedy,
    withdraw_remedy,
)
from handlers.course.slipped import warn_of_slipped
from handlers.deadlines import by_rule
from handlers.letters import LetterBook
from handlers.named import NOBODY
from handlers.task_acts import done
from handlers.withdrawing import withdraw
from handlers.withdrawn_letter import COME_BACK, NOT_SO
from houses import NOON
from store.course_models import Action, ProgressUpdate, Remedy
from store.desk_models import StaffAct
from store.models import Case, CaseEvent, CaseStatus, Deadline, OutboxEntry, OutboxState, Stage, Task

TODAY = NOON.date()


@pytest.fixture
def house(house_of):
    return staffed(house_of())


@pytest.fixture
def case(house):
    return complaint(house)


def money(pence, **changes):
    told = {"kind": "money", "what": "For the wait.", "impact": "three weeks of stairs", "pence": pence}
    return Offer(**(told | changes))


def action(house, case, what="Mend the door", owner="repairs", due_on=SOON, **by):
    agreement = by.get("agreement", NOT_AGREED)
    add_action(house.course, case.id, by.get("by", "olive"), what, owner=owner, due_on=due_on, agreement=agreement)
    return rows(house, Action, case_id=case.id)[-1]


def remedy(house, case, offer=SORRY, by="olive"):
    offer_remedy(house.course, case.id, by, offer)
    return rows(house, Remedy, case_id=case.id)[-1]


def answered(house):
    case = ready(house)
    issue(house, case)
    letters_leave(house)
    do_remedy(house.course, case.id, "olive", one(house, Remedy, case_id=case.id).id, "said so in the answer")
    for task in rows(house, Task, case_id=case.id, closed_at=None):
        done(house.acts, task.id, "olive", "looked at")
    return case


# --- actions ---


def test_an_action_can_be_promised_on_the_day_the_complaint_comes_and_done_with_its_outcome(house, case):
    one_action = action(house, case)
    do_action(house.course, case.id, "ben", one_action.id, "mended on Friday, photo on the case")
    row = one(house, Action, id=one_action.id)
    assert (row.stage, row.owner, row.done_by, row.outcome) == (
        Stage.ONE,
        "repairs",
        "ben",
        "mended on Friday, photo on the case",
    )
    assert kinds(house, case)[-2:] == ["action_added", "action_done"]
    with pytest.raises(Stale, match="finished already"):
        do_action(house.course, case.id, "olive", one_action.id, "again")


def test_nothing_is_promised_for_a_day_that_has_passed_and_today_has_not(house, case):
    with pytest.raises(Refused, match="has not passed") as refused:
        action(house, case, due_on=TODAY - timedelta(days=1))
    assert refused.value.field == "due"
    action(house, case, due_on=TODAY)


@pytest.mark.parametrize(
    ("what", "owner", "field"), [(" ", "repairs", "what"), ("Mend", "", "owner"), ("x" * 601, "repairs", "what")]
)
def test_an_action_says_what_and_who(house, case, what, owner, field):
    with pytest.raises(Refused) as refused:
        action(house, case, what=what, owner=owner)
    assert refused.value.field == field


@pytest.mark.parametrize("act", ["drop", "later"])
def test_a_dropped_or_later_action_is_a_task_to_tell_the_resident(house, case, act):
    one_action = action(house, case)
    if act == "drop":
        drop_action(house.course, case.id, "olive", one_action.id, "the door is new")
    else:
        move_action(house.course, case.id, "olive", one_action.id, due_on=SOON + timedelta(days=7), why="the part is late")
    (task,) = open_tasks(house, case, "contact_resident")
    assert (task.assigned_to, "Mend the door" in task.why) == ("olive", True)


def test_an_action_that_comes_sooner_tells_nobody_anything_new(house, case):
    one_action = action(house, case)
    move_action(house.course, case.id, "olive", one_action.id, due_on=SOON - timedelta(days=1), why="sooner")
    assert open_tasks(house, case, "contact_resident") == []


@pytest.mark.parametrize("why", ["", " \n"])
def test_an_action_is_not_dropped_without_a_reason(house, case, why):
    one_action = action(house, case)
    with pytest.raises(Refused, match="Say why"):
        drop_action(house.course, case.id, "olive", one_action.id, why)


def test_a_late_action_is_its_owners_task_once_and_a_week_later_the_managers_once(house, case):
    team = next(iter(house.landlord.teams))
    one_action = action(house, case, owner=team)
    house.clock.at = at(SOON, 23, 30)
    assert warn_of_slipped(house.course) == 0
    house.clock.at = at(SOON + timedelta(days=1), 0, 5)
    assert [warn_of_slipped(house.course) for _ in range(3)] == [1, 0, 0]
    (task,) = open_tasks(house, case, "action_late")
    assert (task.team, "Mend the door" in task.why) == (team, True)
    house.clock.at = at(SOON + timedelta(days=8), 0, 5)
    assert warn_of_slipped(house.course) == 0
    house.clock.at = at(SOON + timedelta(days=8), 0, 6)
    assert [warn_of_slipped(house.course) for _ in range(3)] == [1, 0, 0]
    (raised,) = open_tasks(house, case, "action_late_still")
    assert raised.assigned_to in ("mona", "max")
    event = rows(house, CaseEvent, case_id=case.id, kind="action_late")[0]
    assert event.by == "sweep"
    do_action(house.course, case.id, "ben", one_action.id, "mended")
    assert open_tasks(house, case, "action_late") + open_tasks(house, case, "action_late_still") == []
    assert json.loads(rows(house, CaseEvent, case_id=case.id, kind="action_done")[0].details)["late"] == "yes"


def test_money_that_was_not_paid_by_its_day_is_a_task_and_then_the_managers_until_it_is_paid(house, case):
    paid = remedy(house, case, money(10_000, due_on=SOON))
    remedy(house, case, money(60_000, due_on=SOON))  # nobody approved it, so nobody promised it
    house.clock.at = at(SOON + timedelta(days=1))
    assert [warn_of_slipped(house.course) for _ in range(2)] == [1, 0]
    (task,) = open_tasks(house, case, "action_late")
    assert "For the wait. (was due Friday 4 December 2026)" in task.why
    house.clock.at = at(SOON + timedelta(days=9))
    assert [warn_of_slipped(house.course) for _ in range(2)] == [1, 0]
    (raised,) = open_tasks(house, case, "action_late_still")
    assert raised.assigned_to in ("mona", "max")
    house.clock.at = at(SOON + timedelta(days=30))
    assert warn_of_slipped(house.course) == 0
    waiting = rows(house, Remedy)[1]
    withdraw_remedy(house.course, case.id, "ben", waiting.id, "too much")
    assert len(open_tasks(house, case, "action_late")) == 1
    do_remedy(house.course, case.id, "ben", paid.id, "paid today")
    assert open_tasks(house, case, "action_late") + open_tasks(house, case, "action_late_still") == []


def test_a_task_about_a_late_action_stays_while_another_action_is_late(house, case):
    first, second = action(house, case), action(house, case, what="Mend the light")
    house.clock.at = at(SOON + timedelta(days=1))
    house.sweep().once()
    do_action(house.course, case.id, "ben", first.id, "mended")
    assert len(open_tasks(house, case, "action_late")) == 2
    move_action(house.course, case.id, "ben", second.id, due_on=SOON + timedelta(days=3), why="no bulb")
    assert open_tasks(house, case, "action_late") == []
    house.clock.at = at(SOON + timedelta(days=4))
    house.sweep().once()
    assert len(open_tasks(house, case, "action_late")) == 1


def test_the_sweep_never_does_drops_or_moves_an_action(house, case):
    action(house, case)
    before = one(house, Action, case_id=case.id)
    house.clock.at = at(SOON + timedelta(days=40))
    house.sweep().once()
    after = one(house, Action, case_id=case.id)
    assert (after.done_at, after.dropped_at, after.due_on) == (None, None, before.due_on)


@pytest.mark.parametrize("name", sorted(NOBODY))
def test_no_machine_promises_approves_or_ends_anything(house, case, name):
    one_action, offered = action(house, case), remedy(house, case, money(60_000))
    course = house.course
    for act in (
        lambda: action(house, case, by=name),
        lambda: do_action(course, case.id, name, one_action.id, "done"),
        lambda: drop_action(course, case.id, name, one_action.id, "why"),
        lambda: move_action(course, case.id, name, one_action.id, due_on=SOON, why="why"),
        lambda: remedy(house, case, by=name),
        lambda: approve_remedy(course, case.id, name, offered.id),
        lambda: do_remedy(course, case.id, name, offered.id, "given"),
        lambda: withdraw_remedy(course, case.id, name, offered.id, "why"),
        lambda: withdraw(house.course, case.id, name, "I take it back", TODAY),
    ):
        with pytest.raises(Refused, match="a person must"):
            act()


def test_what_is_no_complaint_or_another_cases_promises_nothing_here(house, case):
    one_action = action(house, case)
    request = complaint(house, "service_request! mend the tap", sender="bo@else.example")
    with pytest.raises(Refused, match="Only a complaint"):
        action(house, request)
    with pytest.raises(Refused, match="Only a complaint"):
        remedy(house, request)
    with pytest.raises(Refused, match="no such action on this case"):
        do_action(house.course, request.id, "olive", one_action.id, "done")


# --- remedies ---


def test_a_remedy_of_every_kind_can_be_offered_before_anything_is_answered(house, case):
    for kind in KINDS:
        offer = money(5_000) if kind == "money" else Offer(kind=kind, what="We do this.", impact="three weeks of stairs")
        assert remedy(house, case, offer).kind == kind
    assert len(KINDS) == 8
    assert {row.stage for row in rows(house, Remedy)} == {Stage.ONE}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"impact": " "}, "impact"),
        ({"what": ""}, "what"),
        ({"pence": None}, "amount"),
        ({"pence": 0}, "amount"),
        ({"kind": "voucher"}, "kind"),
        ({"kind": "apology"}, "amount"),
    ],
)
def test_an_offer_says_what_it_did_to_the_resident_before_an_amount_is_taken(change, field):
    with pytest.raises(Refused) as refused:
        money(**({"pence": 5_000} | change))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("by", "pence", "alone"),
    [
        ("olive", 25_000, True),
        ("olive", 25_001, False),
        ("mona", 100_000, True),
        ("mona", 100_001, False),
    ],
)
def test_up_to_their_own_limit_people_offer_alone_and_above_it_somebody_else_approves(house, case, by, pence, alone):
    row = remedy(house, case, money(pence), by=by)
    assert (row.approved_by == by) is alone
    assert (open_tasks(house, case, "remedy_approval") == []) is alone


def test_a_manager_who_did_not_offer_it_approves_and_nobody_gives_it_before(house, case):
    row = remedy(house, case, money(200_000), by="mona")
    for name, told in (("mona", "somebody else"), ("ben", "Only a manager")):
        with pytest.raises(Refused, match=told):
            approve_remedy(house.course, case.id, name, row.id)
    with pytest.raises(Refused, match="Nobody has approved it"):
        do_remedy(house.course, case.id, "olive", row.id, "paid")
    approve_remedy(house.course, case.id, "max", row.id)
    assert (one(house, Remedy, id=row.id).approved_by, open_tasks(house, case, "remedy_approval")) == ("max", [])
    with pytest.raises(Stale):
        approve_remedy(house.course, case.id, "max", row.id)
    do_remedy(house.course, case.id, "olive", row.id, "paid on 1 December")
    with pytest.raises(Refused, match="cannot be taken back"):
        withdraw_remedy(house.course, case.id, "olive", row.id, "why")


def test_a_limit_is_the_landlords_to_set(house_of):
    house = staffed(house_of(remedies={"officer_pounds": 0, "manager_pounds": 10}))
    case = complaint(house)
    assert remedy(house, case, money(1)).approved_at is None
    assert remedy(house, case, money(1_000), by="mona").approved_at is not None
    assert remedy(house, case, SORRY).approved_at is not None


def test_a_remedy_that_no_answer_promised_is_taken_back_without_a_word_to_anybody(house):
    case = ready(house)
    unpromised = remedy(house, case, Offer(kind="explanation", what="We explain.", impact="she asked twice"))
    withdraw_remedy(house.course, case.id, "olive", unpromised.id, "it is in the reasons")
    assert open_tasks(house, case, "contact_resident") == []
    assert not [row for row in rows(house, OutboxEntry) if row.kind.startswith("promise_changed")]


@pytest.mark.parametrize(
    ("typed", "pence"), [("150", 15_000), ("£1,250.50", 125_050), (" 0.05 ", 5), ("", None), ("£ 20", 2_000)]
)
def test_an_amount_is_read_as_people_type_it(typed, pence):
    assert pence_of(typed) == pence


@pytest.mark.parametrize("typed", ["a lot", "1.5", "-3", "12.345", "1e3", "٣", "99999999", "150 or 200"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(Refused) as refused:
        pence_of(typed)
    assert refused.value.field == "amount"


@given(st.integers(min_value=1, max_value=999_999_999))
def test_an_amount_written_in_a_letter_reads_back_as_itself(pence):
    assert pence_of(pounds(pence)) == pence


# --- closing ---


def test_a_complaint_closes_when_it_is_answered_and_all_that_was_promised_is_done(house):
    case = answered(house)
    one_action = action(house, case, agreement=AGREED)
    offered = remedy(house, case, money(100))
    for task in open_tasks(house, case, "contact_resident"):
        done(house.acts, task.id, "olive", "told her by telephone")
    with pytest.raises(
        Refused, match=r"still to be done, by Friday 4 December 2026: Mend the door.*not given yet: For the wait"
    ):
        close(house.acts, case.id, "olive", "answered", "all is well")
    do_action(house.course, case.id, "olive", one_action.id, "mended")
    with pytest.raises(Refused, match="not given yet"):
        close(house.acts, case.id, "olive", "answered", "all is well")
    do_remedy(house.course, case.id, "olive", offered.id, "paid")
    close(house.acts, case.id, "olive", "answered", "all is well")
    assert one(house, Case, id=case.id).status is CaseStatus.CLOSED


def test_a_complaint_whose_answer_is_issued_and_has_not_left_is_not_closed(house):
    case = ready(house)
    do_remedy(house.course, case.id, "olive", one(house, Remedy).id, "said so")
    issue(house, case)
    with pytest.raises(Refused, match="has not been answered"):
        close(house.acts, case.id, "olive", "answered", "all is well")


def test_a_complaint_answered_within_its_extension_can_be_closed(house):
    case = ready(house)
    old = owed(house, case, "respond_1")
    with house.acts.on(case.id, "mona") as act:
        stages.set_deadline(act, by_rule("extend_1", old.due_on, house.calendar), "more to look at", replaces=("respond_1",))
        act.done("extended")
    issue(house, case)
    letters_leave(house)
    do_remedy(house.course, case.id, "olive", one(house, Remedy).id, "said so")
    with house.store.glance() as glance:
        now = glance.get(Case, case.id)
        assert obstacles(now, glance.find(Deadline, case_id=case.id), []) == []


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_an_unanswered_complaint_ends_in_no_ordinary_way(house, case, outcome):
    with pytest.raises(Refused):
        close(house.acts, case.id, "olive", outcome, "they rang")
    assert one(house, Case, id=case.id).status is CaseStatus.OPEN


# --- taken back ---


def test_the_resident_takes_a_complaint_back_in_words_that_are_kept_and_nothing_is_owed_any_more(house):
    case = defined(house)
    with house.store.unit("T6") as unit:
        row = {"case_id": case.id, "stage": Stage.ONE, "due_on": SOON, "every_days": 7, "set_at": NOON}
        unit.insert(ProgressUpdate, [row])
        unit.commit()
    withdraw(house.course, case.id, "olive", "Forget it, the lift works again.", TODAY)
    assert one(house, Case, id=case.id).status is CaseStatus.CLOSED
    assert rows(house, Deadline, case_id=case.id, met_at=None, superseded_at=None) == []
    assert one(house, ProgressUpdate).ended_at == NOON
    (event,) = rows(house, CaseEvent, case_id=case.id, kind="complaint_withdrawn")
    told = json.loads(event.details)
    assert (event.why, told["said_on"], list(told["not_owed_any_more"])) == (
        "Forget it, the lift works again.",
        "2026-11-23",
        ["respond_1"],
    )
    assert json.loads(rows(house, CaseEvent, kind="closed")[0].details) == {"outcome": "withdrawn"}


@pytest.mark.parametrize(
    ("words", "on", "field"),
    [
        (" ", TODAY, "words"),
        ("I take it back", TODAY + timedelta(days=1), "on"),
        ("I take it back", TODAY - timedelta(days=1), "on"),
        ("x" * 2_001, TODAY, "words"),
    ],
)
def test_nothing_is_taken_back_without_the_residents_words_and_their_day(house, case, words, on, field):
    with pytest.raises(Refused) as refused:
        withdraw(house.course, case.id, "olive", words, on)
    assert refused.value.field == field
    assert one(house, Case, id=case.id).status is CaseStatus.OPEN


def test_a_promise_and_a_danger_outlive_a_complaint_that_is_taken_back(house):
    case = complaint(house, "complaint! [emergency] the gas smells in the hall for weeks")
    with pytest.raises(Refused, match="Finish this task first"):
        withdraw(house.course, case.id, "olive", "leave it", TODAY)
    calm = complaint(house, sender="bo@else.example")
    action(house, calm)
    with pytest.raises(Refused, match="still to be done"):
        withdraw(house.course, calm.id, "olive", "leave it", TODAY)


def test_only_a_person_of_the_desk_closes_what_was_taken_back(house, case):
    with pytest.raises(Refused, match="no account"):
        withdraw(house.course, case.id, "stranger", "I take it back", TODAY)


def test_whoever_takes_a_complaint_back_reads_what_when_and_that_they_can_come_back(house):
    case = defined(house)
    number = withdraw(house.course, case.id, "olive", "Forget it, the lift works again.", TODAY)
    told = letter(house, case, "complaint_withdrawn")
    assert (told.state, told.recipient, told.automatic) == (OutboxState.DUE, "ada@resident.example", False)
    words = ("On Monday 23 November 2026 you told us", "1. The lift", COME_BACK, NOT_SO, "Housing Ombudsman Service", "Olive")
    for one_of in words:
        assert one_of in told.text
    assert "Forget it" not in told.text, "their words stand on the case"
    assert "on its way to the resident" in one(house, StaffAct, id=number).said
    reopen(house.acts, case.id, "ben", "she changed her mind")
    for task in open_tasks(house, case, "contact_resident"):
        done(house.acts, task.id, "ben", "rang her")
    withdraw(house.course, case.id, "olive", "Forget it after all.", TODAY)
    assert len([row for row in rows(house, OutboxEntry) if row.kind.startswith("complaint_withdrawn")]) == 2


def test_a_complaint_that_nobody_can_be_told_of_is_not_taken_back(house, case):
    posting = house.course.posting
    speechless = replace(posting.correspondence, letters=LetterBook(house.landlord, only="receipt"))
    course = replace(house.course, posting=replace(posting, correspondence=speechless))
    with pytest.raises(Refused, match="cannot be written"):
        withdraw(course, case.id, "olive", "Forget it.", TODAY)
    assert one(house, Case, id=case.id).status is CaseStatus.OPEN
    assert owed(house, case, "respond_1")


def test_whoever_said_that_letters_go_by_post_gets_this_one_so_and_a_task_says_it(house):
    case = defined(house)
    agreed(house, case, "post_only")
    withdraw(house.course, case.id, "olive", "Forget it.", TODAY)
    assert letter(house, case, "complaint_withdrawn").state is OutboxState.SUPPRESSED
    assert open_tasks(house, case, "letter_by_hand")


def test_a_complaint_opened_again_owes_what_it_owed_by_the_same_dates(house):
    case = defined(house)
    before = owed(house, case, "respond_1")
    withdraw(house.course, case.id, "olive", "Forget it.", TODAY)
    house.clock.at = at(date(2026, 11, 30))
    reopen(house.acts, case.id, "ben", "she changed her mind")
    again = owed(house, case, "respond_1")
    assert (again.due_on, again.due_at, again.counted) == (before.due_on, before.due_at, before.counted)
    assert again.id != before.id
    assert "deadline_set" in kinds(house, case)


def test_an_answered_complaint_opened_again_owes_no_answer_twice(house):
    case = answered(house)
    close(house.acts, case.id, "olive", "answered", "all is well")
    reopen(house.acts, case.id, "ben", "she wrote again")
    assert rows(house, Deadline, case_id=case.id, met_at=None, superseded_at=None) == []


def test_a_withdrawn_remedy_and_a_dropped_action_are_in_no_letter(house):
    case = defined(house, TWO)
    save(house, case, what=drafted())
    gone, dropped = remedy(house, case, money(700)), action(house, case)
    withdraw_remedy(house.course, case.id, "olive", gone.id, "not fitting")
    drop_action(house.course, case.id, "olive", dropped.id, "not ours")
    remedy(house, case)
    issue(house, case)
    text = [row.text for row in letters_leave(house).sent][-1]
    assert "£7" not in text
    assert "Mend the door" not in text
