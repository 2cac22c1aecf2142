"""Tokens: what we sealed we read again, and nobody else's sealing is believed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.tokens import Token, TokenKey, message_id_for, read_message_id, seal, shaped_like_ours, unseal

KEY = TokenKey(secret=bytes(range(32)))
NEWER = TokenKey(secret=bytes(range(32, 64)), name="2")
DOMAIN = "post.homes.example"


@given(
    kind=st.from_regex(r"[a-z_]{1,30}", fullmatch=True),
    ids=st.lists(st.integers(0, 2**63) | st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True), max_size=4),
)
def test_a_message_id_says_again_what_it_was_made_of(kind, ids):
    made = message_id_for(KEY, kind, *ids, domain=DOMAIN)
    assert read_message_id(made, DOMAIN, [KEY]) == Token(kind=kind, ids=tuple(map(str, ids)))


def test_the_same_letter_keeps_its_message_id_at_every_attempt():
    assert message_id_for(KEY, "receipt", 12, 34, domain=DOMAIN) == message_id_for(KEY, "receipt", 12, 34, domain=DOMAIN)


def test_a_message_id_is_fit_for_a_header():
    made = message_id_for(KEY, "complaint_acknowledged", 123456, 7891011, domain=DOMAIN)
    assert re.fullmatch(r"<[a-z0-9._-]+@post\.homes\.example>", made)
    assert len(made) < 200


def test_the_tag_has_eighty_bits_in_small_base_thirty_two():
    assert re.fullmatch(r"[a-z2-7]{16}", seal(KEY, "case", 5).rpartition(".")[2])


def test_a_token_survives_a_mail_system_that_folds_case():
    assert unseal(seal(KEY, "case", "LBL-26-4F7K2P-9D").upper(), [KEY]) == Token(kind="case", ids=("lbl-26-4f7k2p-9d",))


@given(place=st.integers(0, 30), wrong=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567.-_"))
def test_a_token_with_any_character_changed_is_not_believed(place, wrong):
    token = seal(KEY, "case", 12345, 678)
    place %= len(token)
    forged = token[:place] + wrong + token[place + 1 :]
    assert forged == token or unseal(forged, [KEY]) is None


def test_another_landlords_key_is_not_believed():
    stranger = TokenKey(secret=bytes(32))
    assert unseal(seal(stranger, "case", 5), [KEY]) is None


def test_a_retired_key_is_read_as_long_as_it_is_given():
    old = seal(KEY, "case", 5)
    assert unseal(old, [NEWER, KEY]) == Token(kind="case", ids=("5",))
    assert unseal(old, [NEWER]) is None


def test_a_token_for_one_thing_is_none_for_another():
    tag = seal(KEY, "case", 1, 23).rpartition(".")[2]
    assert unseal(f"case.12.3.1.{tag}", [KEY]) is None
    assert unseal(f"party.1.23.1.{tag}", [KEY]) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "<>",
        "<@>",
        "<intake.@post.homes.example>",
        "<intake.case.1@post.homes.example>",
        "<CAB=x@mail.gmail.com>",
        "intake.",
        "ü",
    ],
)
def test_other_message_ids_say_nothing(value):
    assert read_message_id(value, DOMAIN, [KEY]) is None


def test_a_message_id_of_another_domain_says_nothing():
    assert read_message_id(message_id_for(KEY, "case", 5, domain="elsewhere.example"), DOMAIN, [KEY]) is None


@given(st.text())
def test_no_text_does_harm(text):
    assert unseal(text, [KEY]) is None
    assert read_message_id(f"<intake.{text}@{DOMAIN}>", DOMAIN, [KEY]) is None


def test_other_systems_of_the_same_domain_are_not_taken_for_ours():
    assert shaped_like_ours(message_id_for(KEY, "receipt", 1, domain=DOMAIN), DOMAIN)
    assert not shaped_like_ours("<20261122.webform.991@post.homes.example>", DOMAIN)
    assert not shaped_like_ours(None, DOMAIN)


@pytest.mark.parametrize(
    "parts", [("case", "a b"), ("case", "a.b"), ("", 1), ("case", "<x>"), ("case", "ü"), ("case", "a\r\nb")]
)
def test_what_no_header_could_carry_is_not_sealed(parts):
    with pytest.raises(ValueError, match="letters, digits"):
        seal(KEY, *parts)


def test_a_short_key_is_refused_and_no_key_is_ever_shown():
    with pytest.raises(ValueError, match="32 bytes"):
        TokenKey(secret=b"short")
    assert "secret" not in repr(KEY)


def test_a_key_name_that_mail_would_spoil_is_refused():
    with pytest.raises(ValueError, match="small letters"):
        TokenKey(secret=bytes(32), name="Key 1")
