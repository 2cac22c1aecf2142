"""A house with dangers in it: messages that tell of them, an officer who deals with them, and what is kept of it all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from handlers.clock import LONDON
from handlers.hazards import assessing
from handlers.hazards.assessing import Assessed
from houses import arrive, mail, settle
from store.chain import verify_chain
from store.hazard_models import Hazard
from store.models import Case, CaseEvent, Deadline, Task

MOULD = "service_request! [damp_mould] There is black mould in the bedroom."
GAS = "service_request! [emergency] The boiler leaks gas, I am at 12 Rose Lane, SE6 4RU."
BY = "olive"


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a London time of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def rows(house, table, **wanted):
    """Return rows of a table; the chains of all cases must hold."""
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


def told(house, words=MOULD, sender="ada@resident.example"):
    """Let a message come in and be settled; return its case."""
    arrive(house, mail(words, sender=sender), sender=sender)
    settle(house)
    return rows(house, Case)[-1]


def found(level="significant", kind="damp_mould", tenure="tenant", reasons="black mould, and a baby with asthma"):
    return Assessed(level=level, kind=kind, tenure=tenure, reasons=reasons)


def assessed(house, case, **what):
    """Let the officer assess the case's hazard; return it as it is kept."""
    assessing.assess(house.course, case.id, BY, found(**what))
    return rows(house, Hazard, case_id=case.id)[-1]


def clocks(house, case):
    """Return what is owed of hazards on a case: date by rule, those that run."""
    running = rows(house, Deadline, case_id=case.id, met_at=None, superseded_at=None)
    return {row.rule: row.due_on for row in running if row.rule.startswith("hazard_")}


def state(house, case, rule):
    """Return how the latest deadline of a rule stands: met, late, ended or running."""
    row = rows(house, Deadline, case_id=case.id, rule=rule)[-1]
    if row.met_at is not None:
        return "late" if row.met_at > row.due_at else "met"
    return "ended" if row.superseded_at is not None else "running"


def waiting(house, case):
    """Return the open tasks of a case by kind."""
    return {task.kind: task for task in rows(house, Task, case_id=case.id, closed_at=None)}


def events(house, case):
    return [event.kind for event in rows(house, CaseEvent, case_id=case.id)]
