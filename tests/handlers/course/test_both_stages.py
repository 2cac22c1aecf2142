"""A complaint from its stage 1 answer to its final response: two stages, two people, two letters, and nothing after (Code 5.3, 6)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from answering_house import issue, ready, save, staffed
from timing import one

from handlers.case_acts import Refused
from handlers.course.stage2 import Asked, begin
from handlers.course.stages import record_of, workers_of
from houses import Postbag, arrive, mail, settle
from store.models import Case, Deadline, Message, OutboxEntry, Stage, Task


@pytest.fixture
def house(house_of):
    return staffed(house_of())


def send(house):
    bag = Postbag()
    asyncio.run(house.outbox(bag).once())
    return bag.sent


def at_both(house):
    with house.store.glance() as glance:
        return [record_of(glance, 1, stage) for stage in Stage]


def test_a_complaint_goes_through_both_stages_by_two_people_and_ends_with_the_final_response(house):
    case = ready(house)
    issue(house, case)
    send(house)
    house.clock.at += timedelta(days=2)
    letter = one(house, OutboxEntry, case_id=case.id, template=_answer(house))
    number = arrive(
        house, mail("complaint! [stage2] I do not agree.", message_id="<2@r.example>", In_Reply_To=letter.header_id)
    )
    settle(house)
    assert one(house, Message, id=number).case_id == case.id
    (task,) = _open(house, "stage2_request")
    assert "waits" not in task.why
    begin(house.course, case.id, "olive", Asked(message_id=number))
    send(house)
    with house.store.glance() as glance:
        assert workers_of(glance, case.id, Stage.ONE) == {"olive"}
    _refused_to(house, "olive")
    now = one(house, Case, id=case.id)
    house.confirming.confirm(case.id, "ben", now.definition_version)
    save(house, case, "ben")
    issue(house, case, "ben")
    (sent,) = send(house)
    assert "final" in sent.subject.lower() + sent.text.lower()
    first, second = at_both(house)
    assert first.answered_at is not None and second.answered_at == house.clock.now()
    assert (first.defined_at, second.defined_at) != (None, None)
    met = {row.rule for row in _rows(house, Deadline) if row.met_at is not None}
    assert met >= {"acknowledge_1", "respond_1", "acknowledge_2", "respond_2"}
    assert [row.rule for row in _rows(house, Deadline, met_at=None, superseded_at=None)] == []


def _refused_to(house, by):
    now = one(house, Case, id=1)
    with pytest.raises(Refused, match=r"Code 6\.13"):
        house.confirming.confirm(1, by, now.definition_version)
    house.clock.at += timedelta(hours=1)


def _rows(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, case_id=1, **equals)


def _open(house, kind):
    return _rows(house, Task, kind=kind, closed_at=None)


def _answer(house):
    return next(row.template for row in _rows(house, OutboxEntry) if row.kind.startswith("complaint_answered"))


def test_whoever_answered_at_stage_1_writes_no_answer_at_stage_2(house):
    case = ready(house)
    issue(house, case)
    send(house)
    (message, *_) = _rows(house, Message)
    begin(house.course, case.id, "ben", Asked(message_id=message.id))
    house.confirming.confirm(case.id, "ben", one(house, Case, id=case.id).definition_version)
    with pytest.raises(Refused, match=r"Code 6\.13"):
        save(house, case, "olive")
