"""What could not be read is a person's at once, with its clock told; alike reasons are found together; age takes nothing away."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from desk_house import open_tasks, rows

import store
from handlers.calendar import WorkingCalendar
from handlers.parking import clock_of, weekdays_after
from handlers.quarantine import alike, read_again
from houses import arrive, house_of, mail, settle
from store.models import Case, Message, RawContent, Task
from store.quarantine_rows import quarantined

__all__ = ["house_of"]
LONG_AFTER = datetime(2031, 3, 3, 12, tzinfo=UTC)
COMPLAINT = "complaint! Nobody came to mend the boiler."


def unread(house, number, problem):
    arrived = arrive(house, mail(f"{COMPLAINT} {number}"))
    with house.store.unit("desk") as unit:
        unit.update(Message, arrived, problem=problem)
        unit.commit()
    settle(house)
    return arrived


def waiting(house, **told):
    with house.store.glance() as glance:
        return quarantined(glance, **told)


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "If it is a complaint, acknowledge it by 30 November 2026 (Code 6.2)."),
        (
            LONG_AFTER,
            "If it is a complaint, its acknowledgement is due on 10 March 2031, or later by the bank holidays (Code 6.2).",
        ),
        (
            datetime(2028, 12, 28, 12, tzinfo=UTC),
            "If it is a complaint, its acknowledgement is due on 4 January 2029, or later by the bank holidays (Code 6.2).",
        ),
    ],
)
def test_what_has_no_case_tells_its_clock_as_far_as_the_calendar_is_known(received, said):
    assert clock_of(received, WorkingCalendar()) == said


def test_the_first_possible_day_is_never_after_the_true_one():
    calendar = WorkingCalendar()
    for number in range(366 * 3):
        day = date(2024, 1, 1) + timedelta(days=number)
        assert day < weekdays_after(day, 5) <= calendar.count(day, 5)[-1]


def test_a_message_beyond_the_calendar_is_due_at_once_shows_its_words_and_goes_on_when_the_calendar_does(house_of):
    house = house_of(at=LONG_AFTER)
    number = arrive(house, mail(COMPLAINT))
    settle(house)
    (task,), (message,) = rows(house, Task), rows(house, Message)
    assert (task.due_at, message.sender_address, message.subject) == (LONG_AFTER, "ada@resident.example", "My home")
    assert "due on 10 March 2031, or later" in task.why
    assert message.new_text.strip() == COMPLAINT
    assert rows(house, Case) == []
    mended = house_of(at=LONG_AFTER + timedelta(days=1))
    mended.__dict__["calendar"] = WorkingCalendar(trusted_until=2032)
    read_again(mended.acts, task.id, "olive")
    settle(mended)
    (case,), (message,) = rows(mended, Case), rows(mended, Message)
    assert (case.category, case.received_at, message.id, message.state) == ("complaint", LONG_AFTER, number, "handled")
    assert open_tasks(mended) == ["confirm_definition"]


def test_those_with_the_same_reason_are_found_whatever_numbers_it_names(house_of):
    house = house_of()
    reasons = [
        "only 5 of 9 bytes were taken",
        "only 7 of 8 bytes were taken",
        "could not be stored",
        "only 1 of 2 bytes were taken",
    ]
    numbers = [unread(house, number, reason) for number, reason in enumerate(reasons)]
    found = waiting(house)
    assert [one.message_id for one in found] == numbers
    assert [one.message_id for one in alike(found, numbers[1])] == [numbers[0], numbers[1], numbers[3]]
    assert [one.message_id for one in alike(found, numbers[2])] == [numbers[2]]
    assert alike(found, 99) == []


def test_one_in_a_restricted_case_is_listed_for_nobody_who_may_not_open_it(house_of):
    house = house_of()
    numbers = [unread(house, number, "too large") for number in range(2)]
    with house.store.unit("desk") as unit:
        unit.update(Case, rows(house, Message, id=numbers[0])[0].case_id, restricted=True)
        unit.commit()
    assert [one.message_id for one in waiting(house, username="olive", sees_restricted=False)] == numbers[1:]
    assert [one.message_id for one in waiting(house, username="mo", sees_restricted=True)] == numbers


def test_f23_age_takes_nothing_out_of_quarantine(house_of):
    house = house_of(at=LONG_AFTER)
    arrive(house, mail(COMPLAINT))
    settle(house)
    before = [row.model_dump() for table in (Message, RawContent, Task) for row in rows(house, table)]
    house.clock.at += timedelta(days=365 * 7)
    for _hour in range(3):
        house.sweep().once()
        house.clock.at += timedelta(hours=1)
    assert settle(house) == 0
    after = [row.model_dump() for table in (Message, RawContent, Task) for row in rows(house, table)]
    assert [row for row in after if row.get("kind") != "office_check"] == before


def test_no_statement_of_the_store_deletes_messages_their_bytes_or_what_waits_for_a_person():
    taken = set()
    for file in Path(store.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "delete":
                taken |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    # The walk sees statements: what search keeps is one of those that may go.
    assert "SearchFile" in taken
    assert taken.isdisjoint({"Message", "RawContent", "Task", "Case", "Original"})
