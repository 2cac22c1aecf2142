"""References: drawn by lot, forgiving to the hand, and unforgiving to a wrong character."""

import re
from contextlib import suppress
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.references import (
    ALPHABET,
    DIGIT,
    EITHER,
    IN_TEXT,
    PLACE,
    NotAReference,
    Reference,
    find,
    new,
    parse,
)

BODIES = st.text(alphabet=ALPHABET, min_size=6, max_size=6)
REFERENCES = st.builds(
    Reference,
    prefix=st.sampled_from(["LBL", "AB", "HOMES"]),
    year=st.integers(0, 99).map("{:02}".format),
    body=BODIES,
)


def code_of(reference):
    """The ten characters that the check covers."""
    return str(reference).replace("-", "")[len(reference.prefix) :]


def is_valid(code):
    try:
        parse(f"LBL{code}")
    except NotAReference:
        return False
    return True


def test_a_reference_has_the_shape_of_the_contract():
    reference = new("LBL", 2026, randbelow=lambda limit: limit - 1)
    assert str(reference).startswith("LBL-26-ZZZZZZ-")
    assert len(str(reference)) == len("LBL-26-4F7K2P-9D")
    assert parse(str(reference)) == reference


@given(REFERENCES)
def test_what_is_written_is_read_again(reference):
    assert parse(str(reference)) == reference
    assert find(f"About {reference}: still no answer.") == [reference]


@given(REFERENCES)
@settings(max_examples=300)
def test_no_single_wrong_character_goes_unnoticed(reference):
    code = code_of(reference)
    for place, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            assert not is_valid(code[:place] + wrong + code[place + 1 :])


@given(REFERENCES)
def test_no_swap_of_neighbours_goes_unnoticed(reference):
    code = code_of(reference)
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not is_valid(swapped)


def test_any_two_references_of_two_years_differ_in_three_characters_or_more():
    # The code is linear, so the words of one and of two wrong characters stand for every pair of references.
    zero = code_of(Reference(prefix="LBL", year="00", body="000000"))
    assert zero == "0000000000"
    digits = {0, 1}  # the year's places hold digits, all others any of the 32
    for first, second in combinations(range(10), 2):
        for one in ALPHABET[: 10 if first in digits else 32]:
            for other in ALPHABET[: 10 if second in digits else 32]:
                word = list(zero)
                word[first], word[second] = one, other
                assert is_valid("".join(word)) == (one == other == "0")


@pytest.mark.parametrize(
    "typed",
    [
        "LBL-26-4F7K2P-{}",
        "lbl-26-4f7k2p-{}",
        "LBL 26 4F7K2P {}",
        "lbl264f7k2p{}",
        "  LBL-26-4F7 K2P-{} ",
        "LBL–26–4F7K2P–{}",
        "LBL/26/4F7K2P/{}",
        "LBL.26.4F7K2P.{}",
        "LB1-26-4F7K2P-{}",
    ],
)
def test_a_reference_is_read_as_people_type_it(typed):
    right = Reference(prefix="LBL", year="26", body="4F7K2P")
    check = str(right)[-2:]
    assert parse(typed.format(check)) == right
    assert parse(typed.format(check.lower())) == right


@pytest.mark.parametrize(
    ("year", "body", "typed"),
    [("10", "01AB10", "lo-OIABl0"), ("01", "111000", "oi-ILloO0"), ("11", "0A1B0C", "IL-oaiBoC")],
)
def test_letters_heard_for_digits_are_read_as_digits(year, body, typed):
    right = Reference(prefix="LBL", year=year, body=body)
    assert parse(f"LBL-{typed}-{str(right)[-2:]}") == right


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        ("", "looks like LBL-26-4F7K2P-9D"),
        ("LBL", "looks like LBL-26-4F7K2P-9D"),
        ("26-4F7K2P-9D", "looks like LBL-26-4F7K2P-9D"),
        ("LBL-26-4F7K2P", "a prefix is|digits of the year"),
        ("LBL-26-4F7KUP-9D", "there is no U"),
        ("LBL-2A-4F7K2P-9D", "two digits of the year"),
        ("LBL-26-4F7#2P-9D", "out of 0123456789ABC"),
        ("LBL-26-000000-01", "compare it with the letter"),
        ("L-26-000000-00", "a prefix is two to eight"),
        ("Ł’BŁ-26-000000-00", "a prefix is"),
        ("LBL-26-٠٠٠٠٠٠-00", "out of 0123456789ABC"),
    ],
)
def test_what_is_no_reference_is_refused_with_the_mend(typed, mend):
    with pytest.raises(NotAReference, match=mend):
        parse(typed)


@given(st.text())
def test_no_text_does_anything_but_be_read_or_refused(text):
    for reference in find(text):
        assert parse(str(reference)) == reference
    with suppress(NotAReference):
        parse(text)


def test_references_are_found_where_they_stand_and_once_each():
    first = Reference(prefix="LBL", year="26", body="4F7K2P")
    second = Reference(prefix="LBL", year="27", body="ZZ00QW")
    text = f"Re: [{first}] and ({str(second).lower()}), again {str(first).replace('-', ' ')}. Ring 020 8314 6000."
    assert find(text) == [first, second]


@pytest.mark.parametrize("wrong", ["LBL-26-4F7K2Q-", "LBL-62-4F7K2P-", "LBL-26-4F72KP-"])
def test_a_mistyped_reference_finds_nothing(wrong):
    check = str(Reference(prefix="LBL", year="26", body="4F7K2P"))[-2:]
    assert find(f"my case {wrong}{check} please") == []


def test_a_reference_inside_a_longer_word_is_not_one():
    right = str(Reference(prefix="LBL", year="26", body="4F7K2P"))
    assert find(f"{right}X") == []
    assert find(f"9{right}") == []


def test_references_are_drawn_by_lot_and_not_in_sequence():
    drawn = [new("LBL", 2026).body for _ in range(500)]
    assert len(set(drawn)) == 500
    assert drawn != sorted(drawn)
    # Every place takes nearly all characters: nothing counts up, nothing stands still.
    assert all(len({body[place] for body in drawn}) > 25 for place in range(6))


@pytest.mark.parametrize("number", [0, 1, 31, 32, 32**6 - 1])
def test_every_number_that_can_be_drawn_has_its_own_six_characters(number):
    body = new("LBL", 2031, randbelow=lambda limit: number).body
    value = 0
    for character in body:
        value = value * 32 + ALPHABET.index(character)
    assert value == number
    assert len(body) == 6


@pytest.mark.parametrize(("year", "shown"), [(2026, "26"), (26, "26"), (2105, "05")])
def test_the_year_shows_its_last_two_digits(year, shown):
    assert str(new("lbl", year)).startswith(f"LBL-{shown}-")


@pytest.mark.parametrize(("written_out", "whatever_case"), [(DIGIT, "[0-9OIL]"), (EITHER, PLACE)])
def test_both_cases_written_out_are_all_that_a_pattern_takes_which_ignores_case(written_out, whatever_case):
    out, either = re.compile(written_out), re.compile(whatever_case, re.IGNORECASE)
    letters = map(chr, range(0x110000))
    assert [letter for letter in letters if bool(out.fullmatch(letter)) != bool(either.fullmatch(letter))] == []


def without_short_cut(text):
    found = []
    for match in IN_TEXT.finditer(text):
        with suppress(NotAReference):
            found.append(parse(match.group()))
    return list(dict.fromkeys(found))


BREAKS_IN_TEXT = ["", " ", "-", ".", "/", "\n", "\u2013", "--", " - ", "   ", "    "]
PIECES = st.sampled_from([*BREAKS_IN_TEXT, "LBL", "lbl", "A", "homesteads", "x", "1", "26", "oi", "ll", "\u0131l", "of", "U"])


@given(
    st.lists(st.one_of(PIECES, REFERENCES.map(str), REFERENCES.map(lambda one: str(one).lower().replace("-", ""))), max_size=12)
)
@settings(max_examples=500)
def test_what_is_found_is_what_a_search_from_the_beginning_finds(pieces):
    text = "".join(pieces)
    assert find(text) == without_short_cut(text)


def test_a_reference_is_found_with_the_longest_prefix_and_break_before_it():
    reference = Reference(prefix="HOMESTED", year="26", body="4F7K2P")
    assert find("HOMESTED - 26" + str(reference)[11:]) == [reference]
