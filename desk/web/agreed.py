"""What was agreed with a resident as the desk shows it, and who may read what they disclosed of a disability (Code 5.10)."""

from __future__ import annotations

from desk.web.rights import Person, Role
from handlers.people.known import adjustments_of, person_of
from handlers.people.wishes import ADJUSTMENTS
from store.desk_models import CaseStaff
from store.models import Case, Task
from store.people_models import Adjustment
from store.unit import Glance


def agreed_with(glance: Glance, case: Case) -> tuple[str, ...]:
    """Return what was agreed with the resident of a case, each in a line."""
    rows = adjustments_of(glance, person_of(glance, case, as_seen=True))
    return tuple(f"{ADJUSTMENTS.get(row.kind, row.kind)}: {row.words}" for row in rows)


def may_read_disability(glance: Glance, case: Case, row: Adjustment, person: Person) -> bool:
    """Say whether somebody works on the case: has it or a task of it, was let in, wrote it down, or is a manager."""
    if not person.acts:
        return False
    if person.is_any(Role.MANAGER) or person.username in (case.assigned_to, row.by):
        return True
    let_in = glance.find(CaseStaff, case_id=case.id, username=person.username, relation="let_in")
    return bool(let_in or glance.find(Task, case_id=case.id, assigned_to=person.username, closed_at=None))
