"""The resident hears who has it now, what they were told of them, and what to do about silence; where the landlord wants that."""

from datetime import timedelta

import pytest
from handover_house import REPAIRS, STREETS, given, house_with, request, rows

from handlers.clock import london_day
from handlers.handover.summary import Asked
from houses import house_of
from store.models import OutboxEntry

__all__ = ["house_of"]
NOISE = {"key": "noise", "name": "Noise service", "way": "mail", "address": "noise@team.example", "takes": ["out_of_scope"]}


def told(house):
    """Return the letters that say who has it."""
    return [letter for letter in rows(house, OutboxEntry) if letter.kind.startswith("handed_over")]


@pytest.mark.parametrize(
    ("partner", "says", "never"),
    [
        ("repairs", "We also told them how to reach you.", "We did not give them"),
        ("streets", "We did not give them your name, your phone number or your email address.", "how to reach you"),
    ],
)
def test_the_resident_hears_who_has_it_and_what_they_know_of_them(house_of, partner, says, never):
    house = house_with(house_of, REPAIRS | {"reach": "020 7946 0001"}, STREETS)
    case = request(house, "service_request! The street light at Rose Lane is broken.")
    row = given(house, case, partner, Asked(what="Mend the street light.", where="Rose Lane", access=""))
    (letter,) = told(house)
    assert letter.recipient == "ada@resident.example"
    name = {"repairs": "Repairs team", "streets": "Street team"}[partner]
    for words in (
        name,
        says,
        "If you hear nothing from them, tell us.",
        "one of us checks it and tells you",
        "this is a complaint",
    ):
        assert words in letter.text, words
    assert never not in letter.text
    assert ("020 7946 0001" in letter.text) is (partner == "repairs")
    assert bool(row.summary.get("contact")) is (partner == "repairs"), "the letter says what was told"


def test_given_again_it_is_told_again_and_each_letter_stands_for_itself(house_of):
    house = house_with(house_of, REPAIRS, STREETS)
    case = request(house)
    given(house, case)
    given(house, case, "streets", Asked(what="Mend the tap of the yard.", where="Rose Lane", access=""))
    names = ["this work: Repairs team." in letter.text for letter in told(house)]
    assert names == [True, False]
    assert "this work: Street team." in told(house)[1].text


def test_where_the_landlord_does_not_want_it_nobody_is_written_to(house_of):
    house = house_with(house_of, REPAIRS | {"tell_residents": False})
    given(house, request(house))
    assert told(house) == []


def test_what_is_not_ours_is_said_to_be_passed_on_as_they_agreed(house_of):
    house = house_with(house_of, NOISE | {"reach": "020 7946 0124"})
    case = request(house, "out_of_scope! The pub plays music until three in the morning.")
    agreed = {
        "consent": "on the telephone: yes, please pass it on",
        "consented_on": london_day(house.clock.now() - timedelta(hours=1)),
    }
    given(house, case, "noise", Asked(what="Music until three.", where="The pub in Rose Lane", access="", **agreed))
    (letter,) = told(house)
    for words in ("You agreed that we pass it on.", "Noise service", "020 7946 0124", "They deal with it from here."):
        assert words in letter.text, words
    assert "one of us checks it" not in letter.text
    assert "on the telephone" not in letter.text
