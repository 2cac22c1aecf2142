"""What html marks as quoted is found in the plain words beside it, wherever the two differ."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.aligning import MOST_WORDS, aligned

NEW = "The roof leaks again over the bed of my son."
OLD = "We will come and look at it on Tuesday at nine."


def quoted_lines(plain, seen, *passages):
    ranges = tuple((seen.index(passage), seen.index(passage) + len(passage)) for passage in passages)
    found = aligned(plain, seen, ranges)
    return None if found is None else [plain[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("plain", "seen"),
    [
        (f"{NEW}\n{OLD}", f"{NEW}\n\n{OLD}"),
        (f"{NEW}\n{OLD}", f"{NEW.upper()}\n{OLD.upper()}".replace(OLD.upper(), OLD)),
        (f"{NEW}\nsee https://a.example/b\n{OLD}", f"{NEW}\nsee here\n{OLD}"),
        (f"One more\n{NEW}\n{OLD}\nJane", f"{NEW}\n{OLD}"),
        (f"{NEW}\n{OLD}", f"A line above\n{NEW}\n{OLD}\nand below"),
        (f"{NEW} {NEW}\n{OLD}", f"{NEW}\n{NEW}\n{OLD}"),
    ],
)
def test_the_quoted_line_is_found(plain, seen):
    assert quoted_lines(plain, seen, OLD) == [OLD]


def test_two_different_texts_tell_nothing_of_each_other():
    assert quoted_lines("Something else was written here by hand today.", f"{NEW}\n{OLD}", OLD) is None


def test_lines_in_a_row_are_one_range_and_a_new_line_parts_them():
    plain = f"{OLD}\n\n{OLD} Then\n{NEW}\n{OLD} Yours"
    assert quoted_lines(plain, plain + " ", f"{OLD}\n\n{OLD} Then", f"{OLD} Yours") == [f"{OLD}\n\n{OLD} Then", f"{OLD} Yours"]


def test_a_text_of_very_many_words_is_compared_as_far_as_it_is_looked_at():
    plain = f"{OLD}\n" + "word " * (MOST_WORDS + 10)
    assert quoted_lines(plain, plain + "\n", OLD) == [OLD]


LINES = st.lists(st.sampled_from(["", "a b", "c", "the roof leaks", "we come", "ß ſ İ"]), max_size=8)


@given(LINES, LINES, st.data())
@settings(max_examples=200, deadline=None)
def test_ranges_are_lines_of_the_plain_words(ours, theirs, data):
    plain, seen = "\n".join(ours), "\n".join(theirs)
    start = data.draw(st.integers(0, len(seen)))
    end = data.draw(st.integers(start, len(seen)))
    found = aligned(plain, seen, ((start, end),))
    if found and plain != seen:
        edges = {0, len(plain)} | {place + step for place, mark in enumerate(plain) if mark == "\n" for step in (0, 1)}
        assert all(start < end and {start, end} <= edges for start, end in found)
