"""The line above which to write: at the head of every letter by mail where the landlord wishes it, and known when it comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.letters import LetterBook
from intake.quoting import new_words
from tests.handlers.landlords import northmere
from tests.handlers.letter_cases import PLAIN_CASES

LINE = "Please write your reply above this line."


@pytest.fixture(scope="module")
def drafts():
    book = LetterBook(replace(northmere(), reply_line=True))
    return {kind: book.draft(kind, facts) for kind, facts in PLAIN_CASES.items()}


@pytest.mark.parametrize("kind", PLAIN_CASES)
def test_every_letter_begins_with_it(drafts, kind):
    made = drafts[kind]
    assert made.text.startswith(f"{LINE}\n\n")
    assert made.html.index(LINE) < made.html.index("<h1")
    assert LINE not in made.short, "a chat has no thread to write above"


@pytest.mark.parametrize("kind", PLAIN_CASES)
def test_what_stands_above_it_is_the_answer(drafts, kind):

    assert new_words(f"It is still wet.\n\n{drafts[kind].text}") == "It is still wet."


def test_a_landlord_who_does_not_wish_it_has_letters_without_it():
    book = LetterBook(northmere())
    made = book.draft("receipt", PLAIN_CASES["receipt"])
    assert LINE not in made.text + made.html
