"""People who must never be given a case, because it is about them or near to them (Code 5.8)."""

from __future__ import annotations

from handlers.case_acts import Acts, Refused, Stale, reasoned
from handlers.restricting import BARRED, LET_IN, known_person, name_to_case, relieve
from store.case_rows import take_out
from store.desk_models import CaseStaff


def bar(acts: Acts, case_id: int, by: str, username: str, why: str) -> int:
    """Name somebody who must never be given this case, because it is about them or near to them (Code 5.8)."""
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        name = known_person(act, username)
        if act.unit.find(CaseStaff, case_id=case_id, username=username, relation=BARRED):
            raise Stale(f"{name} is named already", "username")
        for row in act.unit.find(CaseStaff, case_id=case_id, username=username, relation=LET_IN):
            take_out(act.unit, CaseStaff, row.id or 0)
        name_to_case(act, username, BARRED, why)
        act.tell("barred", why, who=username, tasks=relieve(act, username))
        return act.done(f"{name} cannot be given this case.")


def unbar(acts: Acts, case_id: int, by: str, username: str, why: str, *, manager: bool) -> int:
    """Let somebody be given the case again; only a manager says so."""
    why = reasoned(why)
    if not manager:
        raise Refused("Only a manager can let somebody have the case again.")
    with acts.on(case_id, by) as act:
        found = act.unit.find(CaseStaff, case_id=case_id, username=username, relation=BARRED)
        if not found:
            raise Stale("This person is not named any more.")
        take_out(act.unit, CaseStaff, found[0].id or 0)
        act.tell("unbarred", why, who=username)
        return act.done("They can be given the case again.")
