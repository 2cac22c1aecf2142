"""Whatever is sent to any route of the public door, the answer is never a fault of the server."""

from __future__ import annotations

import contextlib
import traceback
from datetime import timedelta

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from open_door import ORIGIN, ListInbox, NoResidents, client_of, door_of, page_of
from schemathesis import GenerationMode

from intake.channel import WebhookAnswer
from intake.public.door import Limits
from intake.public.residents import Posted
from intake.public.sent import path_of

FORM, FILES = "application/x-www-form-urlencoded", "multipart/form-data"
FIELDS = ("page", "words", "name", "home", "email", "phone", "more", "kept_name", "kept_data", "kept_drop", "files")


class Hook:
    """A webhook that takes anything."""

    account = "page-1"

    def answer(self, request):
        return WebhookAnswer(status=200, body=request.body[:20].decode("utf-8", "replace"))


def busy_door():
    """Return a door with a webhook and a message that became something, and that never has enough."""
    unbounded = Limits(patience=timedelta(0), posts=10**6, refusals=10**6)
    residents = NoResidents({("webform", "web", "abc"): Posted(reference="HBR-26-4F7K2P-9D")})
    return door_of(inbox=ListInbox(), residents=residents, limits=unbounded, webhooks={"page-1": Hook()})


def described(door, client) -> dict:
    """Return the door's description, with real values beside those that are made up."""
    schema, page = client.app.openapi(), page_of(client)
    known = {"token": path_of(door, "abc").rpartition("/")[2], "account": "page-1"}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in known:
                    parameter["schema"] = {"anyOf": [{"enum": [known[parameter["name"]]]}, parameter["schema"]]}
            if method == "post" and "requestBody" not in operation:
                operation["requestBody"] = {"content": _bodies(path, page)}
    return schema


def _bodies(path: str, page: str) -> dict:
    if path.startswith("/hooks/"):
        return {"application/json": {"schema": {}}}
    text = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    body = {"type": "object", "properties": dict.fromkeys(FIELDS, text) | {"page": {"anyOf": [{"enum": [page]}, text]}}}
    return {FORM: {"schema": body}, FILES: {"schema": body}}


def faults(examples: int) -> dict[str, str]:
    """Send many requests to every route; return what went wrong, by route."""
    door = busy_door()
    client, found = client_of(door), {}

    def send(case):
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
    for result in schemathesis.openapi.from_dict(described(door, client)).get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            # A route without any parameter cannot be asked for wrongly.
            with contextlib.suppress(*((Unsatisfiable,) if mode is GenerationMode.NEGATIVE else ())):
                bounded(given(case=result.ok().as_strategy(generation_mode=mode))(send))()
    assert door.inbox.messages, "nothing that was sent was ever a whole form"
    return found


def answered_wrongly(client, case) -> str:
    """Send one request; return what went wrong in the server, if anything did."""
    sent = case.as_transport_kwargs(base_url=ORIGIN)
    told = {name: sent[name] for name in ("params", "data", "json", "files") if sent.get(name)}
    try:
        made = requests.Request(sent["method"], sent["url"], headers=dict(sent["headers"]), **told).prepare()
    except (TypeError, ValueError, AttributeError, requests.RequestException):
        return ""  # what cannot be put into a request is no request
    try:
        response = client.request(made.method, made.url, headers=dict(made.headers), content=made.body)
    except Exception:  # noqa: BLE001  # whatever the application raises is what is looked for
        return f"{sent}\n{traceback.format_exc()[-2000:]}"
    return f"{response.status_code} for {sent}" if response.status_code >= 500 else ""


def none(found: dict[str, str]) -> None:
    """Fail with every fault."""
    assert not found, "\n\n".join(f"{route}\n{what}" for route, what in found.items())


def test_no_request_is_too_much_for_the_public_door():
    none(faults(15))


@pytest.mark.slow
def test_no_request_of_a_great_many_is_too_much_for_the_public_door():
    none(faults(60))


def test_every_post_of_the_door_is_among_what_was_sent():
    door = busy_door()
    paths = described(door, client_of(door))["paths"]
    posts = [path for path, methods in paths.items() if "post" in methods]
    assert {"/form", "/hooks/{account}"} <= set(posts)
    assert all("requestBody" in paths[path]["post"] for path in posts)
