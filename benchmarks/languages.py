"""Which messages of the corpus are written in other languages, what becomes of them, and what English passes for one of them."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.judged import percent, share_of, table
from classifiers.examples import Example
from classifiers.language import is_foreign
from classifiers.taxonomy import Category, Flag
from classifiers.verdict import Verdict

Judged = tuple[Example, Verdict]
FILE = "other-languages"
ELSEWHERE = frozenset(
    f"ec-{number:04}" for first, last in ((381, 392), (483, 495), (541, 548), (594, 600)) for number in range(first, last + 1)
)
"""The forty of the file elsewhere-and-chat that are not in English; all others of the corpus are."""


def written_in_another(example: Example) -> bool:
    """Tell whether a message is written in another language than English, whatever the machine hears."""
    return example.source == FILE or example.id in ELSEWHERE


def languages(judged: Sequence[Judged]) -> str:
    """Return what becomes of messages in other languages: each should reach a person, with its danger seen."""
    parts: dict[str, list[Judged]] = {}
    for one in judged:
        parts.setdefault(one[1].language or "too short to tell", []).append(one)
    danger = {Flag.EMERGENCY, Flag.SAFEGUARDING}
    rows = []
    for name, part in sorted(parts.items(), key=lambda item: (-len(item[1]), item[0])):
        at_risk = [(one, v) for one, v in part if danger & one.labels.flags]
        seen = sum(bool(danger & one.labels.flags & set(v.flags)) for one, v in at_risk)
        sent_away = sum(v.route == "auto" and v.category is Category.OUT_OF_SCOPE for _, v in part)
        person = percent(sum(v.route == "triage" for _, v in part), len(part))
        rows.append([name, len(part), person, f"{seen} of {len(at_risk)}", sent_away])
    return table(("heard as", "messages", "to a person", "danger seen", "sent away as out of scope"), rows)


def misheard(held_back: Sequence[Judged], others: Sequence[Judged]) -> str:
    """Return how much English is heard as another language, and how much of another as English, in both parts."""
    rows = []
    for name, judged in (("held back", held_back), ("not held back", others)):
        for written, foreign in (("English", False), ("another language", True)):
            part = [verdict for one, verdict in judged if written_in_another(one) is foreign]
            wrong = sum(is_foreign(verdict.language) is not foreign for verdict in part)
            rows.append([name, written, len(part), wrong, share_of(wrong, len(part))])
    return table(("part", "written in", "messages", "misheard", "share (95 %)"), rows)
