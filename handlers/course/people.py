"""What only a person may do: a named one, who may have limits of their own (design section 2, 4)."""

from __future__ import annotations

from classifiers.taxonomy import Category
from handlers.case_acts import Act, Refused
from handlers.course.stages import fit_for_task
from handlers.named import NamedPerson
from handlers.rows import Row
from store.models import CaseStatus, Task
from store.staff_rows import staff_by_username

MANAGER = "manager"


def require_person(by: str) -> None:
    """Refuse an act to whatever is no person: the machine never decides (design section 2, 4)."""
    NamedPerson(username=by)


def require_open_complaint(act: Act) -> None:
    """Refuse where there is no complaint that is open."""
    if act.case.category != Category.COMPLAINT or act.case.logged_at is None:
        raise Refused("Only a complaint that was logged has this, and this case is not one now")
    if act.case.status is CaseStatus.CLOSED:
        raise Refused("The case is closed: open it again first")


def is_manager(act: Act, username: str | None = None) -> bool:
    """Return whether somebody is a manager, as their account says."""
    staff = staff_by_username(act.unit, username or act.by)
    return staff is not None and MANAGER in staff.roles


def open_task(act: Act, kind: str, why: str, *, team: str | None = None, assigned_to: str | None = None) -> None:
    """Open work for a person on the case, due at once; at stage 2 it is for the team where they worked at stage 1."""
    row: Row = {"kind": kind, "case_id": act.case_id, "team": team or act.case.team, "why": why}
    row |= {"assigned_to": fit_for_task(act, assigned_to)}
    act.unit.add(Task, [row | {"opened_at": act.now, "due_at": act.now}])
