"""The forms of the case page: acts asked once and said afterwards, and a definition that two people edit at a time."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from chats import ADA, wrote
from desk.web import words
from desk.web.case_acts import ACTS
from desk.web.case_sheet import Row, Sheet
from desks import add_person, assessed, join_cases, officer, signed_in
from handlers import identities
from handlers.barring import bar
from handlers.case_acts import Refused
from handlers.course import groups
from handlers.defining import checked
from handlers.parties import Named, add_party
from handlers.rows import definition_of
from houses import NOON, arrive, house_of, mail, settle
from store.chain import verify_chain
from store.desk_models import Note
from store.models import Case, CaseEvent, CaseStatus, OutboxEntry, Party, Task
from store.people_models import GroupMember

__all__ = ["house_of", "officer"]

WORDS = "complaint! The lift has been broken for three weeks and nobody tells us anything.\n\nPlease mend it."


def case_of(house, words=WORDS, **given):
    """Let a mail become the house's latest case; return it."""
    arrive(house, mail(words, **given), sender=given.get("sender", "ada@resident.example"))
    settle(house)
    with house.store.glance() as glance:
        return glance.find(Case)[-1]


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


def now_of(house, case):
    return rows(house, Case, id=case.id)[0]


def typed(tree):
    """Return what a form on a page would send as it stands: its fields by name, each with all its values."""
    found = {}
    for node in tree.css("#form input[name], #form textarea[name], #form select[name]"):
        value = node.attributes.get("value") or ""
        if node.tag == "textarea":
            value = node.text().removeprefix("\n")
        elif node.tag == "select":
            value = next((o.attributes["value"] for o in node.css("option") if "selected" in o.attributes), "ours")
        elif node.attributes.get("type") == "radio" and "checked" not in node.attributes:
            continue
        found.setdefault(node.attributes["name"], []).append(value)
    return found


def definition_form(client, case):
    answer = client.get(f"/cases/{case.reference}/definition")
    assert answer.status_code == 200
    return typed(LexborHTMLParser(answer.text))


def send(client, case, form, **changes):
    return client.post(f"/cases/{case.reference}/definition", data=form | changes)


def words_of(text, selector="main"):
    return " ".join(LexborHTMLParser(text).css_first(selector).text(separator=" ").split())


# --- acts ---


def asked_about(house, case, *kinds):
    """Open tasks about the case's first message; return their numbers, by the acts that answer them."""
    now, message = house.clock.now(), rows(house, OutboxEntry, case_id=case.id)[0].message_id
    told = {"case_id": case.id, "message_id": message, "team": case.team, "why": "x", "opened_at": now, "due_at": now}
    with house.store.unit("T6") as unit:
        ids = unit.insert(Task, [told | {"kind": kind} for kind in kinds])
        unit.commit()
    return {words.ANSWERED_BY[kind][0]: number for kind, number in zip(kinds, ids, strict=True)}


def test_every_act_has_a_page_whose_title_says_what_and_of_which_case(officer):
    house, client = officer
    case, other = case_of(house), case_of(house, "service_request! tap", sender="bo@else.example")
    add_person(house, "ben", "officer")
    (party,) = [row for row in rows(house, Party, case_id=case.id) if row.address == case.resident_address]
    identities.link(house.acts, case.id, "olive", case.resident_address, ADA, why="she said so")
    wrote(house, "complaint! the same as in my mail")
    join_cases(house, rows(house, Task, kind="same_matter")[0].id, "olive", "resident")
    later = rows(house, Case)[-1]
    members = [groups.Member(name="Bo", home="Flat 2")]
    groups.make_group(house.acts, case.id, "olive", groups.Member(name="Ada", address=case.resident_address), members)
    tasks = asked_about(house, case, "new_matter", "definition_correction")
    of = tasks | dict.fromkeys(("group-remove", "group-lead", "group-split"), rows(house, GroupMember, name="Bo")[0].id)
    of |= {"unlink": other.id, "put-out": "ben", "unbar": "ben", "unlink-resident": 1, "take-apart": later.id}
    for name in ACTS:
        answer = client.get(f"/cases/{case.reference}/acts/{name}?of={of.get(name, party.id)}")
        tree = LexborHTMLParser(answer.text)
        assert answer.status_code == 200, name
        assert tree.css_first("title").text().startswith(" ".join(tree.css_first("h1").text().split()))
        assert case.reference in tree.css_first("h1").text()
        labels = {node.attributes["for"] for node in tree.css("main label")}
        fields = tree.css("main input:not([type=hidden]), main textarea, main select")
        assert {node.attributes["id"] for node in fields} == labels


def test_an_act_is_done_said_and_a_reload_does_not_repeat_it(officer):
    house, client = officer
    case = case_of(house)
    answer = client.post(f"/cases/{case.reference}/acts/note", data={"text": "Two heaters\r\nand a kettle\x00"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/cases/{case.reference}?done=")
    for _ in range(2):
        assert "Note added." in words_of(client.get(answer.headers["location"]).text, "body")
    assert [note.text for note in rows(house, Note)] == ["Two heaters\nand a kettle"]


def test_what_is_refused_is_asked_again_with_all_that_was_typed(officer):
    house, client = officer
    case = case_of(house)
    data = {"on-day": "31", "on-month": "2", "on-year": "2027", "what": "ring with <a> date"}
    answer = client.post(f"/cases/{case.reference}/acts/update", data=data)
    tree = LexborHTMLParser(answer.text)
    assert answer.status_code == 422
    assert tree.css_first("title").text().startswith("Error: Promise an update")
    assert tree.css_first(".govuk-error-summary a").attributes["href"] == "#on"
    assert tree.css_first("#on") is not None
    assert {name: values[0] for name, values in typed(tree).items()} == data
    assert rows(house, Task, kind="update_due") == []


def test_the_day_on_which_they_told_one_of_us_is_given_beside_the_day_of_receipt(officer):
    house, client = officer
    case = case_of(house)
    where = f"/cases/{case.reference}/acts/told-earlier"
    assert f'href="{where}"' in client.get(f"/cases/{case.reference}").text
    data = {"told_on-day": "23", "told_on-month": "11", "told_on-year": "2026", "why": "she told Sam"}
    assert "#told_on" in client.post(where, data=data).text, "it counts from this day already"
    assert client.post(where, data=data | {"told_on-day": "20"}).status_code == 303
    assert now_of(house, case).received_at.date().isoformat() == "2026-11-20"
    assert "They had told one of us before" in words_of(client.get(f"/cases/{case.reference}?show=history").text)


@pytest.mark.parametrize(
    "date", [("", "", ""), ("x", "1", "2027"), ("29", "2", "2027"), ("1", "13", "2027"), ("1", "1", "99999")]
)
def test_a_date_that_is_none_is_refused(officer, date):
    house, client = officer
    case = case_of(house)
    data = dict(zip(("on-day", "on-month", "on-year"), date, strict=True)) | {"what": "ring"}
    assert client.post(f"/cases/{case.reference}/acts/update", data=data).status_code == 422


def test_a_complaint_that_is_owed_an_answer_has_no_closing_form_but_the_reasons(officer):
    house, client = officer
    case = case_of(house)
    said = words_of(client.get(f"/cases/{case.reference}/acts/close").text)
    assert "This cannot be done now. The complaint has not been answered" in said
    assert "Close case" not in said
    answer = client.post(f"/cases/{case.reference}/acts/close", data={"outcome": "done", "why": "x"})
    assert answer.status_code == 422
    assert now_of(house, case).status is CaseStatus.OPEN


def test_a_request_is_closed_and_opened_again_on_the_desk(officer):
    house, client = officer
    case = case_of(house, "service_request! mend the tap")
    assert client.post(f"/cases/{case.reference}/acts/close", data={"outcome": "done", "why": "mended"}).status_code == 303
    page = client.get(f"/cases/{case.reference}").text
    assert "Closed" in words_of(page, ".desk-identity")
    assert "/acts/reopen" in page
    assert "/acts/close" not in page
    assert client.post(f"/cases/{case.reference}/acts/reopen", data={"why": "it drips"}).status_code == 303
    again = client.post(f"/cases/{case.reference}/acts/reopen", data={"why": "it drips"})
    assert again.status_code == 409


def test_a_case_is_given_to_an_officer_who_may_have_it_and_not_over_somebody_who_was_first(officer):
    house, client = officer
    case = case_of(house)
    assessed(house, case.id)
    add_person(house, "ben", "officer")
    add_person(house, "cleo", "officer")
    bar(house.acts, case.id, "olive", "cleo", "it is about her")
    where = f"/cases/{case.reference}/acts/officer"
    assert "Cleo" not in client.get(where).text
    assert client.post(where, data={"officer": "cleo", "was": ""}).status_code == 422
    assert client.post(where, data={"officer": "ben", "was": ""}).status_code == 303
    assert client.post(where, data={"officer": "olive", "was": ""}).status_code == 409
    assert now_of(house, case).assigned_to == "ben"
    assert "Given to somebody by Olive" in words_of(client.get(f"/cases/{case.reference}").text)


def test_details_changed_by_a_colleague_meanwhile_are_shown_beside_what_was_typed(officer):
    house, client = officer
    case = case_of(house)
    where = f"/cases/{case.reference}/acts/resident"
    form = typed(LexborHTMLParser(client.get(where).text))
    colleague = signed_in(house, "ben")
    assert colleague.post(where, data=form | {"phone": "020 7946 0001", "why": "she rang"}).status_code == 303
    answer = client.post(where, data=form | {"home": "4 Mill House", "why": "she wrote"})
    assert answer.status_code == 409
    assert "Telephone: 020 7946 0001" in words_of(answer.text)
    again = typed(LexborHTMLParser(answer.text))
    assert (again["home"], again["was-phone"]) == (["4 Mill House"], ["020 7946 0001"])
    assert now_of(house, case).home is None
    assert client.post(where, data=again | {"phone": "020 7946 0001"}).status_code == 303
    assert (now_of(house, case).home, now_of(house, case).resident_phone) == ("4 Mill House", "020 7946 0001")


def test_people_of_another_case_cannot_be_changed_through_this_one(officer):
    house, client = officer
    case, other = case_of(house), case_of(house, "service_request! tap", sender="bo@else.example")
    add_party(house.acts, other.id, "olive", Named(address="sam@else.example", name="Sam", role="representative"), "asked")
    (sam,) = rows(house, Party, case_id=other.id, address="sam@else.example")
    for name in ("change-person", "remove-person"):
        for of in (sam.id, "x", "99999999999", ""):
            assert client.get(f"/cases/{case.reference}/acts/{name}?of={of}").status_code == 404
        data = {"of": str(sam.id), "was-name": "Sam", "was-address": sam.address, "was-role": sam.role, "why": "x"}
        data |= {"name": "Eve", "address": "eve@else.example", "role": "resident"}
        assert client.post(f"/cases/{case.reference}/acts/{name}", data=data).status_code in (404, 409)
    assert rows(house, Party, id=sam.id)[0].name == "Sam"


def test_a_form_with_files_or_endless_fields_is_refused(officer):
    house, client = officer
    case = case_of(house)
    where = f"/cases/{case.reference}/acts/note"
    assert client.post(where, files={"text": ("x.txt", b"words")}).status_code == 400
    assert client.post(where, data={f"n{number}": "x" for number in range(500)}).status_code == 400
    assert rows(house, Note) == []


# --- the definition ---


def test_a_definition_is_corrected_reordered_and_confirmed_in_one_form(officer):
    house, client = officer
    case = case_of(house)
    form = definition_form(client, case)
    changes = {
        "words": ["Nobody rings back", "  ", "The lift is\nbroken", "The road was dug up"],
        "responsibility": ["ours", "ours", "ours", "not_ours"],
        "who": ["", "", "", "Thames Water"],
        "place": ["2", "1", "1", "1.5"],
        "outcomes": "Mend it\n\n Say sorry ",
        "do": "confirm",
    }
    answer = send(client, case, form, **changes)
    assert answer.headers["location"].endswith("#definition")
    now = now_of(house, case)
    kept = definition_of(now.definition)
    assert [(p.words, p.responsibility, p.who) for p in kept.points] == [
        ("The lift is broken", "ours", None),
        ("The road was dug up", "not_ours", "Thames Water"),
        ("Nobody rings back", "ours", None),
    ]
    assert (kept.outcomes, now.definition_version, now.defined_at) == (("Mend it", "Say sorry"), 1, NOON)
    assert rows(house, Task, case_id=case.id, kind="confirm_definition", closed_at=None) == []


def test_another_row_is_added_and_rows_are_put_in_order_without_saving_anything(officer):
    house, client = officer
    case = case_of(house)
    form = definition_form(client, case)
    rows_before = len(form["words"])
    more = typed(LexborHTMLParser(send(client, case, form, words=[*form["words"][:-1], "B"], do="add").text))
    assert len(more["words"]) == rows_before + 2
    ordered = typed(
        LexborHTMLParser(send(client, case, more, place=["9", "1", "5", "6"][: len(more["words"])], do="order").text)
    )
    assert ordered["words"][0] == "B"
    assert ordered["place"] == [str(number) for number in range(1, len(ordered["words"]) + 1)]
    assert now_of(house, case).definition_version == 0


def test_two_officers_editing_the_second_is_refused_sees_both_and_loses_nothing(officer):
    house, client = officer
    case = case_of(house)
    colleague = signed_in(house, "ben")
    mine, theirs = definition_form(client, case), definition_form(colleague, case)
    assert send(colleague, case, theirs, words=["The lift, says Ben", ""], do="save").status_code == 303
    answer = send(client, case, mine, words=["The lift, says Olive", ""], outcomes="Mend it now", why="she rang", do="confirm")
    assert answer.status_code == 409
    assert "What Ben saved 23 November 2026 at 12:00pm" in words_of(answer.text)
    assert "The lift, says Ben" in words_of(answer.text, ".govuk-inset-text")
    again = typed(LexborHTMLParser(answer.text))
    assert (again["words"][0], again["outcomes"], again["why"]) == ("The lift, says Olive", ["Mend it now"], ["she rang"])
    assert (now_of(house, case).definition_version, now_of(house, case).defined_at) == (1, None)
    assert send(client, case, again, do="save").status_code == 303  # on purpose, having seen both
    versions = words_of(client.get(f"/cases/{case.reference}/definition/versions").text)
    assert versions.index("Version 2, as it stands") < versions.index("The lift, says Olive") < versions.index("Version 1")
    assert versions.index("Version 1") < versions.index("Ben, 23 November") < versions.index("Draft the machine")


def test_confirming_what_a_colleague_has_changed_meanwhile_shows_it_first(officer):
    house, client = officer
    case = case_of(house)
    colleague = signed_in(house, "ben")
    send(colleague, case, definition_form(colleague, case), words=["The lift, says Ben", ""], do="save")
    answer = client.post(f"/cases/{case.reference}/definition/confirm", data={"version": "0"})
    assert answer.status_code == 409
    assert "The lift, says Ben" in words_of(answer.text)
    assert now_of(house, case).defined_at is None
    assert client.post(f"/cases/{case.reference}/definition/confirm", data={"version": "1"}).status_code == 303


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": ["", ""]}, "points-1-words"),
        ({"words": ["x" * 601, ""]}, "points-1-words"),
        ({"words": ["a", "b"], "responsibility": ["ours", "not_ours"]}, "points-2-who"),
        ({"responsibility": ["everybody's", "ours"]}, "points-1-words"),
        ({"outcomes": "", "question": ""}, "outcomes"),
        ({"why": "x" * 2_001}, "why"),
    ],
)
def test_a_definition_that_will_not_do_is_asked_again_at_the_field_to_mend(officer, changes, field):
    house, client = officer
    case = case_of(house)
    answer = send(client, case, definition_form(client, case) | {"words": ["a", ""]}, do="save", **changes)
    tree = LexborHTMLParser(answer.text)
    assert answer.status_code == 422
    assert tree.css_first(".govuk-error-summary a").attributes["href"] == f"#{field}"
    assert tree.css_first(f"#{field}") is not None
    assert now_of(house, case).definition_version == 0


def test_telling_the_resident_is_offered_only_once_the_acknowledgement_is_out_of_date(officer):
    house, client = officer
    case = case_of(house)
    link = f"/cases/{case.reference}/replies?about=definition"
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, acknowledged_at=NOON)
        unit.commit()
    assert link not in client.get(f"/cases/{case.reference}").text
    house.clock.at += timedelta(minutes=10)
    send(client, case, definition_form(client, case), words=["The lift", ""], do="save")
    assert link in client.get(f"/cases/{case.reference}").text
    assert client.get(link).status_code == 200


def test_a_case_that_is_no_complaint_has_no_definition_to_see(officer):
    house, client = officer
    case = case_of(house, "service_request! mend the tap")
    assert "The complaint as understood" not in client.get(f"/cases/{case.reference}").text
    for path in ("/definition", "/definition/versions"):
        assert client.get(f"/cases/{case.reference}{path}").status_code == 404
    assert client.post(f"/cases/{case.reference}/definition/confirm", data={"version": "0"}).status_code == 404


def test_confirming_wakes_the_sender_where_the_acknowledgement_waited_for_it(house_of):
    house = house_of(acknowledgement={"mode": "after_confirmation"})
    client = signed_in(house)
    woken = []
    client.app.state.desk.letters_due = lambda: woken.append(True)
    case = case_of(house)
    answer = client.post(f"/cases/{case.reference}/definition/confirm", data={"version": "0"})
    assert "The acknowledgement is on its way." in words_of(
        client.get(answer.headers["location"].partition("#")[0]).text, "body"
    )
    assert woken == [True]
    assert [letter.kind for letter in rows(house, OutboxEntry, case_id=case.id)] == ["receipt", "complaint_acknowledged"]
    assert rows(house, CaseEvent, case_id=case.id)[-1].by == "olive"


def test_a_sheet_never_grows_without_end_and_refuses_an_unknown_answer():
    sheet = Sheet(rows=tuple(Row(words=f"point {n}") for n in range(29)), outcomes="a", question="", version=0)
    assert len(sheet.with_room(5).rows) == 30
    with pytest.raises(Refused):
        sheet.definition()
    with pytest.raises(Refused):
        checked([], [], "")
