"""Writing a reply in the browser: nothing typed is lost, nothing goes unseen, and only who may does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import add_person, client_of, sign_in, signed_in
from handlers.reply_orders import sealed
from handlers.reply_ways import ways_of
from houses import NOON, arrive, settle
from houses import mail as any_mail
from promises.looking import everything, later, send
from store.desk_models import CaseStaff, DraftLetter, StaffSession
from store.models import Case, Message, OutboxEntry, OutboxState, Task
from store.reply_rows import drafts_of

OURS = "HousingComplaintsandFeedback@lewisham.gov.uk"
WORDS = "Dear Ada,\n\nWe are sorry. A plumber comes on Friday.\n"


def mail(words, **headers):
    return any_mail(words, to=OURS, **headers)


@pytest.fixture
def house(house_of):
    """A house with one complaint, acknowledged."""
    house = house_of()
    arrive(house, mail("complaint! nobody came to mend my boiler"))
    settle(house)
    send(house)
    return house


@pytest.fixture
def olive(house):
    return signed_in(house)


def page_of(answer, status=200):
    assert answer.status_code == status, answer.text
    return LexborHTMLParser(answer.text)


def words_of(page):
    return " ".join(page.body.text().split())


def case_of(house):
    return everything(house, Case)[0]


def replies(house):
    return f"/cases/{case_of(house).reference}/replies"


def fields(page, form="form.desk-reply__form"):
    """What a browser would send of a form as it stands, without pressing a button that has a name."""
    found, told = page.css_first(form), {}
    for node in found.css("input, textarea"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if kind in ("radio", "checkbox") and "checked" not in node.attributes:
            continue
        value = node.text().removeprefix("\n") if node.tag == "textarea" else node.attributes.get("value") or ""
        told.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in told.items()}


def written(client, house, press="save", **typed):
    """Begin a reply, type and save it; return the draft's address."""
    told = fields(page_of(client.get(f"{replies(house)}/new"))) | {"subject": "Your boiler", "body": WORDS} | typed
    answer = client.post(replies(house), data=told | {"press": press})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removesuffix("?told=saved").removesuffix("/preview")


def preview(client, address, status=200):
    return page_of(client.get(f"{address}/preview"), status)


def go(client, address, act="send", **changes):
    told = fields(preview(client, address), "form.desk-reply__send") | changes
    return client.post(f"{address}/{act}", data={name: value for name, value in told.items() if value is not None})


def test_a_new_reply_begins_with_a_greeting_the_message_and_the_best_way(house, olive):
    page = page_of(olive.get(f"{replies(house)}/new"))
    told = fields(page)
    assert told["body"] == "Dear Ada Resident,\n\nThank you for your message of Monday 23 November 2026.\n\n"
    assert told["subject"] == "Your complaint"
    assert told["route"] == "mail:ada@resident.example"
    assert "nobody came to mend my boiler" in page.css_first(".desk-reply__quote").text()
    assert everything(house, DraftLetter) == []


def test_it_can_begin_with_the_corrected_definition(house, olive):
    told = fields(page_of(olive.get(f"{replies(house)}?about=definition")))
    assert "We have corrected what we understand your complaint to be." in told["body"]
    assert case_of(house).definition["points"][0]["words"] in told["body"]


def test_another_message_of_the_case_can_be_answered(house, olive):
    first = everything(house, Message)[0]
    later(house, hours=1)
    arrive(house, mail("service_request? it is still cold", In_Reply_To=everything(house, OutboxEntry)[0].header_id))
    settle(house)
    page = page_of(olive.get(f"{replies(house)}/new"))
    assert "it is still cold" in page.css_first(".desk-reply__quote").text()
    page = page_of(olive.get(f"{replies(house)}/new?message={first.id}"))
    assert fields(page)["message"] == str(first.id)
    assert "nobody came" in page.css_first(".desk-reply__quote").text()


@pytest.mark.parametrize(
    "wrong", ["?message=99", "?message=0", "?message=x", "?message=99999999999999999999", "?about=weather"]
)
def test_a_message_that_is_not_the_cases_is_not_answered(house, olive, wrong):
    assert olive.get(f"{replies(house)}/new{wrong}").status_code in (404, 422)


def test_a_saved_draft_keeps_every_character_and_is_listed_on_the_case(house, olive):
    body = "Dear Ada,\r\n\r\n  <b>we</b> & you “quote” £5 \U0001f600\r\n\r\n- one\r\n"
    address = written(olive, house, body=body)
    (draft,) = everything(house, DraftLetter)
    assert draft.body == body.replace("\r\n", "\n")
    assert (draft.by, draft.version, draft.way, draft.recipient) == ("olive", 1, "mail", "ada@resident.example")
    assert fields(page_of(olive.get(address)))["body"] == draft.body
    with house.store.glance() as glance:
        assert [one.id for one in drafts_of(glance, draft.case_id)] == [draft.id]
    page = page_of(olive.get(f"/cases/{case_of(house).reference}"))
    assert address in [link.attributes["href"] for link in page.css("a")]


def test_saving_again_counts_versions_and_saving_the_same_words_does_not(house, olive):
    address = written(olive, house)
    told = fields(page_of(olive.get(address)))
    assert olive.post(address, data=told | {"body": "other words"}).status_code == 303
    told = fields(page_of(olive.get(address)))
    assert told["version"] == "2"
    assert olive.post(address, data=told).status_code == 303
    (draft,) = everything(house, DraftLetter)
    assert (draft.version, draft.body) == (2, "other words")


def test_a_stale_save_is_refused_with_both_versions_and_can_be_saved_over_knowingly(house, olive):
    address = written(olive, house)
    add_person(house, "mary", "officer")
    mary = sign_in(house, client_of(house), "mary")
    mine, hers = fields(page_of(olive.get(address))), fields(page_of(mary.get(address)))
    mary.post(address, data=hers | {"body": "words of Mary"})
    answer = olive.post(address, data=mine | {"body": "words of Olive"})
    page = page_of(answer, 409)
    assert "words of Mary" in page.css_first(".desk-reply__conflict").text()
    again = fields(page)
    assert again["body"] == "words of Olive"
    assert everything(house, DraftLetter)[0].body == "words of Mary"
    assert olive.post(address, data=again).status_code == 303
    assert everything(house, DraftLetter)[0].body == "words of Olive"


def test_words_typed_into_a_draft_that_has_gone_can_be_kept_as_a_new_one(house, olive):
    address = written(olive, house)
    mine = fields(page_of(olive.get(address)))
    go(olive, address)
    page = page_of(olive.post(address, data=mine | {"body": "words that came too late"}), 409)
    again = fields(page)
    assert again["body"] == "words that came too late"
    form = page.css_first("form.desk-reply__form").attributes["action"]
    assert form == replies(house)
    assert olive.post(form, data=again).status_code == 303
    assert everything(house, DraftLetter)[-1].body == "words that came too late"


def test_words_sent_after_the_sign_in_ended_are_shown_and_saved_after_the_next_one(house, olive):
    told = fields(page_of(olive.get(f"{replies(house)}/new"))) | {"subject": "Your boiler", "body": WORDS * 3}
    with house.store.unit("desk") as unit:
        for session in unit.find(StaffSession):
            unit.update(StaffSession, session.id, ended_at=NOON, ended_why="idle")
        unit.commit()
    page = page_of(olive.post(replies(house), data=told), 401)
    kept = fields(page, f'form[action="{replies(house)}"]')
    assert kept == told
    assert page.css_first(f'form[action="{replies(house)}"] textarea') is not None
    assert everything(house, DraftLetter) == []
    with house.store.unit("desk") as unit:
        for session in unit.find(StaffSession):
            unit.update(StaffSession, session.id, ended_at=None)
        unit.commit()
    assert olive.post(replies(house), data=kept).status_code == 303
    assert everything(house, DraftLetter)[0].body == WORDS * 3


def test_a_form_without_words_leads_to_the_sign_in_and_no_password_is_shown_again(house):
    client = client_of(house)
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    secret = {"new_password": "x" * 60, "body": "y" * 60}
    answer = client.post(replies(house), data=secret)
    assert answer.status_code == 401
    assert "x" * 60 not in answer.text
    assert "y" * 60 in answer.text


def test_a_route_that_is_not_offered_is_refused_with_all_that_was_typed(house, olive):
    told = fields(page_of(olive.get(f"{replies(house)}/new"))) | {"route": "mail:eve@x.example", "body": WORDS}
    page = page_of(olive.post(replies(house), data=told), 422)
    assert fields(page)["body"] == WORDS
    assert page.css_first(".govuk-error-summary a").attributes["href"] == "#route-1"
    assert page.css_first("#route-1") is not None
    assert page.css_first("title").text().startswith("Error: ")
    assert everything(house, DraftLetter) == []


def test_the_preview_is_what_is_sent_to_the_letter(house, olive):
    address = written(olive, house)
    page = preview(olive, address)
    text = page.css_first("pre.desk-letter__text").text()
    frame = page.css_first("iframe")
    assert frame.attributes["sandbox"] == ""
    framed = olive.get(frame.attributes["src"])
    assert framed.headers["content-security-policy"].endswith("; sandbox")
    assert go(olive, address).status_code == 303
    later(house, seconds=11)
    (gone,) = send(house).sent
    assert text.strip() == gone.text.strip()
    assert framed.text == gone.html
    envelope = dict(zip((one.text() for one in page.css("dt")), (one.text() for one in page.css("dd")), strict=True))
    assert envelope["To"] == gone.recipient
    assert envelope["Subject"] == gone.subject
    assert envelope["From"] == f"{gone.sender_name} <{gone.sender}>"


def test_sending_wakes_the_sender_says_so_on_the_case_and_can_be_undone(house):
    from desk.web.app import application
    from desk.web.desk import Desk

    woken = []
    add_person(house, "olive", "officer")
    olive = sign_in(house, client_of(house, application(Desk(house=house, letters_due=lambda: woken.append(1)))), "olive")
    address = written(olive, house)
    answer = go(olive, address)
    assert woken == [1]
    page = page_of(olive.get(answer.headers["location"]))
    assert "Reply to ada@resident.example goes in 10 seconds." in words_of(page)
    act = re.search(r"\?done=(\d+)", answer.headers["location"])[1]
    assert page.css_first(f'form[action="/acts/{act}/undo"]') is not None
    assert olive.post(f"/acts/{act}/undo").status_code == 303
    later(house, minutes=1)
    assert send(house).sent == []
    assert fields(page_of(olive.get(address)))["body"] == WORDS


def test_a_letter_that_changed_since_it_was_looked_at_does_not_go(house, olive):
    address = written(olive, house)
    told = fields(preview(olive, address), "form.desk-reply__send")
    olive.post(address, data=fields(page_of(olive.get(address))) | {"body": "other words"})
    page = page_of(olive.post(f"{address}/send", data=told), 409)
    assert "Nothing was sent" in words_of(page)
    assert "other words" in page.css_first("pre.desk-letter__text").text()
    assert len(everything(house, OutboxEntry)) == 1
    told = fields(preview(olive, address), "form.desk-reply__send") | {"seal": "0" * 32}
    assert olive.post(f"{address}/send", data=told).status_code == 409
    assert len(everything(house, OutboxEntry)) == 1


def test_two_officers_send_one_reply_once(house, olive):
    address = written(olive, house)
    add_person(house, "mary", "officer")
    mary = sign_in(house, client_of(house), "mary")
    his, hers = (fields(preview(each, address), "form.desk-reply__send") for each in (olive, mary))
    assert olive.post(f"{address}/send", data=his).status_code == 303
    page = page_of(mary.post(f"{address}/send", data=hers), 409)
    assert "gone already" in words_of(page)
    assert len(everything(house, OutboxEntry)) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"body": " \n "}, "The reply says nothing yet."),
        ({"body": "x" * 12_001}, "at most 12,000"),
        ({"subject": "  "}, "The reply has no subject."),
    ],
)
def test_what_stops_a_reply_is_said_and_no_form_gets_round_it(house, olive, typed, said):
    address = written(olive, house, **typed)
    page = preview(olive, address)
    assert said in words_of(page)
    assert page.css_first("form.desk-reply__send button") is None
    answer = go(olive, address)
    assert answer.status_code == 422
    assert len(everything(house, OutboxEntry)) == 1


def test_what_there_is_to_look_at_has_to_be_looked_at(house, olive):
    address = written(olive, house, body="Unfortunately we could not come.")
    page = preview(olive, address)
    assert "“unfortunately”" in words_of(page)
    refused = page_of(go(olive, address), 422)
    assert refused.css_first(".govuk-error-summary a").attributes["href"] == "#checked"
    assert len(everything(house, OutboxEntry)) == 1
    assert go(olive, address, checked="yes").status_code == 303


def test_another_residents_reference_is_pointed_at(house, olive):
    arrive(house, mail("complaint! mine is another", sender="ben@x.example"), sender="ben@x.example")
    arrive(house, mail("complaint! and mine too"))
    settle(house)
    _, bens, hers = everything(house, Case)
    address = written(olive, house, body=f"See {bens.reference} and {hers.reference}.")
    said = words_of(preview(olive, address))
    assert f"{bens.reference} is not a case of this resident" in said
    assert f"{hers.reference} is another case of the same resident" in said


def test_tasks_that_the_reply_answers_are_ticked_and_closed(house, olive):
    later(house, hours=1)
    arrive(house, mail("service_request? it is still cold", In_Reply_To=everything(house, OutboxEntry)[0].header_id))
    settle(house)
    (task,) = everything(house, Task, kind="reply")
    address = written(olive, house)
    page = preview(olive, address)
    assert "checked" in page.css_first(f"#close-{task.id}").attributes
    assert page.css_first("input[name=close]") is not None
    go(olive, address)
    assert everything(house, Task, kind="reply")[0].closed_by == "olive"


def test_a_task_that_is_not_offered_is_not_closed(house, olive):
    (task,) = [task for task in everything(house, Task) if task.kind == "confirm_definition"]
    go(olive, written(olive, house), close=str(task.id))
    assert everything(house, Task, id=task.id)[0].closed_at is None


class TestByPost:
    @pytest.fixture
    def address(self, house, olive):
        return written(olive, house, route="post")

    def test_there_is_a_page_to_print_with_the_letter_alone(self, house, olive, address):
        page = page_of(olive.get(f"{address}/print"))
        assert [h1.text() for h1 in page.css("h1")] == ["Your boiler"]
        assert "A plumber comes on Friday." in words_of(page)
        assert "Housing Ombudsman" in words_of(page)
        assert not page.css("[style]")

    def test_it_is_kept_as_posted_and_never_due(self, house, olive, address):
        answer = go(olive, address, "record", to="1 High Street")
        assert answer.status_code == 303
        kept = everything(house, OutboxEntry)[-1]
        assert (kept.state, kept.way, kept.recipient) == (OutboxState.SENT, "post", "1 High Street")
        assert kept.answer == "posted by Olive on 23 November 2026"
        later(house, days=1)
        assert send(house).sent == []

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"on-day": "24"}, "on-day"),
            ({"on-day": "31"}, "on-day"),
            ({"on-day": "22"}, "on-day"),
            ({"on-year": ""}, "on-day"),
            ({"to": " "}, "to"),
        ],
    )
    def test_a_day_that_cannot_be_and_a_missing_address_are_refused(self, house, olive, address, typed, field):
        page = page_of(go(olive, address, "record", **({"to": "1 High Street"} | typed)), 422)
        assert field in [link.attributes["href"].removeprefix("#") for link in page.css(".govuk-error-summary a")]
        assert page.css_first(f"#{field}") is not None
        assert len(everything(house, OutboxEntry)) == 1

    def test_it_is_not_sent_as_mail(self, house, olive, address):
        assert go(olive, address, "send").status_code == 404
        assert len(everything(house, OutboxEntry)) == 1

    def test_what_is_printed_late_bears_the_day_on_which_it_was_written(self, house, olive, address):
        later(house, days=2)
        sign_in(house, olive, "olive")
        with house.store.unit("desk") as unit:
            for session in unit.find(StaffSession):
                unit.update(StaffSession, session.id, seen_at=house.clock.now(), started_at=house.clock.now())
            unit.commit()
        printed = words_of(page_of(olive.get(f"{address}/print")))
        assert "Date of this letter: Monday 23 November 2026" in printed
        go(olive, address, "record", to="1 High Street")
        assert "Date of this letter: Monday 23 November 2026" in everything(house, OutboxEntry)[-1].text


def test_mail_is_not_noted_as_posted(house, olive):
    address = written(olive, house)
    assert go(olive, address, "record", to="1 High Street").status_code == 404


def test_a_draft_is_thrown_away_after_being_asked_once_and_its_row_stays(house, olive):
    address = written(olive, house)
    page = page_of(olive.get(f"{address}/discard"))
    assert WORDS.strip() in page.css_first("pre").text()
    told = fields(page, "main form")
    assert olive.post(f"{address}/discard", data=told).status_code == 303
    (draft,) = everything(house, DraftLetter)
    assert draft.outcome == "thrown away by Olive"
    assert go_is_refused(olive, address)


def go_is_refused(client, address):
    return client.post(f"{address}/send", data={"version": "2", "seal": "x"}).status_code == 409


def test_a_draft_that_somebody_changed_is_not_thrown_away_unseen(house, olive):
    address = written(olive, house)
    told = fields(page_of(olive.get(f"{address}/discard")), "main form")
    olive.post(address, data=fields(page_of(olive.get(address))) | {"body": "other words"})
    page = page_of(olive.post(f"{address}/discard", data=told), 409)
    assert "other words" in page.css_first("pre").text()
    assert everything(house, DraftLetter)[0].finished_at is None


def test_a_draft_is_reached_through_its_own_case_alone(house, olive):
    arrive(house, mail("complaint! mine is another", sender="ben@x.example"), sender="ben@x.example")
    settle(house)
    number = written(olive, house).rsplit("/", 1)[1]
    other = everything(house, Case)[1].reference
    for end in ("", "/preview", "/letter", "/print", "/discard"):
        assert olive.get(f"/cases/{other}/replies/{number}{end}").status_code == 404
        assert olive.get(f"/cases/{other}/replies/99{end}").status_code == 404


def test_a_restricted_cases_drafts_are_closed_to_who_was_not_let_in(house, olive):
    address = written(olive, house)
    with house.store.unit("T6") as unit:
        unit.update(Case, case_of(house).id, restricted=True)
        unit.commit()
    for end in ("", "/preview", "/letter", "/print", "/discard"):
        assert olive.get(f"{address}{end}").status_code == 404
    assert olive.get(f"{replies(house)}/new").status_code == 404
    for end in ("", "/send", "/record", "/discard"):
        assert olive.post(f"{address}{end}", data={"body": "x", "version": "1"}).status_code == 404
    assert len(everything(house, OutboxEntry)) == 1


def test_an_auditor_reads_a_draft_and_changes_nothing(house, olive):
    address = written(olive, house)
    add_person(house, "audrey", "auditor")
    audrey = sign_in(house, client_of(house), "audrey")
    page = preview(audrey, address)
    assert page.css_first("form.desk-reply__send") is None
    assert "Olive" in page.css_first("pre.desk-letter__text").text()
    assert audrey.get(f"{replies(house)}/new").status_code == 403
    for end in ("", "/send", "/record", "/discard"):
        assert audrey.post(f"{address}{end}", data={"version": "1"}).status_code == 403


def test_whoever_is_named_as_never_to_handle_a_case_writes_no_reply_on_it(house, olive):
    address = written(olive, house)
    with house.store.unit("T6") as unit:
        row = {"case_id": case_of(house).id, "username": "olive", "relation": "barred", "at": NOON, "by": "max", "why": "named"}
        unit.add(CaseStaff, [row])
        unit.commit()
    assert olive.get(f"{replies(house)}/new").status_code == 403
    assert olive.post(replies(house), data={"body": WORDS}).status_code == 403
    assert olive.get(address).status_code == 403
    assert olive.post(f"{address}/send", data={"version": "1"}).status_code == 403


def test_a_residents_words_are_shown_as_words(house, olive):
    arrive(house, mail("complaint! <script>alert(1)</script> & more", sender="eve@x.example"), sender="eve@x.example")
    settle(house)
    eves = everything(house, Case)[1].reference
    answer = olive.get(f"/cases/{eves}/replies/new")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_the_print_page_lets_no_markup_of_an_officers_words_through(house, olive):
    address = written(olive, house, body='Hello <img src=x onerror="alert(1)"> <a href="javascript:x">y</a>', route="post")
    page = page_of(olive.get(f"{address}/print"))
    assert not page.css("main img, main script, main [onerror]")
    assert "<img src=x" in page.css_first(".desk-print").text()


def test_what_the_form_carries_is_storable_on_every_database(house, olive):
    address = written(olive, house, body="nul \x00 and more words here", subject="a\x00b")
    assert "\x00" not in everything(house, DraftLetter)[0].body
    assert preview(olive, address) is not None


def test_an_unproven_sender_is_not_proposed(house, olive):
    message = everything(house, Message)[0]
    with house.store.unit("T6") as unit:
        unit.update(Message, message.id, trust="failed")
        unit.commit()
    with house.store.glance() as glance:
        ways = ways_of(glance, case_of(house), glance.get(Message, message.id), house.own, house.clock.now())
    assert ways[0].way != "mail"
    told = fields(page_of(olive.get(f"{replies(house)}/new")))
    assert told["route"] == ways[0].code
    address = written(olive, house, route="mail:ada@resident.example")
    assert "it could not be shown that the message truly came from here" in words_of(preview(olive, address))
    assert go(olive, address).status_code == 422


def test_the_seal_changes_with_every_part_of_the_letter(house, olive):
    written(olive, house)
    case, draft, message = case_of(house), everything(house, DraftLetter)[0], everything(house, Message)[0]
    letter = house.replying.letter(case, message, draft, "Olive", house.clock.now())
    other = house.replying.letter(case, message, draft, "Olive", house.clock.now() + timedelta(days=1))
    assert sealed(draft, letter) != sealed(draft, other)
    draft.recipient = "eve@x.example"
    assert sealed(draft, letter) != sealed(everything(house, DraftLetter)[0], letter)
