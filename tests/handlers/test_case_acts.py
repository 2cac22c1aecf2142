"""What people do to a case: each act leaves its event and an unbroken chain, and is refused where it may not be done."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from desks import add_person
from handlers.barring import bar, unbar
from handlers.case_acts import Refused, Stale
from handlers.case_work import add_note, change_team, promise_update
from handlers.closing import close, obstacles, reopen
from handlers.confirming import WHY
from handlers.defining import checked, save, versions
from handlers.definition import Definition, Point
from handlers.linking import link, unlink
from handlers.parties import Named, add_party, change_party, remove_party
from handlers.residents import Reached, correct_resident, reached
from handlers.restricting import let_in, lift, put_out, restrict
from handlers.rows import definition_of
from houses import NOON, arrive, mail, settle
from store.chain import verify_chain
from store.desk_models import CaseLink, CaseStaff, Note
from store.models import Case, CaseEvent, CaseStatus, Deadline, Message, OutboxEntry, Party, Task

WORDS = "complaint! The lift has been broken for three weeks and nobody tells us anything.\n\nPlease mend it."
DEFINED = Definition(points=(Point(words="The lift is broken", responsibility="ours"),), outcomes=("Mend it",))
SAM = Named(address="sam@else.example", name="Sam", role="representative")


@pytest.fixture
def house(house_of):
    opened = house_of()
    for name in ("olive", "ben"):
        add_person(opened, name, "officer")
    return opened


def case_of(house, words=WORDS, **given):
    """Let a mail become a case; return it."""
    number = arrive(house, mail(words, **given), sender=given.get("sender", "ada@resident.example"))
    settle(house)
    with house.store.glance() as glance:
        (event,) = [e for e in glance.find(CaseEvent, kind="received") if json.loads(e.details)["message"] == number]
        return glance.get(Case, event.case_id)


def now_of(house, case):
    with house.store.glance() as glance:
        return glance.get(Case, case.id)


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        return glance.find(table, **wanted)


def last_event(house, case):
    """Return the latest event of a case, having seen that no chain is broken."""
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(CaseEvent, case_id=case.id)[-1]


def give_to(house, case, username):
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, assigned_to=username)
        unit.commit()


# --- notes, promises, teams ---


def test_a_note_keeps_its_words_and_its_event_does_not(house):
    case = case_of(house)
    add_note(house.acts, case.id, "olive", " She has two fan heaters. ")
    (note,) = rows(house, Note, case_id=case.id)
    event = last_event(house, case)
    assert (note.text, note.by) == ("She has two fan heaters.", "olive")
    assert (event.kind, event.by, json.loads(event.details)) == ("note_added", "olive", {"note": note.id})
    assert "heaters" not in event.details + event.why


@pytest.mark.parametrize(
    ("text", "why"), [("", "Write the note"), (" \n ", "Write the note"), ("x" * 10_001, "10,000 characters")]
)
def test_a_note_says_something_of_a_bearable_length(house, text, why):
    case = case_of(house)
    with pytest.raises(Refused, match=why):
        add_note(house.acts, case.id, "olive", text)
    assert rows(house, Note) == []


def test_a_promised_update_is_a_task_of_whoever_promised_due_at_the_end_of_the_day(house):
    case = case_of(house)
    promise_update(house.acts, case.id, "olive", date(2026, 11, 27), "ring with a date")
    (task,) = rows(house, Task, case_id=case.id, kind="update_due")
    assert task.due_at.isoformat() == "2026-11-27T23:59:59+00:00"
    assert (task.assigned_to, task.why) == ("olive", "An update was promised by 27 November 2026: ring with a date")
    assert last_event(house, case).kind == "update_promised"


@pytest.mark.parametrize(("on", "field"), [(date(2026, 11, 22), "on"), (date(2028, 1, 1), "on")])
def test_nobody_promises_an_update_for_the_past_or_for_years_ahead(house, on, field):
    case = case_of(house)
    with pytest.raises(Refused) as refused:
        promise_update(house.acts, case.id, "olive", on, "ring")
    assert refused.value.field == field


def test_another_team_gets_the_case_with_its_open_tasks_and_nobody_has_it(house):
    case = case_of(house)
    give_to(house, case, "ben")
    change_team(house.acts, case.id, "olive", "repairs", was=case.team, why="it is a repair")
    assert (now_of(house, case).team, now_of(house, case).assigned_to) == ("repairs", None)
    assert {task.team for task in rows(house, Task, case_id=case.id, closed_at=None)} == {"repairs"}
    assert json.loads(last_event(house, case).details)["old"] == case.team


def test_a_team_changed_by_somebody_else_meanwhile_is_not_changed_again_unseen(house):
    case = case_of(house)
    change_team(house.acts, case.id, "olive", "repairs", was=case.team, why="it is a repair")
    with pytest.raises(Stale):
        change_team(house.acts, case.id, "ben", "asb", was=case.team, why="it is noise")
    assert now_of(house, case).team == "repairs"


@pytest.mark.parametrize("why", ["", "  ", "x" * 2_001])
def test_an_act_without_a_bearable_reason_is_refused(house, why):
    case = case_of(house)
    with pytest.raises(Refused) as refused:
        change_team(house.acts, case.id, "olive", "repairs", was=case.team, why=why)
    assert refused.value.field == "why"
    assert now_of(house, case).team == case.team


# --- the end of a case ---


def test_a_complaint_is_never_closed_while_its_answer_is_owed(house):
    case = case_of(house)
    with pytest.raises(Refused, match="has not been answered"):
        close(house.acts, case.id, "olive", "done", "it works")
    assert now_of(house, case).status is CaseStatus.OPEN


def test_a_complaint_whose_clock_alone_was_replaced_is_still_owed_its_answer(house):
    case = case_of(house)
    with house.store.unit("T6") as unit:
        for line in unit.find(Deadline, case_id=case.id):
            unit.update(Deadline, line.id, superseded_at=NOON)
        unit.commit()
    with pytest.raises(Refused, match="has not been answered"):
        close(house.acts, case.id, "olive", "done", "it works")


def test_what_nobody_has_checked_is_never_closed_for_it_may_be_a_complaint(house):
    case = case_of(house, "service_request? mend the tap")
    with pytest.raises(Refused, match="may be a complaint"):
        close(house.acts, case.id, "olive", "done", "it works")


def test_a_request_is_closed_with_its_outcome_and_its_own_task_ends_with_it(house):
    case = case_of(house, "service_request! mend the tap")
    close(house.acts, case.id, "olive", "done", "the plumber mended it on Friday")
    assert now_of(house, case).status is CaseStatus.CLOSED
    assert rows(house, Task, case_id=case.id, closed_at=None) == []
    event = last_event(house, case)
    assert (event.kind, event.why, json.loads(event.details)) == (
        "closed",
        "the plumber mended it on Friday",
        {"outcome": "done"},
    )


def test_a_case_with_an_unkept_promise_or_a_danger_is_not_closed(house):
    case = case_of(house, "service_request! [emergency] gas smells in the hall")
    with house.store.glance() as glance:
        against = obstacles(now_of(house, case), glance.find(Deadline, case_id=case.id), glance.find(Task, case_id=case.id))
    assert len(against) == 1
    assert "Finish this task first" in against[0]
    with pytest.raises(Refused, match="Finish this task first"):
        close(house.acts, case.id, "olive", "done", "it works")


@pytest.mark.parametrize("outcome", ["", "refused", "not_a_complaint"])
def test_a_case_ends_only_in_a_known_way(house, outcome):
    case = case_of(house, "service_request! mend the tap")
    with pytest.raises(Refused) as refused:
        close(house.acts, case.id, "olive", outcome, "it works")
    assert refused.value.field == "outcome"


def test_a_closed_case_opened_again_stands_in_its_teams_queue(house):
    case = case_of(house, "service_request! mend the tap")
    close(house.acts, case.id, "olive", "done", "mended")
    with pytest.raises(Refused, match="closed already"):
        close(house.acts, case.id, "ben", "done", "mended")
    reopen(house.acts, case.id, "ben", "it drips again")
    (task,) = rows(house, Task, case_id=case.id, closed_at=None)
    assert (now_of(house, case).status, task.kind) == (CaseStatus.OPEN, "service_request")
    assert "it drips again" in task.why
    with pytest.raises(Stale):
        reopen(house.acts, case.id, "olive", "it drips again")
    assert last_event(house, case).kind == "reopened"


# --- the people of a case ---


def test_a_person_who_was_added_has_their_mail_join_the_case(house):
    case = case_of(house)
    (letter,) = rows(house, OutboxEntry, case_id=case.id)
    add_party(house.acts, case.id, "olive", SAM, "a signed authority came by post")
    arrive(house, mail("complaint! And the stairs.", sender=SAM.address, In_Reply_To=letter.header_id), sender=SAM.address)
    settle(house)
    assert last_event(house, case).kind == "reply_received"


def test_a_person_who_was_taken_out_is_a_stranger_again(house):
    case = case_of(house)
    (letter,) = rows(house, OutboxEntry, case_id=case.id)
    add_party(house.acts, case.id, "olive", SAM, "a signed authority came by post")
    (sam,) = rows(house, Party, case_id=case.id, address=SAM.address)
    remove_party(house.acts, case.id, "olive", sam.id, was=SAM, why="she withdrew it")
    assert last_event(house, case).kind == "party_removed"
    arrive(house, mail("complaint! And the stairs.", sender=SAM.address, In_Reply_To=letter.header_id), sender=SAM.address)
    settle(house)
    assert rows(house, Task, kind="possible_reply")


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Named(address="sam", name="Sam", role="resident"), "address"),
        (Named(address="sam@else.example\nx", name="Sam", role="resident"), "address"),
        (Named(address="x" * 320 + "@else.example", name="Sam", role="resident"), "address"),
        (Named(address="sam@else.example", name="Sam", role="emperor"), "role"),
        (Named(address="sam@else.example", name="S" * 321, role="resident"), "name"),
        (Named(address="ADA@resident.example", name="Ada", role="household"), "address"),
    ],
)
def test_a_person_has_a_real_address_of_their_own_and_a_part_in_the_case(house, wanted, field):
    case = case_of(house)
    with pytest.raises(Refused) as refused:
        add_party(house.acts, case.id, "olive", wanted, "asked")
    assert refused.value.field == field


def test_no_address_of_ours_becomes_a_person_of_a_case(house):
    case = case_of(house)
    ours = house.settings.mail.from_address
    with pytest.raises(Refused, match="our own"):
        add_party(house.acts, case.id, "olive", Named(address=ours, name="", role="copied"), "asked")


def test_details_of_a_person_changed_meanwhile_are_not_changed_over(house):
    case = case_of(house)
    add_party(house.acts, case.id, "olive", SAM, "asked")
    (sam,) = rows(house, Party, case_id=case.id, address=SAM.address)
    other = Named(address=SAM.address, name="Samira", role="councillor")
    change_party(house.acts, case.id, "olive", sam.id, other, was=SAM, why="a councillor")
    assert json.loads(last_event(house, case).details)["before"] == {
        "address": SAM.address,
        "name": "Sam",
        "role": "representative",
    }
    with pytest.raises(Stale, match="Samira"):
        change_party(house.acts, case.id, "ben", sam.id, SAM, was=SAM, why="a friend")
    with pytest.raises(Stale, match="Samira"):
        remove_party(house.acts, case.id, "ben", sam.id, was=SAM, why="a friend")
    assert rows(house, Party, id=sam.id)[0].name == "Samira"


def test_the_resident_of_the_case_cannot_be_taken_out_of_it(house):
    case = case_of(house)
    (ada,) = rows(house, Party, case_id=case.id, address="ada@resident.example")
    with pytest.raises(Refused, match="about this resident"):
        remove_party(
            house.acts, case.id, "olive", ada.id, was=Named(address=ada.address, name=ada.name, role=ada.role), why="x"
        )


def test_a_residents_new_address_becomes_a_party_and_the_change_is_told(house):
    case = case_of(house)
    was = reached(case)
    now = Reached(name=was.name, address="Ada@New.example", phone="020 7946 0000", home="4 Mill House")
    correct_resident(house.acts, case.id, "olive", now, was=was, why="she rang")
    kept = now_of(house, case)
    assert (kept.resident_address, kept.resident_phone, kept.home) == ("ada@new.example", "020 7946 0000", "4 Mill House")
    assert rows(house, Party, case_id=case.id, address="ada@new.example")[0].role == "resident"
    assert json.loads(last_event(house, case).details)["changed"] == ["address", "phone", "home"]
    with pytest.raises(Stale):
        correct_resident(house.acts, case.id, "ben", Reached(name="Eve"), was=was, why="x")
    with pytest.raises(Refused, match="Nothing was changed"):
        correct_resident(house.acts, case.id, "ben", reached(kept), was=reached(kept), why="x")


# --- linked cases ---


def test_two_cases_are_linked_once_from_either_side_and_both_know(house):
    one, other = case_of(house), case_of(house, "service_request! tap", sender="bo@else.example")
    link(house.acts, other.id, "olive", one.id, "the same home")
    with pytest.raises(Stale):
        link(house.acts, one.id, "ben", other.id, "the same home")
    for case, beside in ((one, other), (other, one)):
        event = last_event(house, case)
        assert (event.kind, json.loads(event.details)) == ("linked", {"other": beside.reference})
    unlink(house.acts, one.id, "ben", other.id, "two homes after all")
    assert rows(house, CaseLink) == []
    assert {last_event(house, case).kind for case in (one, other)} == {"unlinked"}
    with pytest.raises(Stale):
        unlink(house.acts, one.id, "ben", other.id, "two homes after all")


def test_a_case_is_not_linked_with_itself_or_with_none(house):
    case = case_of(house)
    for other in (case.id, 999):
        with pytest.raises(Refused):
            link(house.acts, case.id, "olive", other, "x")
    assert last_event(house, case).kind != "linked"


# --- who may see a case ---


def test_only_a_manager_or_the_officer_who_has_the_case_restricts_it(house):
    case = case_of(house)
    with pytest.raises(Refused, match="Only a manager"):
        restrict(house.acts, case.id, "olive", "about a colleague", manager=False)
    give_to(house, case, "olive")
    restrict(house.acts, case.id, "olive", "about a colleague", manager=False)
    assert now_of(house, case).restricted
    assert [row.username for row in rows(house, CaseStaff, case_id=case.id, relation="let_in")] == ["olive"]
    assert json.loads(last_event(house, case).details) == {"let_in": ["olive"]}


def test_whoever_has_a_task_keeps_sight_of_a_case_unless_they_must_not_have_it(house):
    case = case_of(house)
    add_person(house, "mona", "manager")
    promise_update(house.acts, case.id, "ben", date(2026, 11, 27), "ring")
    promise_update(house.acts, case.id, "olive", date(2026, 11, 27), "ring")
    bar(house.acts, case.id, "mona", "ben", "it is about him")
    assert [task.assigned_to for task in rows(house, Task, case_id=case.id, kind="update_due")] == [None, "olive"]
    restrict(house.acts, case.id, "mona", "about a colleague", manager=True)
    assert {row.username for row in rows(house, CaseStaff, case_id=case.id, relation="let_in")} == {"mona", "olive"}


def test_letting_in_closing_to_and_lifting_are_told_and_leave_nothing_behind(house):
    case = case_of(house)
    restrict(house.acts, case.id, "olive", "a witness", manager=True)
    let_in(house.acts, case.id, "olive", "ben", "he knows the estate", manager=True)
    assert json.loads(last_event(house, case).details) == {"who": "ben"}
    put_out(house.acts, case.id, "olive", "ben", "he has moved", manager=True)
    assert last_event(house, case).kind == "put_out"
    with pytest.raises(Stale):
        put_out(house.acts, case.id, "olive", "ben", "he has moved", manager=True)
    lift(house.acts, case.id, "olive", "over", manager=True)
    assert (now_of(house, case).restricted, rows(house, CaseStaff, relation="let_in")) == (False, [])
    with pytest.raises(Stale):
        lift(house.acts, case.id, "olive", "over", manager=True)
    with pytest.raises(Stale):
        let_in(house.acts, case.id, "olive", "ben", "he knows the estate", manager=True)


def test_whoever_must_not_handle_a_case_has_it_no_more_and_cannot_act_on_it(house):
    case = case_of(house)
    give_to(house, case, "ben")
    bar(house.acts, case.id, "olive", "ben", "it is about him")
    assert now_of(house, case).assigned_to is None
    for act in (
        lambda: add_note(house.acts, case.id, "ben", "I did nothing"),
        lambda: promise_update(house.acts, case.id, "ben", date(2026, 11, 27), "ring"),
        lambda: house.confirming.confirm(case.id, "ben", 0),
        lambda: unbar(house.acts, case.id, "ben", "ben", "I did nothing", manager=True),
    ):
        with pytest.raises(Refused, match="must not handle"):
            act()
    restrict(house.acts, case.id, "olive", "it is about him", manager=True)
    with pytest.raises(Refused, match="must not handle"):
        let_in(house.acts, case.id, "olive", "ben", "x", manager=True)


def test_only_a_manager_lets_somebody_have_a_case_again(house):
    case = case_of(house)
    bar(house.acts, case.id, "olive", "ben", "it is about him")
    with pytest.raises(Refused, match="Only a manager"):
        unbar(house.acts, case.id, "olive", "ben", "another Ben", manager=False)
    unbar(house.acts, case.id, "olive", "ben", "another Ben", manager=True)
    assert rows(house, CaseStaff) == []
    add_note(house.acts, case.id, "ben", "mine again")
    assert last_event(house, case).kind == "note_added"


@pytest.mark.parametrize("username", ["nobody", "", "Ben"])
def test_only_people_of_ours_are_let_in_or_named(house, username):
    case = case_of(house)
    restrict(house.acts, case.id, "olive", "a witness", manager=True)
    for act in (
        lambda: bar(house.acts, case.id, "olive", username, "x"),
        lambda: let_in(house.acts, case.id, "olive", username, "x", manager=True),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.field == "username"


# --- the definition ---


def test_every_version_of_a_definition_can_be_read_again_and_the_draft_too(house):
    case = case_of(house)
    drafted = definition_of(case.definition)
    save(house.acts, case.id, "olive", 0, DEFINED, why="she said so")
    later = Definition(points=(*DEFINED.points, Point(words="Nobody rings", responsibility="ours")), outcomes=DEFINED.outcomes)
    save(house.acts, case.id, "ben", 1, later)
    with house.store.glance() as glance:
        kept = versions(glance, glance.get(Case, case.id))
    assert [(one.number, one.by, one.definition) for one in kept] == [
        (2, "ben", later),
        (1, "olive", DEFINED),
        (0, "machine", drafted),
    ]
    assert definition_of(now_of(house, case).definition) == later
    assert last_event(house, case).kind == "definition_changed"


def test_a_definition_saved_over_a_colleagues_is_refused_and_nothing_of_theirs_is_lost(house):
    case = case_of(house)
    save(house.acts, case.id, "olive", 0, DEFINED)
    other = Definition(points=(Point(words="Mine", responsibility="ours"),), outcomes=("Other",))
    with pytest.raises(Stale):
        save(house.acts, case.id, "ben", 0, other)
    with pytest.raises(Stale):
        house.confirming.confirm(case.id, "ben", 0)
    assert definition_of(now_of(house, case).definition) == DEFINED
    with pytest.raises(Refused, match="Nothing was changed"):
        save(house.acts, case.id, "ben", 1, DEFINED)


def test_only_a_complaint_has_a_definition(house):
    case = case_of(house, "service_request! mend the tap")
    with pytest.raises(Refused, match="Only a complaint"):
        save(house.acts, case.id, "olive", 0, DEFINED)


@pytest.mark.parametrize(
    ("points", "outcomes", "question", "field"),
    [
        ([], ["Mend it"], "", "points-1-words"),
        ([Point(words="x" * 601, responsibility="ours")], ["Mend it"], "", "points-1-words"),
        (
            [Point(words="a", responsibility="ours"), Point(words="b", responsibility="not_ours")],
            ["Mend it"],
            "",
            "points-2-who",
        ),
        ([Point(words="a", responsibility="ours")] * 21, ["Mend it"], "", "points-1-words"),
        ([Point(words="a", responsibility="ours")], [], "", "outcomes"),
        ([Point(words="a", responsibility="ours")], ["x" * 301], "", "outcomes"),
        ([Point(words="a", responsibility="ours")], [], "x" * 601, "question"),
    ],
)
def test_a_definition_that_a_letter_could_not_repeat_is_refused(points, outcomes, question, field):
    with pytest.raises(Refused) as refused:
        checked(points, outcomes, question)
    assert refused.value.field == field


def test_confirming_closes_its_task_once_and_writes_no_second_acknowledgement(house):
    case = case_of(house)
    assert len(rows(house, OutboxEntry, case_id=case.id)) == 1
    house.clock.at += timedelta(hours=1)
    house.confirming.confirm(case.id, "olive", 0)
    (task,) = rows(house, Task, case_id=case.id, kind="confirm_definition")
    assert (task.closed_by, task.outcome, now_of(house, case).defined_at) == ("olive", WHY, house.clock.now())
    assert len(rows(house, OutboxEntry, case_id=case.id)) == 1
    with pytest.raises(Refused, match="confirmed already"):
        house.confirming.confirm(case.id, "ben", 0)
    assert last_event(house, case).kind == "definition_confirmed"


def test_where_the_landlord_waits_for_it_the_acknowledgement_goes_with_the_confirmation(house_of):
    house = house_of(acknowledgement={"mode": "after_confirmation"})
    case = case_of(house)
    assert {letter.kind for letter in rows(house, OutboxEntry)} == {"receipt"}
    house.clock.at += timedelta(days=1)
    corrected = Definition(
        points=(Point(words="The lift, see http://evil.example/x", responsibility="ours"),), outcomes=("Mend it",)
    )
    house.confirming.confirm(case.id, "olive", 0, corrected)
    (letter,) = rows(house, OutboxEntry, kind="complaint_acknowledged")
    assert (letter.state.value, letter.case_id) == ("due", case.id)
    assert "The lift, see [link]" in letter.text
    assert "evil.example" not in letter.text + (letter.html or "")
    (respond,) = rows(house, Deadline, case_id=case.id, rule="respond_1")
    assert f"{respond.due_on.day} {respond.due_on:%B %Y}" in letter.text
    assert now_of(house, case).definition_version == 1
    assert last_event(house, case).kind == "letter_written"


def test_a_definition_confirmed_for_a_sender_in_doubt_sends_nothing_by_machine(house_of):
    house = house_of(acknowledgement={"mode": "after_confirmation"})
    case = case_of(house)
    with house.store.unit("T3") as unit:
        (message,) = unit.find(Message, case_id=case.id)
        unit.update(Message, message.id, trust="failed")
        unit.commit()
    house.confirming.confirm(case.id, "olive", 0)
    assert rows(house, OutboxEntry, kind="complaint_acknowledged") == []
    assert now_of(house, case).defined_at is not None


def test_the_sweep_acknowledges_what_a_person_wrote_and_not_the_draft(house_of):
    house = house_of(acknowledgement={"mode": "after_confirmation"})
    case = case_of(house)
    save(house.acts, case.id, "olive", 0, DEFINED)
    house.clock.at += timedelta(days=7)
    house.sweep().once()
    (letter,) = rows(house, OutboxEntry, kind="complaint_acknowledged")
    assert "The lift is broken" in letter.text
    assert definition_of(now_of(house, case).definition) == DEFINED
    assert now_of(house, case).definition_version == 1


def test_of_two_people_who_save_at_the_very_same_time_one_is_first_and_the_other_is_told(house):
    case = case_of(house)
    both = Barrier(2)

    def try_to_save(by):
        both.wait()
        try:
            save(
                house.acts, case.id, by, 0, Definition(points=(Point(words=by, responsibility="ours"),), outcomes=("Mend it",))
            )
        except Stale:
            return "told"
        return by

    with ThreadPoolExecutor(2) as pool:
        came_to = set(pool.map(try_to_save, ("olive", "ben")))
    (first,) = came_to - {"told"}
    assert came_to == {first, "told"}
    assert definition_of(now_of(house, case).definition).points[0].words == first
    assert (last_event(house, case).by, now_of(house, case).definition_version) == (first, 1)


def test_two_people_linking_the_same_cases_from_both_sides_never_block_each_other(house):
    one, other = case_of(house), case_of(house, "service_request! tap", sender="bo@else.example")
    both = Barrier(2)

    def try_to_link(way):
        both.wait()
        try:
            link(house.acts, *way, "the same home")
        except Stale:
            return "told"
        return "linked"

    with ThreadPoolExecutor(2) as pool:
        came_to = list(pool.map(try_to_link, ((one.id, "olive", other.id), (other.id, "ben", one.id))))
    assert sorted(came_to) == ["linked", "told"]
    assert len(rows(house, CaseLink)) == 1
    assert last_event(house, one).kind == last_event(house, other).kind == "linked"
