"""Findings on a building's safety are shared before the answer, which waits for what is said of them and looks at it (policy 8.3.3)."""

from datetime import date, timedelta

import pytest
from answering_house import issue, ready, staffed
from timing import at, later, letters_leave, one, rows

from handlers.case_acts import Refused, Stale
from handlers.course.stages import RESPONDS
from handlers.hazards.concerns import take_for_building_safety
from handlers.hazards.findings import share
from handlers.task_acts import done as finish
from houses import arrive, house_of, mail, settle
from store.models import Case, CaseEvent, Deadline, OutboxEntry, Stage, Task

__all__ = ["house_of"]

BY = "olive"
FOUND = "We tested all fire doors.\n\n- Four doors do not shut."
WEDNESDAY = date(2026, 12, 2)


@pytest.fixture
def house(house_of):
    return staffed(house_of())


@pytest.fixture
def case(house):
    found = ready(house)
    take_for_building_safety(house.course, found.id, BY, house.buildings, building="", limb="fire", risk="high", why="doors")
    return found


def shared(house, case, by=BY, found=FOUND, say_by=WEDNESDAY):
    return share(house.course, case.id, by, found=found, say_by=say_by)


def done(house, case):
    task = rows(house, Task, case_id=case.id, kind="findings_shared", closed_at=None)[0]
    return finish(house.acts, task.id, BY, "nothing was said")


def said_of_them(house, case, words="service_request! The fifth door does not shut either."):
    header = rows(house, OutboxEntry, case_id=case.id)[-1].header_id
    arrive(house, mail(words, In_Reply_To=header))
    settle(house)


def test_what_was_found_goes_to_the_resident_with_the_day_to_answer_and_no_date_moves(house, case):
    before = {row.rule: (row.due_on, row.superseded_at) for row in rows(house, Deadline, case_id=case.id)}
    shared(house, case)
    letter = rows(house, OutboxEntry, case_id=case.id)[-1]
    due = next(before[rule][0] for rule in RESPONDS[Stage.ONE] if rule in before)
    told = (
        "Four doors do not shut.",
        "You can tell us by Wednesday 2 December 2026.",
        f"our answer by {due:%A} {due.day} {due:%B %Y}",
    )
    for words in (*told, "It is not our full answer", "Building Safety Regulator"):
        assert words in letter.text
    assert letter.automatic is False
    assert {row.rule: (row.due_on, row.superseded_at) for row in rows(house, Deadline, case_id=case.id)} == before
    assert one(house, Task, case_id=case.id, kind="findings_shared").due_at.date() == WEDNESDAY
    assert one(house, CaseEvent, case_id=case.id, kind="findings_shared").by == BY


def test_the_answer_waits_for_the_day_and_for_the_person_who_looks(house, case):
    shared(house, case)
    letters_leave(house)
    with pytest.raises(Refused, match="until Wednesday 2 December 2026"):
        issue(house, case)
    done(house, case)
    with pytest.raises(Refused, match="the answer waits for that day"):
        issue(house, case)
    later(house, WEDNESDAY + timedelta(days=1))
    issue(house, case)


def test_what_they_say_is_looked_at_before_the_answer_and_then_it_waits_no_longer(house, case):
    shared(house, case)
    letters_leave(house)
    house.clock.at += timedelta(hours=1)
    said_of_them(house, case)
    with pytest.raises(Refused, match="Look at what they said of our findings"):
        issue(house, case)
    done(house, case)
    issue(house, case)


def test_after_the_day_the_task_still_keeps_the_answer_until_somebody_looked(house, case):
    shared(house, case)
    later(house, WEDNESDAY + timedelta(days=1))
    with pytest.raises(Refused, match="finish the task"):
        issue(house, case)


def test_a_grievance_in_answer_to_findings_asks_whether_it_joins_the_complaint(house, case):
    shared(house, case)
    letters_leave(house)
    house.clock.at += timedelta(hours=1)
    said_of_them(house, case, "complaint! And nobody ever tested the alarm, you ignore us.")
    assert rows(house, Task, case_id=case.id, kind="new_matter")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"found": " "}, "Write what was found so far"),
        ({"say_by": date(2026, 11, 23)}, "a day after today"),
        ({"say_by": date(2027, 1, 4)}, "before .* when our answer is due"),
        ({"by": "machine"}, "person"),
        ({"by": "sweep"}, "person"),
    ],
)
def test_what_is_not_said_whole_is_refused_and_nothing_goes(house, case, changes, words):
    letters = len(rows(house, OutboxEntry))
    with pytest.raises(Refused, match=words):
        shared(house, case, **changes)
    assert len(rows(house, OutboxEntry)) == letters
    assert not rows(house, Task, kind="findings_shared")


def test_only_findings_on_a_building_are_shared_so_and_one_at_a_time(house):
    plain = ready(house)
    with pytest.raises(Refused, match="not taken for building safety"):
        shared(house, plain)
    take_for_building_safety(house.course, plain.id, BY, house.buildings, building="", limb="fire", risk="low", why="doors")
    shared(house, plain)
    with pytest.raises(Stale, match="shared already"):
        shared(house, plain)


def test_a_late_answer_says_that_it_is_late_and_gives_them_their_days_all_the_same(house, case):
    due = next(row.due_on for row in rows(house, Deadline, case_id=case.id) if row.rule in RESPONDS[Stage.ONE])
    house.clock.at = at(due + timedelta(days=3))
    with pytest.raises(Refused, match="within 28 days"):
        shared(house, case, say_by=due + timedelta(days=60))
    shared(house, case, say_by=due + timedelta(days=8))
    text = rows(house, OutboxEntry, case_id=case.id)[-1].text
    assert f"by {due:%A} {due.day} {due:%B %Y}. It is late, and we are sorry." in text
    assert "We will send you our answer by" not in text


def test_after_the_answer_nothing_is_shared(house, case):
    issue(house, case)
    with pytest.raises(Refused, match="has been issued"):
        shared(house, case, say_by=date(2026, 11, 27))
    assert one(house, Case, id=case.id).flags == ["building_safety"]
