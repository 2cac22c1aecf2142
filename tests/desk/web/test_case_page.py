"""The case page: what it shows and to whom, how it pages, what it asks of the store, and what its letters may do."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import event

from desk.web.case_words import days_left
from desks import add_person, assessed, officer, signed_in
from handlers.barring import bar
from handlers.case_work import add_note, promise_update
from handlers.restricting import let_in, restrict
from handlers.rows import event_row
from houses import NOON, Postbag, arrive, house_of, mail, settle
from store.chain import append_events, verify_chain
from store.desk_models import CaseStaff, DraftLetter, Note
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, Task

__all__ = ["house_of", "officer"]

WORDS = "complaint! [vulnerable] The lift has been broken for three weeks and nobody tells us anything.\n\nPlease mend it."


def case_of(house, words=WORDS, **given):
    """Let a mail become a case; return it."""
    number = arrive(house, mail(words, **given), sender=given.get("sender", "ada@resident.example"))
    settle(house)
    with house.store.glance() as glance:
        (found,) = [e for e in glance.find(CaseEvent, kind="received") if json.loads(e.details)["message"] == number]
        return glance.get(Case, found.case_id)


def send(house):
    asyncio.run(house.outbox(Postbag()).once())


def page(client, case, query="", status=200):
    answer = client.get(f"/cases/{case.reference}{query}")
    assert answer.status_code == status, answer.text
    return LexborHTMLParser(answer.text)


def words_of(tree, selector="main"):
    return " ".join(tree.css_first(selector).text(separator=" ").split())


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        return glance.find(table, **wanted)


def test_the_bar_says_whose_case_it_is_and_what_is_owed_when(officer):
    house, client = officer
    case = case_of(house, "complaint! [hazard] mould everywhere")
    send(house)
    bar_says = words_of(page(client, case), ".desk-identity")
    assert f"{case.reference} Ada Resident Complaint, stage 1 Answer by Mon 7 Dec, in 14 days hazard" in bar_says


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-11-23T11:59", "late since today"),
        ("2026-11-23T23:59", "today"),
        ("2026-11-24T00:00", "tomorrow"),
        ("2026-12-07T23:59", "in 14 days"),
        ("2026-11-22T23:59", "1 day late"),
        ("2026-11-20T23:59", "3 days late"),
    ],
)
def test_how_far_off_something_is_counts_london_days(due, said):
    assert days_left(datetime.fromisoformat(due).replace(tzinfo=UTC), NOON) == said


def test_any_spelling_of_a_reference_leads_to_the_page_with_its_filter(officer):
    house, client = officer
    case = case_of(house)
    spelt = case.reference.lower().replace("-", " ")
    answer = client.get(f"/cases/{spelt}?show=letters")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case.reference}?show=letters")


def test_a_reference_of_no_case_is_not_found(officer):
    _house, client = officer
    for reference in ("LBL-26-000000-00", "nothing", "%00", "x" * 3000, "LBL-26-4F7K2P-9D"):
        for rest in ("", "/definition", "/definition/versions", "/acts/note"):
            assert client.get(f"/cases/{reference}{rest}").status_code == 404


def test_only_facts_with_values_are_shown(officer):
    house, client = officer
    case = case_of(house, "service_request! mend the tap")
    shown = [node.text() for node in page(client, case).css(".desk-facts dt")]
    assert {"Category", "Team", "Received", "Name", "Email"} <= set(shown)
    assert not {"Telephone", "Home", "Logged", "Acknowledged", "Defined", "Flags"} & set(shown)


def test_every_clock_shows_its_rule_and_the_sum_it_was_once_worked_out_by(officer):
    house, client = officer
    case = case_of(house)
    send(house)
    with house.store.unit("T6") as unit:  # a stored deadline is shown as stored, whatever a calendar would say now
        (respond,) = unit.find(Deadline, case_id=case.id, rule="respond_1")
        unit.update(Deadline, respond.id, calendar="holidays of long ago")
        unit.commit()
    clocks = [" ".join(node.text().split()) for node in page(client, case).css(".desk-clock")]
    assert clocks[0].startswith("running 7 December 2026, in 14 days answer a stage 1 complaint in full (Code 6.3)")
    assert "counted from Mon 23 Nov 2026" in clocks[0]
    assert "holidays of long ago" in clocks[0]
    assert clocks[1].startswith("met in time 30 November 2026")


def test_the_line_of_time_tells_who_what_when_and_why_newest_first(officer):
    house, client = officer
    case = case_of(house)
    house.clock.at += timedelta(minutes=10)
    add_note(house.acts, case.id, "olive", "She has <b>two</b> heaters.")
    house.clock.at += timedelta(minutes=10)
    promise_update(house.acts, case.id, "olive", NOON.date() + timedelta(days=4), "ring with a date")
    line = words_of(page(client, case), ".desk-line")
    order = [
        "Update promised by Olive 23 November 2026 at 12:20pm ring with a date",
        "Note by Olive 23 November 2026 at 12:10pm She has <b>two</b> heaters.",
        "Logged as a complaint by the machine 23 November 2026 at 12:00pm",
        "The lift has been broken",
    ]
    assert [line.index(piece) for piece in order] == sorted(line.index(piece) for piece in order)


@pytest.mark.parametrize(
    ("show", "there", "left_out"),
    [
        ("messages", "The lift has been broken", "Two heaters"),
        ("letters", "Letter: acknowledgement", "Two heaters"),
        ("notes", "Two heaters", "Letter: acknowledgement"),
        ("history", "A message came in", "Two heaters"),
    ],
)
def test_a_filter_shows_one_kind_of_thing(officer, show, there, left_out):
    house, client = officer
    case = case_of(house)
    add_note(house.acts, case.id, "olive", "Two heaters")
    line = words_of(page(client, case, f"?show={show}"), ".desk-line")
    assert there in line
    assert left_out not in line


def test_a_filter_that_there_is_not_is_refused_in_words(officer):
    house, client = officer
    assert "Look at: show" in words_of(page(client, case_of(house), "?show=secrets", status=422))


def test_a_made_up_place_in_time_is_no_error(officer):
    house, client = officer
    case = case_of(house)
    for before in ("", "x", "1.2", "9" * 400, "1.2.3", "-1.5.-5", "0.0.99999999999999999999"):
        assert client.get(f"/cases/{case.reference}?before={before}").status_code == 200


def test_five_hundred_events_are_paged_and_each_is_shown_once(officer):
    house, client = officer
    case = case_of(house)
    with house.store.unit("T6") as unit:
        at = NOON + timedelta(minutes=1)  # all at one instant: nothing but the order of numbers tells them apart
        append_events(unit, [event_row(case.id, "noted", f"event number {n}.", at, "olive") for n in range(500)])
        unit.commit()
    for show in ("all", "history"):
        seen, where, pages = [], f"?show={show}", 0
        while where:
            tree = page(client, case, where)
            seen += re.findall(r"event number (\d+)\.", words_of(tree, ".desk-line"))
            following = tree.css_first("a[rel=next]")
            where, pages = following.attributes["href"].partition("?")[2].partition("#")[0] if following else "", pages + 1
            where = where and f"?{where}"
        assert [int(number) for number in seen] == list(range(499, -1, -1))
        assert pages > 500 / 31


def test_things_of_all_kinds_that_bear_one_time_are_each_shown_once(officer):
    house, client = officer
    case = case_of(house)
    at = NOON + timedelta(minutes=1)
    with house.store.unit("T6") as unit:
        unit.insert(Note, [{"case_id": case.id, "at": at, "by": "olive", "text": f"note {n}."} for n in range(40)])
        task = {"kind": "reply", "case_id": case.id, "team": "complaints", "opened_at": at, "due_at": at}
        unit.insert(
            Task,
            [task | {"why": f"task {n}.", "closed_at": at, "closed_by": "olive", "outcome": f"end {n}."} for n in range(40)],
        )
        append_events(unit, [event_row(case.id, "noted", f"event {n}.", at, "olive") for n in range(40)])
        unit.commit()
    seen, where = [], "?show=all"
    while where:
        tree = page(client, case, where)
        seen += re.findall(r"(?:note|task|end|event) \d+\.", words_of(tree, ".desk-line"))
        following = tree.css_first("a[rel=next]")
        where = "?" + following.attributes["href"].partition("?")[2].partition("#")[0] if following else ""
    assert sorted(seen) == sorted(f"{kind} {n}." for kind in ("note", "task", "end", "event") for n in range(40))


def test_a_letter_is_shown_as_sent_with_its_proof_and_as_a_page_that_may_do_nothing(officer):
    house, client = officer
    case = case_of(house)
    send(house)
    (letter,) = rows(house, OutboxEntry, case_id=case.id)
    tree = page(client, case)
    shown = tree.css_first(f"#letter-{letter.id}")
    assert "Sent" in shown.text()
    assert "250 taken" in shown.text()
    assert shown.css_first(".desk-letter").text() == letter.text
    frame = shown.css_first("iframe")
    assert (frame.attributes["sandbox"], frame.attributes["src"]) == ("", f"/letters-sent/{letter.id}")
    answer = client.get(f"/letters-sent/{letter.id}")
    assert answer.text == letter.html
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "sandbox" in policy


def test_a_letter_that_was_held_back_says_by_which_rule(officer):
    house, client = officer
    case = case_of(house, Precedence="bulk", Auto_Submitted="auto-generated")
    assert "Not sent: it says that it was sent automatically." in words_of(page(client, case), ".desk-line")


def test_a_letter_that_there_is_not_is_not_found(officer):
    _house, client = officer
    for number in ("0", "-1", "999999", "99999999999999999999", "x"):
        assert client.get(f"/letters-sent/{number}").status_code in (404, 422)


def test_each_open_task_can_be_finished_taken_and_given_from_the_case(officer):
    house, client = officer
    case = case_of(house)
    add_person(house, "ben", "officer")
    promise_update(house.acts, case.id, "ben", NOON.date(), "ring")
    (task,) = rows(house, Task, case_id=case.id, kind="update_due")
    forms = page(client, case).css(f"#task-{task.id} form")
    assert [form.attributes["action"] for form in forms] == [f"/tasks/{task.id}/{act}" for act in ("done", "take", "assign")]
    names = {node.attributes["name"]: node.attributes.get("value") for form in forms for node in form.css("input, select")}
    assert set(names) == {"back", "was", "outcome", "officer", "whole_case"}
    back = {"back": names["back"], "was": names["was"]}
    assert (
        client.post(forms[1].attributes["action"], data=back).headers["location"].startswith(f"/cases/{case.reference}?done=")
    )
    assert rows(house, Task, id=task.id)[0].assigned_to == "olive"
    assessed(house, case.id)
    given = client.post(forms[2].attributes["action"], data=back | {"was": "olive", "officer": "ben", "whole_case": "yes"})
    assert given.headers["location"].startswith(f"/cases/{case.reference}?done=")
    assert (rows(house, Task, id=task.id)[0].assigned_to, rows(house, Case, id=case.id)[0].assigned_to) == ("ben", "ben")
    assert client.post(forms[0].attributes["action"], data=back | {"outcome": "rang her"}).status_code == 303
    assert "Task finished: update promised by Olive 23 November 2026 at 12:00pm rang her" in words_of(
        page(client, case), ".desk-line"
    )


def test_nobody_who_must_not_have_the_case_is_offered_for_its_tasks(officer):
    house, client = officer
    case = case_of(house)
    add_person(house, "ben", "officer")
    add_person(house, "gone", "officer", disabled_at=NOON)
    add_person(house, "cleo", "officer")
    bar(house.acts, case.id, "olive", "ben", "it is about him")
    offered = {node.attributes["value"] for node in page(client, case).css("#tasks ~ ul option")}
    assert offered == {"olive", "cleo"}


def test_a_reply_that_is_still_being_written_is_shown(officer):
    house, client = officer
    case = case_of(house)
    (message,) = rows(house, Message, case_id=case.id)
    row = {
        "case_id": case.id,
        "message_id": message.id,
        "by": "olive",
        "at": NOON,
        "way": "mail",
        "subject": "Your lift",
        "body": "x",
    }
    with house.store.unit("desk") as unit:
        (number,) = unit.insert(DraftLetter, [row])
        unit.commit()
    links = [
        node
        for node in page(client, case).css("main a")
        if node.attributes["href"] == f"/cases/{case.reference}/replies/{number}"
    ]
    assert "Your lift" in links[0].text()


def test_who_else_looks_at_the_case_is_said(officer):
    house, client = officer
    case = case_of(house)
    page(signed_in(house, "ben"), case)
    assert "Ben is looking at this case too." in words_of(page(client, case))


def test_an_auditor_sees_all_of_it_and_no_form(officer):
    house, _client = officer
    case = case_of(house)
    add_note(house.acts, case.id, "olive", "Two heaters")
    auditor = signed_in(house, "audrey", "auditor")
    tree = page(auditor, case)
    assert "Two heaters" in words_of(tree)
    assert "The lift has been broken" in words_of(tree)
    assert [form.attributes["action"] for form in tree.css("form")] == ["/sign-out"]
    linked = {node.attributes["href"] for node in tree.css("main a")}
    assert not [href for href in linked if "/acts/" in href or "/replies" in href or href.endswith(("/definition", "/review"))]
    for path in ("/definition", "/acts/note", "/acts/close"):
        assert auditor.get(f"/cases/{case.reference}{path}").status_code == 403
    for path in ("/definition", "/definition/confirm", "/acts/note", "/acts/close"):
        assert auditor.post(f"/cases/{case.reference}{path}", data={"text": "x"}).status_code == 403
    assert page(auditor, case, "/definition/versions")


def test_an_administrator_who_is_nothing_else_opens_no_case(officer):
    house, _client = officer
    case = case_of(house)
    page(signed_in(house, "ada", "administrator"), case, status=403)


RESTRICTED_ROUTES = (
    ("GET", ""),
    ("GET", "/definition"),
    ("POST", "/definition"),
    ("POST", "/definition/confirm"),
    ("GET", "/definition/versions"),
    *(("GET", f"/acts/{name}") for name in ("note", "close", "resident", "restrict", "lift", "let-in", "bar", "nothing")),
    *(("POST", f"/acts/{name}") for name in ("note", "close", "resident", "restrict", "lift", "let-in", "bar", "nothing")),
)


def test_a_restricted_case_is_not_there_for_an_officer_who_was_not_let_in(officer):
    house, client = officer
    case = case_of(house)
    add_person(house, "mona", "manager")
    restrict(house.acts, case.id, "mona", "a witness", manager=True)
    before = rows(house, CaseEvent, case_id=case.id)
    data = {"version": "0", "text": "x", "why": "x", "outcome": "done", "username": "olive"}
    for method, path in RESTRICTED_ROUTES:
        answer = client.request(method, f"/cases/{case.reference}{path}", **({"data": data} if method == "POST" else {}))
        assert answer.status_code == 404, (method, path)
        assert "Ada" not in answer.text
    assert rows(house, CaseEvent, case_id=case.id) == before


def test_letters_and_links_of_a_restricted_case_are_closed_with_it(officer):
    house, client = officer
    secret, plain = case_of(house), case_of(house, "service_request! tap", sender="bo@else.example")
    add_person(house, "mona", "manager")
    (letter,) = rows(house, OutboxEntry, case_id=secret.id)
    client.post(f"/cases/{plain.reference}/acts/link", data={"reference": secret.reference, "why": "the same home"})
    assert secret.reference in words_of(page(client, plain), "#linked + ul")
    restrict(house.acts, secret.id, "mona", "a witness", manager=True)
    assert client.get(f"/letters-sent/{letter.id}").status_code == 404
    linked = words_of(page(client, plain), ".desk-case__people")
    assert secret.reference not in linked
    assert client.get(f"/cases/{plain.reference}/acts/unlink?of={secret.id}").status_code == 404
    answer = client.post(f"/cases/{plain.reference}/acts/link", data={"reference": secret.reference, "why": "the same home"})
    assert answer.status_code == 422
    assert "There is no case with this reference that you can open" in answer.text


def test_whoever_was_let_in_opens_a_restricted_case_and_managers_see_who_did(officer):
    house, client = officer
    case = case_of(house)
    manager = signed_in(house, "mona", "manager")
    restrict(house.acts, case.id, "mona", "a witness", manager=True)
    let_in(house.acts, case.id, "mona", "olive", "she knows the estate", manager=True)
    tree = page(client, case)
    assert "restricted" in words_of(tree, ".desk-identity")
    assert "Who has opened it" not in words_of(tree)
    assert "Restricted case opened" not in words_of(page(client, case, "?show=history"), ".desk-line")
    assert "Who has opened it Mona, 23 November 2026 at 12:00pm Olive, 23 November 2026 at 12:00pm" in words_of(
        page(manager, case)
    )
    assert "Restricted case opened by Olive" in words_of(page(manager, case, "?show=history"), ".desk-line")
    with house.store.glance() as glance:
        assert verify_chain(glance) == []


def test_an_officer_who_closes_the_case_to_themselves_is_led_to_the_queue(officer):
    house, client = officer
    case = case_of(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, assigned_to="olive")
        unit.commit()
    assert (
        client.post(f"/cases/{case.reference}/acts/restrict", data={"why": "a witness"})
        .headers["location"]
        .startswith("/cases/")
    )
    answer = client.post(f"/cases/{case.reference}/acts/put-out", data={"of": "olive", "why": "I know the family"})
    assert answer.headers["location"].startswith("/queue?done=")
    assert rows(house, CaseStaff, relation="let_in") == []


def test_the_words_of_residents_are_never_markup(officer):
    house, client = officer
    case = case_of(
        house, "complaint! <script>alert(1)</script><img src=x onerror=alert(1)>", subject="</h1><script>alert(2)</script>"
    )
    add_note(house.acts, case.id, "olive", "<script>alert(3)</script>")
    tree = page(client, case)
    assert [node for node in tree.css("script") if "alert" in node.text()] == []
    assert tree.css("main img") == []
    assert "alert(1)" in words_of(tree)


class Asked:
    """Counts the questions that a page asks the store."""

    def __init__(self, house):
        self.statements = []
        event.listen(house.store._reading, "before_cursor_execute", self)

    def __call__(self, _connection, _cursor, statement, *_more):
        if statement.lstrip().upper().startswith("SELECT"):
            self.statements.append(statement)


def test_the_page_asks_few_questions_however_long_the_case_is(officer):
    house, client = officer
    case = case_of(house)
    page(client, case)
    asked = Asked(house)
    page(client, case)
    plain = len(asked.statements)
    assert plain <= 28  # each panel asks one; five find out who asks, may they, and who else looks
    for number in range(20):
        arrive(house, mail(f"complaint! and the stairs, part {number}", In_Reply_To=rows(house, OutboxEntry)[0].header_id))
        add_note(house.acts, case.id, "olive", f"note {number}")
    settle(house)
    asked.statements.clear()
    page(client, case)
    assert len(asked.statements) == plain
