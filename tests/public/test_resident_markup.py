"""The pages of the web chat and of a case are sound HTML in every state, and no form of theirs can break the server."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markup_of import faults_of
from resident_house import Case, ask, away, browser, case_by_mail, link_of, once_in, rows, say, work

from houses import house_of
from store.models import CaseStatus, Stage

__all__ = ["house_of"]

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4
HOSTILE = 'complaint! </textarea><script>alert(1)</script> <b>&amp; \x0b \ufffe 家 https://evil.example/?a=b&c="d"'


@pytest.fixture
def database():
    return "sqlite"


@pytest.fixture
def house(house_of):
    return house_of()


def change(house, case, **values):
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, **values)
        unit.commit()


def states_of_the_chat(house):
    client = browser(house)
    yield "empty", client.get("/chat")
    yield "nothing said", say(client, "")
    yield "a file that is not taken", say(client, HOSTILE, files=[("<b>.exe", b"MZ" + bytes(9), "")])
    say(client, "service_request! The tap drips.", files=[('"x".jpg', JPEG, "image/jpeg")])
    work(house)
    yield "answered", client.get("/chat")
    browser_without = browser(house)
    yield "no cookies", browser_without.post("/chat", data={"words": "Hello?"})
    yield "away", away(house).get("/chat")
    yield "away while saying", away(house).post("/chat", data={"words": HOSTILE})
    yield "too long", say(client, "x" * 20_001, files=[('"x".jpg', JPEG, "image/jpeg")])
    back = client.get("/chat").text.split('chat-link"><a class="govuk-link" href="http://127.0.0.1:8090')[1].split('"')[0]
    yield "back", client.get(back)


def states_of_a_case(house):
    client = browser(house)
    case = case_by_mail(house, HOSTILE, subject="<i>Lift</i>")
    link = link_of(house, case)
    yield "complaint", client.get(link)
    yield "empty", ask(client, link, "words", words="")
    yield "a file that is not taken", ask(client, link, "words", words="See.", files=[("<b>.exe", b"MZ" + bytes(9), "")])
    yield "away", away(house).get(link)
    yield "away while saying", away(house).post(f"{link}/words", data={"words": HOSTILE})
    yield "empty correction", ask(client, link, "definition")
    yield "hostile correction", ask(client, link, "definition", **{"point-1": HOSTILE * 400})
    yield "hostile reach", ask(client, link, "person", reach=HOSTILE * 400)
    yield "done", client.get(f"{link}?done=definition")
    ask(client, link, "stage2")
    work(house)
    yield "stage 2 asked for", client.get(link)
    change(house, case, stage=Stage.TWO, status=CaseStatus.CLOSED)
    yield "closed at stage 2", client.get(link)
    change(house, case, stage=None, category="service_request", status=CaseStatus.SIGNPOSTED)
    yield "signposted", client.get(link)
    change(house, case, category=None, status=CaseStatus.TRIAGE)
    yield "triage", client.get(link)
    change(house, case, restricted=True)
    yield "restricted", client.get(link)
    yield "not found", client.get(f"{link}x")


@pytest.mark.parametrize("states", [states_of_the_chat, states_of_a_case])
def test_every_state_is_sound_html_with_one_heading_that_opens_its_title(house, states):
    seen, wrong = set(), {}
    for name, page in states(house):
        seen.add(page.status_code)
        if found := faults_of(page, name):
            wrong[name] = found
        assert "<script>alert" not in page.text, name
    assert not wrong, wrong
    assert {200, 422, 503} <= seen


def test_no_form_of_a_resident_can_break_the_server(house):
    client, case = browser(house), case_by_mail(house)
    link = link_of(house, case)
    client.app.state.door.throttle.__dict__.clear()
    client.app.state.door.__dict__["throttle"] = Patient()
    once, chat_once = once_in(client.get(link).text), once_in(client.get("/chat").text)
    names = st.sampled_from(["words", "once", "point-1", "outcome", "missing", "reach", "press", "letter", "talk", "kept_data"])
    values = st.text(max_size=60) | st.sampled_from([once, chat_once, "person", "1", "person/LBL-26-4F7K2P-9D"])
    paths = ["/chat", "/chat/press", "/chat/look", "/chat/leave", "/chat/back/x", f"{link}/x"]
    paths += [f"{link}/{what}" for what in ("words", "definition", "complaint", "stage2", "person")]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(path=st.sampled_from(paths), fields=st.dictionaries(names, values), query=st.text(max_size=20))
    def post(path, fields, query):
        told = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
        answer = client.post(path, data=told, params={"done": query, "stamp": query})
        assert answer.status_code in (200, 303, 404, 413, 422), (path, fields)
        assert client.get("/chat/lines", params={"stamp": query}).status_code in (200, 204)

    post()
    work(house)
    assert rows(house, Case)


class Patient:
    """A throttle that never has enough."""

    def refused(self, request):
        return 0

    waiting = speaking = looking = refused
