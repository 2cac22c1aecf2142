"""Refusals: two people, a ground of the list with its facts, a letter with the Ombudsman, and clocks that no proposal stops."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusal_house import (
    CLAIM,
    ELSEWHERE,
    MONA,
    OLIVE,
    REASONS,
    case_now,
    complaint,
    considered,
    later,
    post,
    propose,
    refuse,
    rows,
    staffed,
)

from desks import add_person
from handlers.barring import bar
from handlers.case_acts import Refused, Stale
from handlers.closing import close, reopen
from handlers.course import refusing
from handlers.course.refusal_checks import _require_own_words, _words, reasons_key
from handlers.course.refusal_grounds import GROUNDS, TO_REFUSE, Facts, Ground, in_plain_words
from handlers.named import NOBODY, NamedPerson
from handlers.rows import MACHINE, SWEEP
from handlers.task_acts import done
from houses import NOON, house_of
from store.course_models import Refusal, StageRecord, StageWork, Warned
from store.models import CaseEvent, CaseStatus, Deadline, Message, OutboxEntry, Stage, Task

__all__ = ["house_of"]


@pytest.fixture
def house(house_of):
    return staffed(house_of())


@pytest.fixture
def case(house):
    found = complaint(house)
    post(house)
    return found


def owed(house, case):
    return {row.rule for row in rows(house, Deadline, case_id=case.id, met_at=None, superseded_at=None)}


def kinds_of_tasks(house, case):
    return {task.kind for task in rows(house, Task, case_id=case.id, closed_at=None)}


def told(house, case):
    return [event.kind for event in rows(house, CaseEvent, case_id=case.id)]


# --- who ---


@pytest.mark.parametrize("name", [MACHINE, SWEEP, "Machine", " machine", "SWEEP", "", " ", "system", "nobody", "olive "])
def test_a_machine_or_somebody_without_a_name_is_no_named_person(name):
    with pytest.raises(Refused):
        NamedPerson(username=name)


@given(st.sampled_from(sorted(NOBODY)).flatmap(lambda name: st.tuples(*(st.sampled_from((c, c.upper())) for c in name))))
def test_no_spelling_of_a_machines_name_makes_it_a_person(letters):
    with pytest.raises(Refused):
        NamedPerson(username="".join(letters))


def test_somebody_without_an_account_or_who_has_it_no_more_or_works_on_no_case_refuses_nothing(house, case):
    add_person(house, "gone", "manager", disabled_at=NOON)
    add_person(house, "audrey", "auditor")
    for name in ("stranger", "gone", "audrey"):
        with pytest.raises(Refused):
            propose(house, case, by=NamedPerson(username=name))
    number = propose(house, case)
    for name in ("stranger", "gone", "audrey"):
        with pytest.raises(Refused):
            refusing.agree(house.course, case.id, NamedPerson(username=name), number)
        with pytest.raises(Refused):
            refusing.withdraw(house.course, case.id, NamedPerson(username=name), number, "it is ours")
    assert rows(house, Refusal, case_id=case.id)[0].state == "proposed"


def test_whoever_proposed_it_cannot_agree_nor_send_it_back(house, case):
    number = propose(house, case)
    for act in (refusing.agree, refusing.send_back):
        with pytest.raises(Refused, match="somebody else"):
            act(house.course, case.id, OLIVE, number, "I read it again")
    assert owed(house, case) == {"respond_1"}
    assert rows(house, OutboxEntry, case_id=case.id, kind=f"complaint_refused-{number}") == []


def test_whoever_is_barred_from_the_case_proposes_and_checks_nothing(house, case):
    number = propose(house, case)
    bar(house.acts, case.id, "olive", "mona", "it is about her")
    with pytest.raises(Refused, match=r"Code 5\.8"):
        refusing.agree(house.course, case.id, MONA, number)


# --- what a proposal needs ---


def test_a_proposal_stops_no_clock_closes_no_task_and_writes_no_letter(house, case):
    before, tasks, letters = owed(house, case), kinds_of_tasks(house, case), rows(house, OutboxEntry, case_id=case.id)
    propose(house, case)
    assert owed(house, case) == before
    assert kinds_of_tasks(house, case) == tasks | {"refusal_check"}
    assert rows(house, OutboxEntry, case_id=case.id) == letters
    assert case_now(house, case).status is CaseStatus.OPEN


def test_warnings_go_on_while_a_proposal_waits(house, case):
    propose(house, case)
    (respond,) = rows(house, Deadline, case_id=case.id, rule="respond_1")
    house.clock.at = respond.due_at - timedelta(hours=1)
    house.sweep().once()
    assert rows(house, Warned, case_id=case.id, deadline_id=respond.id)
    later(house, hours=2)
    house.sweep().once()
    assert "breach_cause" in kinds_of_tasks(house, case)


def test_the_task_to_check_is_for_a_manager_who_did_not_propose_it(house, case):
    propose(house, case)
    (task,) = rows(house, Task, case_id=case.id, kind="refusal_check")
    assert (task.assigned_to, "Olive proposes" in task.why) == ("mona", True)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ground": "vexatious"}, "ground"),
        ({"ground": "anonymous"}, "ground"),
        ({"ground": Ground.OVER_12_MONTHS}, "ground"),
        ({"facts": Facts(what="your council tax")}, "who"),
        ({"facts": Facts(who="the tax office")}, "what"),
        ({"facts": Facts(what="x" * 301, who="y")}, "what"),
        ({"ground": Ground.COURT_CLAIM, "facts": Facts()}, "number"),
        ({"ground": Ground.COURT_CLAIM, "facts": Facts(number="letter before claim")}, "number"),
        ({"ground": Ground.COURT_CLAIM, "facts": Facts(on=date(2026, 12, 1))}, "on"),
        ({"ground": Ground.ALREADY_CONSIDERED, "facts": Facts(number="LBL-19-000")}, "on"),
        ({"ground": Ground.ALREADY_CONSIDERED, "facts": Facts(on=date(2026, 1, 5))}, "number"),
        ({"ground": Ground.ALREADY_CONSIDERED, "facts": Facts(number="19/77", on=date(2027, 1, 5))}, "on"),
        ({"evidence": " "}, "evidence"),
        ({"reasons": ""}, "reasons"),
        ({"reasons": "x" * 2_001}, "reasons"),
        ({"reasons": "It is about your council tax. We do not run that as your landlord."}, "reasons"),
        ({"reasons": GROUNDS[Ground.OTHER_SERVICE].label}, "reasons"),
    ],
)
def test_a_proposal_without_what_its_ground_asks_for_is_refused_at_the_field_to_mend(house, case, given, field):
    with pytest.raises(Refused) as refused:
        propose(house, case, **given)
    assert refused.value.field == field
    assert rows(house, Refusal) == []


@pytest.mark.parametrize("facts", [Facts(number="K12YJ345"), Facts(on=date(2026, 11, 16)), CLAIM])
def test_a_claim_that_was_filed_is_known_by_its_number_or_its_day(house, case, facts):
    refusing.agree(house.course, case.id, MONA, propose(house, case, ground=Ground.COURT_CLAIM, facts=facts))
    text = rows(house, OutboxEntry, case_id=case.id)[-1].text
    assert "was filed at a court" in text
    assert "We still try to put the problem right with you." in text


@pytest.mark.parametrize("ground", TO_REFUSE)
def test_reasons_that_only_repeat_any_ground_are_no_reasons(ground):
    facts = Facts(number="AB 1", on=date(2026, 1, 5), what="a gate", who="the parks team")
    repeated = f"{GROUNDS[ground].label}. {in_plain_words(ground, facts)}"
    with pytest.raises(Refused):
        _require_own_words(ground, facts, repeated)
    _require_own_words(ground, facts, f"{repeated} {REASONS}")


def test_one_refusal_at_a_time_waits_for_a_second_person(house, case):
    propose(house, case)
    with pytest.raises(Stale):
        propose(house, case)


def test_only_a_logged_complaint_can_be_refused(house):
    request = complaint(house, "service_request! mend the tap")
    with pytest.raises(Refused):
        propose(house, request)


def test_a_case_that_was_considered_must_have_had_its_final_response(house, case):
    earlier = complaint(house, "complaint! the lift", sender="bo@else.example")
    facts = Facts(number=earlier.reference.lower(), on=date(2026, 11, 20))
    with pytest.raises(Refused, match=r"Code 6\.10"):
        propose(house, case, ground=Ground.ALREADY_CONSIDERED, facts=facts)
    with house.store.unit("T6") as unit:
        when = NOON - timedelta(days=30)
        row = {"case_id": earlier.id, "stage": Stage.TWO, "received_at": when, "begun_at": when, "begun_by": "x"}
        unit.add(StageRecord, [row | {"answered_at": when}])
        unit.commit()
    with pytest.raises(Refused, match="24 October 2026"):
        propose(house, case, ground=Ground.ALREADY_CONSIDERED, facts=facts)
    with pytest.raises(Refused, match="not of this one"):
        propose(house, case, ground=Ground.ALREADY_CONSIDERED, facts=Facts(number=case.reference, on=date(2026, 10, 24)))
    refuse(house, case, ground=Ground.ALREADY_CONSIDERED, facts=Facts(number=earlier.reference.lower(), on=date(2026, 10, 24)))
    text = rows(house, OutboxEntry, case_id=case.id)[-1].text
    assert f"under the reference {earlier.reference}. Our final answer was sent on Saturday 24 October 2026." in text


# --- agreed ---


def test_a_second_person_agrees_the_letter_says_why_and_the_case_closes_once_it_has_gone(house, case):
    refusal = refuse(house, case)
    assert (refusal.state, refusal.checked_by) == ("refused", "mona")
    assert case_now(house, case).status is CaseStatus.OPEN
    (letter,) = post(house)
    for said in (
        "It is about your council tax. We do not run that as your landlord. You can turn to the council tax office.",
        REASONS,
        "You can take your complaint to the Ombudsman (Housing Ombudsman Service).",
        "0300 111 3000",
        "Any repair or other request that you have with us goes on.",
    ):
        assert said in letter.text
    assert case_now(house, case).status is CaseStatus.CLOSED
    assert told(house, case)[-2:] == ["refusal_told", "closed"]
    assert rows(house, CaseEvent, case_id=case.id)[-1].by == "mona"


def test_what_was_owed_is_superseded_in_that_act_and_told_by_an_event(house, case):
    refuse(house, case)
    assert owed(house, case) == set()
    (event,) = rows(house, CaseEvent, case_id=case.id, kind="deadlines_superseded")
    assert '"respond_1":"2026-12-07"' in event.details
    assert {"confirm_definition", "refusal_check"}.isdisjoint(kinds_of_tasks(house, case))


def test_a_letter_that_has_not_gone_closes_nothing(house, case):
    refuse(house, case)
    later(house, days=3)
    assert case_now(house, case).status is CaseStatus.OPEN


def test_repairs_dangers_and_replies_on_it_stay_open_and_keep_the_case_open(house):
    case = complaint(house, "complaint! [hazard] mould everywhere and a wrong bill")
    row = {"case_id": case.id, "team": "repairs", "opened_at": NOON, "due_at": NOON, "why": "also asks for a plumber"}
    with house.store.unit("T6") as unit:
        unit.add(Task, [row | {"kind": "also_service_request"}])
        unit.commit()
    before = kinds_of_tasks(house, case) - {"confirm_definition"}
    assert {"also_service_request"} < before
    refuse(house, case)
    post(house)
    assert before <= kinds_of_tasks(house, case) | {"call_resident"}
    assert case_now(house, case).status is CaseStatus.OPEN
    assert told(house, case)[-1] == "refusal_told"


def test_what_was_left_open_for_other_work_is_closed_by_a_person_when_that_is_done(house, case):
    row = {"case_id": case.id, "team": "repairs", "opened_at": NOON, "due_at": NOON, "why": "a plumber"}
    with house.store.unit("T6") as unit:
        (task,) = unit.insert(Task, [row | {"kind": "also_service_request"}])
        unit.commit()
    refuse(house, case)
    post(house)
    with pytest.raises(Refused, match="a plumber"):
        close(house.acts, case.id, "olive", "nothing_possible", "refused")
    with house.store.unit("T6") as unit:
        unit.update(Task, task, closed_at=NOON, closed_by="olive", outcome="mended")
        unit.commit()
    close(house.acts, case.id, "olive", "nothing_possible", "the plumber came; the rest was refused")
    assert case_now(house, case).status is CaseStatus.CLOSED


def test_a_refused_complaint_is_not_just_opened_again_but_taken_on(house, case):
    refuse(house, case)
    post(house)
    with pytest.raises(Refused, match="take the complaint on"):
        reopen(house.acts, case.id, "olive", "she rang")


def test_the_task_to_check_is_finished_by_its_answer_alone(house, case):
    propose(house, case)
    (task,) = rows(house, Task, case_id=case.id, kind="refusal_check")
    with pytest.raises(Refused, match="answer it"):
        done(house.acts, task.id, "mona", "looked at it")


def test_two_people_at_once_agree_once(house, case):
    add_person(house, "max", "manager")
    number = propose(house, case)
    refusing.agree(house.course, case.id, MONA, number)
    with pytest.raises(Stale):
        refusing.agree(house.course, case.id, NamedPerson(username="max"), number)
    assert len(rows(house, OutboxEntry, case_id=case.id, kind=f"complaint_refused-{number}")) == 1


def test_a_proposal_sent_back_is_nothing_and_its_writer_hears_why(house, case):
    number = propose(house, case)
    with pytest.raises(Refused, match="Say why"):
        refusing.send_back(house.course, case.id, MONA, number, " ")
    refusing.send_back(house.course, case.id, MONA, number, "Part of it is about our own letters: take that on.")
    assert rows(house, Refusal, id=number)[0].state == "sent_back"
    assert owed(house, case) == {"respond_1"}
    (task,) = rows(house, Task, case_id=case.id, kind="refusal_sent_back")
    assert (task.assigned_to, "our own letters" in task.why) == ("olive", True)
    with pytest.raises(Stale):
        refusing.agree(house.course, case.id, MONA, number)


def test_a_proposal_can_be_withdrawn_and_made_anew(house, case):
    number = propose(house, case)
    refusing.withdraw(house.course, case.id, OLIVE, number, "I misread the bill")
    assert rows(house, Refusal, id=number)[0].state == "withdrawn"
    assert "refusal_check" not in kinds_of_tasks(house, case)
    assert propose(house, case) != number


def test_a_letter_that_cannot_be_written_whole_refuses_nothing(house, case):
    number = propose(house, case)
    with house.store.unit("T6") as unit:  # as if somebody had rewritten it behind our back
        unit.update(Refusal, number, facts={"what": "your council tax"})
        unit.commit()
    before = told(house, case)
    with pytest.raises(Refused):
        refusing.agree(house.course, case.id, MONA, number)
    assert owed(house, case) == {"respond_1"}
    assert told(house, case) == before


def test_a_case_in_doubt_has_its_letter_printed_and_stays_open_until_it_was_posted(house_of):
    house = staffed(house_of())
    case = complaint(house)
    with house.store.unit("T6") as unit:
        message = unit.find(OutboxEntry, case_id=case.id)[0].message_id
        unit.update(Message, message, trust="failed")
        unit.commit()
    refuse(house, case)
    post(house)
    assert "letter_by_hand" in kinds_of_tasks(house, case)
    assert case_now(house, case).status is CaseStatus.OPEN


# --- the same words twice ---


def test_two_refusals_with_the_same_words_open_a_review_that_names_both(house, case):
    refuse(house, case)
    assert "refusals_alike" not in kinds_of_tasks(house, case)
    other = complaint(house, "complaint! the bins are never emptied", sender="bo@else.example")
    refuse(house, other, reasons=f"  {REASONS.upper()}\n", facts=Facts(what="the bins", who="the waste team"))
    (task,) = rows(house, Task, kind="refusals_alike")
    assert task.case_id == other.id
    assert case.reference in task.why
    assert other.reference in task.why


def test_words_of_its_own_open_no_review(house, case):
    refuse(house, case)
    other = complaint(house, "complaint! the bins are never emptied", sender="bo@else.example")
    refuse(house, other, reasons=f"{REASONS} She has paid it since.")
    assert rows(house, Task, kind="refusals_alike") == []


@given(st.text(), st.text())
def test_only_the_same_words_have_the_same_key(one, other):
    assert (reasons_key(one) == reasons_key(other)) is (_words(one) == _words(other))


# --- over twelve months ---


def test_its_age_is_a_ground_only_after_discretion_was_considered_and_not_used(house, case):
    with pytest.raises(Refused, match="Consider first"):
        propose(house, case, ground=Ground.OVER_12_MONTHS, facts=Facts())
    considered(house, case, taken_on=True)
    with pytest.raises(Refused, match="all the same"):
        propose(house, case, ground=Ground.OVER_12_MONTHS, facts=Facts())
    considered(house, case)
    refuse(house, case, ground=Ground.OVER_12_MONTHS, facts=Facts())
    assert "It is about something from Sunday 1 June 2025 or before." in rows(house, OutboxEntry, case_id=case.id)[-1].text


def test_what_a_ground_does_not_ask_for_is_not_kept(house, case):
    propose(house, case, facts=Facts(number="12", on=date(2026, 1, 1), what=ELSEWHERE.what, who=ELSEWHERE.who))
    assert rows(house, Refusal, case_id=case.id)[0].facts == {"what": ELSEWHERE.what, "who": ELSEWHERE.who}


# --- stage 2 ---


def at_stage_2(house, case, *, asked=True, worked="otto"):
    """Let stage 1 be answered, by somebody who worked on it, and stage 2 be asked for."""
    record = {"case_id": case.id, "stage": Stage.ONE, "received_at": NOON, "begun_at": NOON, "begun_by": "machine"}
    with house.store.unit("T6") as unit:
        unit.add(StageRecord, [record | {"answered_at": NOON, "answered_by": "olive"}])
        (respond,) = unit.find(Deadline, case_id=case.id, rule="respond_1")
        unit.update(Deadline, respond.id, met_at=NOON)
        unit.add(StageWork, [{"case_id": case.id, "stage": Stage.ONE, "username": worked, "what": "answered", "at": NOON}])
        if asked:
            row = {"case_id": case.id, "team": "complaints", "opened_at": NOON, "due_at": NOON, "why": "asks"}
            unit.add(Task, [row | {"kind": "stage2_request"}])
        unit.commit()


def test_refusing_stage_2_takes_the_same_two_people_and_the_same_letter(house, case):
    at_stage_2(house, case)
    refusal = refuse(house, case, ground=Ground.COURT_CLAIM, facts=CLAIM)
    assert refusal.stage is Stage.TWO
    assert "stage2_request" not in kinds_of_tasks(house, case)
    letter = post(house)[-1]
    assert letter.subject.startswith("Why your complaint does not go to stage 2")
    assert "You can take your complaint to the Ombudsman" in letter.text


def test_nobody_who_worked_at_stage_1_agrees_to_refuse_stage_2(house, case):
    at_stage_2(house, case, worked="olive")
    number = propose(house, case, by=MONA, ground=Ground.COURT_CLAIM, facts=CLAIM)
    with pytest.raises(Refused, match=r"Code 6\.13"):
        refusing.agree(house.course, case.id, OLIVE, number)
    assert rows(house, Refusal, id=number)[0].state == "proposed"


def test_nobody_who_worked_at_stage_1_proposes_to_refuse_stage_2(house, case):
    at_stage_2(house, case, worked="olive")
    with pytest.raises(Refused, match=r"Olive worked on this complaint at stage 1.*Code 6\.13"):
        propose(house, case, by=OLIVE, ground=Ground.COURT_CLAIM, facts=CLAIM)
    assert rows(house, Refusal) == []


def test_a_proposal_of_somebody_who_turns_out_to_have_worked_at_stage_1_is_agreed_to_by_nobody(house, case):
    at_stage_2(house, case)
    number = propose(house, case, ground=Ground.COURT_CLAIM, facts=CLAIM)
    with house.store.unit("T6") as unit:
        unit.add(StageWork, [{"case_id": case.id, "stage": Stage.ONE, "username": "olive", "what": "had it", "at": NOON}])
        unit.commit()
    with pytest.raises(Refused, match=r"Olive worked on this complaint at stage 1"):
        refusing.agree(house.course, case.id, MONA, number)


def test_both_who_refused_stage_2_have_worked_at_it(house, case):
    at_stage_2(house, case)
    refuse(house, case, ground=Ground.COURT_CLAIM, facts=CLAIM)
    assert {row.username for row in rows(house, StageWork, case_id=case.id, stage=Stage.TWO)} == {"olive", "mona"}


def test_stage_2_that_nobody_asked_for_cannot_be_refused(house, case):
    at_stage_2(house, case, asked=False)
    with pytest.raises(Refused, match="nobody has asked"):
        propose(house, case, ground=Ground.COURT_CLAIM, facts=CLAIM)


@pytest.mark.parametrize("ground", [Ground.OVER_12_MONTHS, Ground.FIRST_REQUEST, Ground.ANOTHER_RESIDENT])
def test_what_was_taken_on_at_stage_1_is_not_too_old_or_no_complaint_at_stage_2(house, case, ground):
    at_stage_2(house, case)
    considered(house, case)
    with pytest.raises(Refused, match=r"Code 5\.11"):
        propose(house, case, ground=ground)


def test_a_proposal_that_the_answer_overtook_refuses_nothing(house, case):
    number = propose(house, case)
    at_stage_2(house, case)
    with pytest.raises(Stale, match="gone on"):
        refusing.agree(house.course, case.id, MONA, number)


def test_both_who_refused_stage_1_have_worked_at_it(house, case):
    refuse(house, case)
    assert {row.username for row in rows(house, StageWork, case_id=case.id, stage=Stage.ONE)} >= {"olive", "mona"}
