"""What triage and the sweep ask is answered for a whole batch, and by the database's own keys."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sample_rows import MINUTE, NOON, case_row, deadline_row, keep_case, keep_messages, letter_row, task_row

from store.casefile import acknowledged, cases_by_ids, cases_of_messages, letters_lately
from store.chat_models import LetterPart
from store.lookups import (
    cases_by_header_ids,
    cases_by_references,
    claim_originals,
    hold_case,
    near_deadlines,
    parties_of,
    repeats,
    taken_references,
)
from store.marks import close_tasks, meet_deadlines, record_contact, supersede_deadlines
from store.models import Case, Contact, Deadline, Message, OutboxEntry, Party, Task

HOUR = 60 * MINUTE


def originals(store, claims):
    with store.unit("T3") as unit:
        owners = claim_originals(unit, claims)
        unit.commit()
    return owners


def test_the_first_message_with_a_content_owns_it(store):
    ids = keep_messages(store, 4)
    assert originals(store, [("key", ids[1]), ("other", ids[0])]) == {"key": ids[1], "other": ids[0]}
    assert originals(store, [("key", ids[0]), ("third", ids[3]), ("third", ids[2])]) == {"key": ids[1], "third": ids[2]}
    assert originals(store, []) == {}


def test_a_claim_that_was_undone_is_free_again(store):
    ids = keep_messages(store, 2)
    with store.unit("T3") as unit:
        claim_originals(unit, [("key", ids[0])])
    assert originals(store, [("key", ids[1])]) == {"key": ids[1]}


def test_of_many_that_claim_the_same_contents_at_once_all_agree_on_the_owners(store):
    ids = keep_messages(store, 8)
    keys = [f"key {number}" for number in range(30)]

    def claim(id_):
        return originals(store, [(key, id_) for key in (keys if id_ % 2 else reversed(keys))])

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(claim, ids))
    assert all(answer == answers[0] for answer in answers)
    assert set(answers[0]) == set(keys)


def test_a_message_id_leads_to_its_case_ours_before_theirs(store):
    case_id, other = keep_case(store, 1), keep_case(store, 2)
    ids = keep_messages(store, 4)
    header_ids = ["<theirs@x>", "<theirs@x>", "<no-case@x>", "<both@x>"]
    cases = [other, case_id, None, other]
    with store.unit("T3") as unit:
        unit.update_many(
            Message,
            [{"id": id_, "header_id": name, "case_id": case} for id_, name, case in zip(ids, header_ids, cases, strict=True)],
        )
        letters = [letter_row(1, case_id, ids[0], header_id="<ours@y>"), letter_row(2, case_id, ids[0], header_id="<both@x>")]
        unit.insert(OutboxEntry, letters)
        unit.commit()
    with store.glance() as glance:
        found = cases_by_header_ids(glance, ["<theirs@x>", "<ours@y>", "<both@x>", "<no-case@x>", "<unknown@z>"])
    assert found == {"<theirs@x>": (other, False), "<ours@y>": (case_id, True), "<both@x>": (case_id, True)}


def test_a_letter_is_known_by_the_message_id_that_a_relay_gave_it_and_a_chats_id_is_none(store):
    case_id = keep_case(store)
    (message_id,) = keep_messages(store, 1)
    with store.unit("T5") as unit:
        unit.insert(OutboxEntry, [letter_row(1, case_id, message_id)])
        (letter,) = unit.find(OutboxEntry, case_id=case_id)
        parts = [("mail", "<0102@relay>"), ("telegram:bot", "<0103@relay>")]
        unit.add(LetterPart, [{"letter_id": letter.id, "way": way, "provider_id": id_} for way, id_ in parts])
        unit.commit()
    with store.glance() as glance:
        assert cases_by_header_ids(glance, ["<0102@relay>", "<0103@relay>"]) == {"<0102@relay>": (case_id, True)}


def test_more_ids_than_a_database_takes_at_once_are_asked_for_in_portions(store):
    case_id = keep_case(store)
    (message_id,) = keep_messages(store, 1)
    with store.unit("T3") as unit:
        unit.update(Message, message_id, header_id="<39999@x>", case_id=case_id)
        unit.commit()
    with store.glance() as glance:
        found = cases_by_header_ids(glance, [f"<{number}@x>" for number in range(70_000)])
    assert found == {"<39999@x>": (case_id, False)}


def test_parties_are_told_case_by_case(store):
    one, two, lonely = (keep_case(store, number) for number in range(3))
    people = [(one, "a@x", "resident"), (one, "b@x", "copied"), (two, "a@x", "councillor")]
    with store.unit("T3") as unit:
        unit.add(Party, [{"case_id": case_id, "address": address, "role": role} for case_id, address, role in people])
        unit.commit()
    with store.glance() as glance:
        told = {one: {"a@x": "resident", "b@x": "copied"}, two: {"a@x": "councillor"}, lonely: {}}
        assert parties_of(glance, [one, two, lonely]) == told
        assert parties_of(glance, []) == {}


def test_a_repeat_is_of_the_first_message_in_time_that_came_to_a_case(store):
    case_id = keep_case(store)
    ids = keep_messages(store, 5)
    received = [NOON - HOUR, NOON, NOON, NOON + MINUTE, NOON]
    keys = ["same", "same", "same", "same", "other"]
    cases = [case_id, None, case_id, case_id, None]
    with store.unit("T3") as unit:
        unit.update_many(
            Message,
            [
                {"id": id_, "received_at": at, "repeat_key": key, "case_id": case}
                for id_, at, key, case in zip(ids, received, keys, cases, strict=True)
            ],
        )
        unit.commit()
    with store.glance() as glance:
        assert repeats(glance, ["same", "other", "unknown"], NOON) == {"same": (ids[2], case_id)}
        assert repeats(glance, ["same"], NOON - HOUR) == {"same": (ids[0], case_id)}
        assert repeats(glance, ["same"], NOON + HOUR) == {}


def test_taken_references_are_known(store):
    keep_case(store, 1)
    with store.glance() as glance:
        assert taken_references(glance, ["LBL-26-000001-00", "LBL-26-000002-00"]) == {"LBL-26-000001-00"}


def test_the_sweep_finds_near_deadlines_of_cases_that_nobody_looked_at(store):
    cases = {
        "near": case_row(1, status="triage"),
        "later": case_row(2, status="triage"),
        "looked at": case_row(3, status="triage", looked_at=NOON),
        "open": case_row(4, status="open"),
        "met": case_row(5, status="triage"),
        "superseded": case_row(6, status="triage"),
        "other rule": case_row(7, status="triage"),
        "nearest": case_row(8, status="triage"),
    }
    due = {"later": NOON + 2 * HOUR, "nearest": NOON - HOUR}
    marks = {"met": {"met_at": NOON}, "superseded": {"superseded_at": NOON}, "other rule": {"rule": "respond_1"}}
    with store.unit("T3") as unit:
        ids = dict(zip(cases, unit.insert(Case, list(cases.values())), strict=True))
        rows = [deadline_row(ids[name], "acknowledge_1", due.get(name, NOON)) | marks.get(name, {}) for name in cases]
        unit.insert(Deadline, [{"met_at": None, "superseded_at": None, **row} for row in rows])
        unit.commit()
    with store.glance() as glance:
        found = near_deadlines(glance, "acknowledge_1", NOON + HOUR)
        first = near_deadlines(glance, "acknowledge_1", NOON + HOUR, limit=1)
    assert [(one.case_id, one.due_at) for one in found] == [(ids["nearest"], NOON - HOUR), (ids["near"], NOON)]
    assert [one.reference for one in first] == ["LBL-26-000008-00"]


def test_a_held_case_is_changed_by_its_holder_first(store):
    case_id = keep_case(store, events=0)

    def look(_number):
        with store.unit("T6") as unit:
            case = hold_case(unit, case_id)
            unit.update(Case, case_id, events=case.events + 1)
            unit.commit()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(look, range(40)))
    with store.glance() as glance:
        assert glance.get(Case, case_id).events == 40


def test_no_case_is_held_where_there_is_none(store):
    with store.unit("T6") as unit:
        assert hold_case(unit, 4711) is None


def test_deadlines_are_met_or_superseded_once(store):
    case_id, other = keep_case(store, 1), keep_case(store, 2)
    with store.unit("T3") as unit:
        for case in (case_id, other):
            unit.add(Deadline, [deadline_row(case, rule, NOON) for rule in ("acknowledge_1", "respond_1")])
        assert meet_deadlines(unit, [case_id], "acknowledge_1", NOON) == 1
        assert meet_deadlines(unit, [case_id, other], "acknowledge_1", NOON + MINUTE) == 1
        assert supersede_deadlines(unit, case_id, ["respond_1", "acknowledge_1"], NOON) == 1
        assert supersede_deadlines(unit, case_id, ["respond_1"], NOON) == 0
        unit.commit()
    with store.glance() as glance:
        kept = {(one.case_id, one.rule): (one.met_at, one.superseded_at) for one in glance.find(Deadline)}
    assert kept == {
        (case_id, "acknowledge_1"): (NOON, None),
        (other, "acknowledge_1"): (NOON + MINUTE, None),
        (case_id, "respond_1"): (None, NOON),
        (other, "respond_1"): (None, None),
    }


@pytest.mark.parametrize(("kinds", "closed"), [(["look"], 1), (["look", "confirm"], 2), (None, 2), ([], 0)])
def test_tasks_are_closed_by_their_kind_with_who_and_what_came_of_it(store, kinds, closed):
    case_id, other = keep_case(store, 1), keep_case(store, 2)
    with store.unit("T6") as unit:
        unit.add(Task, [task_row(case_id, "look", NOON), task_row(case_id, "confirm", NOON), task_row(other, "look", NOON)])
        assert close_tasks(unit, case_id, kinds, at=NOON, by="A. Officer", outcome="complaint") == closed
        assert close_tasks(unit, case_id, kinds, at=NOON, by="B. Officer", outcome="other") == 0
        unit.commit()
    with store.glance() as glance:
        done = [task for task in glance.find(Task) if task.closed_at]
    assert [(task.case_id, task.closed_by, task.outcome) for task in done] == [(case_id, "A. Officer", "complaint")] * closed


def test_contact_keeps_the_last_good_time_and_the_last_error(store):
    for at, error in ((NOON, None), (NOON + MINUTE, "refused"), (NOON + HOUR, "timed out")):
        with store.unit("T1") as unit:
            record_contact(unit, "imap", "complaints", at, error)
            unit.commit()
    with store.glance() as glance:
        (contact,) = glance.find(Contact)
    assert (contact.good_at, contact.error_at, contact.error) == (NOON, NOON + HOUR, "timed out")


def test_an_acknowledgement_is_noted_once_and_meets_its_own_deadline_only(store):
    first, second, untold = (keep_case(store, number) for number in range(3))
    with store.unit("T5") as unit:
        for case in (first, second, untold):
            rules = ("acknowledge_1" if case == first else "acknowledge_2", "respond_1")
            unit.add(Deadline, [deadline_row(case, rule, NOON) for rule in rules])
        acknowledged(unit, [])
        acknowledged(unit, [(first, NOON), (second, NOON + MINUTE), (first, NOON + HOUR)])
        acknowledged(unit, [(second, NOON + HOUR)])
        unit.commit()
    with store.glance() as glance:
        noted = {case.id: case.acknowledged_at for case in glance.find(Case)}
        met = {(one.case_id, one.rule): one.met_at for one in glance.find(Deadline) if one.met_at}
    assert noted == {first: NOON, second: NOON + MINUTE, untold: None}
    # Stage 2 has an acknowledgement of its own, which meets its date by its own letter.
    assert met == {(first, "acknowledge_1"): NOON}


def test_a_question_about_nothing_has_no_answer(store):
    keep_messages(store, 1)
    keep_case(store)
    with store.glance() as glance:
        assert cases_by_references(glance, []) == cases_of_messages(glance, []) == cases_by_ids(glance, []) == {}
        assert letters_lately(glance, [], NOON) == cases_by_header_ids(glance, []) == repeats(glance, [], NOON) == {}
        assert taken_references(glance, []) == set()
