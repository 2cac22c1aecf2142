"""Hazards, building safety and questions of data at the desk: the panel says what is owed, its forms do it."""

import asyncio
from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import add_person, officer, signed_in
from houses import Postbag, arrive, house_of, mail, settle
from store.hazard_models import BuildingConcern, Hazard
from store.models import Case, CaseStatus, Deadline, OutboxEntry, Task

__all__ = ["house_of", "officer"]

MOULD = "service_request! [damp_mould] There is black mould in the bedroom."
TODAY = {"on-day": "23", "on-month": "11", "on-year": "2026"}


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        return glance.find(table, **wanted)


def case_of(house, words=MOULD, sender="ada@resident.example"):
    arrive(house, mail(words, sender=sender), sender=sender)
    settle(house)
    return rows(house, Case)[-1]


def panel_of(client, case):
    return LexborHTMLParser(client.get(f"/cases/{case.reference}").text).css_first("section:has(#panel-hazards)")


def words_of(node):
    return " ".join(node.text(separator=" ").split())


def links_of(node):
    return {words_of(link).strip(): link.attributes["href"] for link in node.css("a")}


def act(client, case, name, **data):
    return client.post(f"/cases/{case.reference}/acts/{name}", data=data)


def test_a_hazard_goes_from_the_panel_through_its_forms_to_its_end(officer):
    house, client = officer
    case = case_of(house)
    panel = panel_of(client, case)
    assert "Not assessed" in words_of(panel)
    form = LexborHTMLParser(client.get(links_of(panel)["Assess it"]).text)
    assert "black mould in the bedroom" in form.text()
    number = form.css_first("input[name=of]").attributes["value"]
    told = {"level": "significant", "kind": "damp_mould", "tenure": "tenant", "reasons": "a baby has asthma"}
    assert act(client, case, "hazard", of=number, **told).status_code == 303
    panel = panel_of(client, case)
    assert "look into it by Mon 7 Dec" in words_of(panel)
    (hazard,) = rows(house, Hazard)
    steps = {
        "hazard-looked": TODAY | {"outcome": "danger", "found": "A gutter leaks."},
        "hazard-summary": {"tenant": "Ada Resident", "found": "A gutter leaks.", "doing": "- we mend it this week"},
        "hazard-safe": TODAY | {"clock": "12:00", "how": "dried", "works": "yes"},
        "hazard-works": TODAY | {"what": "the gutter"},
    }
    links = {"hazard-looked": "Looked into", "hazard-summary": "Send the summary", "hazard-safe": "Made safe"}
    for name, data in steps.items():
        if name in links:
            assert client.get(links_of(panel_of(client, case))[links[name]]).status_code == 200
        answer = act(client, case, name, of=str(hazard.id), **data)
        assert answer.status_code == 303, words_of(LexborHTMLParser(answer.text).css_first("main"))
    asyncio.run(house.outbox(Postbag()).once())
    assert "Ended" in words_of(panel_of(client, case))
    assert rows(house, Deadline, case_id=case.id, met_at=None) == []


def test_the_summary_form_stands_filled_in_with_what_was_found_and_the_tenants_name(officer):
    house, client = officer
    case = case_of(house)
    told = {"level": "significant", "kind": "damp_mould", "tenure": "tenant", "reasons": "mould"}
    act(client, case, "hazard", of="", **told)
    act(client, case, "hazard-looked", of="1", outcome="danger", found="A gutter leaks.", **TODAY)
    form = LexborHTMLParser(client.get(f"/cases/{case.reference}/acts/hazard-summary?of=1").text)
    assert form.css_first("#tenant").attributes["value"] == "Ada Resident"
    assert form.css_first("#found").text().strip() == "A gutter leaks."


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("hazard", {"level": "significant", "kind": "", "tenure": "tenant", "reasons": "x"}, "kind"),
        ("hazard", {"level": "emergency", "kind": "fire", "tenure": "not_tenant", "reasons": "x"}, "level"),
        ("building-safety", {"building": "", "limb": "", "risk": "high", "why": "x"}, "limb"),
        ("data-rights", {"kind": ""}, "kind"),
        ("share-findings", {"found": "", "say_by-day": "1", "say_by-month": "12", "say_by-year": "2026"}, "found"),
        ("not-building-safety", {"building_words": "it", "why": ""}, "why"),
    ],
)
def test_what_is_missing_is_asked_again_at_its_field_with_what_was_typed(officer, name, data, field):
    house, client = officer
    case = case_of(house)
    answer = act(client, case, name, **data)
    tree = LexborHTMLParser(answer.text)
    assert answer.status_code == 422
    assert tree.css_first(".govuk-error-summary a").attributes["href"] == f"#{field}"


def test_a_hazard_of_another_case_cannot_be_acted_on_from_here(officer):
    house, client = officer
    first, second = case_of(house), case_of(house, sender="bo@else.example")
    told = {"level": "significant", "kind": "damp_mould", "tenure": "tenant", "reasons": "mould"}
    act(client, first, "hazard", of="", **told)
    answer = act(client, second, "hazard-looked", of="1", outcome="danger", found="no", **TODAY)
    assert answer.status_code == 422
    assert rows(house, Hazard)[0].investigated_on is None


def test_the_acts_stand_on_every_open_case_for_the_machine_misses_some(officer):
    house, client = officer
    case = case_of(house, "service_request! a tap drips")
    assert set(links_of(panel_of(client, case))) == {
        "Assess a hazard",
        "Take for building safety",
        "It asks about data or information",
    }
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, status=CaseStatus.CLOSED)
        unit.commit()
    assert panel_of(client, case) is None


def test_whoever_only_reads_sees_the_facts_and_no_act(officer):
    house, _client = officer
    case = case_of(house)
    add_person(house, "ada", "auditor")
    panel = panel_of(signed_in(house, "reader", "auditor"), case)
    assert "Not assessed" in words_of(panel)
    assert links_of(panel) == {}


def test_building_safety_is_set_and_taken_off_at_the_desk(house_of, tmp_path):
    path = tmp_path / "buildings.csv"
    path.write_text("name,addresses,storeys,height_m,homes\nKestrel Tower,,7,17,60\nLow House,,3,9,8\n")
    house = house_of(building_safety={"buildings": path})
    client = signed_in(house)
    case = case_of(house, "complaint! It is not safe.")
    form = client.get(f"/cases/{case.reference}/acts/building-safety").text
    assert "Low House (not high enough for these rules)" in form
    told = {"building": "Kestrel Tower", "limb": "fire", "risk": "medium", "why": "the doors"}
    assert act(client, case, "building-safety", **told).status_code == 303
    assert "Kestrel Tower" in words_of(panel_of(client, case))
    assert rows(house, BuildingConcern)[0].building == "Kestrel Tower"
    assert "Share what was found" in words_of(panel_of(client, case))
    day = {"say_by-day": "1", "say_by-month": "12", "say_by-year": "2026"}
    assert act(client, case, "share-findings", found="Two doors stick.", **day).status_code == 303
    assert "Two doors stick." in rows(house, OutboxEntry)[-1].text
    assert act(client, case, "not-building-safety", building_words="your home", why="It has no flats.").status_code == 303
    assert "It has no flats." in rows(house, OutboxEntry)[-1].text
    assert "not taken for building safety" in client.get(f"/cases/{case.reference}/acts/not-building-safety").text


def test_a_question_of_data_is_told_answered_or_none(officer):
    house, client = officer
    case = case_of(house, "service_request! This is a subject access request.")
    links = links_of(panel_of(client, case))
    form = LexborHTMLParser(client.get(links["Tell the resident"]).text)
    assert form.css_first("input[checked]").attributes["value"] == "subject_access"
    assert act(client, case, "data-rights", kind="subject_access").status_code == 303
    assert rows(house, OutboxEntry)[-1].kind == "data_rights-1"
    assert act(client, case, "data-rights-answered", kind="subject_access", outcome="sent").status_code == 303
    assert rows(house, Task, kind="subject_access")[0].outcome == "sent"
    assert date(2026, 12, 23) == rows(house, Deadline, rule="subject_access")[0].due_on
    other = case_of(house, "service_request! FOI request", sender="bo@else.example")
    assert act(client, other, "data-rights-none", kind="information_request", why="a joke").status_code == 303


def test_a_hazard_that_only_a_person_saw_stands_on_the_page_too(officer):
    house, client = officer
    case = case_of(house, "service_request! a tap drips")
    told = {"level": "significant", "kind": "electrical", "tenure": "tenant", "reasons": "it drips into a socket"}
    assert act(client, case, "hazard", of="", **told).status_code == 303
    assert "Electrical hazards, significant" in words_of(panel_of(client, case))
