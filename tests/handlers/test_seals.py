"""What stands under seal cannot be changed unseen: one byte of a letter, a deadline, a judgement or a message is found."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from handlers.case_work import add_note
from houses import arrive, house_of, mail, settle
from store import chain
from store.chain import verify_chain
from store.chat_models import MediaContent, MediaFile
from store.desk_models import Note
from store.holes import holes, spoilt
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, Party, RawContent, Task, Verdicting
from store.rows import blank, columns, core
from store.seal_check import broken_seals
from store.seals import SEALED, seal_of

__all__ = ["house_of"]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WRITTEN = (Message, OutboxEntry, Deadline, Verdicting, Note)
"""Tables that the case of these tests has rows in."""


@pytest.fixture
def house(house_of):
    """Return a house with a complaint, a reply to it and a note."""
    house = house_of()
    arrive(house, mail("complaint! Nobody came for the boiler. Please mend it."))
    settle(house)
    with house.store.glance() as glance:
        (letter,) = glance.find(OutboxEntry)
    arrive(house, mail("Still nobody here.", In_Reply_To=letter.header_id))
    settle(house)
    add_note(house.acts, 1, "olive", "Rang, no answer")
    return house


def faults(house):
    with house.store.glance() as glance:
        return [*verify_chain(glance), *broken_seals(glance)]


def test_all_that_a_case_holds_is_as_it_was_written(house):
    assert faults(house) == []
    with house.store.glance() as glance:
        assert all(glance.find(table) for table in WRITTEN)
        # What opens a case stands in its first event: a row more for each case would be paid for by every message.
        assert not glance.find(CaseEvent, kind="sealed")
        assert glance.find(CaseEvent, number=1)[0].seals


def reference(house):
    with house.store.glance() as glance:
        return glance.get(Case, 1).reference


def past_the_program(house, *statements):
    """Write as somebody with the database's own tools does."""
    with house.store.unit("desk") as unit:
        for statement in statements:
            assert unit.run(statement).rowcount > 0
        unit.commit()


def other(value):
    """Return a value that differs by as little as it can; of nothing, nothing."""
    changed = {
        str: lambda: value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x",
        list: lambda: [*value, "x"],
        dict: lambda: value | {"x": 0.5},
        float: lambda: value / 2,
        int: lambda: 3 - value,
        type(None): lambda: None,
    }
    return changed.get(type(value), lambda: value.replace(year=value.year + 1))()


COLUMNS = [(table, name) for table in WRITTEN for name in SEALED[table][1]]


@pytest.mark.parametrize(("table", "name"), COLUMNS, ids=[f"{table.__name__}.{name}" for table, name in COLUMNS])
def test_one_byte_changed_in_the_database_is_found(house, table, name):
    with house.store.glance() as glance:
        rows = [row for row in glance.find(table) if other(getattr(row, name)) != getattr(row, name)]
    if not rows:
        pytest.skip("no row of this case has a value there")
    with house.store.unit("desk") as unit:
        changed = {name: other(getattr(rows[0], name))}
        unit.run(update(core(table)).where(columns(table).id == rows[0].id).values(**changed))
        unit.commit()
    found = faults(house)
    assert found
    assert f"{reference(house)}: {SEALED[table][0]} {rows[0].id} is not as it was written" in found


@pytest.mark.parametrize("table", [OutboxEntry, Deadline, Verdicting, Note], ids=lambda table: table.__name__)
def test_a_row_taken_out_of_the_database_is_found(house, table):
    with house.store.unit("desk") as unit:
        unit.run(delete(core(table)).where(columns(table).id == unit.find(table)[-1].id))
        unit.commit()
    assert faults(house) == [f"{reference(house)}: 1 of the kind {SEALED[table][0]} was written and not there"]


def test_a_row_put_in_past_the_program_is_found(house):
    with house.store.unit("desk") as unit:
        unit.run(core(Note).insert().values(case_id=1, at=house.clock.now(), by="nobody", text="made up"))
        unit.commit()
    assert len(faults(house)) == 1


def test_a_seal_itself_is_chained(house):
    with house.store.unit("desk") as unit:
        event = unit.find(CaseEvent, number=1)[0]
        unit.run(update(core(CaseEvent)).where(columns(CaseEvent).id == event.id).values(seals="[]"))
        unit.commit()
    assert any("event 1 was changed" in fault for fault in faults(house))


def test_what_the_program_itself_changes_is_sealed_again(house):
    with house.store.unit("T6") as unit:
        note = unit.find(Note)[0]
        unit.update(Note, note.id, text="Rang, and they answered")
        unit.commit()
    assert faults(house) == []
    with house.store.glance() as glance:
        assert glance.find(CaseEvent, kind="sealed")


def test_an_older_state_put_back_is_found(house):
    with house.store.unit("T6") as unit:
        note = unit.find(Note)[0]
        unit.update(Note, note.id, text="Rang, and they answered")
        unit.commit()
    assert faults(house) == []
    past_the_program(house, update(core(Note)).where(columns(Note).id == note.id).values(text=note.text))
    assert faults(house) == [f"{reference(house)}: note {note.id} is not as it was written"]


def test_a_row_doubled_while_another_is_taken_out_is_found(house):
    add_note(house.acts, 1, "olive", "Rang again, no answer")
    with house.store.glance() as glance:
        first, second = glance.find(Note)
    same = {name: getattr(first, name) for name in ("case_id", "at", "by", "text")}
    past_the_program(house, update(core(Note)).where(columns(Note).id == second.id).values(**same))
    assert faults(house) == [f"{reference(house)}: note {second.id} is not as it was written"]


def test_a_row_moved_to_another_case_is_found_on_both(house):
    arrive(house, mail("complaint! The lift is broken.", sender="ben@b.example", message_id="<9@b.example>"))
    settle(house)
    with house.store.glance() as glance:
        first, second = glance.find(Case)
        note = glance.find(Note)[0]
    past_the_program(house, update(core(Note)).where(columns(Note).id == note.id).values(case_id=second.id))
    assert set(faults(house)) == {
        f"{first.reference}: 1 of the kind note was written and not there",
        f"{second.reference}: note {note.id} is not as it was written",
    }


def test_what_was_changed_past_the_program_stays_found_when_the_program_writes_over_it(house):
    with house.store.glance() as glance:
        note = glance.find(Note)[0]
    past_the_program(house, update(core(Note)).where(columns(Note).id == note.id).values(text="Rang, they shouted"))
    with house.store.unit("T6") as unit:
        unit.update(Note, note.id, text="Rang twice")
        unit.commit()
    assert faults(house) == [f"{reference(house)}: 1 of the kind note was written and not there"]


def test_a_change_that_changes_nothing_takes_no_event(house):
    with house.store.glance() as glance:
        before = glance.get(Case, 1).events
    with house.store.unit("T6") as unit:
        note = unit.find(Note)[0]
        unit.update(Note, note.id, text=note.text)
        unit.commit()
    with house.store.glance() as glance:
        assert glance.get(Case, 1).events == before
    assert faults(house) == []


def test_a_row_sealed_before_its_table_had_a_column_keeps_its_seal():
    table = next(table for table, (name, _covered) in SEALED.items() if name == "remedy")
    row = {"case_id": 1, "stage": "1", "kind": "money", "impact": "cold", "what": "£50", "offered_at": NOW, "by": "olive"}
    # As the database gives back a row with a column that was added later: what nobody set has the column's default.
    later = blank(table) | row
    assert seal_of(table, row) == seal_of(table, later)
    assert seal_of(table, later | {"pence": 5000}) != seal_of(table, later)
    assert seal_of(table, later | {"withdrawn_why": ""}) != seal_of(table, later)


def test_cases_older_than_seals_are_left_out(house):
    # As a case stands whose events were written before there were seals.
    with house.store.unit("desk") as unit:
        head = ""
        for event in unit.find(CaseEvent, case_id=1):
            kept = event.model_dump() | {"seals": None, "previous_hash": head}
            head = chain._hash(kept)  # what it was hashed by then
            where = columns(CaseEvent).id == event.id
            unit.run(update(core(CaseEvent)).where(where).values(seals=None, previous_hash=kept["previous_hash"], hash=head))
        unit.run(update(core(Case)).values(head_hash=head))
        unit.commit()
    assert faults(house) == []
    past_the_program(house, update(core(Note)).values(text="changed"))
    assert faults(house) == []


@pytest.mark.parametrize("body", [b"another", b""])
def test_a_changed_original_is_found(house, body):
    past_the_program(house, update(core(RawContent)).where(columns(RawContent).message_id == 1).values(body=body))
    with house.store.glance() as glance:
        assert list(spoilt(glance)) == ["the bytes of message 1 were changed"]


def test_a_changed_file_that_was_fetched_from_a_platform_is_found(house):
    kept = {"message_id": 1, "number": 1, "way": "telegram", "reference": "a", "state": "kept", "next_at": NOW}
    with house.store.unit("desk") as unit:
        (file,) = unit.insert(MediaFile, [kept | {"sha256": hashlib.sha256(b"a photo").hexdigest()}])
        unit.add(MediaContent, [{"media_id": file, "body": b"a photo"}])
        unit.commit()
    with house.store.glance() as glance:
        assert list(spoilt(glance)) == []
    past_the_program(house, update(core(MediaContent)).values(body=b"a picture"))
    with house.store.glance() as glance:
        assert list(spoilt(glance)) == [f"the bytes of fetched file {file} were changed"]


@pytest.fixture
def waiting(house):
    """Return the number of a message that came to no case yet."""
    arrive(house, mail("The lift is stuck.", message_id="<new@r.example>"))
    with house.store.glance() as glance:
        (message,) = glance.find(Message, case_id=None)
        assert holes(glance) == []
    return message.id


def test_a_message_of_no_case_taken_out_is_found(house, waiting):
    past_the_program(
        house,
        delete(core(RawContent)).where(columns(RawContent).message_id == waiting),
        delete(core(Message)).where(columns(Message).id == waiting),
    )
    with house.store.glance() as glance:
        assert holes(glance)


def test_bytes_and_sum_of_a_message_of_no_case_changed_together_are_not_found(house, waiting):
    body, digest = b"another", hashlib.sha256(b"another").hexdigest()
    past_the_program(
        house,
        update(core(RawContent)).where(columns(RawContent).message_id == waiting).values(body=body),
        update(core(Message)).where(columns(Message).id == waiting).values(raw_sha256=digest, raw_size=len(body)),
    )
    with house.store.glance() as glance:
        assert [*holes(glance), *spoilt(glance), *faults(house)] == []


UNSEALED = {
    "the case's status": lambda: update(core(Case)).values(status="closed"),
    "to whom a letter went": lambda: update(core(OutboxEntry)).values(recipient="somebody@else.example"),
    "when a deadline was met": lambda: update(core(Deadline)).values(met_at=NOW),
    "a task": lambda: delete(core(Task)),
    "a party": lambda: delete(core(Party)),
}
"""What docs/evidence.md says is not found: whoever puts one of these under seal says so there."""


@pytest.mark.parametrize("change", UNSEALED.values(), ids=UNSEALED)
def test_what_is_not_found(house, change):
    past_the_program(house, change())
    assert faults(house) == []
