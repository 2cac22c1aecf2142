"""Replies as mail programs write them: of each line it is marked whether the resident wrote it now (+) or not (-)."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.quoting import new_words, split

REPLIES = Path(__file__).with_name("replies")


def _replies():
    for path in sorted(REPLIES.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
            name, _, lines = block.partition("\n")
            yield pytest.param(lines.splitlines(), id=f"{path.stem}: {name}")


REPLIES_OF_PROGRAMS = list(_replies())


@pytest.mark.parametrize("lines", REPLIES_OF_PROGRAMS)
def test_of_a_reply_just_the_new_lines_are_judged(lines):
    new = [line[1:].rstrip() for line in lines if line.startswith("+") and line[1:].strip()]
    found = new_words("\n".join(line[1:] for line in lines))
    assert [line.rstrip() for line in found.splitlines() if line.strip()] == new


@pytest.mark.parametrize("words", ["Hi Tom", "Good morning,", "FYI", "See below"])
def test_what_only_greets_or_points_above_a_quotation_is_no_answer(words):
    text = f"{words}\n\nOn 02/11/2026 09:12, Repairs Team wrote:\n> Is it mended? No, it is not."
    assert split(text).whole


def test_one_word_above_a_quotation_that_may_hold_answers_is_no_answer():
    assert split("Jane\n\nOn 02/11/2026 09:12, Repairs Team wrote:\nIs it mended? No.").whole
    assert split("Yes\n\n> Is it mended?\n\nNo").new_text == "Yes\n\n> Is it mended?\n\nNo"


def test_there_are_replies_of_many_programs():
    assert len(REPLIES_OF_PROGRAMS) >= 60
