"""Which passages of a letter repeat the resident's own words: some ways out treat those apart from ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.delivery import ACKNOWLEDGES
from handlers.rows import definition_of
from intake.identity import MAIL
from store.casefile import cases_by_ids
from store.outbox_rows import ClaimedLetter
from store.unit import Glance


def repeated(glance: Glance, letters: Sequence[ClaimedLetter]) -> Mapping[int, tuple[str, ...]]:
    """Return those passages by the letter's id, for letters by mail; a definition that was changed since names only what is there."""
    wanted = [letter for letter in letters if letter.kind in ACKNOWLEDGES and letter.way == MAIL]
    cases = cases_by_ids(glance, {letter.case_id for letter in wanted}) if wanted else {}
    known = {id_: definition_of(case.definition) for id_, case in cases.items()}
    return {
        letter.id: tuple(words for words in (*(point.words for point in kept.points), *kept.outcomes) if words in letter.text)
        for letter in wanted
        if (kept := known.get(letter.case_id)) is not None
    }
