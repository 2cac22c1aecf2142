"""A letter of an act goes to the resident, whoever else wrote last."""

from __future__ import annotations

import pytest

from desks import add_person
from handlers.clock import london_day
from handlers.course.extending import Later, extend
from handlers.deadlines import by_rule
from handlers.parties import Named, add_party
from houses import arrive, house_of, mail, settle
from store.models import Deadline, OutboxEntry

__all__ = ["house_of"]
BEN = "ben@resident.example"


@pytest.fixture
def house(house_of):
    """Return a house with Ada's complaint, and Ben of her household among its people."""
    house = house_of()
    add_person(house, "olive", "officer")
    arrive(house, mail("complaint! Nobody came for the boiler. Please mend it."))
    settle(house)
    add_party(house.acts, 1, "olive", Named(address=BEN, name="Ben", role="household"), "her son")
    return house


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        return glance.find(table, **wanted)


def extended(house):
    due = next(line for line in rows(house, Deadline) if line.rule == "respond_1")
    new_on = by_rule("extend_1", due.due_on, house.calendar).due_on
    extend(house.course, 1, "olive", Later(new_on=new_on, reason="The surveyor comes next week.", every_days=7))
    return rows(house, OutboxEntry)[-1]


def test_the_resident_gets_it_though_somebody_of_the_household_wrote_last(house):
    arrive(house, mail("Any news?", sender=BEN, In_Reply_To=rows(house, OutboxEntry)[0].header_id), sender=BEN)
    settle(house)
    assert extended(house).recipient == "ada@resident.example"


def test_where_the_residents_address_takes_no_mail_people_carry_it_and_the_household_is_not_told(house):
    with house.store.unit("T5") as unit:
        unit.update(OutboxEntry, 1, state="failed", answer="550 no such user", sent_at=None)
        unit.commit()
    letter = extended(house)
    assert (letter.recipient, letter.state, letter.rule) == (None, "suppressed", "by-hand")
    assert london_day(letter.created_at) == london_day(house.clock.now())
