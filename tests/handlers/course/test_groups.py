"""Several who complain together, petitions, and cases that become one and two again (policy 2.7, 6; Code 6.8)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from desk_house import came as mail_came
from desk_house import must_stand, open_tasks, rows, send
from hypothesis import given, settings
from hypothesis import strategies as st
from test_replying import drafted, order

from classifiers.taxonomy import Reason
from desks import add_person, join_cases
from handlers.case_acts import Refused, Stale
from handlers.course import corrections, groups, splitting
from handlers.course.groups import Member, members_from
from handlers.course.speaking import lead_of, members_of, not_to_be_told, others_named
from handlers.parties import Named, add_party
from handlers.same_case_parting import part
from houses import Judge
from promises.looking import later
from store.course_models import Answer
from store.models import Case, CaseEvent, Deadline, OutboxEntry, Party, Task
from store.people_models import GroupMember

STAIRS = "complaint! [group] The stairs are dark in all of Rosewood House. Nobody mends the light. Please mend it."
BO, CY = "bo@else.example", "cy@else.example"
MEMBERS = [Member(name="Bo Byron", address=BO, home="Flat 2"), Member(name="Cy Clare", address=CY, home="Flat 3")]
OURS = "HousingComplaintsandFeedback@lewisham.gov.uk"
LEAD = Member(name="Ada Resident", address="ada@resident.example", home="Flat 1")


def came(house, words, **headers):
    """Let a mail to an address of ours arrive, which is nobody's on the case."""
    return mail_came(house, words, to=OURS, **headers)


@pytest.fixture
def house(house_of):
    """An acknowledged complaint of three homes."""
    house = house_of()
    add_person(house, "olive", "officer")
    came(house, STAIRS)
    send(house)
    return house


@pytest.fixture
def group(house):
    groups.make_group(house.acts, 1, "olive", LEAD, MEMBERS)
    return house


def member(house, name):
    return rows(house, GroupMember, name=name)[0]


def asked(house, question="Which floor?"):
    version = rows(house, Case, id=1)[0].definition_version
    corrections.ask(house.course, 1, "olive", version=version, question=question)
    return rows(house, OutboxEntry)[-1]


# --- groups ---


def test_members_are_read_from_lines():
    assert members_from("Bo Byron; bo@else.example; Flat 2\n\nCy; Flat 3\nDee", "asked") == [
        Member(name="Bo Byron", address=BO, home="Flat 2", permission="asked"),
        Member(name="Cy", home="Flat 3", permission="asked"),
        Member(name="Dee", permission="asked"),
    ]


def test_a_group_has_a_lead_and_members_with_homes_and_permission(group):
    with group.store.glance() as glance:
        assert [row.name for row in members_of(glance, 1)] == ["Ada Resident", "Bo Byron", "Cy Clare"]
        assert lead_of(glance, 1).name == "Ada Resident"
    assert {(row.home, row.permission) for row in rows(group, GroupMember)} == {(f"Flat {n}", "given") for n in (1, 2, 3)}
    assert "group" not in open_tasks(group)
    assert "group" in rows(group, Case)[0].flags
    with pytest.raises(Refused, match="group already"):
        groups.make_group(group.acts, 1, "olive", LEAD, MEMBERS)
    must_stand(group)


def test_letters_go_to_the_lead_alone_even_where_a_member_wrote_last(house):
    add_party(house.acts, 1, "olive", Named(address=BO, name="Bo Byron", role="household"), "he signed it")
    came(house, "service_request? And the third floor too.", sender=BO, In_Reply_To=rows(house, OutboxEntry)[0].header_id)
    groups.make_group(house.acts, 1, "olive", LEAD, MEMBERS)
    assert [party.address for party in rows(house, Party)] == ["ada@resident.example"]
    assert asked(house).recipient == "ada@resident.example"
    with house.store.glance() as glance:
        assert set(not_to_be_told(glance, 1)) == {BO, CY}


@pytest.mark.parametrize("words", ["Is it by Bo Byron's door?", "Does CY CLARE know?"])
def test_no_letter_names_one_of_them_to_another(group, words):
    with pytest.raises(Refused, match="not named to one another"):
        asked(group, words)
    assert [one.kind for one in rows(group, OutboxEntry)] == ["complaint_acknowledged"]
    letter = asked(group, f"Dear Ada Resident, is it near Flat 3, or may we ask {CY}?")
    assert letter.recipient == "ada@resident.example"
    assert "Flat 3" not in letter.text
    assert CY not in letter.text


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=40), st.sampled_from(["Bo Byron", "Cy Clare", "Flat 2", BO]), st.sampled_from([" ", ", ", "\n", "(", ". "])
)
def test_a_name_is_found_wherever_it_stands(before, name, between):
    rows_ = [GroupMember(id=2, case_id=1, name="Bo Byron", address=BO, home="Flat 2", permission="given", added_by="x")]
    rows_ += [GroupMember(id=3, case_id=1, name="Cy Clare", address=CY, home="Flat 3", permission="given", added_by="x")]

    class Glance:
        def find(self, *_table, **_equals):
            return rows_

    assert others_named(Glance(), 1, f"{before}{between}{name}{between}{before}")


def test_events_name_nobody_of_a_group(group):
    groups.change_lead(group.acts, 1, "olive", member(group, "Bo Byron").id, "she moves away")
    told = " ".join(event.details + event.why for event in rows(group, CaseEvent, by="olive"))
    for words in ("Bo", "Cy", "Flat", BO, CY, "Ada"):
        assert words not in told


def test_another_lead_gets_the_letters_and_the_one_before_no_more(group):
    groups.change_lead(group.acts, 1, "olive", member(group, "Bo Byron").id, "she moves away")
    assert asked(group).recipient == BO
    assert [party.address for party in rows(group, Party)] == [BO]
    with group.store.glance() as glance:
        assert set(not_to_be_told(glance, 1)) == {CY, "ada@resident.example"}


def test_a_member_who_shares_the_leads_address_takes_neither_her_letters_nor_her_way_in(group):
    shared = Member(name="Abe Resident", address=LEAD.address, home="Flat 1")
    groups.add_members(group.acts, 1, "olive", [shared])
    assert [party.address for party in rows(group, Party)] == [LEAD.address]
    with group.store.glance() as glance:
        assert LEAD.address not in not_to_be_told(glance, 1)
    assert asked(group).recipient == LEAD.address


def test_another_lead_is_not_rung_by_the_number_of_the_one_before(house):
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, resident_phone="020 7946 0000")
        unit.commit()
    groups.make_group(house.acts, 1, "olive", LEAD, MEMBERS)
    assert rows(house, Case)[0].resident_phone == "020 7946 0000", "it is still hers"
    groups.change_lead(house.acts, 1, "olive", member(house, "Bo Byron").id, "she moves away")
    assert rows(house, Case)[0].resident_phone is None


def test_nobody_leads_who_has_not_said_yes(group):
    groups.add_members(group.acts, 1, "olive", [Member(name="Dee", permission="asked")])
    with pytest.raises(Refused, match="has not said"):
        groups.change_lead(group.acts, 1, "olive", member(group, "Dee").id, "x")
    with pytest.raises(Refused, match="belongs to the group already"):
        groups.add_members(group.acts, 1, "olive", [Member(name="Dee")])


def test_a_member_goes_and_the_lead_does_not_while_leading(group):
    groups.remove_member(group.acts, 1, "olive", member(group, "Cy Clare").id, "wants no part")
    with group.store.glance() as glance:
        assert [row.name for row in members_of(glance, 1)] == ["Ada Resident", "Bo Byron"]
    with pytest.raises(Refused, match="somebody else lead first"):
        groups.remove_member(group.acts, 1, "olive", member(group, "Ada Resident").id, "x")
    with pytest.raises(Stale):
        groups.remove_member(group.acts, 1, "olive", member(group, "Cy Clare").id, "x")


def test_one_who_is_split_off_keeps_the_day_of_receipt_and_hears_of_nobody_else(group):
    later(group, days=2)
    given_ = {
        "member_id": member(group, "Bo Byron").id,
        "points": ["The stairs are dark before my door."],
        "why": "asks for it",
    }
    groups.split_off(group.course, group.casework, 1, "olive", **given_)
    whole, own = rows(group, Case)
    assert (own.received_at, own.resident_name, own.resident_address, own.home) == (whole.received_at, "Bo Byron", BO, "Flat 2")
    dates = {number: {(row.rule, row.due_on) for row in rows(group, Deadline, case_id=number)} for number in (1, 2)}
    assert dates[2] == dates[1]
    (letter,) = rows(group, OutboxEntry, case_id=2)
    assert (letter.kind, letter.recipient) == ("complaint_acknowledged", BO)
    for words in ("Ada", "Cy", "Flat 1", "Flat 3", "ada@", CY, whole.reference):
        assert words not in letter.text
    assert [party.address for party in rows(group, Party, case_id=2)] == [BO]
    assert (member(group, "Bo Byron").moved_to, member(group, "Bo Byron").left_at) == (2, group.clock.now())
    with group.store.glance() as glance:
        assert [row.name for row in members_of(glance, 1)] == ["Ada Resident", "Cy Clare"]
    must_stand(group)


def test_what_is_split_off_names_nobody_else(group):
    given_ = {"member_id": member(group, "Bo Byron").id, "why": "x"}
    with pytest.raises(Refused, match="name Cy Clare"):
        groups.split_off(group.course, group.casework, 1, "olive", points=["It is dark, says Cy Clare."], **given_)
    assert len(rows(group, Case)) == 1
    groups.split_off(group.course, group.casework, 1, "olive", points=["Bo Byron fell in flat 2."], **given_)


def test_the_lead_is_not_split_off_from_the_case_that_is_theirs(group):
    with pytest.raises(Refused, match="the lead's"):
        groups.split_off(
            group.course, group.casework, 1, "olive", member_id=member(group, "Ada Resident").id, points=["x"], why="x"
        )


def test_a_group_counts_once_and_by_its_households(group):
    groups.add_members(group.acts, 1, "olive", [Member(name="Eve Byron", home="flat 2."), Member(name="Dee")])
    came(group, "complaint! Another thing, by one person alone.", sender="zoe@else.example")
    with group.store.glance() as glance:
        found = groups.counted(glance, [1, 2])
        none = groups.counted(glance, [])
    assert (found.cases, found.households) == (2, 5), "three homes, one without, and another case"
    assert (none.cases, none.households) == (0, 0)


# --- petitions ---


class OfPetitions(Judge):
    """Takes what is out of scope for a petition."""

    def classify(self, text):
        found = super().classify(text)
        return replace(found, reason=Reason.PETITION) if found.reason else found


@pytest.fixture
def petition(house_of):
    """A petition that came in today."""
    house = house_of(classifier=OfPetitions())
    add_person(house, "olive", "officer")
    came(house, "out_of_scope! We, the undersigned, ask for more bins in our road. I am angry that nobody listens.")
    return house


def replied(house, *, closing):
    """Send a reply that finishes these tasks; return when it left."""
    house.replying.send(order(house, drafted(house), close=closing))
    later(house, seconds=11)
    at = house.clock.now()
    send(house)
    return at


def test_a_petition_has_ten_working_days_and_offers_the_way_to_complain(petition):
    (line,) = rows(petition, Deadline)
    assert (line.rule, len(line.counted), line.met_at) == ("petition", 10, None)
    (letter,) = rows(petition, OutboxEntry)
    assert "this is a complaint" in letter.text
    assert f"{line.due_on:%B %Y}" in letter.text


def test_a_petition_is_met_by_the_letter_that_answers_it_and_by_no_other(petition):
    (task,) = rows(petition, Task, kind="petition")
    replied(petition, closing=())
    assert rows(petition, Deadline)[0].met_at is None
    later(petition, days=1)
    at = replied(petition, closing=(task.id,))
    assert rows(petition, Deadline)[0].met_at == at
    assert [event.kind for event in rows(petition, CaseEvent) if event.kind == "deadline_met"] == ["deadline_met"]
    assert "petition" not in open_tasks(petition)
    must_stand(petition)


def test_an_answer_that_was_posted_meets_it_and_one_taken_back_does_not(petition):
    (task,) = rows(petition, Task, kind="petition")
    order_ = order(petition, drafted(petition, way="post", recipient=None), close=(task.id,))
    act = petition.replying.record(order_, petition.clock.now().date(), "1 High Street")
    assert rows(petition, Deadline)[0].met_at == petition.clock.now()
    petition.undoing.undo(act, "olive")
    assert rows(petition, Deadline)[0].met_at is None
    assert "petition" in open_tasks(petition)


def test_who_is_dissatisfied_in_a_petition_is_logged_where_they_say_so(petition):
    letter = rows(petition, OutboxEntry)[0]
    came(petition, "complaint! This is a complaint. Nobody answers me.", In_Reply_To=letter.header_id)
    assert "complaint" in {case.category for case in rows(petition, Case)}


# --- two that become one, and two again ---


def joined(house):
    """Two complaints of one matter, the later joined to the earlier."""
    came(
        house,
        "complaint! the stairs light has been broken since March and nobody ever came to mend it",
        sender="dan@else.example",
    )
    with house.store.unit("T6") as unit:
        from handlers.rows import event_row
        from handlers.same_matter import OFFERED
        from store.chain import append_events

        now = house.clock.now()
        append_events(unit, [event_row(2, OFFERED, "x", now, case=1)])
        message = rows(house, OutboxEntry, case_id=2)[0].message_id
        (task,) = unit.insert(
            Task,
            [
                {
                    "kind": "same_matter",
                    "case_id": 2,
                    "message_id": message,
                    "team": "x",
                    "why": "x",
                    "opened_at": now,
                    "due_at": now,
                }
            ],
        )
        unit.commit()
    return task


def running(house):
    return {(row.case_id, row.rule, row.due_at) for row in rows(house, Deadline, superseded_at=None)}


def test_taking_apart_puts_back_every_date_and_its_event_names_them(house):
    task = joined(house)
    before = running(house)
    join_cases(house, task, "olive", "household")
    assert {case_id for case_id, *_ in running(house)} == {1}
    (told,) = [json.loads(event.details) for event in rows(house, CaseEvent, case_id=2, kind="same_matter_joined")]
    assert set(told["deadlines"]) == {rule for case_id, rule, _ in before if case_id == 2}
    later(house, days=3)
    part(house.acts, 2, "olive", "they are two lights")
    assert running(house) == before
    (told,) = [json.loads(event.details) for event in rows(house, CaseEvent, case_id=2, kind="same_matter_parted")]
    assert set(told["deadlines"]) == {rule for case_id, rule, _ in before if case_id == 2}
    must_stand(house)


@pytest.mark.parametrize("which", [1, 2])
def test_what_has_its_answer_is_joined_to_nothing(house, which):
    task = joined(house)
    with house.store.unit("T6") as unit:
        told = {"case_id": which, "stage": "1", "decision": "x", "by": "olive", "at": house.clock.now()}
        unit.add(Answer, [told | {"issued_at": house.clock.now()}])
        unit.commit()
    with pytest.raises(Refused, match="has its answer"):
        join_cases(house, task, "olive", "household")


@pytest.mark.parametrize("which", [1, 2])
def test_cases_at_different_stages_stay_two(house, which):
    task = joined(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, which, stage="2")
        unit.commit()
    with pytest.raises(Refused, match="different stages"):
        join_cases(house, task, "olive", "household")


def test_a_part_of_a_group_stays_the_groups_alone(group):
    corrections.take_in(group.course, 1, "olive", version=0, points=["Dark stairs.", "No answer."], outcomes=["Mend it."])
    splitting.split(group.course, group.casework, 1, "olive", version=1, points=[2], why="two offices")
    assert [party.address for party in rows(group, Party, case_id=2)] == ["ada@resident.example"]
