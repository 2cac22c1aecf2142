"""Matters of a complaint: added, apart or neither; put right; asked about; gone on by themselves (Code 5.6, 6.8)."""

from __future__ import annotations

import json

import pytest
from desk_house import came, must_stand, open_tasks, rows, send

from desks import add_person
from handlers.case_acts import Refused, Stale
from handlers.corrections_said import corrects
from handlers.course import corrections, new_matter, splitting
from handlers.joining import NEW_MATTER
from promises.looking import later
from store.course_models import Answer
from store.desk_models import CaseLink
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, Party, Task

OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "trusted_authservs": ("border.example",)}
PASSED = {"Authentication_Results": "border.example; dmarc=pass header.from=resident.example"}
DAMP = "complaint! Damp in the bedroom since March, and nobody came to look at it. Please send a surveyor this week."
LIFT = "complaint! The lift has been dead for three weeks and nobody answers me."


@pytest.fixture
def house(house_of):
    """An acknowledged complaint, and two days later in its thread another grievance."""
    house = house_of(mail=OURS)
    add_person(house, "olive", "officer")
    came(house, DAMP, message_id="<1@r.example>")
    send(house)
    later(house, days=2)
    return house


def answers(house, words=LIFT, number=2, **headers):
    letter = rows(house, OutboxEntry)[0]
    return came(house, words, message_id=f"<{number}@r.example>", In_Reply_To=letter.header_id, **PASSED | headers)


def task_of(house, kind=NEW_MATTER):
    (task,) = rows(house, Task, kind=kind, closed_at=None)
    return task


def issued(house):
    with house.store.unit("T6") as unit:
        told = {"case_id": 1, "stage": "1", "decision": "x", "by": "olive", "at": house.clock.now()}
        unit.add(Answer, [told | {"issued_at": house.clock.now()}])
        unit.commit()


def kinds(house, **equals):
    return [event.kind for event in rows(house, CaseEvent, **equals)]


# --- a new matter in an open complaint ---


def test_a_grievance_in_an_open_complaint_asks_a_person_what_becomes_of_it(house):
    answers(house)
    assert open_tasks(house, case_id=1).count(NEW_MATTER) == 1
    with house.store.glance() as glance:
        assert new_matter.choices(glance, rows(house, Case)[0]) == ("add", "own", "neither")


def test_what_is_added_is_the_next_version_the_resident_is_told_and_no_date_moves(house):
    answers(house)
    before = rows(house, Deadline, case_id=1)
    points = rows(house, Case)[0].definition["points"]
    words = "The lift has been dead for three weeks. Ring 020 7946 0000"
    new_matter.add(house.course, task_of(house).id, 1, "olive", version=0, points=["", words])
    (case,) = rows(house, Case)
    assert case.definition_version == 1
    assert [point["words"] for point in case.definition["points"]] == [*(point["words"] for point in points), words]
    assert rows(house, Deadline, case_id=1) == before
    (letter,) = rows(house, OutboxEntry, kind="matter_joined-1")
    assert letter.recipient == "ada@resident.example"
    assert f"{len(points) + 1}. The lift has been dead" in letter.text
    assert "7946" not in letter.text
    (event,) = rows(house, CaseEvent, kind="new_matter_decided")
    assert (event.by, json.loads(event.details)["choice"]) == ("olive", "add")
    assert NEW_MATTER not in open_tasks(house)
    must_stand(house)


def test_a_complaint_of_its_own_keeps_the_day_on_which_its_words_came(house):
    answers(house)
    came_in = rows(house, Message, id=2)[0].received_at
    later(house, days=1)
    new_matter.apart(house.logging_apart, task_of(house).id, "olive")
    own = rows(house, Case)[-1]
    assert (own.category, own.received_at, own.related_case_id) == ("complaint", came_in, 1)
    assert rows(house, OutboxEntry, case_id=own.id)[0].kind == "complaint_acknowledged"
    assert NEW_MATTER not in open_tasks(house)
    must_stand(house)


def test_neither_needs_a_reason_which_stands_on_the_case(house):
    answers(house)
    with pytest.raises(Refused, match="Say why"):
        new_matter.neither(house.course, task_of(house).id, 1, "olive", " ")
    new_matter.neither(house.course, task_of(house).id, 1, "olive", "it is the same lift")
    (event,) = rows(house, CaseEvent, kind="new_matter_decided")
    assert (event.why, json.loads(event.details)["choice"]) == ("it is the same lift", "neither")
    assert len(rows(house, Case)) == 1


def test_once_the_answer_is_issued_only_its_own_complaint_or_stage_2_are_left(house):
    answers(house)
    issued(house)
    with house.store.glance() as glance:
        assert new_matter.choices(glance, rows(house, Case)[0]) == ("own", "stage2")
    task = task_of(house).id
    for act in (
        lambda: new_matter.add(house.course, task, 1, "olive", version=0, points=["the lift"]),
        lambda: new_matter.neither(house.course, task, 1, "olive", "nothing new"),
    ):
        with pytest.raises(Refused, match="has been issued"):
            act()
    assert rows(house, Case)[0].definition_version == 0
    new_matter.to_stage2(house.course, task, 1, "olive")
    assert task_of(house, "stage2_request").message_id == 2
    assert NEW_MATTER not in open_tasks(house)


def test_before_the_answer_there_is_no_stage_2(house):
    answers(house)
    with pytest.raises(Refused, match="no answer yet"):
        new_matter.to_stage2(house.course, task_of(house).id, 1, "olive")


def test_whoever_is_second_changes_nothing(house):
    answers(house)
    task = task_of(house).id
    with pytest.raises(Stale):
        new_matter.add(house.course, task, 1, "olive", version=7, points=["the lift"])
    new_matter.neither(house.course, task, 1, "olive", "the same")
    with pytest.raises(Stale, match="decided this already"):
        new_matter.add(house.course, task, 1, "olive", version=0, points=["the lift"])
    assert rows(house, Case)[0].definition_version == 0


def test_the_question_is_not_put_aside_with_an_outcome(house):
    answers(house)
    with pytest.raises(Refused, match="asks a question"):
        house_done(house, task_of(house).id)


def house_done(house, task_id):
    from handlers import task_acts

    return task_acts.done(house.acts, task_id, "olive", "seen")


# --- corrections ---


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("You have misunderstood, it is the kitchen.", True),
        ("That is not right: the damp is in the hall", True),
        ("this isn't what I said", True),
        ("You missed out the broken window.", True),
        ("You got the address wrong", True),
        ("I meant the bathroom", True),
        ("Thank you for your letter.", False),
        ("When will somebody come?", False),
        ("The boiler is still broken and the plumber did not come right away", False),
    ],
)
def test_words_that_put_us_right_are_known(words, found):
    assert corrects(words) is found


def test_a_reply_that_puts_us_right_is_a_task_of_its_own_kind(house):
    answers(house, "service_request? You have misunderstood me. The damp is in the hall.")
    assert task_of(house, "definition_correction").message_id == 2


def test_what_they_said_becomes_the_next_version_and_goes_to_them(house):
    answers(house, "service_request? You have misunderstood me. The damp is in the hall.")
    task = task_of(house, "definition_correction").id
    given = {"version": 0, "outcomes": ["Send a surveyor."], "task_id": task}
    with pytest.raises(Refused, match="at least one point"):
        corrections.take_in(house.course, 1, "olive", points=[" "], **given)
    corrections.take_in(house.course, 1, "olive", points=["Damp in the hall."], **given)
    (case,) = rows(house, Case)
    assert [point["words"] for point in case.definition["points"]] == ["Damp in the hall."]
    assert case.defined_at is not None
    (letter,) = rows(house, OutboxEntry, kind="definition_corrected-1")
    assert "Damp in the hall." in letter.text
    assert "Send a surveyor." in letter.text
    assert not {"definition_correction", "confirm_definition"} & set(open_tasks(house))
    must_stand(house)


def test_a_point_that_stays_keeps_whose_it_is(house):
    (case,) = rows(house, Case)
    definition = dict(case.definition)
    definition["points"] = [{"words": "The bins.", "responsibility": "not_ours", "who": "Waste"}]
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, definition=definition)
        unit.commit()
    corrections.take_in(house.course, 1, "olive", version=0, points=["The bins.", "The stairs."], outcomes=["Clean them."])
    points = rows(house, Case)[0].definition["points"]
    assert points[0] == {"words": "The bins.", "responsibility": "not_ours", "who": "Waste"}


def test_what_is_unclear_is_asked_stands_in_the_definition_and_waits(house):
    respond = rows(house, Deadline, case_id=1, rule="respond_1")
    corrections.ask(house.course, 1, "olive", version=0, question="Which room is it?")
    (case,) = rows(house, Case)
    assert case.definition["question"] == "Which room is it?"
    (letter,) = rows(house, OutboxEntry, kind="definition_question-1")
    assert "Which room is it?" in letter.text
    assert "definition_question" in open_tasks(house)
    assert rows(house, Deadline, case_id=1, rule="respond_1") == respond, "no clock waits for an answer"
    corrections.ask(house.course, 1, "olive", version=1, question="And since when?")
    assert rows(house, OutboxEntry, kind="definition_question-2")
    corrections.take_in(house.course, 1, "olive", version=2, points=["Damp in the hall."], outcomes=["Mend it."])
    assert "definition_question" not in open_tasks(house)


def test_nothing_changes_only_for_a_reason(house):
    answers(house, "service_request? You have misunderstood me. The damp is in the hall.")
    task = task_of(house, "definition_correction").id
    with pytest.raises(Refused, match="Say why"):
        corrections.nothing_changes(house.course, 1, "olive", "", task_id=task)
    corrections.nothing_changes(house.course, 1, "olive", "the point says so", task_id=task)
    assert "definition_kept" in kinds(house)
    assert rows(house, Case)[0].definition_version == 0


# --- parts that go on by themselves ---


def two_points(house):
    corrections.take_in(
        house.course, 1, "olive", version=0, points=["Damp in the hall.", "Nobody rang me back."], outcomes=["Mend it."]
    )


def test_a_part_keeps_the_day_of_receipt_and_every_date_and_gets_its_own_letter(house):
    two_points(house)
    later(house, days=1)
    splitting.split(house.course, house.casework, 1, "olive", version=1, points=[2], why="two offices answer")
    whole, own = rows(house, Case)
    assert own.received_at == whole.received_at
    assert (own.category, own.stage, own.related_case_id, own.acknowledged_at) == (
        "complaint",
        whole.stage,
        1,
        whole.acknowledged_at,
    )
    assert own.reference != whole.reference

    def dates(case_id):
        return {(row.rule, row.due_on, row.counted_from, row.met_at) for row in rows(house, Deadline, case_id=case_id)}

    assert dates(2) == dates(1)
    assert [point["words"] for point in whole.definition["points"]] == ["Damp in the hall."]
    assert [point["words"] for point in own.definition["points"]] == ["Nobody rang me back."]
    (told,) = rows(house, OutboxEntry, case_id=1, kind=f"part_apart-{own.id}")
    assert own.reference in told.text
    (letter,) = rows(house, OutboxEntry, case_id=2)
    assert (letter.kind, letter.recipient) == ("complaint_acknowledged", "ada@resident.example")
    assert "Nobody rang me back." in letter.text
    assert "Damp" not in letter.text
    assert [(link.case_id, link.other_id) for link in rows(house, CaseLink)] == [(1, 2)]
    assert [party.address for party in rows(house, Party, case_id=2)] == ["ada@resident.example"]
    assert "taken_out" in kinds(house, case_id=1)
    assert "came_from" in kinds(house, case_id=2)
    must_stand(house)


def test_a_part_is_kept_from_whom_the_whole_is_kept(house):
    from handlers.barring import bar

    two_points(house)
    add_person(house, "omar", "officer")
    bar(house.acts, 1, "olive", "omar", "it is about him")
    splitting.split(house.course, house.casework, 1, "olive", version=1, points=[2], why="two offices")
    with pytest.raises(Refused, match="must not handle"), house.acts.on(2, "omar"):
        pass


@pytest.mark.parametrize("points", [[], [1, 2], [7]])
def test_something_goes_and_something_stays(house, points):
    two_points(house)
    with pytest.raises(Refused, match="at least one"):
        splitting.split(house.course, house.casework, 1, "olive", version=1, points=points, why="x")
    assert len(rows(house, Case)) == 1


def test_what_is_answered_or_not_acknowledged_is_not_split(house):
    two_points(house)
    issued(house)
    with pytest.raises(Refused, match="has been issued"):
        splitting.split(house.course, house.casework, 1, "olive", version=1, points=[2], why="x")
    with house.store.unit("T6") as unit:
        unit.update(Answer, 1, issued_at=None)
        unit.update(Case, 1, acknowledged_at=None)
        unit.commit()
    with pytest.raises(Refused, match="acknowledgement has not gone"):
        splitting.split(house.course, house.casework, 1, "olive", version=1, points=[2], why="x")
