"""Hand-overs at the desk: the form is filled in with what is known, the panel shows who has it, and its acts lead to an end."""

import asyncio

import pytest
from selectolax.lexbor import LexborHTMLParser

from desk.handover_wiring import sending_of
from desks import signed_in
from houses import Postbag, arrive, house_of, mail, settle
from store.handover_models import Handover
from store.models import Case, Task

__all__ = ["house_of"]

REPAIRS = {"key": "repairs", "name": "Repairs team", "way": "mail", "address": "repairs@team.example"}


@pytest.fixture
def desk(house_of):
    house = house_of(partners=[REPAIRS])
    return house, signed_in(house)


def case_of(house, words="service_request! The tap drips.", sender="ada@resident.example"):
    arrive(house, mail(words, sender=sender), sender=sender)
    settle(house)
    with house.store.glance() as glance:
        return glance.find(Case)[-1]


def panel_of(client, case):
    return LexborHTMLParser(client.get(f"/cases/{case.reference}").text).css_first("section:has(#panel-handover)")


def words_of(node):
    return " ".join(node.text(separator=" ").split())


def act(client, case, name, **data):
    return client.post(f"/cases/{case.reference}/acts/{name}", data=data)


GIVEN = {"partner": "repairs", "what": "Mend the tap", "where": "12 Rose Lane", "access": "", "contact": "no"}


def test_a_request_is_handed_over_from_its_page_and_comes_back_through_the_panel(desk):
    house, client = desk
    case = case_of(house)
    form = LexborHTMLParser(client.get(f"/cases/{case.reference}/acts/hand-over").text)
    assert "The tap drips." in form.css_first("#what").text()
    assert form.css_first("input[value=repairs][checked]") is not None
    assert act(client, case, "hand-over", **GIVEN).status_code == 303
    assert "being told" in words_of(panel_of(client, case))
    asyncio.run(sending_of(house, Postbag()).once())
    assert "with them" in words_of(panel_of(client, case))
    hrefs = {words_of(link): link.attributes["href"] for link in panel_of(client, case).css("a")}
    assert all(client.get(href).status_code == 200 for href in hrefs.values())
    told = {"of": "1", "status": "done", "words": "they rang"}
    assert act(client, case, "handover-news", **told).status_code == 303
    assert "They say that it is done" in words_of(panel_of(client, case))
    assert "Check what was done" in client.get(f"/cases/{case.reference}").text
    assert act(client, case, "handover-checked", of="1", done="yes", why="saw it, told Ada").status_code == 303
    with house.store.glance() as glance:
        assert [row.state for row in glance.find(Handover)] == ["done"]
        assert [task for task in glance.find(Task, closed_at=None) if task.kind.startswith("handover")] == []


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("hand-over", GIVEN | {"partner": "nobody"}, "partner"),
        ("hand-over", GIVEN | {"what": " "}, "what"),
        ("hand-over", GIVEN | {"where": ""}, "where"),
        ("handover-news", {"of": "1", "status": "", "words": "x"}, "status"),
        ("handover-news", {"of": "1", "status": "done", "words": ""}, "words"),
        ("handover-back", {"of": "1", "why": ""}, "why"),
        ("handover-checked", {"of": "1", "why": "x", "done": ""}, "done"),
    ],
)
def test_what_is_missing_is_asked_at_its_field(desk, name, data, field):
    house, client = desk
    case = case_of(house)
    if name != "hand-over":
        act(client, case, "hand-over", **GIVEN)
    answer = act(client, case, name, **data)
    assert answer.status_code == 422
    tree = LexborHTMLParser(answer.text)
    assert tree.css_first(".govuk-error-summary a").attributes["href"].startswith(f"#{field}")


def test_a_case_with_nothing_to_hand_over_has_no_such_panel_and_one_whom_nobody_takes_says_so(house_of):
    house = house_of(partners=[REPAIRS])
    client = signed_in(house)
    assert panel_of(client, case_of(house, "complaint! You never come.")) is None
    report = case_of(house, "asb_report! loud music", "bo@else.example")
    assert "Nobody in the settings takes such a case" in client.get(f"/cases/{report.reference}/acts/hand-over").text


def test_whoever_only_reads_sees_who_has_it_and_no_act(desk):
    house, client = desk
    case = case_of(house)
    act(client, case, "hand-over", **GIVEN)
    panel = panel_of(signed_in(house, "reader", "auditor"), case)
    assert "Mend the tap" in words_of(panel)
    assert panel.css("a") == []
