"""A desk for tests: a real house behind it, and people who are signed in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from desk.web.app import application
from desk.web.desk import Desk
from desk.wiring import House
from handlers import same_case
from handlers.course.assessing import assess
from store.desk_models import Staff, StaffSession

ORIGIN = "http://127.0.0.1:8080"


def add_person(house: House, username: str, *roles: str, teams: tuple[str, ...] = (), **more: object) -> int:
    """Add somebody who may sign in; return their number."""
    now = house.clock.now()
    row = {"username": username, "name": username.title(), "roles": list(roles), "teams": list(teams), "created_at": now}
    with house.store.unit("desk") as unit:
        ids = unit.insert(Staff, [row | more])
        unit.commit()
    return ids[0]


def join_cases(house: House, task_id: int, by: str, role: str | None = None, why: str = "it is one boiler") -> int | None:
    """Let somebody join a case to the earlier one of the same matter, as the desk does."""
    return same_case.join(house.acts, task_id, by, role, why=why, letter=house.joined_letter)


def client_of(house: House, app: object | None = None) -> TestClient:
    """Return a browser's stand-in at the desk of a house, signed in as nobody; it follows no redirects by itself."""
    return TestClient(app or application(Desk(house=house)), base_url=ORIGIN, follow_redirects=False)


def sign_in(house: House, client: TestClient, username: str) -> TestClient:
    """Give the client a session of this person, as signing in would."""
    token, now = f"token of {username}", house.clock.now()
    with house.store.unit("desk") as unit:
        (staff,) = unit.find(Staff, username=username)
        digest = hashlib.sha256(token.encode()).hexdigest()
        if not unit.find(StaffSession, token_sha256=digest):
            row = {"token_sha256": digest, "staff_id": staff.id, "started_at": now, "seen_at": now}
            unit.insert(StaffSession, [row])
            unit.commit()
    client.cookies.set("intake-desk", token)
    return client


def signed_in(house: House, username: str = "olive", *roles: str, teams: tuple[str, ...] = ()) -> TestClient:
    """Return the client of somebody new, an officer unless told otherwise, who is signed in."""
    add_person(house, username, *(roles or ("officer",)), teams=teams)
    return sign_in(house, client_of(house), username)


@pytest.fixture
def officer(house_of: Callable[..., House]) -> tuple[House, TestClient]:
    """Return a house and an officer's client at its desk."""
    house = house_of()
    return house, signed_in(house)


def assessed(house: House, case_id: int, by: str = "olive") -> None:
    """Weigh a complaint, so that it may be given to an officer (Code 6.1)."""
    assess(house.acts, case_id, by, {"complexity": "ordinary", "vulnerability": "none_known", "risk": "low"})
