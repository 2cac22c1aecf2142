"""The page on which a resident shows that two addresses are theirs."""

from __future__ import annotations

import re

import pytest
from markup_of import faults_of
from starlette.testclient import TestClient

from chatting import ME, Chat, chat_in
from desk.public_wiring import door_of
from intake.public.app import application
from store.chat_models import IdentityLink
from store.models import OutboxEntry

ORIGIN = "http://127.0.0.1:8090"


@pytest.fixture
def asked(house_of, tmp_path):
    chat = Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.say("ada@resident.example")
    letter = next(letter for letter in chat.all(OutboxEntry) if letter.kind == "address_confirmation")
    client = TestClient(application(door_of(chat.house)), base_url=ORIGIN, follow_redirects=False)
    return chat, client, re.search(r"/proof/\S+", letter.text)[0]


def test_a_link_asks_and_a_press_proves(asked):
    chat, client, address = asked
    shown = client.get(address)
    assert shown.status_code == 200 and "ada@resident.example" in shown.text and not chat.all(IdentityLink)
    assert not list(faults_of(shown))
    pressed = client.post(address, headers={"Origin": ORIGIN})
    assert pressed.status_code == 303 and "Thank you" in client.get(pressed.headers["location"]).text
    assert {chat.all(IdentityLink)[0].first, chat.all(IdentityLink)[0].second} == {ME, "ada@resident.example"}


@pytest.mark.parametrize(
    "change", [lambda a: a[:-1], lambda a: a + "x", lambda a: "/proof/same.x.y.z", lambda a: "/proof/page.1.2.3.4"]
)
def test_a_link_that_is_none_of_ours_is_no_page(asked, change):
    chat, client, address = asked
    assert client.get(change(address)).status_code == 404
    assert client.post(change(address), headers={"Origin": ORIGIN}).status_code == 404
    assert not chat.all(IdentityLink)


def test_the_page_is_kept_and_found_by_nobody(asked):
    headers = asked[1].get(asked[2]).headers
    assert headers["cache-control"] == "no-store" and headers["referrer-policy"] in ("no-referrer", "same-origin")


def test_the_page_says_that_both_are_known_only_while_they_are(asked):
    chat, client, address = asked
    assert "Are both of these you?" in client.get(f"{address}?done=yes").text
    client.post(address, headers={"Origin": ORIGIN})
    assert "Thank you" in client.get(address).text
    (link,) = chat.all(IdentityLink)
    with chat.house.store.unit("T6") as unit:
        unit.update(IdentityLink, link.id, undone_at=chat.house.clock.now(), undone_by="olive", undone_why="Two people.")
        unit.commit()
    assert "Are both of these you?" in client.get(address).text
