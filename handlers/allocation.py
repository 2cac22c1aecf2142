"""Who may be given what: never the person named in a complaint, nobody who is away, nobody who may not see it (Code 5.8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from store.desk_models import Staff

WORKS_ON_CASES = frozenset({"officer", "manager", "liaison"})
SEES_RESTRICTED = frozenset({"manager", "auditor"})
"""Roles as they are kept with a person; the desk's own names for them are the same."""

BARRED = "You were named as somebody who must not handle this case (Code 5.8), so nothing was changed."


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What speaks against people on one case: who is barred from it, and who is let in where it is restricted.

    ``before`` are those who worked on it at stage 1, where it is at stage 2: none of them has it there (Code 6.13).
    """

    barred: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    restricted: bool = False
    let_in: frozenset[str] = frozenset()


ANY = Ground()
"""Work that belongs to no case."""


def may_be_given(staff: Staff, ground: Ground, today: date) -> str | None:
    """Return why somebody cannot be given work on a case today, as a sentence; None where they can."""
    if (never := _never(staff, ground)) is not None:
        return never
    if staff.disabled_at is not None:
        return f"{staff.name} has no account any more."
    if WORKS_ON_CASES.isdisjoint(staff.roles):
        return f"{staff.name} does not work on cases."
    if ground.restricted and staff.username not in ground.let_in and SEES_RESTRICTED.isdisjoint(staff.roles):
        return f"{staff.name} may not see this restricted case."
    if away(staff, today):
        back = staff.away_until
        return f"{staff.name} is away{f' until {back.day} {back:%B %Y}' if back else ''}."
    return None


def _never(staff: Staff, ground: Ground) -> str | None:
    if staff.username in ground.barred:
        return f"{staff.name} must not handle this case (Code 5.8)."
    if staff.username in ground.before:
        return f"{staff.name} worked on it at stage 1, so somebody else must have it at stage 2 (Code 6.13)."
    return None


def away(staff: Staff, today: date) -> bool:
    """Return whether somebody is away on a London date; both ends count, and an absence without an end lasts."""
    if staff.away_from is None and staff.away_until is None:
        return False
    begun = staff.away_from is None or staff.away_from <= today
    return begun and (staff.away_until is None or today <= staff.away_until)


def suggest(people: Iterable[Staff], ground: Ground, today: date, team: str, loads: Mapping[str, int]) -> Staff | None:
    """Return who of a team that is there today has the fewest open items; nobody where nobody may be given it."""
    fit = [one for one in people if team in one.teams and may_be_given(one, ground, today) is None]
    return min(fit, key=lambda one: (loads.get(one.username, 0), one.username), default=None)


def ground_of(barred: Collection[str], let_in: Collection[str], *, restricted: bool, before: Collection[str] = ()) -> Ground:
    """Return what speaks against people, from the names kept with a case."""
    return Ground(barred=frozenset(barred), let_in=frozenset(let_in), restricted=restricted, before=frozenset(before))
