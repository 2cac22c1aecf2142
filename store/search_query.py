"""What somebody typed into the search, understood once for both databases, and written in the language of each.

Every term must be found. A term is a word, words in quotation marks, or something that marks break into words, such as
an email address, whose words must then follow each other. The last word may be the beginning of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from store.search_words import FACTS, MESSAGE, PLACES, codes, stem, told, words

LONGEST_QUERY = 250
MOST_TERMS = 24
SHORTEST_BEGINNING = 3
"""Letters from which on the last word counts as the beginning of a word; figures need two more: 14 is not 140."""

_COMMON = (
    "a about after all am an and any are as at back be been but by came can could did do for from get had has have he her "
    "his i if in is it me my no nobody not now of on one or our out she so still that the their them there they this to up "
    "us was we were what when who will with would you your "
)
COMMON = frozenset(stem(word) for word in _COMMON.split())
"""Words of which most messages hold many, by their stems."""

_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
_PLAIN_MARKS = re.compile(r"[\"“”„«»]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """Folded words that must follow each other; ``code`` is the same as one word, where it is a number or a postcode.

    ``begins`` says that the last of them may be the beginning of a word.
    """

    words: tuple[str, ...]
    code: str | None = None
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Indexed words that follow each other, the last of them whole or the beginning of one."""

    words: tuple[str, ...]
    begins: bool = False


Condition = tuple[tuple[Run, ...], ...]
"""Of each inner tuple one run at least must stand in a case."""


def terms(text: str) -> tuple[Term, ...]:
    """Return the terms that a text asks for; none where it holds no word. Never raises."""
    text = text[:LONGEST_QUERY].rstrip()
    quoted = [(each.start(), Term(words=folded(each[1]))) for each in _QUOTED.finditer(text)]
    rest = _PLAIN_MARKS.sub(" ", _QUOTED.sub(_blank, text))
    coded = [(code.start, Term(words=folded(rest[code.start : code.end]), code=code.folded)) for code in codes(rest)]
    for code in codes(rest):
        rest = rest[: code.start] + " " * (code.end - code.start) + rest[code.end :]
    found = [(at, term) for at, term in (*quoted, *coded) if term.words]
    found += [(chunk.start(), term) for chunk in re.finditer(r"\S+", rest) if (term := _plain(chunk, len(text)))]
    in_order = [term for _, term in sorted(found, key=lambda each: each[0])]
    return tuple(dict.fromkeys(in_order))[:MOST_TERMS]


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, in order."""
    return tuple(word.folded for word in words(text))


def _blank(quoted: re.Match[str]) -> str:
    return " " * len(quoted[0])


def _plain(chunk: re.Match[str], end: int) -> Term | None:
    run = folded(chunk[0])
    if not run:
        return None
    shortest = SHORTEST_BEGINNING + 2 if run[-1].isdigit() else SHORTEST_BEGINNING
    return Term(words=run, begins=chunk.end() == end and len(run[-1]) >= shortest)


def conditions(asked: Sequence[Term]) -> list[Condition]:
    """Return what a case must fulfil, the best first; each holds whatever fulfils the one before it.

    Best is what names the case: all in its names and addresses, as whole words; then as beginnings of words; then with
    what was written to us; then with files, our letters and our notes.
    """
    named = [tuple(_runs(term, (FACTS,), begins=begins) for term in asked) for begins in (False, True)]
    spread = [tuple(_runs(term, places, begins=True) for term in asked) for places in ((FACTS, MESSAGE), PLACES)]
    return [*(named if named[0] != named[1] else named[:1]), *spread]


def _runs(term: Term, places: Sequence[str], *, begins: bool) -> tuple[Run, ...]:
    return tuple(run for place in places for run in runs_in(term, place, begins=begins))


def runs_in(term: Term, place: str, *, begins: bool = True) -> Iterator[Run]:
    """Yield the ways in which a term may stand in a place."""
    whole = tuple(told(place, word) for word in term.words)
    yield Run(whole)
    if term.code is not None:
        yield Run((place + term.code,))
    if term.begins and begins:
        yield Run((*whole[:-1], place + term.words[-1]), begins=True)


def as_fts5(condition: Condition, but_not: Condition | None = None) -> str:
    """Return the condition in the query language of SQLite's FTS5 (section 3 of its documentation)."""
    written = " AND ".join("(" + " OR ".join(map(_fts5_run, runs)) + ")" for runs in condition)
    return f"({written}) NOT ({as_fts5(but_not)})" if but_not else written


def _fts5_run(run: Run) -> str:
    # Folded words hold letters and figures alone, so nothing in the quotation marks can end them.
    return f'"{" ".join(run.words)}"{" *" if run.begins else ""}'


def as_tsquery(condition: Condition, but_not: Condition | None = None) -> str:
    """Return the condition as the text of PostgreSQL's type ``tsquery``."""
    written = " & ".join("(" + " | ".join(map(_tsquery_run, runs)) + ")" for runs in condition)
    return f"({written}) & !({as_tsquery(but_not)})" if but_not else written


def _tsquery_run(run: Run) -> str:
    in_order = " <-> ".join(f"'{word}'" for word in run.words) + (":*" if run.begins else "")
    known = run.words[:-1] if run.begins else run.words
    return "(" + " & ".join([in_order, *(f"'{pair}'" for pair in pairs(known))]) + ")"


def pairs(told: Sequence[str]) -> Iterator[str]:
    """Yield two common words in a row as one, for PostgreSQL, whose index knows words but not their order.

    A run of words that stand in every case ("no one has") would else have it read most cases to find a few.
    """
    for first, second in pairwise(told):
        if first[1:] in COMMON and second[1:] in COMMON and first[0] == second[0]:
            yield f"{first}+{second[1:]}"
