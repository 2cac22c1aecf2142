"""The same matter by a second way: offered to a person, joined by them, and taken apart again without loss."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from desk_house import came, must_stand, open_tasks, rows, running, without_numbers

from chats import ADA, wrote
from desks import add_person, join_cases
from handlers import identities, same_case
from handlers.case_acts import Refused, Stale
from handlers.joined_letter import KIND
from handlers.joinings import joined_to
from handlers.same_case_parting import part
from handlers.same_matter import LINKED, SAME_HOME, SAME_WORDS, likeness, offer, words_of
from promises.looking import later
from store.chain import verify_chain
from store.chat_models import Conversation, IdentityLink
from store.desk_models import CaseLink, CaseStaff
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, Party, Task

WORDS = "complaint! the boiler in my flat has been broken since March and nobody from the council ever came to mend it"
REQUEST = WORDS.replace("complaint!", "service_request!")
MAIL = "ada@resident.example"


@pytest.fixture
def house(house_of):
    house = house_of()
    add_person(house, "olive", "officer")
    return house


def linked(house, one=ADA, other=MAIL):
    first, second = sorted((one, other))
    row = {"first": first, "second": second, "linked_at": house.clock.now(), "by": "olive", "how": "staff", "why": "said so"}
    with house.store.unit("T6") as unit:
        unit.insert(IdentityLink, [row])
        unit.commit()


def offers(house):
    return [(task.case_id, task.why) for task in rows(house, Task, kind="same_matter")]


def task_of(house):
    (task,) = rows(house, Task, kind="same_matter", closed_at=None)
    return task


def second_way(house, words=WORDS, days=2):
    """A complaint by mail, and the same by chat some days later."""
    came(house, WORDS)
    later(house, days=days)
    wrote(house, words)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (WORDS, True),
        (f"{WORDS}. Please help!", True),
        (WORDS.replace("nobody from the council ever came to mend it", "no one came to mend it"), True),
        ("complaint! the lift has been broken since March and nobody came", False),
        ("complaint! boiler broken", False),
    ],
)
def test_nearly_the_same_words_by_another_way_are_offered_and_others_are_not(house, words, offered):
    second_way(house, words)
    assert offers(house) == ([(2, SAME_WORDS)] if offered else [])
    must_stand(house)


def test_the_same_words_after_a_week_are_another_matter(house):
    second_way(house, days=8)
    assert offers(house) == []


def test_the_same_words_the_same_way_are_no_second_way(house):
    came(house, WORDS)
    later(house, days=2)
    came(house, WORDS, sender="bea@other.example")
    assert offers(house) == []
    wrote(house, WORDS)
    later(house, days=1)
    wrote(house, WORDS, identity="telegram:housing-bot:999", name="Cid")
    assert [case_id for case_id, _ in offers(house)] == [3, 4]  # to the mails, and not from one chat to the other
    assert all(json.loads(event.details)["case"] in (1, 2) for event in rows(house, CaseEvent, kind="same_matter_offered"))


def test_a_closed_case_takes_no_more_in(house):
    came(house, WORDS)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, status="closed")
        unit.commit()
    wrote(house, WORDS)
    assert offers(house) == []


def test_a_linked_address_is_offered_whatever_the_words(house):
    linked(house)
    came(house, "complaint! nobody came")
    wrote(house, "complaint! still waiting for somebody")
    assert offers(house) == [(2, LINKED)]


def test_a_link_that_was_undone_offers_nothing(house):
    linked(house)
    with house.store.unit("T6") as unit:
        unit.update(IdentityLink, 1, undone_at=house.clock.now(), undone_by="olive", undone_why="x")
        unit.commit()
    came(house, "complaint! nobody came")
    wrote(house, "complaint! still waiting for somebody")
    assert offers(house) == []


@pytest.mark.parametrize(
    ("name", "home", "offered"),
    [
        ("ada  resident", "1 high street, flat 2", True),
        ("Ben", "1 High Street Flat 2", False),
        ("Ada Resident", "3 Low Road", False),
    ],
)
def test_the_same_name_at_the_same_home_is_offered(house, name, home, offered):
    came(house, "complaint! nobody came")
    wrote(house, "complaint! still waiting for somebody")
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, resident_name="Ada Resident", home="1 High Street, Flat 2")
        unit.update(Case, 2, resident_name=name, home=home)
        assert offer(unit, [2], house.clock.now(), house.calendar) == int(offered)
        unit.commit()
    assert offers(house) == ([(2, SAME_HOME)] if offered else [])


def test_a_pair_is_offered_once_and_the_task_is_on_the_later_receipt(house):
    linked(house)
    came(house, "complaint! nobody came")
    wrote(house, "complaint! still waiting")
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, received_at=house.clock.now() + timedelta(hours=1))
        for _ in range(2):
            offer(unit, [1, 2], house.clock.now(), house.calendar)
        unit.commit()
    # The first was offered when the mail was the earlier; now the mail is the later, and offered once in its turn.
    assert [case_id for case_id, _ in offers(house)] == [2, 1]


def test_a_complaint_is_never_offered_to_end_in_what_is_none(house):
    linked(house)
    came(house, "service_request! a tap drips")
    wrote(house, "complaint! nobody came about the tap")
    assert offers(house) == []


def test_the_offer_names_no_case_in_words_for_it_may_be_closed_to_who_reads_them(house):
    second_way(house)
    reference = rows(house, Case, id=1)[0].reference
    assert reference not in task_of(house).why
    assert all(reference not in event.why for event in rows(house, CaseEvent, case_id=2))


def test_joined_the_later_case_ends_and_the_earlier_receipts_dates_stand(house):
    second_way(house)
    dates = [(line.rule, line.due_at) for line in rows(house, Deadline, case_id=1, superseded_at=None)]
    join_cases(house, task_of(house).id, "olive", "resident")
    assert [(message.case_id, message.disposition) for message in rows(house, Message)] == [(1, "case"), (1, "follow_up")]
    assert [(line.rule, line.due_at) for line in rows(house, Deadline, case_id=1, superseded_at=None)] == dates
    assert (rows(house, Case, id=2)[0].status, running(house, 2), open_tasks(house, case_id=2)) == ("closed", [], [])
    assert "reply" in open_tasks(house, case_id=1)
    assert [(link.case_id, link.other_id) for link in rows(house, CaseLink)] == [(1, 2)]
    assert {MAIL, ADA} <= {party.address for party in rows(house, Party, case_id=1)}
    kinds = [[event.kind for event in rows(house, CaseEvent, case_id=id_)] for id_ in (1, 2)]
    assert all("same_matter_joined" in each for each in kinds)
    must_stand(house)


def stands(house):
    """How everything stands, but for tasks that acts opened for themselves and when the reply task was answered."""
    now = without_numbers(house)
    now["tasks"] = [task for task in now["tasks"] if task["kind"] not in ("same_matter", "reply", "contact_resident")]
    now["letters"] = [letter for letter in now["letters"] if letter["kind"] != KIND]
    now["to go"] = [kind for kind in now["to go"] if kind != KIND]
    return now


@pytest.mark.parametrize("first", [WORDS, WORDS.replace("complaint!", "complaint?")])
@pytest.mark.parametrize("second", [WORDS.replace("!", "! [hazard]"), WORDS.replace("complaint!", "complaint?")])
def test_taken_apart_both_stand_as_they_did_and_both_histories_keep_it(house, first, second):
    came(house, first)
    later(house, days=2)
    wrote(house, second)
    if not offers(house):
        pytest.fail("nothing was offered")
    with house.store.unit("T6") as unit:
        if not unit.update(Conversation, ADA, case_id=2):
            pytest.fail("no conversation")
        unit.commit()
    before, people = stands(house), [party.model_dump() for party in rows(house, Party)]
    if first.startswith("complaint?") and second.startswith("complaint!"):
        with pytest.raises(Refused, match="no open complaint"):
            join_cases(house, task_of(house).id, "olive", "resident")
        assert stands(house) == before
        return
    join_cases(house, task_of(house).id, "olive", "resident")
    assert rows(house, Conversation, identity=ADA)[0].case_id == 1
    later(house, days=3)
    part(house.acts, 2, "olive", "they are two boilers")
    assert stands(house) == before
    assert [party.model_dump() for party in rows(house, Party)] == people
    assert rows(house, CaseLink) == []
    assert rows(house, Conversation, identity=ADA)[0].case_id == 2
    assert "reply" not in open_tasks(house, case_id=1)
    for case_id in (1, 2):
        kinds = [event.kind for event in rows(house, CaseEvent, case_id=case_id)]
        assert kinds.index("same_matter_joined") < kinds.index("same_matter_parted")
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
    must_stand(house)


@pytest.mark.parametrize(
    ("role", "why", "field"), [(None, "one boiler", "role"), ("resident", " ", "why"), ("resident", "x" * 2_001, "why")]
)
def test_a_logged_complaint_ends_only_for_a_reason_and_with_its_sender_as_a_party(house, role, why, field):
    second_way(house)
    before = without_numbers(house)
    with pytest.raises(Refused) as refused:
        join_cases(house, task_of(house).id, "olive", role, why)
    assert refused.value.field == field
    assert without_numbers(house) == before


def test_whoever_complained_is_told_under_which_reference_it_goes_on_by_when_and_who_else_helps(house):
    second_way(house)
    join_cases(house, task_of(house).id, "olive", "resident", "it is one boiler")
    first, second = rows(house, Case)
    (letter,) = rows(house, OutboxEntry, kind=KIND)
    assert (letter.case_id, letter.recipient, letter.state, letter.rule) == (1, ADA, "due", None)
    (due,) = rows(house, Deadline, case_id=1, rule="respond_1", superseded_at=None)
    answer = f"{due.due_on:%A} {due.due_on.day} {due.due_on:%B %Y}"
    for told in (letter.text, letter.html):
        assert first.reference in told and second.reference in told and answer in told
        assert house.landlord.housing_ombudsman.phone in told and "boiler" not in told
    assert all("it is one boiler" in event.why for event in rows(house, CaseEvent, kind="same_matter_joined"))
    assert KIND in [json.loads(event.details).get("letter") for event in rows(house, CaseEvent, case_id=1)]
    must_stand(house)


def test_a_date_that_was_extended_is_the_one_that_is_told(house):
    second_way(house)
    (due,) = rows(house, Deadline, case_id=1, rule="respond_1")
    later_on = due.due_on + timedelta(days=14)
    with house.store.unit("T6") as unit:
        unit.add(Deadline, [due.model_dump(exclude={"id"}) | {"rule": "extend_1", "due_on": later_on}])
        unit.commit()
    join_cases(house, task_of(house).id, "olive", "resident")
    assert f"{later_on.day} {later_on:%B %Y}" in rows(house, OutboxEntry, kind=KIND)[0].text


def test_where_no_letter_may_go_a_person_is_asked_to_tell_them(house):
    second_way(house)
    with house.store.unit("T6") as unit:
        unit.update(Message, 2, automatic="bot")
        unit.commit()
    join_cases(house, task_of(house).id, "olive", "resident")
    (letter,) = rows(house, OutboxEntry, kind=KIND)
    assert (letter.state, letter.rule) == ("suppressed", "bot")
    assert "unsent_letter" in open_tasks(house, case_id=1)


def test_a_complaint_without_an_address_is_told_by_a_person(house):
    second_way(house)
    with house.store.unit("T6") as unit:
        unit.update(Message, 2, sender_address=None, conversation=None)
        unit.commit()
    people = rows(house, Party, case_id=1)
    join_cases(house, task_of(house).id, "olive", "resident")
    assert rows(house, Party, case_id=1) == people
    assert rows(house, OutboxEntry, kind=KIND)[0].rule == "no-sender"
    assert "unsent_letter" in open_tasks(house, case_id=1)


def test_what_is_no_complaint_needs_no_reason_and_no_letter(house):
    came(house, REQUEST)
    wrote(house, REQUEST)
    join_cases(house, task_of(house).id, "olive", why="")
    assert rows(house, OutboxEntry, kind=KIND) == []
    assert [event.why for event in rows(house, CaseEvent, kind="same_matter_joined")] == [SAME_WORDS] * 2


def test_whoever_was_told_that_it_goes_on_elsewhere_is_told_when_it_does_not(house):
    second_way(house)
    join_cases(house, task_of(house).id, "olive", "resident")
    assert "contact_resident" not in open_tasks(house)
    part(house.acts, 2, "olive", "they are two boilers")
    assert "contact_resident" in open_tasks(house, case_id=2)


def test_what_happened_meanwhile_stays_where_it_happened(house):
    second_way(house)
    join_cases(house, task_of(house).id, "olive", "resident")
    came(
        house,
        "service_request? it is still cold",
        message_id="<2@resident.example>",
        In_Reply_To=next(letter for letter in rows(house, OutboxEntry) if letter.way == "mail").header_id,
    )
    part(house.acts, 2, "olive", "two matters")
    assert [message.case_id for message in rows(house, Message)] == [1, 2, 1]
    must_stand(house)


def test_they_can_be_joined_and_taken_apart_only_in_turn(house):
    second_way(house)
    with pytest.raises(Stale, match="of its own"):
        part(house.acts, 2, "olive", "x")
    join_cases(house, task_of(house).id, "olive", "resident")
    with house.store.glance() as glance:
        assert [case.id for case in joined_to(glance, 1)] == [2]
    part(house.acts, 2, "olive", "two matters")
    with pytest.raises(Stale):
        part(house.acts, 2, "olive", "again")
    with house.store.glance() as glance:
        assert joined_to(glance, 1) == []


def test_taking_apart_needs_a_reason_and_joining_a_role_that_there_is(house):
    second_way(house)
    with pytest.raises(Refused, match="what the sender is"):
        join_cases(house, task_of(house).id, "olive", "king")
    join_cases(house, task_of(house).id, "olive", "resident")
    with pytest.raises(Refused, match="Say why"):
        part(house.acts, 2, "olive", " ")


def test_a_sender_who_is_no_party_goes_on_apart_though_the_case_was_joined(house):
    came(house, REQUEST)
    wrote(house, REQUEST)
    with house.store.unit("T6") as unit:
        unit.update(Conversation, ADA, case_id=2)
        unit.commit()
    join_cases(house, task_of(house).id, "olive")
    assert ADA not in {party.address for party in rows(house, Party, case_id=1)}
    assert rows(house, Conversation, identity=ADA)[0].case_id == 2


def test_a_restricted_case_is_not_poured_into_an_open_one(house):
    second_way(house)
    with house.store.unit("desk") as unit:
        unit.update(Case, 2, restricted=True)
        unit.commit()
    with pytest.raises(Refused, match="is restricted"):
        join_cases(house, task_of(house).id, "olive")
    assert [message.case_id for message in rows(house, Message)] == [1, 2]


def only_the_first_restricted(house):
    came(house, WORDS)
    with house.store.unit("desk") as unit:
        unit.update(Case, 1, restricted=True)
        unit.commit()
    later(house, days=2)
    wrote(house, WORDS)


def test_nothing_on_an_open_case_says_that_there_is_a_restricted_one(house):
    """Promise: a restricted case is not there for whoever may not open it."""
    only_the_first_restricted(house)
    assert offers(house) == [(1, SAME_WORDS)]
    assert [event.case_id for event in rows(house, CaseEvent, kind="same_matter_offered")] == [1]
    assert task_of(house).message_id == 1


def test_an_open_case_that_goes_on_in_a_restricted_one_is_restricted_with_it(house):
    only_the_first_restricted(house)
    join_cases(house, task_of(house).id, "olive", "resident")
    assert [message.case_id for message in rows(house, Message)] == [1, 1]
    assert [(case.status, case.restricted) for case in rows(house, Case)] == [("open", True), ("closed", True)]
    assert "restricted" in [event.kind for event in rows(house, CaseEvent, case_id=2)]
    assert {MAIL, ADA} <= {party.address for party in rows(house, Party, case_id=1)}
    assert rows(house, Task, kind="reply")[0].message_id == 2
    assert offers(house) and not rows(house, Task, kind="same_matter", closed_at=None)
    part(house.acts, 2, "olive", "two boilers")
    assert [message.case_id for message in rows(house, Message)] == [1, 2]
    assert [(case.status, case.restricted) for case in rows(house, Case)] == [("open", True), ("open", True)]
    must_stand(house)


def test_nobody_joins_or_parts_what_they_are_barred_from(house):
    second_way(house)

    def bar(case_id):
        with house.store.unit("desk") as unit:
            row = {
                "case_id": case_id,
                "username": "olive",
                "relation": "barred",
                "at": house.clock.now(),
                "by": "m",
                "why": "x",
            }
            unit.insert(CaseStaff, [row])
            unit.commit()

    add_person(house, "omar", "officer")
    bar(1)
    with pytest.raises(Refused, match="must not handle"):
        join_cases(house, task_of(house).id, "olive")
    join_cases(house, task_of(house).id, "omar", "resident")
    with pytest.raises(Refused, match="must not handle"):
        part(house.acts, 2, "olive", "x")


def test_kept_apart_it_stays_a_case_and_that_can_be_undone(house):
    second_way(house)
    before = without_numbers(house)
    act = same_case.keep_apart(house.acts, task_of(house).id, "olive", hold=timedelta(seconds=10))
    assert offers(house) and not rows(house, Task, kind="same_matter", closed_at=None)
    house.undoing.undo(act, "olive")
    assert without_numbers(house) == before


def test_a_link_lets_no_message_join_a_case(house):
    """Promise 8: only parties' messages join; a link shows and offers, and no more."""
    came(house, "complaint! nobody came", message_id="<1@resident.example>")
    identities.link(house.acts, 1, "olive", MAIL, "ada@work.example", why="she said so on the telephone")
    came(house, "complaint? still cold", sender="ada@work.example", In_Reply_To="<1@resident.example>")
    assert [message.case_id for message in rows(house, Message)] == [1, 2]
    assert "possible_reply" in open_tasks(house, case_id=2)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("boiler broken", "boiler broken", False),
        ("the boiler is broken and cold again today", "the boiler is broken and cold again today", True),
        ("the boiler is broken and cold again today", "the lift is broken and stuck again today", False),
        ("", "", False),
    ],
)
def test_few_words_say_the_same_by_chance(one, other, alike):
    assert bool(likeness(words_of(one), words_of(other))) is alike
