"""Changes to the people who may sign in: each under a lock, each noted on the person's own row with who did it.

The notes are the list ``changes`` in ``Staff.preferences``: only added to, read at ``/users``, not chained by hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.staff_roles import Role
from handlers.clock import Clock
from handlers.rows import MACHINE, SWEEP
from store.desk_models import Staff
from store.engine import Store
from store.staff_rows import end_sessions, staff_by_username, staff_to_change
from store.unit import Unit

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+'-]{1,99}")
RESERVED = frozenset({MACHINE, SWEEP, "resident", "nobody", "system"})
"""Names that stand in case histories for something other than a person."""
LONGEST_NAME = 100


class CannotBe(Exception):
    """A change that is refused; ``field`` names what to mend, the words say how."""

    def __init__(self, field: str, words: str) -> None:
        """Say what is wrong with which field."""
        super().__init__(words)
        self.field = field


class Stale(Exception):
    """Somebody else changed the person first; ``staff`` is how they stand now."""

    def __init__(self, staff: Staff) -> None:
        """Hold the person as they stand."""
        super().__init__("somebody else was first")
        self.staff = staff


@dataclass(frozen=True, kw_only=True, slots=True)
class Accounts:
    """Adds people, and changes what they may do; whoever asks must have looked whether they may."""

    store: Store
    clock: Clock

    def add(self, *, username: str, name: str, roles: Sequence[str], teams: Sequence[str], password_hash: str, by: str) -> int:
        """Add somebody with a local account, or raise ``CannotBe``; a user name is never given twice."""
        told = usable_username(username)
        row = {"username": told, "name": usable_name(name), "roles": usable_roles(roles), "teams": list(teams)}
        with self.store.unit("desk") as unit:
            if staff_by_username(unit, told) is not None:
                raise CannotBe("username", f"{told} is somebody's user name already, or was: choose another")
            [number] = self._insert(unit, row | {"password_hash": password_hash}, by, "account added")
            unit.commit()
        return number

    def change(self, staff_id: int, *, seen: str, roles: Sequence[str] | None, teams: Sequence[str], by: str) -> None:
        """Set somebody's roles and teams (None leaves the roles), unless they are no longer as ``seen``."""
        with self._changing(staff_id) as (unit, staff):
            if standing(staff) != seen:
                raise Stale(staff)
            new_roles = staff.roles if roles is None else usable_roles(roles)
            if new_roles != staff.roles and staff.username == by:
                raise CannotBe("roles", "Nobody changes their own roles: ask another administrator, or use intake users roles")
            new = {"roles": new_roles, "teams": list(teams)}
            said = [
                f"{key}: {_words(getattr(staff, key))} to {_words(new[key])}" for key in new if new[key] != getattr(staff, key)
            ]
            self._note(unit, staff, by, "; ".join(said), **new)

    def disable(self, staff_id: int, by: str) -> None:
        """Close somebody's account; they are signed out everywhere at once."""
        with self._changing(staff_id) as (unit, staff):
            if staff.username == by:
                raise CannotBe("disable", "Nobody closes their own account: ask another administrator")
            if staff.disabled_at is None:
                self._note(unit, staff, by, "account closed", disabled_at=self.clock.now())
                end_sessions(unit, staff_id, self.clock.now(), "account closed")

    def enable(self, staff_id: int, by: str) -> None:
        """Open a closed account again."""
        with self._changing(staff_id) as (unit, staff):
            if staff.disabled_at is not None:
                self._note(unit, staff, by, "account opened again", disabled_at=None)

    def set_password(self, staff_id: int, password_hash: str, by: str, *, but: int | None = None) -> None:
        """Set somebody's password and end their sessions, but for the one in which they did it themselves."""
        with self._changing(staff_id) as (unit, staff):
            self._note(unit, staff, by, "password changed", password_hash=password_hash)
            end_sessions(unit, staff_id, self.clock.now(), "password changed", but)

    def set_second_factor(self, staff_id: int, secret: str | None, by: str, *, step: int | None = None) -> None:
        """Turn a second factor on, with the step of the code that confirmed it, or off."""
        what = "second factor turned on" if secret else "second factor turned off"
        with self._changing(staff_id) as (unit, staff):
            self._note(unit, staff, by, what, totp_secret=secret, totp_step=step)

    def set_absence(self, staff_id: int, *, seen: str, first: date | None, last: date | None, by: str) -> None:
        """Set when somebody is away, both days included, unless that is no longer as ``seen``."""
        with self._changing(staff_id) as (unit, staff):
            if absence(staff) != seen:
                raise Stale(staff)
            said = f"away: {first or '-'} to {last or '-'}"
            self._note(unit, staff, by, said, away_from=first, away_until=last)

    def set_keys(self, staff_id: int, *, on: bool) -> None:
        """Turn one-letter shortcuts on or off for somebody."""
        with self._changing(staff_id) as (unit, staff):
            unit.update(Staff, staff.id, preferences=staff.preferences | {"keys": on})

    def _insert(self, unit: Unit, row: dict[str, Any], by: str, what: str) -> list[int]:
        now = self.clock.now()
        return unit.insert(Staff, [row | {"created_at": now, "preferences": {"changes": [note(now, by, what)]}}])

    @contextmanager
    def _changing(self, staff_id: int) -> Iterator[tuple[Unit, Staff]]:
        with self.store.unit("desk") as unit:
            staff = staff_to_change(unit, staff_id)
            if staff is None:
                raise CannotBe("username", "There is no such person")
            yield unit, staff
            unit.commit()

    def _note(self, unit: Unit, staff: Staff, by: str, what: str, **values: Any) -> None:
        if what:
            changes = [*changes_of(staff), note(self.clock.now(), by, what)]
            unit.update(Staff, staff.id, preferences=staff.preferences | {"changes": changes}, **values)


def note(at: datetime, by: str, what: str) -> dict[str, str]:
    """Return a note of a change as it is kept."""
    return {"at": at.isoformat(), "by": by, "what": what}


def changes_of(staff: Staff) -> list[dict[str, str]]:
    """Return all that was ever noted on a person's row, the first first."""
    return list(staff.preferences.get("changes", []))


def standing(staff: Staff) -> str:
    """Return a person's roles and teams as a form remembers them."""
    return f"{','.join(staff.roles)}/{','.join(staff.teams)}"


def absence(staff: Staff) -> str:
    """Return a person's absence as a form remembers it."""
    return f"{staff.away_from or ''}/{staff.away_until or ''}"


def usable_username(text: str) -> str:
    """Return a user name in small letters, or raise ``CannotBe``."""
    told = text.strip().lower()
    if not USERNAME.fullmatch(told) or told in RESERVED:
        raise CannotBe("username", "A user name has 2 to 100 letters, figures and . _ - @, such as olive.tree")
    return told


def usable_name(text: str) -> str:
    """Return a name on one line, or raise ``CannotBe``."""
    told = " ".join(text.split())
    if not told or len(told) > LONGEST_NAME or not told.isprintable():
        raise CannotBe("name", f"Give the person's name, with at most {LONGEST_NAME} letters")
    return told


def usable_roles(roles: Sequence[str]) -> list[str]:
    """Return the roles in their own order, or raise ``CannotBe`` where there is none or one that is not known."""
    if not roles or not set(roles) <= set(Role):
        raise CannotBe("roles", f"Choose at least one role of {', '.join(Role)}")
    return [str(role) for role in Role if role in roles]


def _words(values: Sequence[str]) -> str:
    return ", ".join(values) or "none"
