"""Decisions against a resident's wish take a person: somebody of the landlord's, by name, never a machine (design section 2, 4).

Where a function asks for a ``NamedPerson``, no automatic path leads into it: only the desk makes one, of whoever is signed in
or is named at the terminal, and the act looks again whether that is somebody who works on cases.
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.allocation import WORKS_ON_CASES
from handlers.refused import Refused
from handlers.rows import MACHINE, SWEEP
from store.desk_models import Staff
from store.staff_rows import staff_by_username
from store.unit import Glance

NOBODY = frozenset({MACHINE, SWEEP, "system", "resident", "nobody"})
"""Names in which things are done that no person did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedPerson:
    """Somebody who answers for what they decide; raises ``Refused`` for a name that is no person's."""

    username: str

    def __post_init__(self) -> None:
        """Refuse machines, and whoever has no name."""
        if self.username != self.username.strip() or not self.username:
            raise Refused("Only a person decides this, by name: say who you are.")
        if self.username.casefold() in NOBODY:
            raise Refused("No machine decides this: a person must, by name.")


def known(glance: Glance, person: NamedPerson) -> Staff:
    """Return the person as they are kept; refuse whoever has no account, has it no more, or does not work on cases."""
    staff = staff_by_username(glance, person.username)
    if staff is None or staff.disabled_at is not None:
        raise Refused(f"{person.username} has no account at the desk, and somebody must answer for this. Nothing was changed.")
    if WORKS_ON_CASES.isdisjoint(staff.roles):
        raise Refused(f"{staff.name} does not work on cases. Nothing was changed.")
    return staff
