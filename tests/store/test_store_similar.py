"""Earlier messages: only earlier ones, of other cases, that are open to whoever asks, with the judgement that stands."""

import pytest
from sample_rows import MINUTE, NOON, case_row, message_row

from store.desk_models import CaseStaff
from store.models import Case, Message, Party, RawContent, Verdicting
from store.search_upkeep import index_cases
from store.similar_rows import MOST_DECIDED, Asked, from_same_sender, judgements_of, lately_decided, of_rare_words

ADA = "ada@resident.example"


def keep(store, number, *, judgements=(), case=None, sender=ADA, **values):
    """Keep a message with a case of its own and its judgements; return the numbers of both."""
    with store.unit("T3") as unit:
        (case_id,) = unit.insert(Case, [case_row(number, **(case or {}))])
        row = message_row(number, case_id=case_id, sender_address=sender, subject=f"Message {number}", new_text="No heating")
        body = row.pop("body")
        (message_id,) = unit.insert(Message, [row | {"received_at": NOON + number * MINUTE} | values])
        unit.add(RawContent, [{"message_id": message_id, "body": body}])
        unit.add(Party, [{"case_id": case_id, "address": sender, "role": "resident"}])
        unit.insert(Verdicting, [judged(message_id, case_id, **one) for one in judgements])
        unit.commit()
    return message_id, case_id


def judged(message_id, case_id, **values):
    row = {"at": NOON, "by": "machine", "input_sha256": "x", "category": "complaint", "route": "auto", "why": "sure"}
    return {"message_id": message_id, "case_id": case_id, **row, **values}


def asked(message_id=1_000, case_id=None, **values):
    told = {"sender_address": ADA, "category": "complaint", "username": "olive"}
    return Asked(message_id=message_id, case_id=case_id, **(told | values))


def found(store, question, which):
    with store.glance() as glance:
        return [earlier.message_id for earlier in which(glance, question)]


def test_the_newest_messages_of_the_same_address_come_first(store):
    first, _ = keep(store, 1)
    keep(store, 2, sender="bea@resident.example")
    third, _ = keep(store, 3)
    assert found(store, asked(), from_same_sender) == [third, first]
    assert found(store, asked(third), from_same_sender) == [first]
    assert found(store, asked(sender_address=None), from_same_sender) == []


def test_a_message_of_the_same_case_or_a_repeat_is_not_among_them(store):
    first, case_id = keep(store, 1)
    keep(store, 2, duplicate_of=first)
    assert found(store, asked(case_id=case_id), from_same_sender) == []
    assert found(store, asked(), from_same_sender) == [first]


def test_what_people_judged_is_found_whatever_it_was_and_what_the_machine_did_by_its_category(store):
    by_person, _ = keep(store, 1, judgements=[{"by": "olive", "category": "out_of_scope", "route": "triage"}])
    same, _ = keep(store, 2, judgements=[{}])
    keep(store, 3, judgements=[{"category": "service_request"}])
    keep(store, 4, judgements=[{"route": "triage"}])
    undone, _ = keep(store, 5, judgements=[{"by": "olive", "undone_at": NOON}])
    assert found(store, asked(), lately_decided) == [by_person, same]
    assert found(store, asked(category=None), lately_decided) == [by_person]
    assert found(store, asked(undone), lately_decided) == [by_person, same]


@pytest.mark.parametrize("which", [from_same_sender, lately_decided])
def test_a_restricted_case_is_found_only_by_those_it_is_open_to(store, which):
    message_id, case_id = keep(store, 1, judgements=[{"by": "mina"}], case={"restricted": True})
    assert found(store, asked(), which) == []
    assert found(store, asked(sees_restricted=True), which) == [message_id]
    with store.unit("desk") as unit:
        shared = {"case_id": case_id, "at": NOON, "by": "mina", "why": "x"}
        people = [{"username": "olive", "relation": "let_in"}, {"username": "noor", "relation": "barred"}]
        unit.insert(CaseStaff, [shared | person for person in people])
        unit.commit()
    assert found(store, asked(), which) == [message_id]
    assert found(store, asked(username="noor"), which) == []


def test_no_more_are_read_than_can_be_compared(store):
    for number in range(MOST_DECIDED + 5):
        keep(store, number, judgements=[{}])
    numbers = found(store, asked(), lately_decided)
    assert len(numbers) == MOST_DECIDED
    assert numbers == sorted(numbers, reverse=True)


def test_only_the_beginning_of_a_long_message_is_read(store):
    keep(store, 1, new_text="cold " * 10_000)
    with store.glance() as glance:
        (earlier,) = from_same_sender(glance, asked())
    assert len(earlier.text) == 1_000


def test_the_judgement_of_a_person_stands_before_the_machines_and_the_last_before_the_first(store):
    both, _ = keep(store, 1, judgements=[{"by": "olive"}, {"by": "noor", "category": "asb_report"}, {}])
    undone, _ = keep(store, 2, judgements=[{}, {"by": "olive", "category": "asb_report", "undone_at": NOON}])
    none, _ = keep(store, 3)
    with store.glance() as glance:
        standing = judgements_of(glance, [both, undone, none])
        assert judgements_of(glance, []) == {}
    assert {number: (one.by, one.category) for number, one in standing.items()} == {
        both: ("noor", "asb_report"),
        undone: ("machine", "complaint"),
    }


def test_a_decided_message_is_found_by_two_rare_words_however_old_it_is(store):
    shared = {"new_text": "The quillfeather substation hums"}
    old, case_id = keep(store, 1, judgements=[{}], **shared)
    unsure, other = keep(store, 2, judgements=[{"route": "triage"}], **shared)
    secret, third = keep(store, 3, judgements=[{}], case={"restricted": True}, **shared)
    with store.unit("search") as unit:
        index_cases(unit, [case_id, other, third])
        unit.commit()

    def found_by(question, *words):
        return found(store, question, lambda glance, asked: of_rare_words(glance, asked, words))

    assert found_by(asked(10**6), "quillfeath", "substation") == []  # not a stem of any word
    assert found_by(asked(10**6), "quillfeather", "substation") == [old]
    assert found_by(asked(10**6, sees_restricted=True), "nothing", "substation", "quillfeather") == [secret, old]
    assert found_by(asked(10**6), "quillfeather", "boiler") == []
    assert found_by(asked(10**6), "quillfeather") == []
    assert found_by(asked(10**6, case_id=case_id), "quillfeather", "substation") == []
    assert unsure
