"""Links that residents hold: what we made we believe, for its own purpose and party alone; nothing else opens anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.resident_links import LONGEST, ResidentLinks, new_user
from handlers.tokens import TokenKey, seal

KEY = TokenKey(secret=bytes(range(32)))
NEWER = TokenKey(secret=bytes(range(32, 64)), name="2")
LINKS = ResidentLinks(key=KEY)
CASES = st.integers(1, 2**53)
ADDRESSES = st.emails() | st.from_regex(r"telegram:bot:[0-9]{1,12}", fullmatch=True)


@given(case_id=CASES, address=ADDRESSES)
def test_a_link_to_a_page_names_its_case_and_is_for_its_party(case_id, address):
    link = LINKS.page_link(LINKS.page(case_id, address))
    assert link.case_id == case_id
    assert LINKS.is_for(link, address)
    assert LINKS.is_for(link, address.upper())


@given(case_id=CASES, address=ADDRESSES, other=ADDRESSES)
def test_a_link_to_a_page_is_for_no_other_party(case_id, address, other):
    link = LINKS.page_link(LINKS.page(case_id, address))
    assert LINKS.is_for(link, other) == (other.lower() == address.lower())


@given(case_id=CASES, address=ADDRESSES, data=st.data())
def test_a_link_with_any_character_changed_opens_nothing(case_id, address, data):
    link = LINKS.page(case_id, address)
    place = data.draw(st.integers(0, len(link) - 1))
    wrong = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567.-_0189 /é"))
    forged = link[:place] + wrong + link[place + 1 :]
    assert forged == link or LINKS.page_link(forged) is None


@given(st.text(max_size=300))
def test_no_text_opens_anything_or_does_harm(text):
    assert LINKS.page_link(text) is None
    assert LINKS.talk_user(text) is None
    assert LINKS.back_user(text) is None


def test_a_link_for_one_purpose_opens_nothing_else():
    user = new_user()
    assert LINKS.talk_user(LINKS.talk(user)) == user
    assert LINKS.back_user(LINKS.back(user)) == user
    assert LINKS.talk_user(LINKS.back(user)) is None
    assert LINKS.back_user(LINKS.talk(user)) is None
    assert LINKS.page_link(LINKS.talk(user)) is None
    assert LINKS.talk_user(LINKS.page(7, "ada@resident.example")) is None


def test_the_mark_of_one_case_does_not_open_another_case_of_the_same_resident():
    mine = LINKS.page_link(LINKS.page(7, "ada@resident.example"))
    other = LINKS.page_link(LINKS.page(8, "ada@resident.example"))
    assert mine.mark != other.mark


@pytest.mark.parametrize("forged", [("page", 7), ("page", 7, "x", "y"), ("page", "x", "y"), ("page", 0, "y"), ("case", 7, "y")])
def test_a_token_that_our_key_made_for_something_else_is_no_link(forged):
    assert LINKS.page_link(seal(KEY, *forged)) is None


def test_a_user_that_nobody_would_have_been_given_is_nobody():
    assert LINKS.talk_user(seal(KEY, "talk", "ada")) is None


def test_another_landlords_link_opens_nothing():
    theirs = ResidentLinks(key=TokenKey(secret=bytes(32)))
    assert LINKS.page_link(theirs.page(7, "ada@resident.example")) is None


def test_a_link_of_another_key_is_believed_no_more():
    assert ResidentLinks(key=NEWER).page_link(LINKS.page(7, "ada@resident.example")) is None


def test_a_link_says_nothing_of_the_address_and_fits_a_line_of_mail():
    link = LINKS.page(123456, "ada.lovelace@resident.example")
    assert "ada" not in link
    assert len(link) < 75
    assert len(LINKS.talk(new_user())) < LONGEST


def test_users_of_the_chat_are_never_the_same():
    assert len({new_user() for _ in range(1000)}) == 1000
