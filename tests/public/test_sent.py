"""The page of what became of a form: its reference as soon as there is one, for nobody but its sender."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from open_door import NoResidents, client_of, door_of, hand_in

from intake.public.door import Limits
from intake.public.once import Signer
from intake.public.residents import Posted, ResidentsUnavailable
from intake.public.sent import LOOKS, path_of

AT_ONCE = Limits(patience=timedelta(0))
ID = "abc-123"
MINE = ("webform", "web", ID)


def door_with(posted=None, **more):
    return door_of(residents=NoResidents({MINE: posted} if posted else {}), **({"limits": AT_ONCE} | more))


def page(door, suffix="", id_=ID):
    return client_of(door).get(path_of(door, id_) + suffix)


def test_the_reference_stands_there_with_what_happens_next_and_the_way_to_ones_own_page():
    response = page(door_with(Posted(reference="HBR-26-4F7K2P-9D", own_page="/case/token")))
    assert response.status_code == 200
    assert "HBR-26-4F7K2P-9D" in response.text
    assert 'href="/case/token"' in response.text
    assert "Look again" not in response.text


def test_before_there_is_one_the_page_says_that_the_message_is_safe_and_looks_again():
    response = page(door_with())
    assert "Your message is safe" in response.text
    assert re.search(r'<noscript><meta http-equiv="refresh" content="5; url=/sent/[^"]+\?look=1"></noscript>', response.text)
    assert "sent.js" in response.text


@pytest.mark.parametrize("look", [LOOKS, LOOKS + 1, 10**9, -1])
def test_it_does_not_look_for_ever(look):
    response = page(door_with(), f"?look={look}")
    assert response.status_code == 200
    assert "refresh" not in response.text
    assert "Your message is safe" in response.text


def test_where_a_person_reads_it_first_the_page_says_so():
    response = page(door_with(Posted(for_a_person=True)))
    assert "A person reads it next" in response.text
    assert "refresh" not in response.text


def test_it_waits_a_little_so_that_most_never_have_to_look_again():
    residents = NoResidents()
    answers = iter([None, Posted(), Posted(reference="HBR-26-4F7K2P-9D")])
    residents.posted = lambda *_: next(answers)
    response = page(door_of(residents=residents, limits=Limits(patience=timedelta(seconds=30))))
    assert "HBR-26-4F7K2P-9D" in response.text


def test_it_asks_for_the_message_that_was_handed_in():
    door = door_of(limits=AT_ONCE)
    client = client_of(door)
    where = hand_in(client, words="The roof leaks.").headers["location"]
    (message,) = door.inbox.messages
    door.residents.became[(message.channel, message.account, message.external_id)] = Posted(reference="HBR-26-4F7K2P-9D")
    assert "HBR-26-4F7K2P-9D" in client.get(where).text


def test_the_page_is_its_senders_alone():
    headers = page(door_with()).headers
    assert headers["x-robots-tag"].startswith("noindex")
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


TRUE = Signer(b"k" * 32).sealed("sent", ID)


@pytest.mark.parametrize(
    "token",
    [
        ID,
        f"{ID}.",
        f"{ID}.aaaaaaaaaaaaaaaa",
        TRUE[:-1],
        TRUE + "a",
        TRUE.upper(),
        TRUE.replace(ID, "abc-124"),
        Signer(b"x" * 32).sealed("sent", ID),
        Signer(b"k" * 32).sealed("form", ID),
        "é.ü",
        "%2e%2e",
        "%00",
        "a" * 3_000,
    ],
)
def test_no_other_address_opens_it_and_all_fail_alike(token):
    door = door_with(Posted(reference="HBR-26-4F7K2P-9D"))
    response = client_of(door).get(f"/sent/{token}")
    assert response.status_code == 404
    assert "Page not found" in response.text
    assert door.residents.asked == 0, "nothing is looked up for who cannot show the key"


@given(st.text(max_size=80), st.text(max_size=80))
def test_only_what_was_sealed_for_a_purpose_can_be_unsealed_for_it(told, purpose):
    signer = Signer(b"k" * 32)
    assert signer.unsealed("sent", told) is None
    assert signer.known_once("form", told) is None
    if purpose != "sent":
        assert signer.unsealed(purpose, TRUE) is None


@given(st.integers(0, 2**31))
def test_a_one_time_name_comes_back_with_its_time(seconds):
    from datetime import UTC, datetime

    signer, now = Signer(b"k" * 32), datetime.fromtimestamp(seconds, UTC)
    first, second = (signer.known_once("form", signer.once("form", now)) for _ in range(2))
    assert first.given_at == second.given_at == now
    assert first.name != second.name


def test_a_key_that_could_be_guessed_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        door_of(key=b"short")


def test_who_typed_a_mail_address_is_not_led_to_a_page_where_its_owner_is_read():
    door = door_with(Posted(reference="HBR-26-4F7K2P-9D", own_page="/case/token"))
    response = client_of(door).get(path_of(door, ID, by_mail=True))
    assert "HBR-26-4F7K2P-9D" in response.text
    assert "/case/token" not in response.text
    assert "We write to the email address you gave" in response.text


@pytest.mark.parametrize("email", ["", "zoe@resident.example"])
def test_the_form_knows_to_which_of_the_two_pages_it_leads(email):
    door = door_of(limits=AT_ONCE)
    where = hand_in(client_of(door), words="The roof leaks.", email=email).headers["location"]
    assert where == path_of(door, door.inbox.messages[0].external_id, by_mail=bool(email))
    assert where != path_of(door, door.inbox.messages[0].external_id, by_mail=not email)


def test_a_house_that_is_away_does_not_call_a_kept_message_lost():
    def unavailable(*_):
        raise ResidentsUnavailable

    door = door_with()
    door.residents.posted = unavailable
    response = page(door)
    assert response.status_code == 200
    assert "Your message is safe" in response.text
    assert "sent.js" in response.text
