"""Finds the names of a gazetteer in a tokenised text, each with its exact place; where names overlap, the longest counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, product
from typing import Any, Final, NamedTuple

import spacy
from spacy.attrs import NORM
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from classifiers.cues import words_only
from classifiers.gazetteers import Gazetteer, Knowledge, Known, Place, PlaceKind, ServiceName, ordinary_words
from classifiers.gazetteers_beside import Needs, holds
from classifiers.gazetteers_spelling import LANDLORD_WORDS, OF_KIND, PLACE_WORDS, association, bare, small, spellings, stem

MONTHS: Final = frozenset(
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
)
LONGEST_CUT: Final = 4
"""Letters of the longest word without marks that spaCy's English may cut in two ("cant"), names of places considered."""


class Wanted(NamedTuple):
    """A spelling to look for, and what must stand beside it."""

    spelling: str
    needs: Needs = Needs.NOTHING


class Meaning(NamedTuple):
    """What a match stands for."""

    knowledge: Knowledge
    name: str
    office: str = ""
    needs: Needs = Needs.NOTHING


class Names:
    """A matcher over all spellings of all names; any pipelines may share it, in any threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        # A vocabulary of its own, so that names neither count as what a pipeline has met nor are forgotten with it;
        # matching compares hashes, which are the same in every vocabulary.
        self._vocab = Vocab(lex_attr_getters={NORM: str})
        self._matcher: Any = PhraseMatcher(self._vocab, attr="NORM")
        self._means: dict[int, Meaning] = {}
        cuts, ordinary = Cuts(), ordinary_words()
        self._ordinary = ordinary
        for place in gazetteer.places:
            self._add(cuts, Meaning(Knowledge.OUR_PLACE, place.name), place_spellings(place, ordinary))
        for name in gazetteer.landlords:
            self._add(cuts, Meaning(Knowledge.OTHER_LANDLORD, name), landlord_spellings(name, ordinary))
        for service in gazetteer.services:
            self._add(cuts, Meaning(Knowledge.OTHER_SERVICE, service.name, service.office), service_spellings(service))

    def find(self, doc: Doc) -> list[Known]:
        """List the names in a text in reading order; no two overlap.

        A line end or several blanks are no more than a blank, for mail comes wrapped at any place; a blank line parts.
        """
        found = []
        wordy, places = words_only(doc)
        for key, first, end in self._matcher(wordy):
            means = self._means[key]
            last = places[end - 1]
            beside = wordy[:end].as_doc() if _line_begins(doc, wordy, last + 1, end) else wordy
            if holds(means.needs, beside, first, end, self._ordinary):
                found.append(Known(means.knowledge, places[first], last + 1, means.name, means.office))
        return sorted(_longest(found), key=lambda known: known.first)

    def _add(self, cuts: Cuts, means: Meaning, wanted: Iterator[Wanted]) -> None:
        norms: dict[Needs, set[tuple[str, ...]]] = {}
        for spelling, needs in wanted:
            norms.setdefault(needs, set()).update(cuts.norms(spelling))
        for needs, each in norms.items():
            key = f"{means.knowledge}|{means.name}|{means.office}|{needs}"
            self._matcher.add(key, [Doc(self._vocab, words=list(one)) for one in sorted(each)])
            self._means[self._vocab.strings[key]] = means._replace(needs=needs)


class Cuts:
    """How spaCy cuts a spelling into tokens, whatever capitals it is written with."""

    def __init__(self) -> None:
        self._make_doc = spacy.blank("en").make_doc
        self._met: dict[str, tuple[tuple[str, ...], ...]] = {}

    def norms(self, spelling: str) -> Iterator[tuple[str, ...]]:
        """Yield the norms of a spelling's tokens, once for each way in which its runs may be cut."""
        for chosen in product(*(self._of_run(run) for run in spelling.split())):
            norms = tuple(chain.from_iterable(chosen))
            # The stop of "Hobbs Ct." may be the sentence's, and is none of the name's.
            yield norms[:-1] if norms[-1] == "." else norms

    def _of_run(self, run: str) -> tuple[tuple[str, ...], ...]:
        if run not in self._met:
            # Only short runs and those with marks in them may be cut, and "St." is cut otherwise than "st.".
            whole = run.isalpha() and len(run) > LONGEST_CUT
            written = () if whole else (run, run.title(), run.upper())
            cut = {tuple(token.norm_ for token in self._make_doc(one)) for one in written} or {(run,)}
            self._met[run] = tuple(sorted(cut))
        return self._met[run]


def _line_begins(doc: Doc, wordy: Doc, after: int, end: int) -> bool:
    """Tell whether behind a name a line begins with a capital word that is no place's: it goes not on with the name."""
    if end >= len(wordy) or not doc[after].is_space or "\n" not in doc[after].text:
        return False
    return wordy[end].text.istitle() and wordy[end].norm_ not in PLACE_WORDS


def _longest(found: list[Known]) -> Iterator[Known]:
    taken: set[int] = set()
    for known in sorted(found, key=lambda one: (one.first - one.end, one.first, one.knowledge, one.name, one.office)):
        covered = range(known.first, known.end)
        if taken.isdisjoint(covered):
            taken.update(covered)
            yield known


def place_spellings(place: Place, ordinary: frozenset[str]) -> Iterator[Wanted]:
    """Yield how a place of ours may be written; "flat 3 Ferrier" stands for Ferrier House, "Ferrier" alone does not."""
    name = bare(place.name)
    if place.postcode:
        yield Wanted(place.postcode.lower())
        yield Wanted(place.postcode.lower().replace(" ", ""))
    short = stem(name)
    if short and short != name:
        yield from (Wanted(spelling) for spelling in spellings(name))
        if place.kind is PlaceKind.BLOCK:
            yield from (Wanted(spelling, Needs.FLAT_NUMBER) for spelling in spellings(short))
        return
    # A letter is a word as well: "they block a path".
    of_kind = Needs.CAPITALS if len(name) == 1 else Needs.NOTHING
    for word in OF_KIND[place.kind]:
        yield from (Wanted(spelling, of_kind) for spelling in spellings(f"{name} {word}"))
        yield Wanted(f"{word} {name}", of_kind)
    yield from (Wanted(spelling, _needs_of_place(name, ordinary)) for spelling in spellings(name))


def _needs_of_place(name: str, ordinary: frozenset[str]) -> Needs:
    if " " in name:
        return Needs.NOTHING
    if name in MONTHS or len(name) == 1:
        return Needs.FLAT_NUMBER
    return Needs.NUMBER if name in ordinary or name in PLACE_WORDS else Needs.NO_OTHER_PLACE


def landlord_spellings(name: str, ordinary: frozenset[str]) -> Iterator[Wanted]:
    """Yield how another landlord may be written: its name with any of its kind's words, alone if it is no ordinary word."""
    whole = bare(name)
    short = association(whole)
    # "One Housing" and "Home Group" are in everybody's mouth: "no one housing us", "a home group of tenants".
    named = Needs.CAPITALS if ordinary.issuperset(short.split()) else Needs.NOTHING
    yield from (Wanted(spelling, named) for spelling in spellings(whole) if " " in whole)
    if short != whole or " " not in whole:
        for words in LANDLORD_WORDS:
            yield from (Wanted(f"{spelling} {words}", named) for spelling in spellings(short))
    if " " not in whole:
        # A short one in capitals may be a word of another language, or nobody's name at all: "Isha".
        doubtful = whole in ordinary or (name.isupper() and name.isalpha() and len(name) <= LONGEST_CUT)
        alone = Needs.LANDLORD_WORD if doubtful else Needs.NO_PERSON
        yield from (Wanted(spelling, alone) for spelling in spellings(whole))


def service_spellings(service: ServiceName) -> Iterator[Wanted]:
    """Yield the words for a service, and their plural."""
    for spelling in spellings(small(service.name)):
        yield Wanted(spelling)
        if not spelling.endswith("s"):
            yield Wanted(f"{spelling}s")
