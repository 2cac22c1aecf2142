"""Whether to look into something that is over twelve months old: considered by a person, and kept either way (Code 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from classifiers.taxonomy import Flag
from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.stages import stage_of
from handlers.course.twelve_months import is_late
from handlers.letter_words import day
from handlers.named import NamedPerson, known
from store.course_models import Discretion
from store.marks import close_tasks
from store.models import Case
from store.unit import Glance

TASK = "over_12_months"
IN_TIME = "It came within twelve months of {on}, so it must be accepted: its age is no ground (Code 2.3)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Considered:
    """What a person found: when it happened, when the resident came to know of it, and what is done about it, with reasons."""

    occurred_on: date
    aware_on: date
    taken_on: bool
    reasons: str


def consider(course: Course, case_id: int, by: NamedPerson, found: Considered) -> int:
    """Keep the decision either way; only the flag and the record change: no clock stops, and nothing is refused by it."""
    why = reasoned(found.reasons, "reasons")
    with course.acts.on(case_id, by.username) as act:
        known(act.unit, by)
        stage_of(act.case)
        received_on = london_day(act.case.received_at)
        _require_dates(found, received_on)
        late = is_late(found.occurred_on, found.aware_on, received_on)
        if not late and not found.taken_on:
            raise Refused(IN_TIME.format(on=day(max(found.occurred_on, found.aware_on))), "taken_on")
        _keep(act, found, why, late=late)
        return act.done(_said(late=late, taken_on=found.taken_on))


def decided(glance: Glance, case_id: int) -> Discretion | None:
    """Return the latest such decision on a case."""
    found = glance.find(Discretion, case_id=case_id)
    return found[-1] if found else None


def _require_dates(found: Considered, received_on: date) -> None:
    if found.occurred_on > received_on:
        raise Refused("It cannot have happened after we were told of it", "occurred_on")
    if found.aware_on > received_on:
        raise Refused("They knew of it when they told us: give that day, or an earlier one", "aware_on")


def _keep(act: Act, found: Considered, why: str, *, late: bool) -> None:
    row = {"case_id": act.case_id, "occurred_on": found.occurred_on, "aware_on": found.aware_on, "taken_on": found.taken_on}
    act.unit.add(Discretion, [row | {"reasons": why, "by": act.by, "at": act.now}])
    flags = {*act.case.flags} - {Flag.OVER_12_MONTHS} | ({str(Flag.OVER_12_MONTHS)} if late else set())
    act.unit.update(Case, act.case_id, flags=sorted(map(str, flags)))
    close_tasks(act.unit, act.case_id, (TASK,), at=act.now, by=act.by, outcome=_said(late=late, taken_on=found.taken_on))
    told: dict[str, Any] = {"occurred_on": found.occurred_on.isoformat(), "aware_on": found.aware_on.isoformat()}
    act.tell("discretion_considered", why, taken_on="yes" if found.taken_on else "no", over_12_months=late, **told)


def _said(*, late: bool, taken_on: bool) -> str:
    if not late:
        return "It is within twelve months, and goes on."
    return "It is over twelve months old, and is looked into all the same." if taken_on else "Kept. Its dates go on meanwhile."
