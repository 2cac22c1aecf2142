"""Cases that only those may see who need to, and people who must never be given a case (Code 5.8)."""

from __future__ import annotations

from handlers.case_acts import Act, Acts, Refused, Stale, reasoned
from store.case_rows import give_back, take_out
from store.desk_models import CaseStaff
from store.models import Case, Task
from store.staff_rows import staff_by_username

LET_IN, BARRED = "let_in", "barred"


def may_restrict(case: Case, by: str, *, manager: bool) -> bool:
    """Say whether somebody may decide who sees the case: a manager, or the officer who has it."""
    return manager or case.assigned_to == by


def restrict(acts: Acts, case_id: int, by: str, why: str, *, manager: bool) -> int:
    """Close the case to everybody but managers, auditors, and whoever works on it now."""
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        _require(act, manager=manager)
        if act.case.restricted:
            raise Stale("The case is restricted already.")
        act.unit.update(Case, case_id, restricted=True)
        staying = sorted(_at_work(act))
        for username in staying:
            name_to_case(act, username, LET_IN, why)
        act.tell("restricted", why, let_in=staying)
        return act.done("The case is restricted now: only the people named on it can open it.")


def lift(acts: Acts, case_id: int, by: str, why: str, *, manager: bool) -> int:
    """Open the case to all who work at the desk again."""
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        _require(act, manager=manager)
        if not act.case.restricted:
            raise Stale("The case is not restricted any more.")
        act.unit.update(Case, case_id, restricted=False)
        for row in act.unit.find(CaseStaff, case_id=case_id, relation=LET_IN):
            take_out(act.unit, CaseStaff, row.id or 0)
        act.tell("restriction_lifted", why)
        return act.done("The restriction is lifted.")


def let_in(acts: Acts, case_id: int, by: str, username: str, why: str, *, manager: bool) -> int:
    """Let one more person see a restricted case."""
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        _require(act, manager=manager)
        if not act.case.restricted:
            raise Stale("The case is not restricted any more: everybody can open it.")
        name = known_person(act, username)
        if act.unit.find(CaseStaff, case_id=case_id, username=username, relation=BARRED):
            raise Refused(f"{name} was named as somebody who must not handle this case", "username")
        name_to_case(act, username, LET_IN, why)
        act.tell("let_in", why, who=username)
        return act.done(f"{name} can open the case now.")


def put_out(acts: Acts, case_id: int, by: str, username: str, why: str, *, manager: bool) -> int:
    """Close a restricted case to somebody who was let in, and take its tasks from them."""
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        _require(act, manager=manager)
        found = act.unit.find(CaseStaff, case_id=case_id, username=username, relation=LET_IN)
        if not found:
            raise Stale("This person is not let in any more.")
        take_out(act.unit, CaseStaff, found[0].id or 0)
        act.tell("put_out", why, who=username, tasks=relieve(act, username))
        return act.done("The case is closed to them now.")


def _require(act: Act, *, manager: bool) -> None:
    if not may_restrict(act.case, act.by, manager=manager):
        raise Refused("Only a manager, or the officer who has the case, decides who sees it.")


def known_person(act: Act, username: str) -> str:
    """Return the name of somebody who works here, or refuse."""
    staff = staff_by_username(act.unit, username)
    if staff is None or staff.disabled_at is not None:
        raise Refused("Choose a person", "username")
    return staff.name


def name_to_case(act: Act, username: str, relation: str, why: str) -> None:
    """Keep what somebody is to the case."""
    row = {"case_id": act.case_id, "username": username, "relation": relation, "at": act.now, "by": act.by, "why": why}
    act.unit.add_new(CaseStaff, [row], ["case_id", "username", "relation"])


def _at_work(act: Act) -> set[str]:
    """Return who must not lose sight of the case: who restricts it, who has it, and who has a task on it."""
    tasks = [task for task in act.unit.find(Task, case_id=act.case_id, closed_at=None) if task.assigned_to]
    people = {act.by, act.case.assigned_to, *(task.assigned_to for task in tasks)}
    barred = {row.username for row in act.unit.find(CaseStaff, case_id=act.case_id, relation=BARRED)}
    return {name for name in people if name} - barred


def relieve(act: Act, username: str) -> int:
    """Take the case and its open tasks from somebody; return how many tasks they had."""
    if act.case.assigned_to == username:
        act.unit.update(Case, act.case_id, assigned_to=None)
    return give_back(act.unit, act.case_id, username)
