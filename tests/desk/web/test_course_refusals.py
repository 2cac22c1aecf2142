"""Refusing at the desk: forms of two people, a panel that shows what waits, orders and the registers at the terminal."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE
from desk.web import case_events, words
from desks import add_person, client_of, officer, sign_in, signed_in
from houses import arrive, house_of, mail, settle
from store.chain import verify_chain
from store.course_models import Discretion, OmbudsmanOrder, Refusal
from store.models import Case, CaseEvent, OutboxEntry, Task

__all__ = ["house_of", "officer"]

TAX = {
    "ground": "other_service",
    "what": "your council tax",
    "who": "the council tax office",
    "reasons": "You wrote about your bill of April.\r\n\r\nWe asked the tax office, and it has your appeal since Monday.",
    "evidence": "the mail of the tax office",
}


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


@pytest.fixture
def case(officer):
    house, _client = officer
    arrive(house, mail("complaint! My council tax bill is wrong again."))
    settle(house)
    return rows(house, Case)[-1]


@pytest.fixture
def manager(officer):
    return signed_in(officer[0], "mona", "manager")


def act(client, case, name, data=None, query=""):
    return client.post(f"/cases/{case.reference}/acts/{name}{query}", data=data or {})


def form(client, case, name, query=""):
    answer = client.get(f"/cases/{case.reference}/acts/{name}{query}")
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def said(tree, selector="main"):
    return " ".join(tree.css_first(selector).text(separator=" ").split())


def panel(client, case):
    tree = LexborHTMLParser(client.get(f"/cases/{case.reference}").text)
    heading = tree.css_first("#panel-refusal")
    return heading.parent if heading is not None else None


def date(name, day, month, year):
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


def test_two_people_refuse_at_the_desk_and_the_second_reads_the_letter_first(officer, manager, case):
    house, client = officer
    assert act(client, case, "refuse", TAX).status_code == 303
    (row,) = rows(house, Refusal)
    shown = " ".join(panel(client, case).text(separator=" ").split())
    assert "It is about a service that is not ours as a landlord Waits for a second person" in shown
    assert "proposed by Olive on 23 November 2026" in shown
    mine = form(client, case, "check-refusal", f"?of={row.id}")
    assert "You proposed it: somebody else must check it" in said(mine)
    (task,) = rows(house, Task, kind="refusal_check")
    tree = form(manager, case, "check-refusal", f"?of={task.id}")
    letter = tree.css_first("pre").text()
    for words_of_it in ("We do not run that as your landlord", "since Monday.", "take your complaint to the Ombudsman"):
        assert words_of_it in letter
    assert "What shows it: the mail of the tax office" in said(tree)
    assert act(client, case, "check-refusal", {"answer": "agree", "of": row.id}).status_code == 422
    assert act(manager, case, "check-refusal", {"answer": "", "of": row.id}).status_code == 422
    done = act(manager, case, "check-refusal", {"answer": "agree", "of": row.id})
    assert "Refused. The letter is on its way to the resident." in manager.get(done.headers["location"]).text
    (letter_sent,) = rows(house, OutboxEntry, kind=f"complaint_refused-{row.id}")
    assert letter_sent.text == letter.removeprefix("\n")
    again = act(manager, case, "check-refusal", {"answer": "agree", "of": row.id})
    assert again.status_code == 409


def test_sending_back_needs_words_and_withdrawing_a_reason(officer, manager, case):
    house, client = officer
    act(client, case, "refuse", TAX)
    (row,) = rows(house, Refusal)
    refused = act(manager, case, "check-refusal", {"answer": "back", "of": row.id, "why": ""})
    assert LexborHTMLParser(refused.text).css_first(".govuk-error-summary a").attributes["href"] == "#why"
    assert act(manager, case, "check-refusal", {"answer": "back", "of": row.id, "why": "half of it is ours"}).status_code == 303
    act(client, case, "refuse", TAX)
    row = rows(house, Refusal)[-1]
    assert act(client, case, "withdraw-refusal", {"of": row.id, "why": ""}).status_code == 422
    assert act(client, case, "withdraw-refusal", {"of": row.id, "why": "it is ours"}).status_code == 303
    assert [one.state for one in rows(house, Refusal)] == ["sent_back", "withdrawn"]


def test_the_form_asks_for_what_the_chosen_ground_needs_and_keeps_what_was_typed(officer, case):
    _house, client = officer
    assert form(client, case, "refuse").css_first("#number") is not None
    chosen = form(client, case, "refuse", "?of=court_claim")
    assert chosen.css_first("#what") is None
    assert "We still try to" not in said(chosen)
    answer = act(client, case, "refuse", TAX | {"ground": "court_claim", "number": "", **date("on", "", "", "")})
    tree = LexborHTMLParser(answer.text)
    assert answer.status_code == 422
    assert tree.css_first(".govuk-error-summary a").attributes["href"] == "#number"
    assert "letter before claim, is no ground" in said(tree)
    assert "since Monday." in tree.css_first("#reasons").text()


def test_a_ground_that_is_none_and_a_date_that_is_none_are_refused(officer, case):
    _house, client = officer
    assert act(client, case, "refuse", TAX | {"ground": "rude"}).status_code == 422
    claim = TAX | {"ground": "court_claim"} | date("on", 31, 2, 2026)
    answer = act(client, case, "refuse", claim)
    assert LexborHTMLParser(answer.text).css_first(".govuk-error-summary a").attributes["href"] == "#on"


def test_discretion_is_kept_at_the_desk_and_its_task_leads_there(officer, case):
    house, client = officer
    data = date("occurred_on", 1, 3, 2025) | date("aware_on", 1, 6, 2025) | {"taken_on": "no", "reasons": "no good reason"}
    assert act(client, case, "discretion", data | {"taken_on": ""}).status_code == 422
    assert act(client, case, "discretion", data).status_code == 303
    assert rows(house, Discretion)[0].taken_on is False
    assert "Twelve months: from 1 June 2025, not looked into for its age" in panel(client, case).text()
    assert words.ANSWERED_BY["over_12_months"][0] == "discretion"
    assert act(client, case, "refuse", TAX | {"ground": "over_12_months"}).status_code == 303


def test_an_order_is_kept_shown_and_finished(officer, case):
    house, client = officer
    data = {"office": "housing_ombudsman", "kind": "order", "what": "Pay £100."}
    data |= date("told_on", 20, 11, 2026) | date("due_on", 18, 12, 2026)
    assert act(client, case, "ombudsman", data | date("due_on", "", "", "")).status_code == 422
    assert act(client, case, "ombudsman", data).status_code == 303
    assert "Pay £100., by 18 December 2026 To do" in " ".join(panel(client, case).text(separator=" ").split())
    (task,) = rows(house, Task, kind="ombudsman_order")
    page = LexborHTMLParser(client.get(f"/cases/{case.reference}").text)
    links = [node.attributes["href"] for node in page.css(f"#task-{task.id} a")]
    assert f"/cases/{case.reference}/acts/order-done?of={task.id}" in links
    tree = form(client, case, "order-done", f"?of={task.id}")
    (hidden,) = tree.css("input[name=of][checked]")
    assert act(client, case, "order-done", {"of": hidden.attributes["value"], "outcome": ""}).status_code == 422
    assert act(client, case, "order-done", {"of": hidden.attributes["value"], "outcome": "Paid."}).status_code == 303
    assert rows(house, OmbudsmanOrder)[0].outcome == "Paid."
    assert "No such order is open" in said(form(client, case, "order-done"))


def test_an_instruction_and_a_request_to_look_again_go_through_the_forms(officer, manager, case):
    house, client = officer
    assert "Only a complaint that was refused" in said(form(client, case, "asked-again"))
    act(client, case, "refuse", TAX)
    act(manager, case, "check-refusal", {"answer": "agree", "of": rows(house, Refusal)[0].id})
    asked = {"what": "two photos", "new": "no", "evidence": "the file", **date("told_on", 23, 11, 2026)}
    reasons = "Both photos show the bill of April, which we had in our hands already in November."
    assert act(client, case, "asked-again", asked | {"reasons": ""}).status_code == 422
    assert act(client, case, "asked-again", asked | {"reasons": reasons, "new": ""}).status_code == 422
    assert act(client, case, "asked-again", asked | {"reasons": reasons}).status_code == 303
    assert rows(house, Refusal)[-1].ground == "no_new_evidence"
    told = {"office": "housing_ombudsman", "kind": "take_on", "what": "Take it on.", **date("told_on", 23, 11, 2026)}
    done = act(client, case, "ombudsman", told)
    assert "is open again, as the Housing Ombudsman Service told us." in client.get(done.headers["location"]).text
    assert [one.state for one in rows(house, Refusal)] == ["reopened", "withdrawn"]
    assert act(client, case, "take-on", {"why": "again"}).status_code == 422


def test_something_new_and_our_own_mistake_open_it_by_their_forms(officer, manager, case):
    house, client = officer
    for name, data in (
        ("take-on", {"why": "we misread the bill"}),
        ("asked-again", {"new": "yes", "what": "a new bill", "reasons": "the bill is ours", **date("told_on", 23, 11, 2026)}),
    ):
        act(client, case, "refuse", TAX)
        act(manager, case, "check-refusal", {"answer": "agree", "of": rows(house, Refusal)[-1].id})
        assert act(client, case, name, data | {"why": "", "reasons": ""}).status_code == 422
        assert act(client, case, name, data).status_code == 303, name
    assert [one.state for one in rows(house, Refusal)] == ["reopened", "reopened"]


def test_a_service_request_shows_no_such_panel_and_an_auditor_no_act_of_it(officer, case):
    house, client = officer
    arrive(house, mail("service_request! mend the tap", sender="bo@else.example"), sender="bo@else.example")
    settle(house)
    assert panel(client, rows(house, Case)[-1]) is None
    act(client, case, "refuse", TAX)
    add_person(house, "audrey", "auditor")
    auditor = sign_in(house, client_of(house), "audrey")
    found = panel(auditor, case)
    assert "Waits for a second person" in found.text()
    assert found.css("a") == []
    assert act(auditor, case, "check-refusal", {"answer": "agree", "of": rows(house, Refusal)[0].id}).status_code == 403


def test_every_event_and_task_of_refusals_has_its_words(officer, manager, case):
    house, client = officer
    act(client, case, "refuse", TAX)
    act(manager, case, "check-refusal", {"answer": "agree", "of": rows(house, Refusal)[0].id})
    act(client, case, "take-on", {"why": "we misread it"})
    for event in rows(house, CaseEvent, case_id=case.id):
        assert event.kind in case_events.EVENTS, event.kind
        case_events.details_of(event.details, {}, house.landlord)
    assert {task.kind for task in rows(house, Task)} <= set(words.TASKS)
    line = said(LexborHTMLParser(client.get(f"/cases/{case.reference}").text), ".desk-line")
    assert "Ground: It is about a service that is not ours as a landlord" in line
    assert "Deadlines: acknowledge by 30 November 2026, answer by 7 December 2026" in line


def test_both_registers_are_printed_as_tables_and_as_json(officer, manager, case, tmp_path):
    house, client = officer
    act(client, case, "refuse", TAX)
    data = {"office": "council_ombudsman", "kind": "order", "what": "Say sorry.", **date("told_on", 20, 11, 2026)}
    act(client, case, "ombudsman", data | date("due_on", 1, 12, 2026))
    config = tmp_path / "config.toml"
    config.write_text(EXAMPLE.read_text().replace("sqlite:///var/intake.db", house.settings.store_url))
    run = CliRunner().invoke
    (listed,) = json.loads(run(app, ["refusals", "--json", "--config", str(config)]).stdout)
    assert (listed["reference"], listed["state"], listed["ground"]) == (case.reference, "proposed", "other_service")
    (ordered,) = json.loads(run(app, ["orders", "--json", "--config", str(config)]).stdout)
    assert (ordered["reference"], ordered["due_on"], ordered["done_at"]) == (case.reference, "2026-12-01", None)
    assert case.reference in run(app, ["refusals", "--config", str(config)]).stdout
    assert "Local Government" in run(app, ["orders", "--open", "--config", str(config)]).stdout
