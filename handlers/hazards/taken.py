"""Somebody says that they have an emergency: nobody else is called about it any more."""

from __future__ import annotations

from handlers.case_acts import Act, Acts, Refused
from handlers.course.people import require_person
from store.hazard_models import Page


def take_calls(act: Act, how: str) -> int:
    """End the calls about a case in a person's act; return how many there were."""
    waiting = act.unit.find(Page, case_id=act.case_id, taken_at=None)
    for page in waiting:
        act.unit.update(Page, page.id, taken_at=act.now, taken_by=act.by, lease=None)
    if waiting:
        act.tell("duty_taken", f"somebody has it: {how}", after=[page.attempts for page in waiting])
    return len(waiting)


def i_have_it(acts: Acts, case_id: int, by: str) -> int:
    """Say that one has the emergency of a case; its assessment stays to be done."""
    require_person(by)
    with acts.on(case_id, by) as act:
        if not take_calls(act, "said so at the desk"):
            raise Refused("Somebody has it already, or nobody was called about it")
        return act.done("You have it. Nobody else is called. Assess the hazard as soon as you know enough.")
