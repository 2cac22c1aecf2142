"""A reply that is a matter of its own is given its own case, whose clock counts from the reply's own arrival."""

from __future__ import annotations

import json

import pytest
from desk_house import came, must_stand, open_tasks, rows

from desks import add_person
from handlers.case_acts import Refused
from handlers.clock import london_day
from handlers.task_acts import Closed
from promises.looking import later
from store.desk_models import CaseLink
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, Party, Task, Verdicting

OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "trusted_authservs": ("border.example",)}
PASSED = {"Authentication_Results": "border.example; dmarc=pass header.from=resident.example"}
DAMP = "complaint! Damp in the bedroom."
LIFT = "complaint! The lift has been dead for three weeks and nobody answers me."


@pytest.fixture
def house(house_of):
    """An open complaint, and two days later in its thread a grievance about something else."""
    house = house_of(mail=OURS)
    add_person(house, "olive", "officer")
    came(house, DAMP, message_id="<1@r.example>")
    later(house, days=2)
    (letter,) = rows(house, OutboxEntry)
    came(house, LIFT, message_id="<2@r.example>", In_Reply_To=letter.header_id, Cc="mp@parliament.example", **PASSED)
    return house


def reply_of(house):
    (task,) = rows(house, Task, kind="new_matter")
    return task


def apart(house, category="complaint"):
    return house.logging_apart.log(reply_of(house).id, "olive", category)


def test_it_gets_its_own_reference_letter_and_clock_from_its_own_arrival(house):
    came_in = house.clock.now()
    later(house, days=1)
    apart(house)
    (own,) = rows(house, Case, id=2)
    assert (own.category, own.related_case_id, own.received_at) == ("complaint", 1, came_in)
    lines = {line.rule: line for line in rows(house, Deadline, case_id=2)}
    assert lines["acknowledge_1"].counted_from == london_day(came_in)
    (letter,) = rows(house, OutboxEntry, case_id=2)
    assert (letter.kind, letter.recipient) == ("complaint_acknowledged", "ada@resident.example")
    assert own.reference in letter.subject
    must_stand(house)


def test_what_was_read_of_it_stays_and_the_machines_judgement_too(house):
    before = rows(house, Message, id=2)[0].model_dump(exclude={"case_id", "disposition", "disposition_why"})
    apart(house)
    (message,) = rows(house, Message, id=2)
    assert message.model_dump(exclude={"case_id", "disposition", "disposition_why"}) == before
    assert (message.case_id, message.disposition) == (2, "case")
    assert [(row.by, row.case_id) for row in rows(house, Verdicting, message_id=2)] == [("machine", 1), ("olive", 2)]


def test_both_cases_tell_of_it_and_are_linked(house):
    apart(house)
    first, own = rows(house, Case)
    (gave,) = rows(house, CaseEvent, case_id=1, kind="logged_apart")
    (came_from,) = rows(house, CaseEvent, case_id=2, kind="came_from")
    assert (gave.by, json.loads(gave.details)) == ("olive", {"message": 2, "to": own.reference})
    assert json.loads(came_from.details) == {"came_from": first.reference, "message": 2}
    assert [(link.case_id, link.other_id) for link in rows(house, CaseLink)] == [(1, 2)]


def test_its_reply_task_is_done_and_what_else_waits_on_it_goes_along(house):
    with house.store.unit("T6") as unit:
        told = reply_of(house).model_dump(exclude={"id"})
        unit.add(Task, [told | {"kind": "safeguarding"}])
        unit.commit()
    apart(house)
    assert "new_matter" not in open_tasks(house, case_id=1)
    assert "safeguarding" not in open_tasks(house, case_id=1)
    assert "safeguarding" in open_tasks(house, case_id=2)
    with pytest.raises(Closed):
        apart(house)
    assert len(rows(house, Case)) == 2


def test_the_writer_is_its_resident_and_the_first_case_keeps_its_people(house):
    people = [(party.address, party.role) for party in rows(house, Party, case_id=1)]
    apart(house)
    assert [(party.address, party.role) for party in rows(house, Party, case_id=2)] == [("ada@resident.example", "resident")]
    assert [(party.address, party.role) for party in rows(house, Party, case_id=1)] == people


def test_the_next_answer_to_its_letter_goes_on_with_it(house):
    apart(house)
    (letter,) = rows(house, OutboxEntry, case_id=2)
    came(house, "service_request! It works again, thank you.", message_id="<3@r.example>", In_Reply_To=letter.header_id)
    assert rows(house, Message, id=3)[0].case_id == 2


@pytest.mark.parametrize("category", ["", "out_of_scope", "nonsense"])
def test_it_is_said_what_it_is(house, category):
    with pytest.raises(Refused) as refused:
        apart(house, category)
    assert refused.value.field == "category"
    assert len(rows(house, Case)) == 1


def test_what_opened_a_case_is_not_logged_apart_from_it(house):
    (task,) = rows(house, Task, kind="confirm_definition")
    with pytest.raises(Refused, match="no words that joined"):
        house.logging_apart.log(task.id, "olive", "complaint")


def test_a_message_that_a_letter_of_the_case_answers_stays_there(house):
    with house.store.unit("T6") as unit:
        (letter,) = unit.find(OutboxEntry, case_id=1)
        unit.update(OutboxEntry, letter.id, message_id=2)
        unit.commit()
    with pytest.raises(Refused, match="has answered it"):
        apart(house)
    assert len(rows(house, Case)) == 1
