"""Whatever is sent to any route of the public door, with real links or made-up ones, the answer is never a fault of the server."""

from __future__ import annotations

import contextlib
import re
import shutil
import traceback
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from resident_house import ORIGIN, case_by_mail, link_of, say, work
from schemathesis import GenerationMode
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from desk.public_wiring import door_of
from houses import house_in
from intake.channel import WebhookAnswer
from intake.public.app import application
from intake.public.door import Limits
from store.models import Case, Message, MessageState

FORM, FILES = "application/x-www-form-urlencoded", "multipart/form-data"
NEVER_ENOUGH = Limits(patience=timedelta(0), quickest=timedelta(0), posts=10**6, refusals=10**6)
TEXT = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


class Hook:
    """A webhook that takes anything."""

    account = "page-1"

    def answer(self, request):
        return WebhookAnswer(status=200, body=request.body[:20].decode("utf-8", "replace"))


@pytest.fixture(scope="module")
def met(tmp_path_factory, migrated_sqlite):
    """A house that knows residents, a browser with a chat of its own, and where that browser has been."""
    folder = tmp_path_factory.mktemp("no-500")
    shutil.copyfile(migrated_sqlite, folder / "intake.db")
    house = house_in(folder, f"sqlite:///{folder}/intake.db")
    door = replace(door_of(house), limits=NEVER_ENOUGH, webhooks={"page-1": Hook()}, form_account="web", chat_account="chat")
    client = TestClient(application(door), base_url=ORIGIN, follow_redirects=False)
    case = case_by_mail(house)
    say(client, "complaint! The heating has been off for a week. Please repair it.")
    work(house)
    page = re.search(r'name="page" value="([^"]+)"', client.get("/form").text)[1]
    sent = client.post("/form", data={"page": page, "words": "The roof leaks."}).headers["location"]
    back = re.search(r"/chat/back/[^\"<\s]+", client.get("/chat").text)[0]
    yield house, client, ["/form", "/chat", sent, back, link_of(house, case)]
    house.store.close()


def parts_of(schema, address: str) -> tuple[str, dict[str, str]]:
    """Return the path of the description that an address is of, and what stands in its places."""
    shapes = {path: re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) for path in schema["paths"]}
    fitting = {path: found.groupdict() for path, shape in shapes.items() if (found := re.fullmatch(shape, address))}
    return min(fitting.items(), key=lambda fit: len(fit[1]))


def described(client, been, *, real: bool) -> dict:
    """Return the door's description with the fields of the forms that were met, and real links and values or made-up ones.

    Never both at once: offered a text or one of some texts, a generator sees that the second is no more than the first.
    """
    schema = client.app.openapi()
    places, fields = defaultdict(set), defaultdict(lambda: defaultdict(set))
    for address in been:
        forms = LexborHTMLParser(client.get(address).text).css("form")
        for there in (address, *(form.attributes.get("action") or address for form in forms)):
            for name, value in parts_of(schema, there)[1].items():
                places[there.split("/")[1], name].add(value)
        for form in forms:
            for field in form.css("[name]"):
                route, _ = parts_of(schema, form.attributes.get("action") or address)
                fields[route][field.attributes["name"]].add(field.attributes.get("value") or "")
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    known = sorted(places[path.split("/")[1], parameter["name"]]) or ["page-1"]
                    parameter["schema"] = {"enum": known} if real else parameter["schema"]
            if method == "post" and "requestBody" not in operation:
                operation["requestBody"] = {"content": _bodies(path, fields[path], real=real)}
    return schema


def _bodies(path: str, fields, *, real: bool) -> dict:
    if path.startswith("/hooks/"):
        return {"application/json": {"schema": {}}}
    # What a page left empty is for words; what it filled in must come back as it was.
    known = {name: {"enum": sorted(values)} if real and "" not in values else TEXT for name, values in fields.items()}
    carried = dict.fromkeys(("kept_name", "kept_data", "kept_drop"), TEXT)
    body = {"type": "object", "required": sorted(known), "properties": carried | known}
    return {FORM: {"schema": body}, FILES: {"schema": body}}


def faults(met, examples: int) -> dict[str, str]:
    """Send many requests to every route; return what went wrong, by route."""
    _, client, been = met
    found, cookies = {}, list(client.cookies.jar)

    def send(case):
        client.cookies.clear()  # a request may have left the chat
        for cookie in cookies:
            client.cookies.jar.set_cookie(cookie)
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
    for real in (True, False):
        for result in schemathesis.openapi.from_dict(described(client, been, real=real)).get_all_operations():
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                # A route without any parameter cannot be asked for wrongly.
                with contextlib.suppress(*((Unsatisfiable,) if mode is GenerationMode.NEGATIVE else ())):
                    bounded(given(case=result.ok().as_strategy(generation_mode=mode))(send))()
    return found


def answered_wrongly(client, case) -> str:
    """Send one request; return what went wrong in the server, if anything did."""
    sent = case.as_transport_kwargs(base_url=ORIGIN)
    told = {name: sent[name] for name in ("params", "data", "json", "files") if sent.get(name)}
    # A made-up cookie would stand in the place of the chat's.
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


def none(found: dict[str, str]) -> None:
    """Fail with every fault."""
    assert not found, "\n\n".join(f"{route}\n{what}" for route, what in found.items())


def by_channel(house) -> Counter:
    with house.store.glance() as glance:
        return Counter(message.channel for message in glance.find(Message))


@pytest.mark.slow
def test_no_request_is_too_much_for_the_public_door(met):
    none(faults(met, 10))
    # Counted from the first message on: the same requests may have come before, in another test.
    new = by_channel(met[0]) - Counter({"smtp": 1, "webchat": 1, "webform": 1})
    assert {"webform", "webchat", "ownpage"} <= set(new), "hardly anything that was sent was ever a whole form"


@pytest.mark.slow
def test_whatever_was_sent_the_house_settles_all_of_it(met):
    house, client, been = met
    none(faults(met, 2))
    work(house)
    with house.store.glance() as glance:
        assert not [message for message in glance.find(Message) if message.state is MessageState.WAITING]
        assert len(glance.find(Case)) > 2
    assert all(client.get(address).status_code == 200 for address in been)


def test_every_route_is_asked_with_a_real_link_and_every_form_with_its_own_fields(met):
    _, client, been = met
    paths = described(client, been, real=True)["paths"]
    for path, methods in paths.items():
        for operation in methods.values():
            told = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "path"]
            assert len(told) == path.count("{"), path
    posts = {path: methods["post"]["requestBody"]["content"] for path, methods in paths.items() if "post" in methods}
    assert {"/form", "/chat", "/case/{link}/{ask}", "/hooks/{account}"} <= set(posts)
    assert {"once", "words"} <= set(posts["/chat"][FORM]["schema"]["properties"])
    assert {"once"} <= set(posts["/case/{link}/{ask}"][FORM]["schema"]["properties"])
