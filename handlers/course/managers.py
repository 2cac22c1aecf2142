"""Which manager a warning or an alert is for, and which liaison an order: of the case's team before others, there today, not barred."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from handlers.allocation import may_be_given
from handlers.clock import london_day
from handlers.course.people import MANAGER
from handlers.task_acts import ground_for
from store.models import Case
from store.staff_rows import all_staff
from store.unit import Glance

LIAISON = "liaison"


def manager_for(glance: Glance, case: Case | None, team: str, now: datetime, but: Collection[str] = ()) -> str | None:
    """Return the user name of a manager who may be given this, of the team before others; None where there is nobody."""
    return _fit_for(glance, case, team, now, MANAGER, but)


def liaison_for(glance: Glance, case: Case, now: datetime) -> str | None:
    """Return whoever deals with the Ombudsman and may be given this (Code 4.1); None where there is nobody."""
    return _fit_for(glance, case, case.team, now, LIAISON, ())


def _fit_for(glance: Glance, case: Case | None, team: str, now: datetime, role: str, but: Collection[str]) -> str | None:  # noqa: PLR0917
    ground, today = ground_for(glance, case), london_day(now)
    fit = [
        staff
        for staff in all_staff(glance)
        if role in staff.roles and staff.username not in but and may_be_given(staff, ground, today) is None
    ]
    best = min(fit, key=lambda staff: (team not in staff.teams, staff.username), default=None)
    return best.username if best else None
