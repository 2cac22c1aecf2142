"""The web form: what is handed in is one message for ever, and no mistake costs a resident a word or a photo."""

from __future__ import annotations

import json
import random
import re
from datetime import timedelta

import pytest
from open_door import ORIGIN, START, ListInbox, StillClock, client_of, door_of, hand_in, page_of

from intake.channel import InboxUnavailable
from intake.public.door import MEGABYTE, Limits
from intake.public.form_draft import QUICK, TRAP, UNSIGNED
from intake.public.sent import path_of
from intake.reading import read

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n" + b"words " * 300
WORDS = "The lift has been broken for three weeks.\nMy mother cannot leave her flat, “again”. 家"
TOLD = {"name": "Zoë O'Neill", "home": "Flat 3\n14 Pelham Court", "email": "zoe@resident.example", "phone": "07700 900123"}


@pytest.fixture
def door():
    return door_of(inbox=ListInbox(), clock=StillClock())


@pytest.fixture
def client(door):
    return client_of(door)


def reading_of(message):
    return read(message.raw, message.media_type, message.received_at)


def shown(response, name):
    """Return what stands in a field of the page that came back."""
    text = response.text
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    found = area or re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', text)
    return found[1].replace("&#39;", "'")


def test_words_alone_are_enough_and_become_one_message(client, door):
    response = hand_in(client, words=WORDS)
    assert response.status_code == 303
    (message,) = door.inbox.messages
    assert (message.channel, message.account, message.act, message.conversation) == ("webform", "web", None, None)
    assert message.received_at == START + timedelta(minutes=2)
    assert message.problem is None
    reading = reading_of(message)
    assert reading.new_text == WORDS
    assert reading.sender.address.startswith("webform:web:")
    assert not reading.unreadable


def test_what_they_said_of_themselves_and_their_photos_come_with_the_words(client, door):
    hand_in(client, words=WORDS, files=[("stairs.jpg", JPEG, "image/jpeg"), ("letter.pdf", PDF, "text/html")], **TOLD)
    reading = reading_of(door.inbox.messages[0])
    assert (reading.sender.address, reading.sender.name) == ("zoe@resident.example", "Zoë O'Neill")
    assert (reading.told.home, reading.told.phone) == ("Flat 3 14 Pelham Court", "07700 900123")
    assert reading.new_text == WORDS, "the facts are no words of theirs to judge"
    assert [(file.name, file.type, file.content) for file in reading.attachments] == [
        ("stairs.jpg", "image/jpeg", JPEG),
        ("letter.pdf", "application/pdf", PDF),
    ]


def test_the_answer_leads_to_a_page_of_its_own(client, door):
    response = hand_in(client, words=WORDS)
    assert response.headers["location"] == path_of(door, door.inbox.messages[0].external_id)


def test_a_form_that_is_sent_twice_is_one_message_and_leads_to_the_same_page(client, door):
    page = page_of(client)
    first, second = (hand_in(client, words=WORDS, page=page, files=[("a.jpg", JPEG, "")]) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(door.inbox.messages) == 1


def test_a_form_that_is_sent_again_with_other_words_loses_neither(client, door):
    page = page_of(client)
    hand_in(client, words=WORDS, page=page)
    hand_in(client, words=f"{WORDS} And the door sticks.", page=page)
    assert len({reading_of(message).new_text for message in door.inbox.messages}) == 2


def test_two_people_who_write_the_same_are_two_messages(client, door):
    for _ in range(2):
        hand_in(client, words="The heating is off.")
    assert len(door.inbox.messages) == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("words", ""),
        ("words", "   \n "),
        ("email", "zoe"),
        ("email", "zoe@resident"),
        ("email", "zoe@resident.example, evil@elsewhere.example"),
        ("email", "zoe @resident.example"),
        ("email", "<zoe@resident.example>"),
        ("name", "x" * 251),
        ("home", "x" * 501),
        ("phone", "1" * 251),
        ("words", "x" * 50_001),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_that_was_typed_is_lost(client, door, field, typed):
    fields = {"words": WORDS, **TOLD, field: typed}
    response = hand_in(client, files=[("stairs.jpg", JPEG, "image/jpeg")] if field != "words" else (), **fields)
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert "<title>Error: " in response.text
    for name, value in fields.items():
        if name != field or typed.strip():
            assert shown(response, name).strip() == _escaped(value.strip()), name
    assert not door.inbox.messages


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    "email", ["zoe@resident.example", "o'neill+lift@sub.resident.example", "家@example.org", "a@xn--caf-dma.example"]
)
def test_an_address_that_could_be_answered_is_taken(client, door, email):
    assert hand_in(client, words=WORDS, email=email).status_code == 303
    assert reading_of(door.inbox.messages[0]).sender.address == email


def test_a_photo_alone_is_a_message(client, door):
    assert hand_in(client, words="", files=[("stairs.jpg", JPEG, "image/jpeg")]).status_code == 303
    assert not reading_of(door.inbox.messages[0]).unreadable


def carried_in(response):
    """Return the fields that carry files through a page."""
    return {
        "kept_name": re.findall(r'name="kept_name" value="([^"]*)"', response.text),
        "kept_data": re.findall(r'name="kept_data" value="([^"]*)"', response.text),
    }


def test_files_chosen_before_a_mistake_need_not_be_chosen_again(client, door):
    chosen = [("stairs.jpg", JPEG, "image/jpeg"), ("letter.pdf", PDF, "application/pdf")]
    back = hand_in(client, words=WORDS, email="zoe", files=chosen)
    assert "leave out stairs.jpg (10 kB)" in back.text
    hand_in(client, words=WORDS, **carried_in(back), kept_drop="1", files=[("more.png", b"\x89PNG\r\n\x1a\n12", "image/png")])
    files = reading_of(door.inbox.messages[0]).attachments
    assert [(file.name, file.content[:4]) for file in files] == [("stairs.jpg", JPEG[:4]), ("more.png", b"\x89PNG")]


def test_a_file_of_a_kind_that_is_not_taken_is_named_and_the_others_stay(client, door):
    response = hand_in(client, words=WORDS, files=[("stairs.jpg", JPEG, ""), ("game.jpg", b"MZ\x90\x00" * 99, "image/jpeg")])
    assert response.status_code == 422
    assert "We cannot take game.jpg" in response.text
    assert carried_in(response)["kept_name"] == ["stairs.jpg"]
    assert hand_in(client, words=WORDS, **carried_in(response)).status_code == 303


def test_files_over_the_limit_are_named_and_those_that_fit_stay(door):
    small = door_of(limits=Limits(files=2, bytes_of_files=MEGABYTE))
    names = [(f"{number}.jpg", JPEG, "image/jpeg") for number in range(3)]
    response = hand_in(client_of(small), words=WORDS, files=names)
    assert response.status_code == 422
    assert "There is no room for 2.jpg: at most 2 files and 1 MB in all" in response.text
    assert carried_in(response)["kept_name"] == ["0.jpg", "1.jpg"]


@pytest.mark.parametrize("megabytes", [6, 40])
def test_a_body_that_is_too_large_costs_only_the_files(megabytes):
    small = door_of(limits=Limits(bytes_of_files=MEGABYTE))
    large = ("film.jpg", JPEG[:4] + bytes(megabytes * MEGABYTE), "image/jpeg")
    response = hand_in(client_of(small), words=WORDS, files=[large], **TOLD)
    assert response.status_code == 413
    assert "Your words are still here" in response.text
    assert shown(response, "words") == WORDS
    assert shown(response, "email") == TOLD["email"]
    assert not small.inbox.messages


def test_a_store_that_is_away_costs_nothing_that_was_typed(client, door):
    door.inbox.away = True
    response = hand_in(client, words=WORDS, files=[("stairs.jpg", JPEG, "")], **TOLD)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "60"
    assert shown(response, "words") == WORDS
    door.inbox.away = False
    page = shown(response, "page")
    assert hand_in(client, words=WORDS, page=page, **carried_in(response), **TOLD).status_code == 303
    assert len(reading_of(door.inbox.messages[0]).attachments) == 1


def test_what_fills_in_the_field_that_nobody_sees_is_kept_for_a_person(client, door):
    assert hand_in(client, words="BUY NOW", more="http://spam.example").status_code == 303
    assert door.inbox.messages[0].problem == TRAP


def test_what_comes_back_sooner_than_anybody_writes_is_kept_for_a_person(client, door):
    assert client.post("/form", data={"words": "BUY NOW", "page": page_of(client)}).status_code == 303
    assert door.inbox.messages[0].problem == QUICK


@pytest.mark.parametrize("page", ["", "made.up.name", "6wcs2arua4yhfosbo6kpecbwe4.1795428000.aaaaaaaaaaaaaaaa", "é", "\x00."])
def test_a_form_that_we_did_not_give_out_is_kept_for_a_person_and_once(client, door, page):
    for _ in range(2):
        assert hand_in(client, words=WORDS, page=page).status_code == 303
    (message,) = door.inbox.messages
    assert message.problem == UNSIGNED


def test_a_form_that_lay_open_for_days_is_as_good_as_any(client, door):
    page = page_of(client)
    door.clock.pass_(days=20)
    hand_in(client, words=WORDS, page=page)
    assert door.inbox.messages[0].problem is None


def test_a_suspect_form_is_answered_like_any_other(client):
    suspect, sound = (hand_in(client, words=WORDS, more=more) for more in ("x", ""))
    assert suspect.status_code == sound.status_code
    assert suspect.headers["location"][:6] == sound.headers["location"][:6]


def test_too_many_messages_from_one_network_wait_with_all_that_they_hold():
    door = door_of(limits=Limits(posts=2))
    clients = client_of(door), client_of(door, "192.0.2.2")
    for number in range(2):
        assert hand_in(clients[0], words=f"{number}").status_code == 303
    response = hand_in(clients[0], words=WORDS, files=[("stairs.jpg", JPEG, "")])
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 600
    assert shown(response, "words") == WORDS
    assert carried_in(response)["kept_name"] == ["stairs.jpg"]
    assert "020 7946 0000" in response.text
    assert hand_in(clients[1], words="from elsewhere").status_code == 303
    assert len(door.inbox.messages) == 3


def test_a_flood_is_not_even_read_and_is_told_whom_to_ring():
    door = door_of(limits=Limits(posts=1, refusals=3))
    client = client_of(door)
    for _ in range(3):
        hand_in(client, words=WORDS)
    response = client.post("/form", data={"words": WORDS})
    assert response.status_code == 429
    assert "Too many messages came from your network" in response.text
    assert "020 7946 0000" in response.text
    assert int(response.headers["retry-after"]) > 0


def test_neighbours_of_one_household_share_their_count_and_others_do_not():
    door = door_of(limits=Limits(posts=1))
    assert hand_in(client_of(door, "2001:db8:1:2::5"), words="one").status_code == 303
    assert hand_in(client_of(door, "2001:db8:1:2:ffff::9"), words="two").status_code == 429
    assert hand_in(client_of(door, "2001:db8:1:3::5"), words="three").status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": ORIGIN}, 303),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 303),
    ],
)
def test_a_form_that_another_site_sends_is_refused(client, door, headers, status):
    response = client.post("/form", data={"words": WORDS, "page": page_of(client)}, headers=headers)
    assert response.status_code == status
    assert len(door.inbox.messages) == (status == 303)


def test_a_body_that_is_no_form_is_asked_for_words(client, door):
    for kind, body in (
        ("application/json", b'{"words": "x"}'),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("application/x-www-form-urlencoded", b"%%%=&&&;;=%zz"),
        ("", b"words=x"),
    ):
        response = client.post("/form", content=body, headers={"content-type": kind})
        assert response.status_code in (413, 422), kind
    assert not door.inbox.messages


def test_a_door_without_a_form_has_none():
    client = client_of(door_of(form_account=None))
    assert client.get("/form").status_code == 404
    assert client.post("/form", data={"words": WORDS}).status_code == 404
    assert client.get("/sent/x").status_code == 404
    assert 'href="/form"' not in client.get("/").text


def test_what_is_kept_says_of_itself_what_it_is(client, door):
    hand_in(client, words=WORDS, **TOLD)
    told = json.loads(door.inbox.messages[0].raw)
    assert (told["document"], told["version"]) == ("council-intake web form", 1)
    assert told["id"] == door.inbox.messages[0].external_id
    assert "“again”" in door.inbox.messages[0].raw.decode()


def test_words_are_shown_back_as_text_and_never_as_a_page(client):
    response = hand_in(client, words="<script>alert(1)</script>", email="x", name='"><img src=x onerror=alert(1)>')
    assert "<script>alert" not in response.text
    assert "<img src=x" not in response.text


def test_a_store_that_kept_it_and_could_not_say_so_has_it_once(client, door):
    class Mute(ListInbox):
        def put(self, messages):
            super().put(messages)
            raise InboxUnavailable("the answer never came")

    mute, loud = Mute(door.inbox.kept), door.inbox
    object.__setattr__(door, "inbox", mute)
    back = hand_in(client, words=WORDS, files=[("stairs.jpg", JPEG, "")], **TOLD)
    assert back.status_code == 503
    object.__setattr__(door, "inbox", loud)
    again = hand_in(client, words=WORDS, page=shown(back, "page"), **carried_in(back), **TOLD)
    assert again.status_code == 303
    assert len(door.inbox.messages) == 1


def test_of_many_forms_sent_twice_and_in_any_order_each_is_one_message():
    door = door_of(limits=Limits(posts=1_000, refusals=1_000))
    client, draw = client_of(door), random.Random(4)
    pages = {number: page_of(client) for number in range(60)}
    door.clock.pass_(minutes=1)
    order = [*pages, *draw.sample(range(60), 12)]
    draw.shuffle(order)
    for number in order:
        told = {"words": f"Matter {number}.", "page": pages[number]}
        assert client.post("/form", data=told).status_code == 303
    assert sorted(reading_of(message).new_text for message in door.inbox.messages) == sorted(f"Matter {n}." for n in range(60))
    assert not [message for message in door.inbox.messages if message.problem]
