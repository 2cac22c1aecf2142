"""Details that somebody gives by chat: what is there is found, and nothing is guessed."""

from __future__ import annotations

import pytest

from handlers.choices import buttons_for, pressed, typed
from handlers.details import details_in, says_where


@pytest.mark.parametrize(
    ("words", "name", "home"),
    [
        ("Ada Byron\n12 Example Street\nSE6 4RU", "Ada Byron", "12 Example Street, SE6 4RU"),
        ("I'm Ada Byron, flat 3, 12 Example Street, SE64RU", "Ada Byron", "I'm Ada Byron, flat 3, 12 Example Street, SE64RU"),
        ("my name is Ada", "Ada", None),
        ("12 Example Street SE6 4RU thanks", None, "12 Example Street SE6 4RU"),
        ("i am very cross about this", None, None),
        ("This is NOT good enough", None, None),
        ("This is NOT GOOD ENOUGH", None, None),
        ("I am Disabled and live alone", None, None),
        ("I'm Furious about this", None, None),
        ("I am Disabled", None, None),
        ("Hi, this is Ada O'Byron", "Ada O'Byron", None),
        ("Hello. My name is Ada McByron and I live upstairs", "Ada McByron", None),
        ("MY NAME IS ADA", "ADA", None),
        ("I am not giving you that", None, None),
        ("no", None, None),
        ("", None, None),
    ],
)
def test_names_and_homes(words, name, home):
    found = details_in(words)
    assert (found.name, found.home) == (name, home)


@pytest.mark.parametrize(
    ("words", "email", "phone"),
    [
        ("ada@resident.example", "ada@resident.example", None),
        ("Mail me at Ada.B@Resident.example.", "ada.b@resident.example", None),
        ("ring 07700 900123 after five", None, "07700 900123"),
        ("+44 7700 900123", None, "+44 7700 900123"),
        ("my reference is LBL-26-977827-55", None, None),
        ("it happened 20 times in 2026", None, None),
        ("ada@localhost", None, None),
        ("my email address is ada@resident.example, my phone is 07700 900123", "ada@resident.example", "07700 900123"),
        ("Ada Byron, 12 Example Street, SE6 4RU, ada@resident.example", "ada@resident.example", None),
        ("email: ada@resident.example", "ada@resident.example", None),
        ("Nobody came. You can reach me at ada@resident.example", "ada@resident.example", None),
        ("I've emailed repairs@council.example five times", None, None),
        ("I told bob@contractor.example last week", None, None),
        ("their man, bob@contractor.example, said so", None, None),
        ("my neighbour's email is bob@home.example", None, None),
        ("my MP: mp@parliament.example", None, None),
        ("ada@resident.example or bob@home.example", None, None),
    ],
)
def test_ways_to_reach_somebody(words, email, phone):
    found = details_in(words)
    assert (found.email, found.phone) == (email, phone)


@pytest.mark.parametrize(
    ("words", "says"), [("SE6 4RU", True), ("w1a 1aa please", True), ("Flat 12", False), ("A1 paper", False)]
)
def test_a_postcode_says_where(words, says):
    assert says_where(words) is says


def test_every_button_is_read_back_as_what_it_offered():
    for ask, complaint in ((True, False), (False, False), (False, True)):
        for button in buttons_for("LBL-26-7H2K4M-9P", ask=ask, complaint=complaint):
            found = pressed(button.payload)
            assert found is not None and button.payload.startswith(found.choice)


@pytest.mark.parametrize("payload", ["", "refund/LBL-26-7H2K4M-9P", "complaint", "complaint/LBL-26-7H2K4M-9X", "'; drop table"])
def test_a_payload_that_we_never_wrote_names_no_case(payload):
    found = pressed(payload)
    assert found is None or found.reference is None


@pytest.mark.parametrize(
    ("text", "asked", "choice"),
    [
        ("1", True, "complaint"),
        ("1.", True, "complaint"),
        ("1", False, None),
        ("a neighbour", True, "neighbour"),
        ("10", True, None),
        ("1 more thing", True, None),
        ("my neighbour is an agent", True, None),
        ("person", False, "person"),
        ("Can I speak to someone?", False, "person"),
        ("no person came", False, None),
    ],
)
def test_an_answer_is_an_answer_only_when_it_is_nothing_else(text, asked, choice):
    assert typed(text, asked=asked) == choice
