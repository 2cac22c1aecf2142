"""A house that hands cases over: a repairs team by mail, a street team that publishes, and what the tests do with them."""

from __future__ import annotations

import asyncio

from desk.handover_wiring import sending_of
from desks import add_person
from handlers.handover.giving import hand_over
from handlers.handover.summary import Asked
from houses import Postbag, arrive, mail, settle
from store.chain import verify_chain
from store.handover_models import Handover
from store.models import Case, CaseEvent, Task

REPAIRS = {
    "key": "repairs",
    "name": "Repairs team",
    "takes": ["service_request", "asb_report"],
    "way": "mail",
    "address": "repairs@team.example",
    "answers_from": ["tickets@team.example"],
    "chase_days": 3,
}
STREETS = {"key": "streets", "name": "Street team", "way": "mail", "address": "streets@team.example", "publishes": True}
TAP = "service_request! The kitchen tap drips. I am Ada Resident, ring me on 07700 900123."
ASKED = Asked(what="Mend the kitchen tap.", where="12 Rose Lane", access="after four")


def house_with(house_of, *partners, **changes):
    """Open a house with an officer and with partners, the two above where none are named."""
    house = house_of(partners=list(partners or (REPAIRS, STREETS)), **changes)
    add_person(house, "olive", "officer")
    return house


def rows(house, table, **wanted):
    """Return rows of a table; the chains of all cases must hold."""
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


def request(house, words=TAP, sender="ada@resident.example"):
    """Let a request come in and be settled; return its case."""
    arrive(house, mail(words, sender=sender), sender=sender)
    settle(house)
    return rows(house, Case)[-1]


def given(house, case, partner="repairs", asked=ASKED, by="olive"):
    """Hand the case over; return the row of it."""
    hand_over(house.course, case.id, by, partner, asked)
    return rows(house, Handover, case_id=case.id)[-1]


def sent(house, bag=None):
    """Let the partners be told once; return the postbag."""
    bag = bag or Postbag()
    asyncio.run(sending_of(house, bag).once())
    return bag


def waiting(house, case):
    """Return the kinds of the open tasks about hand-overs."""
    return sorted(t.kind for t in rows(house, Task, case_id=case.id, closed_at=None) if t.kind.startswith("handover"))


def events(house, case):
    return [e.kind for e in rows(house, CaseEvent, case_id=case.id) if e.kind.startswith(("handed", "handover"))]
