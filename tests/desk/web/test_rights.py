"""What stands around every route: its roles are named, other sites cannot ask for changes, nobody gets in unsigned."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from desk.web.app import application
from desk.web.desk import Desk
from desk.web.rights import Needs, Open, Role, guards
from desks import add_person, client_of, sign_in, signed_in
from houses import NOON
from intake.web_safety import forged, origin_of
from store.desk_models import StaffSession
from store.errors import StoreUnavailable

READS = {"GET", "HEAD"}
OPEN_TO_ALL = {
    ("GET", "/accessibility"),
    ("GET", "/brand.css"),
    ("GET", "/healthz"),
    ("GET", "/sign-in"),
    ("GET", "/sign-in/code"),
    ("GET", "/sign-in/council"),
    ("GET", "/sign-in/council/done"),
    ("POST", "/sign-in"),
    ("POST", "/sign-in/code"),
}
"""Every route that answers somebody who is not signed in; a new one is added here by hand, and thought about."""
FIELD = re.compile(r"\{(\w+)(?::\w+)?\}")


def routes(app: FastAPI) -> list[APIRoute]:
    """Return all routes; the framework keeps those of a router within it, so that a plain walk would find none."""
    return [route for route in walked(app.routes) if isinstance(route, APIRoute)]


def walked(found: list) -> list:
    inside = [getattr(route, "original_router", None) for route in found]
    return [one for route, router in zip(found, inside, strict=True) for one in (walked(router.routes) if router else [route])]


def asked(route: APIRoute) -> str:
    """Return an address of the route, with something in each place of its path."""
    return FIELD.sub(lambda field: "1", route.path)


def allowed(route: APIRoute) -> set[Role]:
    """Return the roles that may ask for a route: all its guards must let them."""
    found = [set(guard.roles) for guard in guards(route) if isinstance(guard, Needs)]
    return set.intersection(*found) if found else set()


@pytest.fixture
def house(house_of):
    return house_of()


def test_every_route_names_its_roles_or_says_why_it_is_open(house):
    app = application(Desk(house=house))
    assert len(routes(app)) > 60
    for route in routes(app):
        found = list(guards(route))
        assert found, f"{route.path} names no role"
        assert all(guard.roles if isinstance(guard, Needs) else len(guard.why) > 10 for guard in found), route.path
    unguarded = {(method, route.path) for route in routes(app) for method in route.methods if not allowed(route)}
    assert unguarded == OPEN_TO_ALL


def test_nothing_but_static_files_is_served_beside_the_routes(house):
    app = application(Desk(house=house))
    assert [route.path for route in walked(app.routes) if not isinstance(route, APIRoute)] == ["/static"]
    assert len({(method, route.path) for route in routes(app) for method in route.methods}) == len(routes(app))


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_from_every_guarded_route(house):
    client = client_of(house)
    for route in routes(client.app):
        for method in route.methods if allowed(route) else ():
            done = client.request(method, asked(route))
            assert done.status_code == 303 and done.headers["location"].startswith("/sign-in"), (method, route.path)
            assert done.text == ""


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_is_named_for_and_nothing_else(house, role):
    client = signed_in(house, "pat", str(role))
    for route in routes(client.app):
        if any(isinstance(guard, Open) for guard in guards(route)) or route.path in (
            "/sign-out",
            "/account/sign-out-everywhere",
        ):
            continue
        for method in route.methods:
            done = client.request(method, asked(route))
            assert (done.status_code == 403) is (role not in allowed(route)), (method, route.path, done.status_code)
            assert done.status_code < 500


def test_an_auditor_changes_nothing_but_their_own_account(house):
    app = application(Desk(house=house))
    may_change = {route.path for route in routes(app) if not route.methods <= READS and Role.AUDITOR in allowed(route)}
    own = {path for path in may_change if path == "/sign-out" or path.startswith(("/account", "/views"))}
    assert may_change == own


def test_an_administrator_alone_opens_no_case_and_no_message(house):
    app = application(Desk(house=house))
    opened = {route.path for route in routes(app) if Role.ADMINISTRATOR in allowed(route)}
    assert not {path for path in opened if path.startswith(("/cases", "/messages", "/tasks", "/queue", "/search", "/files"))}


def test_only_administrators_reach_peoples_accounts_and_only_managers_their_absence(house):
    app = application(Desk(house=house))
    for route in routes(app):
        if route.path.startswith("/users") or route.path == "/settings/health":
            assert allowed(route) == {Role.ADMINISTRATOR}, route.path
        if route.path.startswith("/settings/absence"):
            assert allowed(route) == {Role.MANAGER}, route.path


# ---- Changes asked for by other sites

FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_no_route_carries_out_what_another_sites_page_asks_for(house, headers):
    client = signed_in(house, "pat", *map(str, Role))
    for route in routes(client.app):
        for method in route.methods - READS:
            assert client.request(method, asked(route), headers=headers).status_code == 403, (method, route.path)
    with house.store.glance() as glance:
        assert [session.ended_at for session in glance.find(StaffSession)] == [None], "not even the sign-out"


DESK = "https://desk.example"
LOCAL = "http://127.0.0.1:8080"
VERDICTS = [
    # the desk's address, what the browser sends, whether it is another site's
    (DESK, {"sec-fetch-site": "same-origin"}, False),
    (DESK, {"sec-fetch-site": "none"}, False),
    (DESK, {"sec-fetch-site": "same-site"}, True),
    (DESK, {"sec-fetch-site": "cross-site"}, True),
    (DESK, {"sec-fetch-site": "cross-site", "origin": DESK, "host": "desk.example"}, True),
    (DESK, {"sec-fetch-site": ""}, True),
    (DESK, {"sec-fetch-site": "Same-Origin"}, True),
    (DESK, {}, False),
    (DESK, {"host": "desk.example"}, False),
    (DESK, {"origin": DESK, "host": "desk.example"}, False),
    (DESK, {"origin": DESK, "host": "127.0.0.1:8080"}, False),
    (DESK, {"origin": "https://desk.example:443", "host": "desk.example"}, False),
    (DESK, {"origin": "https://DESK.example", "host": "desk.example"}, False),
    (DESK, {"origin": "http://desk.example", "host": "desk.example"}, True),
    (DESK, {"origin": "https://desk.example:8443", "host": "desk.example:8443"}, True),
    (DESK, {"origin": "https://evil.example", "host": "evil.example"}, True),
    (DESK, {"origin": "https://desk.example.evil.example", "host": "desk.example"}, True),
    (DESK, {"origin": "https://desk.example@evil.example", "host": "desk.example"}, True),
    (DESK, {"origin": "null", "host": "desk.example"}, True),
    (DESK, {"origin": "", "host": "desk.example"}, True),
    (DESK, {"origin": "https://desk.example:99999", "host": "desk.example"}, True),
    (DESK, {"origin": "https://[::1", "host": "desk.example"}, True),
    (LOCAL, {"origin": LOCAL, "host": "127.0.0.1:8080"}, False),
    (LOCAL, {"origin": "http://localhost:8080", "host": "localhost:8080"}, False),
    (LOCAL, {"origin": "http://localhost:9999", "host": "localhost:8080"}, True),
    (LOCAL, {"origin": "https://localhost:8080", "host": "localhost:8080"}, True),
    (LOCAL, {"origin": "http://evil.example", "host": "127.0.0.1:8080"}, True),
    (LOCAL, {"origin": "null"}, True),
    (LOCAL, {"origin": "http://x", "host": ""}, True),
]


@pytest.mark.parametrize(("url", "headers", "elsewhere"), VERDICTS, ids=str)
def test_an_origin_is_compared_whole_with_the_desks_own(url, headers, elsewhere):
    assert forged(Headers(headers), origin_of(url)) is elsewhere


# ---- Headers, and answers when something is broken


@pytest.mark.parametrize("path", ["/sign-in", "/queue", "/no-such-page", "/brand.css", "/static/desk.css", "/healthz"])
def test_every_answer_is_strict(house, path):
    done = client_of(house).get(path)
    policy = done.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert done.headers["x-content-type-options"] == "nosniff" and done.headers["referrer-policy"] == "same-origin"


def test_pages_are_kept_by_no_cache_and_scripts_run_by_a_nonce_of_their_own(house):
    client = client_of(house)
    nonces = set()
    for _ in range(2):
        done = client.get("/sign-in")
        assert done.headers["cache-control"] == "no-store"
        nonce = re.search(r"'nonce-([^']+)'", done.headers["content-security-policy"]).group(1)
        assert f'nonce="{nonce}"' in done.text
        nonces.add(nonce)
    assert len(nonces) == 2


def test_a_store_that_is_gone_is_said_on_a_page_to_whoever_is_signed_in(house):
    client = signed_in(house)

    def gone():
        raise StoreUnavailable("the store cannot be used now")

    house.store.glance = gone
    for done in (client.get("/queue"), client.post("/sign-out"), client.post("/sign-in", data={"username": "x"})):
        assert done.status_code == 503 and "cannot reach its records" in done.text


def test_a_page_that_fails_says_so_strictly_and_shows_nothing_of_the_error(house):
    client = signed_in(house)
    client._transport.raise_server_exceptions = False

    def broken():
        raise RuntimeError("ada@resident.example said so")

    house.store.glance = broken
    done = client.get("/queue")
    assert done.status_code == 500 and "Something went wrong" in done.text and "resident" not in done.text
    assert "default-src 'none'" in done.headers["content-security-policy"] and done.headers["cache-control"] == "no-store"


def test_a_role_that_nobody_knows_opens_nothing(house):
    add_person(house, "odd", "emperor")
    assert sign_in(house, client_of(house), "odd").get("/account").status_code == 403


def test_a_session_that_was_ended_opens_nothing(house):
    client = signed_in(house)
    with house.store.unit("desk") as unit:
        unit.update(StaffSession, unit.find(StaffSession)[0].id, ended_at=NOON)
        unit.commit()
    assert client.get("/queue").status_code == 303
