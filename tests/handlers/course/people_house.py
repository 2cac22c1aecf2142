"""A house with people of ours, a resident's complaint, and what may be agreed with her."""

from __future__ import annotations

from datetime import date

from timing import complaint, rows

from desks import add_person
from handlers.people.adjustments import Agreed, agree
from store.models import Case
from store.people_models import Adjustment

TODAY = date(2026, 11, 23)
REVIEW = date(2027, 5, 23)


def staffed(house):
    """Add two officers and two managers."""
    for name, role in (("olive", "officer"), ("ben", "officer"), ("mona", "manager"), ("max", "manager")):
        add_person(house, name, role, teams=("complaints",))
    return house


def agreed(house, case, kind, **more):
    """Agree on an adjustment with a case's resident; return its row."""
    told = {"words": "as she asked", "agreed_on": TODAY, "agreed_with": "Ada Resident", "review_on": REVIEW} | more
    agree(house.acts, case.id, "olive", Agreed(kind=kind, **told))
    return rows(house, Adjustment)[-1]


def phoned(house, case, number="020 7946 0000"):
    """Let the resident's number be known; return the case."""
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, resident_phone=number)
        unit.commit()
    return rows(house, Case, id=case.id)[0]


__all__ = ["REVIEW", "TODAY", "agreed", "complaint", "phoned", "staffed"]
