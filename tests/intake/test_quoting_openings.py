"""The cheap looks at a line never turn away one that the long lists know."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import header_lines, notices, openings, quote_markers

PHRASES = (
    quote_markers._FORWARD,
    quote_markers._DELIMITER,
    quote_markers._ABOVE,
    quote_markers._PGP,
    notices._TAG,
    notices._PERHAPS_TAG,
)


SPELLINGS = ({}, str.maketrans("sS", "ſſ"), str.maketrans("kK", "\u212a\u212a"), str.maketrans("iI", "İı"))
"""Letters that patterns which ignore case take for ASCII."""
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def lines_like(pattern: re.Pattern[str]) -> st.SearchStrategy[str]:
    """Draw lines that the pattern knows, in small and large letters and with letters that only look like ASCII."""
    known = st.tuples(st.from_regex(pattern, fullmatch=True), st.sampled_from(SPELLINGS), st.booleans())
    lines = known.map(lambda drawn: (drawn[0].upper() if drawn[2] else drawn[0]).translate(drawn[1]).replace("\n", " "))
    return lines.filter(lambda line: pattern.search(line) is not None)


@pytest.mark.slow
@FEW
@given(st.data())
@pytest.mark.parametrize("pattern", PHRASES, ids=lambda pattern: pattern.pattern[:40])
def test_every_phrase_of_the_lists_is_looked_at(pattern: re.Pattern[str], data: st.DataObject) -> None:
    line = data.draw(lines_like(pattern))
    assert not line.strip() or quote_markers._may_be_phrase(line.strip())


@FEW
@given(st.sampled_from(["", ">", "> ", "** "]), lines_like(notices._BANNER))
def test_every_banner_is_looked_at(marks: str, line: str) -> None:
    assert notices.is_banner(line)
    assert notices.is_banner(marks + line) == (notices._BANNER.match(marks + line) is not None)


@FEW
@given(lines_like(notices._FOOTER), st.integers(0, 60))
def test_every_footer_is_looked_at_also_where_it_runs_over_two_lines(text: str, place: int) -> None:
    line, following = text[:place], text[place:]
    joined = line[: notices.REACH] + " " + following[: notices.REACH]
    found = notices._FOOTER.search(joined)
    assert notices.is_footer(line, following) == (found is not None and found.start() < min(notices.REACH, len(line)))
    assert notices.is_footer(text) == (text != "" and notices._FOOTER.search(text[: notices.REACH] + " ") is not None)


@FEW
@given(lines_like(header_lines._LINE))
def test_every_header_line_is_looked_at(line: str) -> None:
    assert header_lines.may_be_one(line)


@pytest.mark.parametrize(
    "line", ["The damp is back", "  and it is cold.", "2 weeks ago it rained:", "(the boiler)", "£40 was lost"]
)
def test_a_line_of_a_letter_is_not_held_against_the_lists(line: str) -> None:
    assert not quote_markers._may_be_phrase(line.strip())


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_folding_knows_every_letter_that_patterns_take_for_one_of_ascii(text: str) -> None:
    for letter in "abcdefghijklmnopqrstuvwxyz":
        if re.search(f"(?i){letter}", text):
            assert letter in openings.folded(text)
