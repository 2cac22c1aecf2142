"""Hand-overs at the desk: the form is filled in with what is known, the panel shows who has it, and its acts lead to an end."""

import asyncio
import csv
import json
from datetime import datetime

import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from classifiers.taxonomy import Category
from desk.cli import commands
from desk.handover_wiring import sending_of
from desks import signed_in
from houses import EXAMPLE, Postbag, arrive, house_of, mail, settle
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


def test_what_is_out_is_listed_at_the_terminal_and_written_as_a_file(desk, tmp_path):
    house, client = desk
    case, other = case_of(house), case_of(house, "service_request! The door.", "bo@else.example")
    act(client, case, "hand-over", **GIVEN)
    act(client, other, "hand-over", **GIVEN)
    asyncio.run(sending_of(house, Postbag()).once())
    act(client, case, "handover-news", of="1", status="taken_on", words="=they come on Friday")
    act(client, other, "handover-back", of="2", why="a mistake")
    config, file = tmp_path / "config.toml", tmp_path / "out.csv"
    partner = '\n[[partners]]\nkey = "repairs"\nname = "Repairs team"\nway = "mail"\naddress = "repairs@team.example"\n'
    config.write_text(EXAMPLE.read_text().replace("sqlite:///var/intake.db", house.settings.store_url) + partner)

    def run(*more):
        return CliRunner().invoke(commands(["handover"]), ["handover", *more, "--config", str(config)])

    (listed,) = json.loads(run("--json").stdout)
    assert (listed["reference"], listed["partner"], listed["state"]) == (case.reference, "Repairs team", "with_partner")
    assert listed["last_news"] == "They have taken it on: =they come on Friday"
    assert datetime.fromisoformat(listed["since"]) == house.clock.now()
    assert case.reference in run().stdout
    assert run("--csv", str(file)).exit_code == 0
    with file.open(encoding="utf-8", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert (row["reference"], row["given_by"], row["trouble"]) == (case.reference, listed["given_by"], "")


def test_who_has_the_work_is_seen_on_a_case_that_became_a_complaint(desk):
    house, client = desk
    case = case_of(house)
    act(client, case, "hand-over", **GIVEN)
    house.deciding().decide(1, Category.COMPLAINT, "olive", "unhappy with us")
    assert "Mend the tap" in words_of(panel_of(client, case))
    assert act(client, case, "handover-back", of="1", why="no request at all").status_code == 303


def test_what_is_not_ours_is_handed_over_from_its_page_with_the_consent(house_of):
    house = house_of(partners=[REPAIRS | {"takes": ["out_of_scope"]}])
    client = signed_in(house)
    case = case_of(house, "out_of_scope! The bins.")
    answer = act(client, case, "hand-over", **GIVEN)
    assert (answer.status_code, "how the resident agreed" in answer.text) == (422, True)
    agreed = {"consent": "she said yes", "consented_on-day": "20", "consented_on-month": "11", "consented_on-year": "2026"}
    assert act(client, case, "hand-over", **GIVEN, **agreed).status_code == 303
    assert "agreed on Friday 20 November 2026: she said yes" in words_of(panel_of(client, case))
