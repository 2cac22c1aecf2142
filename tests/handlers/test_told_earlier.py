"""What a colleague passes on counts from the day on which the resident told them: earlier alone, by a person, told by events."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from desk_house import came, must_stand, open_tasks, rows, send

from desks import add_person
from handlers.case_acts import Refused
from handlers.clock import london_day
from handlers.told_earlier import say_told_earlier
from promises.looking import later
from store.models import Case, CaseEvent, Deadline, Message, Task

OFFICER = "officer@landlord.example"
OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "staff_domains": ["landlord.example"]}
PASSED_ON = "complaint! Please log this.\n\nFrom: Ada <ada@resident.example>\nSubject: Damp\n\nThe damp is back."
TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)
WHY = "she told Sam at the estate office, who wrote it down"


@pytest.fixture
def house(house_of):
    house = house_of(mail=OURS)
    add_person(house, "olive", "officer")
    return house


def owed(house):
    return {row.rule: row for row in rows(house, Deadline, met_at=None, superseded_at=None)}


def test_what_is_owed_is_counted_from_the_day_on_which_one_of_us_was_told(house):
    came(house, PASSED_ON, sender=OFFICER, subject="FW: Damp")
    before, came_in = owed(house), rows(house, Message)[0].received_at
    say_told_earlier(house.acts, 1, "olive", FRIDAY, WHY)
    after = owed(house)
    assert {rule: after[rule].counted_from for rule in after} == {"acknowledge_1": FRIDAY, "respond_1": TODAY}
    assert (before["acknowledge_1"].due_on, after["acknowledge_1"].due_on) == (date(2026, 11, 30), date(2026, 11, 27))
    assert after["respond_1"] == before["respond_1"], "it counts from the acknowledgement, and would not come sooner"
    assert london_day(rows(house, Case)[0].received_at) == FRIDAY
    assert rows(house, Message)[0].received_at == came_in, "when the mail came stays true"
    (event,) = rows(house, CaseEvent, kind="told_earlier")
    assert (event.by, event.why) == ("olive", WHY)
    assert json.loads(event.details) == {"was": TODAY.isoformat(), "told_on": FRIDAY.isoformat()}
    assert [json.loads(one.details)["rule"] for one in rows(house, CaseEvent, kind="deadline_set")] == ["acknowledge_1"]
    say_told_earlier(house.acts, 1, "olive", date(2026, 11, 9), WHY)
    assert {rule: row.due_on for rule, row in owed(house).items() if rule in before} == {
        "acknowledge_1": date(2026, 11, 16),
        "respond_1": date(2026, 11, 30),
    }
    must_stand(house)


@pytest.mark.parametrize("told_on", [TODAY, TODAY + timedelta(days=1), TODAY - timedelta(days=367)])
def test_no_later_day_and_none_of_another_year_is_taken(house, told_on):
    came(house, PASSED_ON, sender=OFFICER)
    before = owed(house)
    with pytest.raises(Refused) as refused:
        say_told_earlier(house.acts, 1, "olive", told_on, WHY)
    assert refused.value.field == "told_on"
    assert {rule: row.due_on for rule, row in owed(house).items()} == {rule: row.due_on for rule, row in before.items()}


@pytest.mark.parametrize("nobody", ["machine", "sweep", ""])
def test_only_a_person_says_so_and_for_a_reason(house, nobody):
    came(house, PASSED_ON, sender=OFFICER)
    with pytest.raises(Refused, match="person"):
        say_told_earlier(house.acts, 1, nobody, FRIDAY, WHY)
    with pytest.raises(Refused, match="Say why"):
        say_told_earlier(house.acts, 1, "olive", FRIDAY, " ")


def test_whoever_was_told_the_old_date_is_to_be_told_the_new_one(house):
    came(house, "complaint! The damp is back.")
    send(house)
    later(house, days=2)
    acknowledged = rows(house, Deadline, rule="acknowledge_1")[0]
    say_told_earlier(house.acts, 1, "olive", date(2026, 11, 9), WHY)
    assert rows(house, Deadline, rule="acknowledge_1") == [acknowledged], "what was done stays as it was"
    assert owed(house)["respond_1"].due_on == date(2026, 11, 30), "ten working days from when it should have been acknowledged"
    assert "date_moved" in open_tasks(house)
    (task,) = rows(house, Task, kind="date_moved")
    assert "the date was 7 December 2026 and is 30 November 2026 now. Tell the resident" in task.why
    must_stand(house)


def test_of_a_request_only_its_day_changes_and_of_a_closed_case_nothing(house):
    came(house, "service_request! The tap drips.")
    say_told_earlier(house.acts, 1, "olive", FRIDAY, WHY)
    assert london_day(rows(house, Case)[0].received_at) == FRIDAY
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, status="closed")
        unit.commit()
    with pytest.raises(Refused, match="closed"):
        say_told_earlier(house.acts, 1, "olive", date(2026, 11, 16), WHY)
