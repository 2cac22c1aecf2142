"""A letter cut into parts loses nothing but blanks at the cuts, whatever the letter and however short a part may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.splitting import split

REFERENCE = "LBL-26-PA7RJT-69"


@given(st.text(max_size=300), st.integers(1, 80))
def test_no_part_is_too_long_and_none_is_lost(text, longest):
    parts = split(text, longest)
    assert all(len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(
    st.lists(st.sampled_from(["We have logged it.", "Thank you,", REFERENCE, "\n\n", "by Friday"]), max_size=40),
    st.integers(20, 90),
)
def test_a_reference_is_never_cut(words, longest):
    text = " ".join(words)
    assert sum(part.count(REFERENCE) for part in split(text, longest)) == text.count(REFERENCE)


@pytest.mark.parametrize(
    ("text", "longest", "parts"),
    [
        ("One paragraph.\n\nAnother one.", 20, ["One paragraph.", "Another one."]),
        ("It came. It went away again.", 20, ["It came.", "It went away again."]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("ab c", 1, ["a", "b", "c"]),
        ("", 5, [""]),
    ],
)
def test_it_is_cut_where_a_reader_pauses(text, longest, parts):
    assert split(text, longest) == parts
