"""Where a closed case goes on that a person joined to another: what is said or asked about it from then on belongs there."""

from __future__ import annotations

import json
from collections.abc import Collection

from handlers.joinings import joined_before
from store.models import Case, CaseEvent, CaseStatus
from store.unit import Glance

JOINED_AS_REPLY, REOPENED = "joined_to", "reopened"


def goes_on_in(glance: Glance, case: Case) -> Case | None:
    """Return the case in which this one goes on, at the end of all joining; None for one that stands for itself."""
    found, step = None, _next(glance, case)
    # Only what is open takes more in, and opening a case again ends that it goes on elsewhere: so this comes to an end.
    while step is not None:
        found, step = step, _next(glance, step)
    return found


def onwards(glance: Glance, case_ids: Collection[int]) -> dict[int, int]:
    """Return, of these cases, those that go on in another, and in which."""
    closed = glance.find(Case, id=sorted(set(case_ids)), status=CaseStatus.CLOSED)
    found = ((case.id or 0, goes_on_in(glance, case)) for case in closed)
    return {id_: case.id for id_, case in found if case is not None and case.id is not None}


def _next(glance: Glance, case: Case) -> Case | None:
    if case.status is not CaseStatus.CLOSED or case.id is None:
        return None
    joined = joined_before(glance, case.id)
    if joined is not None:
        return None if _reopened_since(glance, case.id, joined[0]) else glance.get(Case, joined[1].case)
    events = glance.find(CaseEvent, case_id=case.id, kind=JOINED_AS_REPLY)
    if not events or _reopened_since(glance, case.id, events[-1]):
        return None
    return next(iter(glance.find(Case, reference=json.loads(events[-1].details)["to"])), None)


def _reopened_since(glance: Glance, case_id: int, event: CaseEvent) -> bool:
    later = glance.find(CaseEvent, case_id=case_id, kind=REOPENED)
    return any((one.id or 0) > (event.id or 0) for one in later)
