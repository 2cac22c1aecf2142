"""Stage 2 at the desk: one short form, the panel that says how it stands, and parts signed by those who were asked."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import client_of, officer, sign_in
from houses import arrive, house_of, mail, settle
from store.course_models import Contributor
from store.models import Case, CaseStatus, Deadline, Message, Stage, Task
from tests.handlers.course.stage2_house import (
    AFTER,
    BEFORE,
    answer_goes,
    answered,
    asks,
    at_stage_2,
    complaint,
    days,
    letters,
    on,
    record,
    rows,
    the_case,
    two_points,
    worked_at_1,
)

__all__ = ["house_of", "officer"]


@pytest.fixture
def house(house_of):
    return house_of()


def at_the_desk(house, username=AFTER):
    return sign_in(house, client_of(house), username)


def path(case, act="stage2", asked=""):
    return f"/cases/{case.reference}/acts/{act}{asked}"


def said(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(LexborHTMLParser(answer.text).css_first("main").text(separator=" ").split())


def panel(client, case):
    """Return the words of the panel, or nothing where there is none."""
    tree = LexborHTMLParser(client.get(f"/cases/{case.reference}").text)
    found = [node for node in tree.css("h2") if node.text().strip() == "Stage 2"]
    return " ".join(found[0].parent.text(separator=" ").split()) if found else ""


def form(client, address):
    """Return what the form would send as it stands."""
    tree = LexborHTMLParser(client.get(address).text)
    found = {}
    for node in tree.css("#form input, #form textarea, #form select"):
        if node.attributes.get("type") == "checkbox":
            continue
        value = node.attributes.get("value") or ""
        if node.tag == "select":
            options = node.css("option")
            value = next((o.attributes["value"] for o in options if "selected" in o.attributes), options[0].attributes["value"])
        found[node.attributes["name"]] = value or ""
    return found


def test_one_short_form_with_what_is_known_filled_in_begins_it_without_a_reason(house):
    case = answered(house)
    two_points(house)
    message = asks(house)
    client = at_the_desk(house)
    sent = form(client, path(case))
    assert sent["of"] == str(message.id)
    answer = client.post(path(case), data=sent)
    assert answer.status_code == 303
    assert "is at stage 2" in client.get(answer.headers["location"]).text
    assert the_case(house).stage is Stage.TWO
    assert record(house).disagreement is None


def test_points_and_words_that_were_typed_are_kept_when_something_is_wrong(house):
    case = answered(house)
    two_points(house)
    asks(house)
    client = at_the_desk(house)
    answer = client.post(path(case), data={"of": "999", "version": "0", "points": "2", "disagreement": "It still drips."})
    tree = LexborHTMLParser(answer.text)
    assert answer.status_code == 422
    assert tree.css_first("#disagreement").text().strip() == "It still drips."
    assert [node.attributes["value"] for node in tree.css("input[name=points]") if "checked" in node.attributes] == ["2"]
    assert the_case(house).stage is Stage.ONE


def test_the_twenty_days_of_the_policy_are_shown_as_no_bar(house):
    case = answered(house)
    asks(house)
    told = said(at_the_desk(house), path(case))
    assert "here 21 December 2026. That is no bar." in told


def test_before_the_answer_the_form_says_what_it_waits_for_and_takes_an_earlier_complaint(house):
    case = complaint(house)
    told = said(at_the_desk(house), path(case))
    assert "The stage 1 answer has not gone yet. It is due by Monday 7 December 2026" in told
    assert "Reference of the complaint that had our stage 1 answer" in told


def test_an_overdue_answer_asks_why(house):
    case = complaint(house)
    message = asks(house)
    on(house, 2026, 12, 9)
    client = at_the_desk(house)
    assert "Why, before an answer at stage 1" in said(client, path(case))
    sent = form(client, path(case))
    assert client.post(path(case), data=sent | {"of": str(message.id)}).status_code == 422
    assert client.post(path(case), data=sent | {"of": str(message.id), "why": "nobody answers"}).status_code == 303
    assert the_case(house).stage is Stage.TWO


def test_a_new_complaint_that_asks_for_stage_2_takes_the_earlier_one_there_by_its_reference(house):
    earlier = answered(house)
    days(house, 20)
    arrive(house, mail("complaint! [stage2] Take my complaint about the lift further.", message_id="<9@r.example>"))
    settle(house)
    new = the_case(house, 2)
    client = at_the_desk(house)
    assert "find the stage 1 case" in panel(client, new)
    sent = form(client, path(new))
    wrong = client.post(path(new), data=sent | {"other": "LBL-26-000000-00"})
    assert wrong.status_code == 422 and "no such complaint" in wrong.text
    answer = client.post(path(new), data=sent | {"other": f"it is {earlier.reference.lower()}."})
    assert answer.status_code == 303
    assert the_case(house, 1).stage is Stage.TWO
    assert record(house).message_id == rows(house, Message)[-1].id
    assert letters(house, 1)
    assert the_case(house, 2).status is CaseStatus.OPEN
    assert [task.case_id for task in rows(house, Task, kind="same_matter", closed_at=None)] == [2]


def test_an_earlier_complaint_that_is_closed_to_the_officer_is_not_taken_further_by_guessing_it(house):
    earlier = answered(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, restricted=True)
        unit.commit()
    arrive(
        house,
        mail("complaint! [stage2] Take it further.", message_id="<9@r.example>", sender="bo@r.example"),
        sender="bo@r.example",
    )
    settle(house)
    new = the_case(house, 2)
    client = at_the_desk(house)
    answer = client.post(path(new), data=form(client, path(new)) | {"other": earlier.reference})
    assert answer.status_code == 422 and "no such complaint" in answer.text
    assert the_case(house, 1).stage is Stage.ONE


def test_the_panel_says_how_it_stands_from_the_request_to_the_acknowledgement(house):
    case = complaint(house)
    client = at_the_desk(house)
    assert panel(client, case) == ""
    asks(house)
    assert "waits" in panel(client, case).lower()
    days(house, 2)
    answer_goes(house)
    client = at_the_desk(house, "tess")
    assert "Can begin" in panel(client, case) and "Begin stage 2" in panel(client, case)
    worked_at_1(house, BEFORE)
    client.post(path(case), data=form(client, path(case)) | {"disagreement": "It still drips."})
    told = panel(client, case)
    for words in (
        "All of it, asked for on 23 November 2026",
        "It still drips.",
        f"never has it now (Code 6.13): {BEFORE.capitalize()}",
    ):
        assert words in told
    assert "Its clock runs from 25 November 2026" in told


def test_a_colleague_signs_their_part_from_the_panel_and_nobody_does_it_for_them(house):
    case = at_stage_2(house)
    client = at_the_desk(house)
    sent = form(client, path(case, "ask-colleague"))
    assert (sent["on-day"], sent["on-month"], sent["on-year"]) == ("3", "12", "2026")
    names = {o.attributes["value"] for o in LexborHTMLParser(client.get(path(case, "ask-colleague")).text).css("option")}
    assert BEFORE not in names and "tess" in names
    assert client.post(path(case, "ask-colleague"), data=sent | {"username": BEFORE, "part": "x"}).status_code == 422
    assert (
        client.post(path(case, "ask-colleague"), data=sent | {"username": "tess", "part": "the lift's log"}).status_code == 303
    )
    (part,) = rows(house, Contributor)
    mine = path(case, "my-part", f"?of={part.id}")
    assert "Only who was asked" in said(client, mine)
    assert "My part is right" not in panel(client, case)
    tess = at_the_desk(house, "tess")
    assert "My part is right" in panel(tess, case)
    answer = tess.post(path(case, "my-part"), data=form(tess, mine) | {"words": "Out for 19 days."})
    assert answer.status_code == 303
    assert "Signed" in panel(client, case) and "Out for 19 days." in panel(client, case)


def test_whoever_worked_at_stage_1_is_refused_at_the_desk_and_told_why(house):
    case = at_stage_2(house)
    client = at_the_desk(house, BEFORE)
    form_of = {"words": "x", "responsibility": "ours", "who": "", "place": "1", "outcomes": "y", "question": "", "version": "0"}
    answer = client.post(f"/cases/{case.reference}/definition", data=form_of)
    assert "Code 6.13" in answer.text
    assert the_case(house).definition_version == 0
    names = LexborHTMLParser(client.get(path(case, "ask-colleague")).text).css("option")
    assert BEFORE not in {name.attributes["value"] for name in names}


def test_what_is_no_complaint_has_no_form_but_the_reason(officer):
    house, client = officer
    arrive(house, mail("service_request! The tap drips."))
    settle(house)
    assert "Only a complaint that was logged has stages." in said(client, path(the_case(house)))


def test_the_tasks_of_stage_2_lead_to_what_answers_them(house):
    case = answered(house)
    first, second = asks(house), asks(house, "complaint! [stage2] Stage 2 please, I said so.", message_id="<5@r.example>")
    client = at_the_desk(house)
    tree = LexborHTMLParser(client.get(f"/cases/{case.reference}").text)
    addresses = [node.attributes["href"] for node in tree.css("#tasks ~ ul a")]
    assert f"/cases/{case.reference}/acts/stage2?message={second.id}" in addresses
    assert form(client, path(case, asked=f"?message={second.id}"))["of"] == str(second.id)
    assert form(client, path(case))["of"] == str(first.id)
    client.post(path(case), data=form(client, path(case)))
    tree = LexborHTMLParser(client.get(f"/cases/{case.reference}").text)
    assert path(case, "officer") in [node.attributes["href"] for node in tree.css("#tasks ~ ul a")]


def test_asked_for_by_telephone_its_clock_runs_from_the_call_and_not_from_the_logging(house):
    case = answered(house)  # on Thursday 26 November, at noon
    days(house, 4)
    client = at_the_desk(house)
    page = LexborHTMLParser(client.get("/contacts/new").text)
    told = {"id": page.css_first("input[name=id]").attributes["value"], "page": "whole", "step": "log", "way": "telephone"}
    told |= {"words": "complaint! She rang and wants the next stage.", "category": "complaint", "flags": "stage2"}
    when = {"day": "27", "month": "11", "year": "2026", "time": "16:30", "late_why": "the system was down"}
    answer = client.post("/contacts/new", data=told | when | {"belongs": case.reference, "email": "ada@resident.example"})
    assert answer.status_code == 303
    settle(house)
    (task,) = rows(house, Task, kind="stage2_request", closed_at=None)
    assert task.case_id == case.id
    client.post(path(case), data=form(client, path(case)))
    kept = record(house)
    assert (kept.asked_at.day, kept.received_at.day) == (27, 27)
    assert rows(house, Deadline, rule="acknowledge_2")[0].due_on.isoformat() == "2026-12-04"
