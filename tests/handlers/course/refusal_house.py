"""What the tests of refusals share: a logged complaint, people who work on it, and proposals that hold."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from desks import add_person
from handlers.course import refusing
from handlers.course.discretion import Considered, consider
from handlers.course.refusal_checks import Proposal
from handlers.course.refusal_grounds import Facts, Ground
from handlers.named import NamedPerson
from houses import Postbag, arrive, mail, settle
from store.chain import verify_chain
from store.course_models import Refusal
from store.models import Case

OLIVE, MONA = NamedPerson(username="olive"), NamedPerson(username="mona")
WORDS = "complaint! The council tax bill for my flat is wrong again and nobody puts it right."
REASONS = "You wrote about your bill of April. We asked the tax office, and it has your appeal on its desk since Monday."
ELSEWHERE = Facts(what="your council tax", who="the council tax office")
CLAIM = Facts(number="K12YJ345", on=date(2026, 11, 16))


def staffed(house):
    """Add an officer and a manager; return the house."""
    add_person(house, "olive", "officer", teams=("complaints",))
    add_person(house, "mona", "manager", teams=("complaints",))
    return house


def complaint(house, words=WORDS, **given):
    """Let a mail become a complaint; return its case."""
    arrive(house, mail(words, **given), sender=given.get("sender", "ada@resident.example"))
    settle(house)
    with house.store.glance() as glance:
        return glance.find(Case)[-1]


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


def case_now(house, case):
    return rows(house, Case, id=case.id)[0]


def post(house):
    """Send what is due; return the letters that went."""
    bag = Postbag()
    asyncio.run(house.outbox(bag).once())
    return bag.sent


def later(house, **time):
    house.clock.at += timedelta(**time)


def proposal(
    ground=Ground.OTHER_SERVICE, facts=ELSEWHERE, reasons=REASONS, evidence="the mail of the tax office of 20 November"
):
    return Proposal(ground=str(ground), reasons=reasons, evidence=evidence, facts=facts)


def propose(house, case, by=OLIVE, **given):
    """Propose a refusal; return its number."""
    refusing.propose(house.course, case.id, by, proposal(**given))
    return rows(house, Refusal, case_id=case.id)[-1].id


def refuse(house, case, **given):
    """Let two people refuse a complaint, and its letter go; return the refusal."""
    number = propose(house, case, **given)
    refusing.agree(house.course, case.id, MONA, number)
    return rows(house, Refusal, id=number)[0]


def considered(house, case, *, taken_on=False, occurred=date(2025, 3, 1), aware=date(2025, 6, 1)):
    """Let discretion be considered on a case."""
    reasons = "She was in hospital until June and could write from then on."
    found = Considered(occurred_on=occurred, aware_on=aware, taken_on=taken_on, reasons=reasons)
    return consider(house.course, case.id, OLIVE, found)
