"""A resident's own page of a case: theirs alone, as it was stored, and whatever they do there is a message of theirs."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from resident_house import (
    ADA,
    COMPLAINT,
    ORIGIN,
    Case,
    CaseEvent,
    Message,
    OutboxEntry,
    Party,
    Task,
    arrive,
    ask,
    browser,
    case_by_mail,
    link_of,
    mail,
    once_in,
    rows,
    take_away,
    work,
)

from handlers.resident_links import ResidentLinks, new_user
from handlers.tokens import TokenKey
from houses import house_of
from intake.channel import InboxUnavailable
from intake.public.door import Limits
from store.case_rows import take_out
from store.models import Deadline

__all__ = ["house_of"]

BEN = "ben@neighbour.example"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4


@pytest.fixture
def database():
    """Pages are the same on any database; what they ask of the store is tested on both, in tests/handlers."""
    return "sqlite"


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def client(house):
    return browser(house)


def plain(text):
    """Return what somebody reads on a page, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def change(house, table, key, **values):
    with house.store.unit("T6") as unit:
        unit.update(table, key, **values)
        unit.commit()


def test_the_page_says_what_we_understood_by_when_and_what_went_to_and_fro(house, client):
    case = case_by_mail(house)
    response = client.get(link_of(house, case))
    text = plain(response.text)
    assert response.status_code == 200
    for told in (
        f"Your case {case.reference}",
        "a complaint about us, at stage 1",
        "The lift in our block is broken",
        "Please repair it.",
        "We are responsible.",
        "Send you our full answer By Monday 7 December 2026",
        "Tell you what we will look into Done",
        "looks into your complaint with an open mind",
        "Our letters to you",
        "We are looking into your complaint (stage 1)",
        "What you wrote to us",
        "Housing Ombudsman",
        house.landlord.emergency_phone,
    ):
        assert told in text, told


def test_the_page_is_kept_by_nobody_and_told_to_nobody(house, client):
    headers = client.get(link_of(house, case_by_mail(house))).headers
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]
    assert headers["referrer-policy"] in ("no-referrer", "same-origin")


def without_nonce(text):
    return re.sub(r'nonce="[^"]*"', "", text)


def test_every_link_that_opens_nothing_gets_the_same_answer(house, client):
    case, links = case_by_mail(house), ResidentLinks(key=house.key)
    good = link_of(house, case)
    strange = ResidentLinks(key=TokenKey(secret=bytes(32)))
    wrong = {
        "cut": good[:-1],
        "longer": f"{good}a",
        "another case's": f"/case/{links.page(case.id + 1, ADA)}",
        "somebody else's": f"/case/{links.page(case.id, BEN)}",
        "another landlord's": f"/case/{strange.page(case.id, ADA)}",
        "a chat's": f"/case/{links.talk(new_user())}",
        "the reference": f"/case/{case.reference}",
        "its number": f"/case/{case.id}",
        "nothing": "/case/x",
        "long": f"/case/{'a' * 5000}",
        "other letters": "/case/%C3%A9%00%F0",
    }
    answers = {name: client.get(path) for name, path in wrong.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(wrong, 404)
    assert len({without_nonce(answer.text) for answer in answers.values()}) == 1
    posted = {name: client.post(f"{path}/words", data={"words": "hello"}) for name, path in wrong.items()}
    assert {answer.status_code for answer in posted.values()} == {404}
    assert len({without_nonce(answer.text) for answer in posted.values()}) == 1
    assert len(rows(house, Message)) == 1


def test_a_link_stops_working_when_its_party_leaves_the_case_and_works_when_they_belong_again(house, client):
    case = case_by_mail(house)
    link = link_of(house, case)
    (party,) = rows(house, Party, case_id=case.id, address=ADA)
    with house.store.unit("T6") as unit:
        take_out(unit, Party, party.id)
        unit.commit()
    assert client.get(link).status_code == 404
    assert client.post(f"{link}/words", data={"words": "Let me in."}).status_code == 404
    with house.store.unit("T6") as unit:
        unit.add(Party, [{"case_id": case.id, "address": ADA, "role": "resident"}])
        unit.commit()
    assert client.get(link).status_code == 200


def test_nothing_of_the_resident_shows_to_another_party_of_the_same_case(house, client):
    case = case_by_mail(house, "complaint! My neighbour must not know that I am ill.", Cc=BEN)
    page = client.get(link_of(house, case, BEN))
    text = plain(page.text)
    assert page.status_code == 200
    assert case.reference in text
    assert "that I am ill" not in text
    assert ADA not in text
    assert "Our letters to you" not in text
    for what in ("definition", "complaint", "stage2"):
        assert f"{link_of(house, case, BEN)}/{what}" not in page.text
        assert ask(client, link_of(house, case, BEN), what).headers["location"] == link_of(house, case, BEN)
    assert len(rows(house, Message)) == 1


def test_what_another_party_writes_does_not_show_to_the_resident(house, client):
    case = case_by_mail(house, Cc=BEN)
    ask(client, link_of(house, case, BEN), "words", words="I saw who broke it, but do not tell anybody.")
    work(house)
    assert "I saw who broke it" in plain(client.get(link_of(house, case, BEN)).text)
    assert "I saw who broke it" not in plain(client.get(link_of(house, case)).text)


def test_nothing_of_another_case_of_the_same_resident_shows(house, client):
    one = case_by_mail(house, "complaint! The lift is broken.")
    other = case_by_mail(house, "complaint! The rats are back.", subject="Rats")
    text = plain(client.get(link_of(house, one)).text)
    assert "The rats are back" not in text
    assert other.reference not in text


def test_a_restricted_case_says_what_its_letters_say_and_no_more(house, client):
    case = case_by_mail(house, "complaint! He found my new address.")
    change(house, Case, case.id, restricted=True)
    page = client.get(link_of(house, case))
    shown, letters = page.text.split("Our letters to you")
    assert "He found my new address" not in shown
    assert "a complaint about us" not in plain(shown)
    assert "What you wrote to us" not in letters
    assert "We are looking into your complaint" in letters
    assert "/stage2" in page.text


def test_words_that_may_be_forged_are_not_repeated(house, client):
    case = case_by_mail(house)
    (message,) = rows(house, Message)
    change(house, Message, message.id, trust="failed")
    assert "What we understand</h2>" not in client.get(link_of(house, case)).text


def test_dates_are_those_that_were_stored(house, client):
    case = case_by_mail(house)
    due = next(row for row in rows(house, Deadline, case_id=case.id) if row.rule == "respond_1")
    change(house, Deadline, due.id, due_on=date(2027, 2, 3))
    assert "By Wednesday 3 February 2027" in plain(client.get(link_of(house, case)).text)
    change(house, Deadline, due.id, superseded_at=house.clock.now())
    assert "Send you our full answer" not in plain(client.get(link_of(house, case)).text)


def test_hostile_words_stay_words(house, client):
    case = case_by_mail(house, "complaint! <script>alert(1)</script> <img src=x onerror=alert(2)>")
    ask(client, link_of(house, case), "words", words="<b>more</b>")
    work(house)
    text = client.get(link_of(house, case)).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;b&gt;more&lt;/b&gt;" in text


def messages_of_page(house):
    return [row for row in rows(house, Message) if row.channel == "ownpage"]


def open_tasks(house):
    return {task.kind: task for task in rows(house, Task, closed_at=None)}


def test_words_and_photos_join_the_case(house, client):
    case = case_by_mail(house, "service_request! The tap drips.")
    response = ask(
        client, link_of(house, case), "words", words="service_request! It drips more.", files=[("tap.jpg", JPEG, "image/jpeg")]
    )
    assert response.headers["location"] == f"{link_of(house, case)}?done=words"
    work(house)
    (message,) = messages_of_page(house)
    assert (message.case_id, message.disposition, message.new_text) == (case.id, "follow_up", "service_request! It drips more.")
    assert message.attachment_names == ["tap.jpg"]
    assert message.sender_address == ADA
    assert "reply" in open_tasks(house)
    assert "With: tap.jpg" in plain(client.get(link_of(house, case)).text)


def test_a_page_that_is_sent_twice_is_one_message_and_with_other_words_another(house, client):
    link = link_of(house, case_by_mail(house))
    once = once_in(client.get(link).text)
    for words in ("It is worse now.", "It is worse now.", "And it smells."):
        assert ask(client, link, "words", once=once, words=words).status_code == 303
    work(house)
    assert sorted(row.new_text for row in messages_of_page(house)) == ["And it smells.", "It is worse now."]


def test_a_one_time_name_of_another_page_is_not_believed_but_its_words_are_kept(house, client):
    case = case_by_mail(house)
    link = link_of(house, case)
    for once in ("", "made.up.name", once_in(client.get(link).text) + "x"):
        ask(client, link, "words", once=once or "none", words="Keep this.")
    work(house)
    assert [row.new_text for row in messages_of_page(house)] == ["Keep this."]


def test_a_correction_is_a_task_with_the_words_and_leaves_the_definition_to_a_person(house, client):
    case = case_by_mail(house)
    link = link_of(house, case)
    told = {"point-1": "It is two lifts.", "outcome": "Repair both.", "missing": "My mother fell."}
    assert ask(client, link, "definition", **told).headers["location"] == f"{link}?done=definition"
    work(house)
    (message,) = messages_of_page(house)
    assert message.new_text.split("\n\n") == [
        "What you understood is not right.",
        "Point 1: It is two lifts.",
        "What I want: Repair both.",
        "What is missing: My mother fell.",
    ]
    task = open_tasks(house)["definition_correction"]
    assert (task.case_id, task.message_id) == (case.id, message.id)
    assert rows(house, Case, id=case.id)[0].definition == case.definition


def test_this_is_a_complaint_makes_the_case_one_and_it_is_acknowledged(house, client):
    case = case_by_mail(house, "service_request! The tap drips.")
    assert "This is a complaint" in client.get(link_of(house, case)).text
    ask(client, link_of(house, case), "complaint")
    work(house)
    (after,) = rows(house, Case, id=case.id)
    assert after.category == "complaint"
    assert "complaint_acknowledged" in {letter.kind for letter in rows(house, OutboxEntry, case_id=case.id)}
    assert [row.new_text for row in messages_of_page(house)] == ["This is a complaint."]
    assert f"{link_of(house, case)}/complaint" not in client.get(link_of(house, case)).text


def test_stage_2_is_asked_for_without_reasons_and_once(house, client):
    case = case_by_mail(house)
    link = link_of(house, case)
    ask(client, link, "stage2")
    work(house)
    assert open_tasks(house)["stage2_request"].case_id == case.id
    text = client.get(link).text
    assert "You asked us to look again" in text
    assert "/stage2" not in text
    assert ask(client, link, "stage2").headers["location"] == link
    assert len(messages_of_page(house)) == 1


def test_stage_2_is_not_offered_where_there_is_no_complaint(house, client):
    link = link_of(house, case_by_mail(house, "service_request! The tap drips."))
    assert "/stage2" not in client.get(link).text
    assert ask(client, link, "stage2").headers["location"] == link
    assert not messages_of_page(house)


@pytest.mark.parametrize("words", ["complaint! The lift is broken.", "service_request! The tap drips."])
def test_a_person_can_be_asked_for_and_told_how_to_reach_somebody(house, client, words):
    case = case_by_mail(house, words)
    ask(client, link_of(house, case), "person", reach="Ring 020 7946 0111 after four.")
    work(house)
    assert open_tasks(house)["wants_person"].case_id == case.id
    (message,) = messages_of_page(house)
    assert message.new_text == "I want to talk to a person.\n\nRing 020 7946 0111 after four."
    assert message.case_id == case.id


def test_whoever_left_the_case_before_their_words_were_read_joins_it_no_more(house, client):
    case = case_by_mail(house)
    ask(client, link_of(house, case), "words", words="Read me.")
    (party,) = rows(house, Party, case_id=case.id, address=ADA)
    with house.store.unit("T6") as unit:
        take_out(unit, Party, party.id)
        unit.commit()
    work(house)
    (message,) = messages_of_page(house)
    assert message.case_id not in (None, case.id)
    assert "possible_reply" in open_tasks(house)


@pytest.mark.parametrize(
    ("what", "fields", "field"),
    [
        ("words", {"words": "  "}, "words"),
        ("words", {"words": "x" * 20_001}, "words"),
        ("definition", {"point-1": " "}, "point-1"),
        ("definition", {"missing": "y" * 20_001}, "point-1"),
        ("person", {"reach": "z" * 20_001}, "reach"),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_typed_is_lost(house, client, what, fields, field):
    response = ask(client, link_of(house, case_by_mail(house)), what, **fields)
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert "<title>Error: " in response.text
    assert all(value.strip() in response.text for value in fields.values())
    assert not messages_of_page(house)


def test_a_file_that_cannot_be_taken_is_told_and_the_words_are_kept(house, client):
    files = [("game.exe", b"MZ" + bytes(99), "image/jpeg"), ("tap.jpg", JPEG, "image/jpeg")]
    response = ask(client, link_of(house, case_by_mail(house)), "words", words="See the photo.", files=files)
    assert "We cannot take game.exe" in response.text
    assert "We have your message. It is with your case now." in response.text, "else it is written again"
    work(house)
    (message,) = messages_of_page(house)
    assert (message.new_text, message.attachment_names) == ("See the photo.", ["tap.jpg"])
    assert "file_not_taken" in message.reading_problems


def test_a_store_that_is_away_costs_nothing_that_was_typed(house, client):
    link = link_of(house, case_by_mail(house))
    once = once_in(client.get(link).text)

    class Away:
        def put(self, messages):
            raise InboxUnavailable("away")

    client.app.state.door.__dict__["inbox"] = Away()
    response = ask(client, link, "words", once=once, words="Do not lose this.")
    assert response.status_code == 503
    assert "Do not lose this." in response.text


def opened(house, case):
    return [json.loads(event.details)["party"] for event in rows(house, CaseEvent, case_id=case.id, kind="page_opened")]


def test_that_the_page_was_opened_is_noted_once_a_day_for_each_party(house, client):
    case = case_by_mail(house, Cc=BEN)
    for _ in range(3):
        client.get(link_of(house, case))
    client.get(link_of(house, case, BEN))
    assert opened(house, case) == [ADA, BEN]
    house.clock.at += timedelta(days=1)
    client.get(link_of(house, case))
    client.get(link_of(house, case))
    assert opened(house, case) == [ADA, BEN, ADA]


def test_a_banner_says_what_was_done_and_nothing_that_an_address_makes_up(house, client):
    link = link_of(house, case_by_mail(house))
    assert "We have your message. It is with your case now." in client.get(f"{link}?done=words").text
    assert "hello-there" not in client.get(f"{link}?done=hello-there").text


def test_nothing_is_taken_that_another_site_asked_for(house, client):
    link = link_of(house, case_by_mail(house))
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert client.post(f"{link}/complaint", headers=headers).status_code == 403
    assert not messages_of_page(house)


def fields_in(text):
    """Return what a page carries in its hidden fields."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))


def test_a_house_that_is_away_gives_back_all_that_was_typed_to_be_sent_again(house, client):
    case = case_by_mail(house)
    link = link_of(house, case)
    once = once_in(client.get(link).text)
    door = client.app.state.door
    inbox, residents = door.inbox, door.residents
    take_away(client)
    answers = {
        "words": ask(client, link, "words", once=once, words="Do not lose this.", files=[("tap.jpg", JPEG, "image/jpeg")]),
        "definition": ask(client, link, "definition", once=once, **{"point-1": "It is two lifts."}),
    }
    for name, answer in answers.items():
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60"), name
    assert "leave out tap.jpg" in answers["words"].text
    assert client.get(link).status_code == 503
    assert "Everything we already have from you is safe." in client.get(link).text
    assert client.post("/case/page.1.x.1.y/words", data={"words": "x"}).status_code == 404
    door.__dict__.update(inbox=inbox, residents=residents)
    for what, answer in answers.items():
        for _ in range(2):
            assert client.post(f"{link}/{what}", data=fields_in(answer.text)).headers["location"] == f"{link}?done={what}"
    work(house)
    said = sorted((row.new_text, *row.attachment_names) for row in messages_of_page(house))
    assert said == [("Do not lose this.", "tap.jpg"), ("What you understood is not right.\n\nPoint 1: It is two lifts.",)]


def test_what_may_have_been_kept_goes_on_under_its_name(house, client):
    link = link_of(house, case_by_mail(house))
    once = once_in(client.get(link).text)

    class Away:
        def put(self, messages):
            raise InboxUnavailable("away")

    client.app.state.door.__dict__["inbox"] = Away()
    assert once_in(ask(client, link, "words", once=once, words="Do not lose this.").text) == once


def test_who_writes_more_than_any_household_loses_no_words(house, client):
    link = link_of(house, case_by_mail(house))
    client.app.state.door.__dict__["limits"] = Limits(lines=1)
    assert ask(client, link, "words", words="One.").status_code == 303
    refused = ask(client, link, "words", words="And two.")
    assert refused.status_code == 429
    assert "And two." in refused.text
    assert len(messages_of_page(house)) == 1


@pytest.mark.parametrize(
    "words", ["complaint! The lift is broken.", "service_request! The tap drips.", "asb_report! Noise.", "Hm."]
)
def test_a_letter_by_mail_leads_to_the_page_in_both_its_forms(house, client, words):
    arrive(house, mail(words))
    (letter,) = work(house)
    for body in (letter.text, letter.html):
        (link,) = set(re.findall(rf"{ORIGIN}(/case/[a-z0-9._-]*[a-z0-9])", body))
        assert "What you wrote to us" in client.get(link).text


def test_a_letter_that_answers_a_forged_sender_leads_nowhere(house_of):
    house = house_of(
        mail={"from_address": "housing@landlord.example", "from_name": "Housing", "trusted_authservs": ["mx.landlord.example"]}
    )
    arrive(house, mail(COMPLAINT, Authentication_Results="mx.landlord.example; dmarc=fail header.from=resident.example"))
    work(house)
    (letter,) = rows(house, OutboxEntry)
    assert "/case/" not in letter.text + letter.html


def test_a_letter_that_leaves_the_machine_names_no_address_that_only_the_machine_knows(house_of):
    relay = {"kind": "smtp", "host": "relay.landlord.example", "port": 25}
    house, public = house_of(outgoing=relay), house_of(outgoing=relay, public={"url": "https://home.landlord.example"})
    assert house.correspondence.page_of(1, ADA) is None
    assert house.correspondence.page_of(1, "webchat:chat:ada").startswith(f"{ORIGIN}/case/"), "which is read on this machine"
    assert public.correspondence.page_of(1, ADA).startswith("https://home.landlord.example/case/")


def test_before_there_is_an_answer_stage_2_is_offered_by_its_date(house, client):
    case = case_by_mail(house)
    before = plain(client.get(link_of(house, case)).text)
    assert "If you have no answer by Monday 7 December 2026, or do not agree with it, you can ask us to look again." in before
    due = next(row for row in rows(house, Deadline, case_id=case.id) if row.rule == "respond_1")
    change(house, Deadline, due.id, met_at=house.clock.now())
    after = plain(client.get(link_of(house, case)).text)
    assert "Do you not agree with our answer?" in after
    assert "If you have no answer by" not in after


@pytest.mark.parametrize(
    ("reach", "told"), [("", "so we answer on this page"), ("Ring 020 7946 0111.", "They will contact you"), (None, None)]
)
def test_nobody_is_told_that_we_contact_them_where_we_cannot(house, client, reach, told):
    once = re.search(r'name="page" value="([^"]+)"', client.get("/form").text)[1]
    house.clock.at += timedelta(minutes=1)
    where = client.post("/form", data={"page": once, "words": COMPLAINT}).headers["location"]
    work(house)
    link = re.search(r'href="(/case/[^"]+)"', client.get(where).text)[1]
    if reach is None:
        by_mail = link_of(house, case_by_mail(house, "complaint! The rats are back.", subject="Rats"))
        link, reach, told = by_mail, "", "They will contact you"
    answer = ask(client, link, "person", reach=reach)
    assert told in client.get(answer.headers["location"]).text


def test_danger_comes_before_all_else(house, client):
    text = client.get(link_of(house, case_by_mail(house))).text
    assert text.index("tel:999") < text.index("What happens next")
