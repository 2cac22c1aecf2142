"""Who may be given an item, to choose from, and who of its team has least to do."""

from __future__ import annotations

from datetime import datetime

from handlers.allocation import may_be_given, suggest
from handlers.clock import london_day
from handlers.task_acts import ground_for
from store.desk_models import Staff
from store.models import Case
from store.staff_rows import all_staff, open_items_by_person
from store.unit import Glance


def who_may(glance: Glance, case: Case | None, now: datetime, team: str) -> tuple[tuple[tuple[str, str], ...], str | None]:
    """Return user names and names of all who may be given work on a case today, and whom of them we would suggest."""
    people, ground, today = all_staff(glance), ground_for(glance, case), london_day(now)
    loads = open_items_by_person(glance)
    best = suggest(people, ground, today, team, loads)
    fit = [one for one in people if may_be_given(one, ground, today) is None]
    return tuple((one.username, _called(one, loads)) for one in fit), best.username if best else None


def _called(one: Staff, loads: dict[str, int]) -> str:
    number = loads.get(one.username, 0)
    return f"{one.name} ({number} open item{'s' if number != 1 else ''})"
