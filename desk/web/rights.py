"""Who may do what at the desk: six roles, and a dependency that every route names its roles with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from desk.staff_roles import Role

__all__ = ["EVERYONE", "LOGGERS", "READERS", "WORKERS", "Needs", "NotSignedIn", "Open", "Person", "Role", "guards", "needs"]

WORKERS = (Role.OFFICER, Role.MANAGER, Role.LIAISON)
"""Who acts on cases."""
READERS = (*WORKERS, Role.AUDITOR)
"""Who looks at cases; an auditor changes nothing."""
LOGGERS = (*WORKERS, Role.BUILDING_SAFETY)
"""Who logs what residents told them, and so passes it on."""
EVERYONE = tuple(Role)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who is signed in; ``keys`` says whether one-letter shortcuts are on (WCAG 2.1.4)."""

    staff_id: int
    session_id: int
    username: str
    name: str
    roles: frozenset[Role]
    teams: tuple[str, ...] = ()
    keys: bool = True

    def is_any(self, *roles: Role) -> bool:
        """Return whether the person has one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def acts(self) -> bool:
        """Return whether the person may change cases."""
        return self.is_any(*WORKERS)

    @property
    def logs(self) -> bool:
        """Return whether the person may log what a resident told them."""
        return self.is_any(*LOGGERS)

    @property
    def reads(self) -> bool:
        """Return whether the person may look at cases."""
        return self.is_any(*READERS)

    @property
    def sees_restricted(self) -> bool:
        """Return whether restricted cases are open to the person by role; each reading of one is an event."""
        return self.is_any(Role.MANAGER, Role.AUDITOR)


class NotSignedIn(Exception):
    """Nobody is signed in: the page is asked for again after the sign-in."""


@dataclass(frozen=True, slots=True)
class Needs:
    """A route's dependency: yields the signed-in person, who must have one of these roles."""

    roles: tuple[Role, ...]

    def __call__(self, request: Request) -> Person:
        """Return the person, or raise ``NotSignedIn``, or answer 403."""
        person: Person | None = request.state.person
        if person is None:
            raise NotSignedIn
        if not person.is_any(*self.roles):
            raise HTTPException(403)
        return person


@dataclass(frozen=True, slots=True)
class Open:
    """A route's dependency that says outright: anybody may ask for this, signed in or not."""

    why: str

    def __call__(self, request: Request) -> Person | None:
        """Return the person, if any."""
        person: Person | None = request.state.person
        return person


def needs(*roles: Role) -> Any:
    """Return the dependency of a route for people with any of these roles."""
    return Depends(Needs(roles or EVERYONE))


def guards(route: APIRoute) -> Iterator[Needs | Open]:
    """Yield what guards a route: its ``Needs`` and ``Open`` dependencies, wherever they hang."""
    yield from _guards(route.dependant)


def _guards(dependant: Dependant) -> Iterator[Needs | Open]:
    if isinstance(dependant.call, (Needs, Open)):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _guards(inner)
