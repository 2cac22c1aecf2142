"""A resident who was told of a promise hears when its day changes, passes, or when it will not be done; others are told by people."""

import json
from datetime import timedelta

import pytest
from answering_house import AGREED, NOT_AGREED, SOON, defined, issue, ready, staffed
from timing import at, complaint, kinds, letters_leave, one, open_tasks, rows

from handlers.case_acts import Refused
from handlers.course.actions import Agreement, add_action, do_action, drop_action, move_action
from handlers.course.remedies import Offer, approve_remedy, move_remedy, offer_remedy, withdraw_remedy
from handlers.course.slipped import warn_of_slipped
from store.course_models import Action, Answer, Remedy
from store.models import CaseEvent, OutboxEntry

MONEY = {"kind": "money", "what": "For the stairs.", "impact": "three weeks of stairs", "pence": 5_000}
LATER = SOON + timedelta(days=7)


@pytest.fixture
def house(house_of):
    return staffed(house_of())


def promised(house, case, agreement=AGREED, what="Mend the door"):
    add_action(house.course, case.id, "olive", what, owner="repairs", due_on=SOON, agreement=agreement)
    return rows(house, Action, case_id=case.id)[-1]


def letters(house, case, kind):
    return [row for row in rows(house, OutboxEntry, case_id=case.id) if row.kind.startswith(kind)]


def test_whether_an_action_was_agreed_is_kept_with_when_and_how_or_why_not(house):
    case = complaint(house)
    first, second = promised(house, case), promised(house, case, NOT_AGREED)
    assert (first.agreed, first.agreed_how) == (True, "by telephone on 20 November")
    assert (second.agreed, second.agreed_how) == (False, "she wanted it sooner")
    told = json.loads(rows(house, CaseEvent, case_id=case.id, kind="action_added")[0].details)
    assert (told["agreed"], told["agreed_how"]) == (True, "by telephone on 20 November")


@pytest.mark.parametrize(("agreed", "asks"), [(True, "when and how"), (False, "why it was not agreed")])
@pytest.mark.parametrize("how", ["", " \n", "x" * 601])
def test_an_agreement_is_never_without_its_words(agreed, asks, how):
    with pytest.raises(Refused, match=asks if not how.strip() else "characters or fewer") as refused:
        Agreement(agreed=agreed, how=how)
    assert refused.value.field == "agreed_how"


def test_a_later_day_is_told_in_a_letter_and_the_old_day_stays_in_the_history(house):
    case = complaint(house)
    action = promised(house, case)
    move_action(house.course, case.id, "olive", action.id, due_on=LATER, why="The part comes a week late.")
    (row,) = letters(house, case, "promise_changed")
    for words in (
        "- Mend the door.",
        "We said that we would do it by Friday 4 December 2026.",
        "The new day is Friday 11 December 2026. We are sorry that you have to wait longer.",
        "The part comes a week late.",
        "You can also ask the Ombudsman about it now.",
        "Olive",
    ):
        assert words in row.text
    assert row.automatic is False
    assert open_tasks(house, case, "contact_resident") == []
    assert one(house, Action, id=action.id).due_on == LATER
    told = json.loads(rows(house, CaseEvent, case_id=case.id, kind="action_moved")[0].details)
    assert (told["was"], told["due_on"]) == (SOON.isoformat(), LATER.isoformat())


def test_a_sooner_day_is_told_without_regret_and_each_change_has_a_letter_of_its_own(house):
    case = complaint(house)
    action = promised(house, case)
    for days in (-1, 3):
        on = SOON + timedelta(days=days)
        move_action(house.course, case.id, "olive", action.id, due_on=on, why="The part came.")
    first, second = letters(house, case, "promise_changed")
    assert "We are sorry that you have to wait" not in first.text
    assert "The new day is Thursday 3 December 2026." in first.text
    assert "We are sorry that you have to wait" in second.text
    assert len({first.kind, second.kind}) == len({first.header_id, second.header_id}) == 2
    assert len([row for row in letters_leave(house).sent if "promised" in row.subject]) == 2


def test_what_an_answer_promised_and_will_not_be_done_is_told_in_a_letter(house):
    case = ready(house)
    action = promised(house, case, NOT_AGREED)
    issue(house, case)
    drop_action(house.course, case.id, "olive", action.id, "The door is new, and shuts well.")
    (row,) = letters(house, case, "promise_changed")
    assert "We will not do this now." in row.text
    assert "The door is new, and shuts well." in row.text
    assert open_tasks(house, case, "contact_resident") == []


def test_a_remedy_that_an_answer_promised_and_is_taken_back_is_told_in_a_letter(house):
    case = ready(house)
    offer_remedy(house.course, case.id, "olive", Offer(**MONEY, due_on=SOON))
    issue(house, case)
    withdraw_remedy(house.course, case.id, "olive", rows(house, Remedy)[1].id, "We paid you this in May.")
    (row,) = letters(house, case, "promise_changed")
    for words in (
        "by Friday 4 December 2026:\n\n- £50: For the stairs.",
        "We will not do this now.",
        "We paid you this in May.",
    ):
        assert words in row.text
    assert open_tasks(house, case, "contact_resident") == []


def test_what_no_letter_told_is_a_persons_to_tell(house):
    case = defined(house)
    action = promised(house, case, NOT_AGREED)
    move_action(house.course, case.id, "olive", action.id, due_on=LATER, why="no part")
    drop_action(house.course, case.id, "olive", action.id, "the door is new")
    assert letters(house, case, "promise_changed") == []
    assert len(open_tasks(house, case, "contact_resident")) == 2


def test_a_day_that_passed_is_told_once_by_a_letter_that_says_it_is_automatic(house):
    case = complaint(house)
    action = promised(house, case)
    house.clock.at = at(SOON + timedelta(days=1), 0, 5)
    assert [warn_of_slipped(house.course) for _ in range(2)] == [1, 0]
    (row,) = letters(house, case, "promise_late")
    assert "We promised you this by Friday 4 December 2026:\n\n- Mend the door." in row.text
    assert "We have asked a person to see to it, and to tell you the new day." in row.text
    assert row.automatic is True
    assert len(open_tasks(house, case, "action_late")) == 1
    house.clock.at = at(SOON + timedelta(days=9))
    assert warn_of_slipped(house.course) == 1
    assert len(letters(house, case, "promise_late")) == 1
    later = SOON + timedelta(days=12)
    move_action(house.course, case.id, "olive", action.id, due_on=later, why="The part is lost.")
    house.clock.at = at(later + timedelta(days=1))
    assert warn_of_slipped(house.course) == 1
    first, second = letters(house, case, "promise_late")
    assert first.kind != second.kind


def test_a_day_that_passed_unknown_to_the_resident_or_after_it_was_done_is_told_to_nobody(house):
    case = complaint(house)
    promised(house, case, NOT_AGREED)
    done = promised(house, case, what="Mend the light")
    do_action(house.course, case.id, "ben", done.id, "mended")
    house.clock.at = at(SOON + timedelta(days=1))
    assert warn_of_slipped(house.course) == 1
    assert letters(house, case, "promise_late") == []
    assert "promise_late" not in kinds(house, case)


def test_money_that_an_answer_promised_and_nobody_paid_is_told_too(house):
    case = ready(house)
    offer_remedy(house.course, case.id, "olive", Offer(**MONEY, due_on=SOON))
    issue(house, case)
    house.clock.at = at(SOON + timedelta(days=1))
    assert warn_of_slipped(house.course) == 1
    (row,) = letters(house, case, "promise_late")
    assert "- £50: For the stairs." in row.text


# --- remedies on another day, and what is promised after the answer ---


def test_a_remedy_that_an_answer_promised_gets_another_day_in_a_letter_and_any_other_without(house):
    case = ready(house)
    offer_remedy(house.course, case.id, "olive", Offer(**MONEY, due_on=SOON))
    offered = rows(house, Remedy)[1]
    move_remedy(house.course, case.id, "olive", offered.id, due_on=SOON + timedelta(days=1), why="holidays")
    assert letters(house, case, "promise_changed") == []
    issue(house, case)
    with pytest.raises(Refused, match="due on Saturday 5 December 2026 already"):
        move_remedy(house.course, case.id, "olive", offered.id, due_on=SOON + timedelta(days=1), why="again")
    move_remedy(house.course, case.id, "olive", offered.id, due_on=LATER, why="The bank needs a week.")
    (row,) = letters(house, case, "promise_changed")
    assert "- £50: For the stairs." in row.text
    assert "The new day is Friday 11 December 2026." in row.text
    told = json.loads(rows(house, CaseEvent, case_id=case.id, kind="remedy_moved")[-1].details)
    assert (told["was"], told["due_on"]) == ("2026-12-05", "2026-12-11")
    house.clock.at = at(SOON + timedelta(days=2))
    assert warn_of_slipped(house.course) == 0
    with pytest.raises(Refused, match="a person must"):
        move_remedy(house.course, case.id, "sweep", offered.id, due_on=LATER, why="why")


def test_what_an_answer_told_stays_told_when_that_answer_is_written_anew(house):
    case = ready(house)
    issue(house, case)
    (answer,) = rows(house, Answer)
    with house.store.unit("T6") as unit:  # as taking a complaint on again does
        unit.update(Answer, answer.id, issued_at=None, sent_at=None, letter_id=None, signed_by=None, version=answer.version + 1)
        unit.commit()
    withdraw_remedy(house.course, case.id, "olive", rows(house, Remedy)[0].id, "A mistake.")
    assert len(letters(house, case, "promise_changed")) == 1


def test_what_is_promised_after_the_answer_is_a_task_to_tell_the_resident_unless_they_agreed_to_it(house):
    case = ready(house)
    promised(house, case, NOT_AGREED, what="Mend the light")
    issue(house, case)
    promised(house, case, AGREED)
    assert open_tasks(house, case, "contact_resident") == []
    promised(house, case, NOT_AGREED)
    offer_remedy(house.course, case.id, "olive", Offer(**MONEY))
    offer_remedy(house.course, case.id, "olive", Offer(**(MONEY | {"pence": 90_000})))
    told = [task.why for task in open_tasks(house, case, "contact_resident")]
    assert told == [
        "Tell the resident what we promise since our answer: Mend the door, by Friday 4 December 2026",
        "Tell the resident what we promise since our answer: £50: For the stairs",
    ]
    approve_remedy(house.course, case.id, "mona", rows(house, Remedy)[-1].id)
    assert "£900: For the stairs" in open_tasks(house, case, "contact_resident")[-1].why


def test_an_actions_own_full_stop_is_not_doubled_in_the_answer(house):
    case = ready(house)
    promised(house, case, what="Mend the door.")
    issue(house, case)
    (row,) = letters(house, case, "complaint_answered")
    assert "- Mend the door. Who does it:" in row.text
