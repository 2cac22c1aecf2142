"""Matters, groups and people who speak, at the desk: asked in forms that know what is known, said in a panel afterwards."""

from __future__ import annotations

import csv
import io

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import add_person, client_of, officer, sign_in, signed_in
from handlers.course import groups
from houses import arrive, house_of, mail, settle
from promises.looking import later, send
from store.chain import verify_chain
from store.models import Case, CaseEvent, Message, OutboxEntry, Task
from store.people_models import Authority, GroupMember

__all__ = ["house_of", "officer"]

OURS = "HousingComplaintsandFeedback@lewisham.gov.uk"
STAIRS = "complaint! The stairs are dark. Please mend the light this week, before somebody falls there."
LIFT = "complaint! The lift has been dead for three weeks and nobody answers me."
BO = "bo@else.example"


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


@pytest.fixture
def desk(house_of):
    """A desk with an acknowledged complaint, into which another grievance came."""
    house = house_of()
    arrive(house, mail(STAIRS, to=OURS))
    settle(house)
    send(house)
    later(house, days=1)
    arrive(house, mail(LIFT, to=OURS, In_Reply_To=rows(house, OutboxEntry)[0].header_id))
    settle(house)
    return house, signed_in(house)


def case_of(house, number=1):
    return rows(house, Case, id=number)[0]


def form(client, case, name, of=""):
    answer = client.get(f"/cases/{case.reference}/acts/{name}{f'?of={of}' if of else ''}")
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def act(client, case, name, data, of=""):
    hidden = {
        node.attributes["name"]: node.attributes["value"]
        for node in form(client, case, name, of).css("#form input[type=hidden]")
    }
    return client.post(f"/cases/{case.reference}/acts/{name}", data=hidden | data)


def words_of(tree):
    return " ".join(tree.css_first("main").text(separator=" ").split())


def panel(client, case):
    tree = LexborHTMLParser(client.get(f"/cases/{case.reference}").text)
    node = tree.css_first("section[aria-labelledby=panel-who]")
    return " ".join(node.text(separator=" ").split()) if node is not None else ""


def test_a_new_matter_stands_beside_the_complaint_with_its_points_drafted(desk):
    house, client = desk
    case, (task,) = case_of(house), rows(house, Task, kind="new_matter")
    page = client.get(f"/cases/{case.reference}").text
    assert f"/acts/new-matter?of={task.id}" in page
    assert f"/acts/new-matter?of={task.id}" in client.get(f"/tasks/{task.id}").text
    tree = form(client, case, "new-matter", task.id)
    assert "They wrote: " in words_of(tree)
    assert "The complaint as it stands: 1. " in words_of(tree)
    drafted = tree.css_first("textarea[name=points]").text()
    assert "The lift has been dead" in drafted
    answer = act(client, case, "new-matter", {"choice": "add", "points": drafted}, task.id)
    assert answer.status_code == 303
    assert len(case_of(house).definition["points"]) == 2
    assert "Added to the complaint." in client.get(answer.headers["location"]).text
    again = client.post(f"/cases/{case.reference}/acts/new-matter", data={"choice": "own", "of": str(task.id), "version": "1"})
    assert again.status_code == 409
    assert "decided this already" in words_of(form(client, case, "new-matter", task.id))


@pytest.mark.parametrize(
    ("data", "field"), [({}, "choice"), ({"choice": "add", "points": " "}, "points"), ({"choice": "neither"}, "why")]
)
def test_what_is_missing_is_asked_for_and_nothing_is_decided(desk, data, field):
    house, client = desk
    (task,) = rows(house, Task, kind="new_matter")
    answer = act(client, case_of(house), "new-matter", data, task.id)
    assert answer.status_code == 422
    assert LexborHTMLParser(answer.text).css_first(f'.govuk-error-summary a[href="#{field}"]') is not None
    assert rows(house, Task, kind="new_matter")[0].closed_at is None


def test_its_own_complaint_by_the_form_gets_a_reference_and_a_letter(desk):
    house, client = desk
    (task,) = rows(house, Task, kind="new_matter")
    assert act(client, case_of(house), "new-matter", {"choice": "own"}, task.id).status_code == 303
    assert case_of(house, 2).received_at == rows(house, Message, id=2)[0].received_at
    assert rows(house, OutboxEntry, case_id=2)[0].kind == "complaint_acknowledged"


def test_the_definition_is_put_right_and_a_question_asked_and_a_part_taken_out_by_forms(desk):
    house, client = desk
    case = case_of(house)
    answer = act(client, case, "ask-resident", {"question": "Which stairs?"})
    assert answer.status_code == 303
    assert case_of(house).definition["question"] == "Which stairs?"
    with house.store.unit("T6") as unit:
        unit.update(Task, rows(house, Task, kind="new_matter")[0].id, kind="definition_correction")
        unit.commit()
    (task,) = rows(house, Task, kind="definition_correction")
    data = {"choice": "take", "points": "The stairs are dark.\r\nNobody rang.", "outcomes": "Mend it."}
    assert act(client, case, "correct-definition", data, task.id).status_code == 303
    assert [point["words"] for point in case_of(house).definition["points"]] == ["The stairs are dark.", "Nobody rang."]
    assert act(client, case, "split", {"points": ["2"], "why": "two offices"}).status_code == 303
    assert [point["words"] for point in case_of(house, 2).definition["points"]] == ["Nobody rang."]


def test_the_panel_says_who_complains_and_how_it_was_weighed(desk):
    house, client = desk
    case = case_of(house)
    assert "Nobody has said what they are to us" in panel(client, case)
    assert "Not assessed yet" in panel(client, case)
    data = {"complexity": "early", "vulnerability": "none_known", "risk": "low"}
    assert act(client, case, "assess", data | {"risk": ""}).status_code == 422
    assert act(client, case, "assess", data).status_code == 303
    assert act(client, case, "complainant", {"kind": "leaseholder"}).status_code == 303
    said = panel(client, case)
    assert "early answer" in said
    assert "Leaseholder" in said
    assert case_of(house).complainant_kind == "leaseholder"


def test_when_a_former_resident_lived_there_is_a_day_on_the_form_and_the_panel(desk):
    house, client = desk
    case = case_of(house)
    until = {"lived_until-day": "31", "lived_until-month": "5", "lived_until-year": "2024"}
    data = {"kind": "former_tenant", "note": ""}
    assert act(client, case, "complainant", data).status_code == 422
    assert act(client, case, "complainant", data | until | {"matter_on-day": "1"}).status_code == 422
    on = {"matter_on-day": "1", "matter_on-month": "6", "matter_on-year": "2024"}
    assert act(client, case, "complainant", data | until | on).status_code == 303
    said = panel(client, case)
    assert "Lived there until Friday 31 May 2024. It happened on Saturday 1 June 2024." in said
    assert "after they left: ask" in said
    form = client.get(f"/cases/{case.reference}/acts/complainant").text
    assert all(f'value="{value}"' in form for value in ("31", "2024", "former_tenant"))


def test_a_group_is_made_led_and_left_by_forms(desk):
    house, client = desk
    case = case_of(house)
    data = {
        "lead-name": "Ada",
        "lead-address": "ada@resident.example",
        "members": f"Bo; {BO}; Flat 2\r\nCy; Flat 3",
        "permission": "given",
    }
    assert act(client, case, "group", data | {"members": ""}).status_code == 422
    assert act(client, case, "group", data).status_code == 303
    assert [row.name for row in rows(house, GroupMember)] == ["Ada", "Bo", "Cy"]
    said = panel(client, case)
    assert "leads" in said
    assert "Flat 3" in said
    bo, cy = (rows(house, GroupMember, name=name)[0].id for name in ("Bo", "Cy"))
    assert act(client, case, "group-lead", {"why": "she moves"}, bo).status_code == 303
    assert case_of(house).resident_address == BO
    assert act(client, case, "group-remove", {"why": "no part"}, cy).status_code == 303
    assert act(client, case, "group-add", {"members": "Dee", "permission": "asked"}).status_code == 303
    ada = rows(house, GroupMember, name="Ada")[0].id
    assert (
        act(client, case, "group-split", {"points": "The stairs are dark at my door.", "why": "asks"}, ada).status_code == 303
    )
    assert case_of(house, 2).resident_name == "Ada"
    with house.store.glance() as glance:
        assert groups.counted(glance, [1]).households == 2
    assert client.get(f"/cases/{case.reference}/acts/group-lead?of=999").status_code == 404


def test_whoever_works_on_a_group_takes_the_list_of_its_members_and_the_case_keeps_who_did(desk):
    house, client = desk
    case = case_of(house)
    address = f"/cases/{case.reference}/members.csv"
    assert client.get(address).status_code == 404, "it is no group yet"
    assert address not in client.get(f"/cases/{case.reference}").text
    members = '=HYPERLINK("x"); bo@else.example; Flat 2, left\nCy Clare'
    lead = {"lead-name": "Ada Resident", "lead-address": "ada@resident.example", "lead-home": "Flat 1"}
    assert act(client, case, "group", lead | {"members": members, "permission": "asked"}).status_code == 303
    assert f'href="{address}"' in client.get(f"/cases/{case.reference}").text
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    lines = list(csv.reader(io.StringIO(answer.text)))
    assert lines[1:] == [
        ["Ada Resident", "ada@resident.example", "Flat 1", "yes", "Wants to be part of it"],
        ['\'=HYPERLINK("x")', "bo@else.example", "Flat 2, left", "", "Was asked, and has not said yet"],
        ["Cy Clare", "", "", "", "Was asked, and has not said yet"],
    ]
    (event,) = rows(house, CaseEvent, kind="members_taken")
    assert (event.by, "Cy" in event.details + event.why) == ("olive", False)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, restricted=True)
        unit.commit()
    assert client.get(address).status_code == 404
    add_person(house, "audrey", "auditor")
    assert sign_in(house, client_of(house), "audrey").get(address).status_code == 403


def test_authority_is_asked_for_and_settled_by_the_form(desk):
    house, client = desk
    case = case_of(house)
    asked = {"address": "ada@resident.example", "kind": "representative", "state": "asked", "resident_name": "May Byron"}
    assert act(client, case, "authority", asked).status_code == 303
    assert rows(house, OutboxEntry, kind="authority_wanted-1")[0].recipient == "ada@resident.example"
    assert "authority asked for" in panel(client, case)
    assert act(client, case, "authority", asked | {"state": "held"}).status_code == 422
    assert act(client, case, "authority", asked | {"state": "held", "evidence": "her letter"}).status_code == 303
    assert rows(house, Authority)[0].state == "held"
    assert "authority held" in panel(client, case)


def test_a_reply_to_whom_the_case_may_not_be_told_is_stopped_before_it_goes(desk):
    house, client = desk
    case = case_of(house)
    asked = {"address": "ada@resident.example", "kind": "representative", "state": "asked"}
    act(client, case, "authority", asked)
    page = client.get(f"/cases/{case.reference}/replies").text
    assert "authority is not held" in page


def test_a_request_shows_no_panel_of_a_complaint(officer):
    house, client = officer
    arrive(house, mail("service_request! My tap drips.", to=OURS))
    settle(house)
    assert panel(client, case_of(house)) == ""
