"""Two cases that have to do with each other: linked and parted with a reason, as an event on both."""

from __future__ import annotations

from handlers.case_acts import Acts, Refused, Stale, reasoned
from store.case_rows import link_between, take_out
from store.desk_models import CaseLink
from store.models import Case


def link(acts: Acts, case_id: int, by: str, other_id: int, why: str) -> int:
    """Link two cases; each keeps its own clock, its own parties and its own end (Code 1.5)."""
    why = reasoned(why)
    if other_id == case_id:
        raise Refused("This is the case itself: give the reference of another one", "reference")
    with acts.on(case_id, by, also=other_id) as act:
        if link_between(act.unit, case_id, other_id):
            raise Stale("The two cases are linked already", "reference")
        one, other = sorted((case_id, other_id))
        act.unit.add(CaseLink, [{"case_id": one, "other_id": other, "at": act.now, "by": by, "why": why}])
        names = _names(act.unit.find(Case, id=[case_id, other_id]))
        act.tell("linked", why, other=names[other_id])
        act.tell("linked", why, other_id, other=names[case_id])
        return act.done(f"Linked with {names[other_id]}.")


def unlink(acts: Acts, case_id: int, by: str, other_id: int, why: str) -> int:
    """Part two linked cases."""
    why = reasoned(why)
    with acts.on(case_id, by, also=other_id) as act:
        found = link_between(act.unit, case_id, other_id)
        if found is None:
            raise Stale("The two cases are not linked any more")
        take_out(act.unit, CaseLink, found.id or 0)
        names = _names(act.unit.find(Case, id=[case_id, other_id]))
        act.tell("unlinked", why, other=names[other_id])
        act.tell("unlinked", why, other_id, other=names[case_id])
        return act.done(f"No longer linked with {names[other_id]}.")


def _names(cases: list[Case]) -> dict[int, str]:
    return {case.id or 0: case.reference for case in cases}
