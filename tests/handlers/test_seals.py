"""What stands under seal cannot be changed unseen: one byte of a letter, a deadline, a judgement or a message is found."""

import pytest
from sqlalchemy import delete, update

from houses import arrive, house_of, mail, settle
from store.chain import verify_chain
from store.desk_models import Note
from store.models import CaseEvent, Deadline, Message, OutboxEntry, Verdicting
from store.rows import columns, core
from store.seal_check import broken_seals
from store.seals import SEALED

__all__ = ["house_of"]

WRITTEN = (Message, OutboxEntry, Deadline, Verdicting, Note)
"""Tables that the case of these tests has rows in."""


@pytest.fixture
def house(house_of):
    """Return a house with a complaint, a reply to it and a note."""
    from handlers.case_work import add_note

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
    assert f"{SEALED[table][0]} {rows[0].id} of case 1 is not as it was written" in found


@pytest.mark.parametrize("table", [OutboxEntry, Deadline, Verdicting, Note], ids=lambda table: table.__name__)
def test_a_row_taken_out_of_the_database_is_found(house, table):
    with house.store.unit("desk") as unit:
        unit.run(delete(core(table)).where(columns(table).id == unit.find(table)[-1].id))
        unit.commit()
    assert faults(house) == [f"1 rows of the kind {SEALED[table][0]} were written and are not there"]


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
