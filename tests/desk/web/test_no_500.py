"""Whatever is sent to any route of the desk, with real ids or made-up ones, the answer is never a fault of the server."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import traceback
from collections import defaultdict
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

sys.path.insert(0, str(Path(__file__).parents[2] / "pages"))

import estate
from crawl import crawl

from desk.web.app import application
from desk.web.desk import Desk
from desk.web.row_ids import LARGEST_ID
from desks import ORIGIN, client_of, sign_in
from houses import house_in
from store.desk_models import StaffSession

FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data"
FEW, MANY = 4, 6
"""Requests to each route and of each kind."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory, migrated_sqlite):
    """A house with all kinds of work, its application, and what a manager reaches there."""
    folder = tmp_path_factory.mktemp("no-500")
    shutil.copyfile(migrated_sqlite, folder / "intake.db")
    house = house_in(folder, f"sqlite:///{folder}/intake.db")
    estate.fill(house)
    app = application(Desk(house=house))
    yield house, app, crawl(sign_in(house, client_of(house, app), "mina"))
    house.store.close()


def described(app, crawled, *, real: bool) -> dict:
    """Return the application's description, with real ids for its paths or any, and the fields of the forms that were met."""
    schema = app.openapi()
    fields = defaultdict(lambda: defaultdict(set))
    for form in crawled.forms:
        for name, value in form.fields:
            fields[form.route][name].add(value)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                _know(parameter["schema"], parameter, crawled.ids.get(parameter["name"], []) if real else [])
            if method == "post":
                _fill(operation, fields[path])
    return schema


def _know(schema: dict, parameter: dict, values) -> None:
    """Let a parameter be one of the real values; where there is none, it stays what its own description allows."""
    if parameter["in"] == "path" and values:
        kind = int if schema.get("type") == "integer" else str
        parameter["schema"] = {"enum": [kind(value) for value in values[:5]]}


def _fill(operation: dict, fields) -> None:
    """Describe the body of a route that reads its form by itself, as the forms on the pages have it."""
    if "requestBody" not in operation and fields:
        known = {name: {"anyOf": [{"enum": sorted(values)}, {"type": "string"}]} for name, values in fields.items()}
        body = {"type": "object", "properties": known}
        operation["requestBody"] = {"content": {FORM: {"schema": body}, FILES: {"schema": body}}}


def faults(house, app, crawled, username: str, examples: int, *, real: bool) -> dict[str, str]:
    """Send many requests to every route, with real ids in its address or made-up ones; return what went wrong, by route."""
    found: dict[str, str] = {}
    schema = schemathesis.openapi.from_dict(described(app, crawled, real=real))
    client = client_of(house, app)

    def send(case):
        if username != "nobody":
            _stay_signed_in(house, client, username)
        if wrong := answered_wrongly(client, case):
            found[case.operation.label] = wrong

    bounded = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    for result in schema.get_all_operations():
        # A wrong id is no real one: what is asked for wrongly is asked of made-up ones only.
        for mode in (GenerationMode.POSITIVE,) if real else (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            # A route without any parameter cannot be asked for wrongly.
            with contextlib.suppress(*((Unsatisfiable,) if mode is GenerationMode.NEGATIVE else ())):
                bounded(given(case=result.ok().as_strategy(generation_mode=mode))(send))()
    return found


def answered_wrongly(client, case) -> str:
    """Send one request; return what went wrong in the server, if anything did."""
    sent = case.as_transport_kwargs(base_url=ORIGIN)
    told = {name: sent[name] for name in ("params", "data", "json", "files") if sent.get(name)}
    # A made-up cookie would stand in the place of the session's.
    headers = {name: value for name, value in dict(sent["headers"]).items() if name.lower() != "cookie"}
    try:
        made = requests.Request(sent["method"], sent["url"], headers=headers, **told).prepare()
    except (TypeError, ValueError, AttributeError, requests.RequestException):
        return ""  # what cannot be put into a request is no request
    try:
        response = client.request(made.method, made.url, headers=dict(made.headers), content=made.body)
    except Exception:  # noqa: BLE001  # whatever the application raises is what is looked for
        return f"{sent}\n{traceback.format_exc()[-2000:]}"
    return f"{response.status_code} for {sent}" if response.status_code >= 500 else ""


def _stay_signed_in(house, client, username: str) -> None:
    """Sign in anew where a request signed the person out or shut them out."""
    sign_in(house, client, username)
    with house.store.unit("desk") as unit:
        for session in unit.find(StaffSession):
            if session.ended_at is not None:
                unit.update(StaffSession, session.id, ended_at=None)
        unit.commit()


@pytest.mark.parametrize(
    ("username", "real"),
    [
        # Where everything is required, the great many hold these few.
        *([] if os.environ.get("REQUIRE_REAL") == "1" else [pytest.param("mina", True, id="mina-real")]),
        pytest.param("nobody", True, id="nobody-real", marks=pytest.mark.slow),
        pytest.param("nobody", False, id="nobody-made-up", marks=pytest.mark.slow),
    ],
)
def test_no_request_is_too_much_for_the_desk(desk, username, real):
    found = faults(*desk, username, FEW, real=real)
    assert not found, "\n\n".join(f"{route}\n{what}" for route, what in found.items())


@pytest.mark.slow
@pytest.mark.parametrize("real", [True, False], ids=["real", "made-up"])
@pytest.mark.parametrize("username", ["mina", "adam"])
def test_no_request_of_a_great_many_is_too_much_for_the_desk(desk, username, real):
    found = faults(*desk, username, MANY, real=real)
    assert not found, "\n\n".join(f"{route}\n{what}" for route, what in found.items())


def test_every_number_in_an_address_is_one_that_a_row_could_have(desk):
    _, app, _ = desk
    asked = [
        (path, method, parameter)
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "path" and parameter["schema"].get("type") == "integer"
    ]
    assert asked
    free = [
        one
        for one in asked
        if not (one[2]["schema"].get("minimum", -1) >= 0 and one[2]["schema"].get("maximum", 2**31) <= LARGEST_ID)
    ]
    assert not free, "a database refuses a number that is too large for it with a fault of its own"
