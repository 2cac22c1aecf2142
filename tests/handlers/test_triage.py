"""Triage when things go wrong: a store that goes away, a batch with a bad message, a calendar that ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from classifiers.taxonomy import Category
from handlers.settling import Settling
from handlers.watching import SIDES
from houses import arrive, mail, settle
from store.decided_rows import decided_messages
from store.errors import StoreUnavailable
from store.models import Case, Message, Task


def everything(house, table):
    with house.store.glance() as glance:
        return glance.find(table)


class Flaky:
    """Settles with the real thing, but for the first times the store is away."""

    def __init__(self, settling: Settling, times: int) -> None:
        self.settling, self.times = settling, times

    def settle(self, messages):
        if self.times:
            self.times -= 1
            raise StoreUnavailable("the store is away")
        return self.settling.settle(messages)

    def park(self, message, why):
        self.settling.park(message, why)


def test_an_outage_of_the_store_uses_up_nobodys_attempts(house_of):
    house = house_of()
    arrive(house, mail("complaint! Nobody came."))
    triage = house.triage()
    triage._settling = Flaky(triage._settling, times=5)
    for _ in range(5):
        with pytest.raises(StoreUnavailable):
            triage.once()
    assert triage.once() == 1
    (message,) = everything(house, Message)
    assert message.attempts == 1
    assert len(everything(house, Case)) == 1


def test_a_message_beyond_the_calendar_is_parked_and_its_neighbours_are_settled(house_of):
    house = house_of(at=datetime(2028, 12, 1, 12, tzinfo=UTC))
    arrive(house, mail("service_request! The tap drips, in a month whose days are known."))
    house.clock.at += timedelta(days=26)
    arrive(house, mail("complaint! Nobody came, and the answer is owed in a year without bank holidays."))
    settle(house)
    assert [case.category for case in everything(house, Case)] == ["service_request"]
    shunted = [message for message in everything(house, Message) if message.state == "shunted"]
    assert len(shunted) == 1
    assert "bank holidays" in shunted[0].problem
    assert [task.kind for task in everything(house, Task) if task.message_id == shunted[0].id] == ["quarantine"]


def test_what_a_person_decided_is_what_training_learns_from(house_of):
    house = house_of()
    arrive(house, mail("service_request? Nobody ever rang me back about the lift."))
    arrive(house, mail("service_request! Please mend the lift.", sender="bo@resident.example"))
    settle(house)
    number = everything(house, Message)[0].id
    house.deciding().decide(number, Category.ASB_REPORT, "A. Officer", "a first guess")
    house.deciding().decide(number, Category.COMPLAINT, "B. Officer", "says that nobody rang back")
    with house.store.glance() as glance:
        (learnt,) = decided_messages(glance, SIDES)
    assert (learnt.person.category, learnt.channel) == ("complaint", "email")
    assert (learnt.person.by, learnt.person.why) == ("B. Officer", "says that nobody rang back")
    assert (learnt.machine.category, learnt.machine.route) == ("service_request", "triage")
    assert "rang me back" in learnt.text
