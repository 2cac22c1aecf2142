"""``python -m benchmarks changes``: what becomes of verdicts when the same messages are spoilt on their way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.databases import Databases
from benchmarks.judged import REPORT_FILES, Page, Pairs, classifier, drawn, examples, f1_change, model_line, percent, table
from benchmarks.scenarios import Plan
from benchmarks.slips import CHANGES, FOOTER
from classifiers.examples import Example
from classifiers.scorecard import Scorecard, score
from classifiers.taxonomy import Category
from classifiers.verdict import Classifier, Text
from intake.quoting import split_reply

HEAD = (
    *("change", "macro-F1", "difference (95 %)", "complaint recall", "difference", "automatic", "wrong among these"),
    *("complaints missed", "verdicts flipped", "flags changed"),
)
UNCUT = "signature and disclaimer, none of it cut off"
NOTE = (
    "Difference: macro-F1 changed less unchanged, with the middle 95 % of 400 paired resamples. The encoder was taught with small letters, "
    "missing stops and subjects, and slips of the finger in its own messages, so these changes are no news to it; the others are."
)


def changes(plan: Plan, databases: Databases) -> Page:
    """Judge each message as it is and after every change; quotes and signatures are cut as for live mail."""
    page, judge, every = Page("Changes"), classifier(plan), examples(plan)
    sets = {
        "Held back": [one for one in every if one.held_back],
        f"{' and '.join(REPORT_FILES)} (all of it; nine tenths were learnt from, so that only the differences count)": [
            one for one in every if one.source in REPORT_FILES
        ],
    }
    for name, whole in sets.items():
        chosen = drawn(whole, plan.messages, plan.seed)
        page.add(f"{name}: {len(chosen)} messages", model_line(judge.model, NOTE), _table(judge, chosen, plan.seed))
    return page


def _table(judge: Classifier, chosen: Sequence[Example], seed: int) -> str:
    before = [(one.labels, judge.classify(_as_received(one.text))) for one in chosen]
    rows = [["unchanged", *_figures(score(before), None), "-", "-"]]
    for name, change in CHANGES.items():
        changed = [change(one.text, random.Random(f"{seed} {one.id} {name}")) for one in chosen]
        rows.append(_row(name, before, _judged(judge, chosen, [_as_received(text) for text in changed]), seed))
    uncut = [replace(_as_received(one.text), text=_as_received(one.text).text + FOOTER) for one in chosen]
    rows.append(_row(UNCUT, before, _judged(judge, chosen, uncut), seed))
    return table(HEAD, rows)


def _judged(judge: Classifier, chosen: Sequence[Example], texts: Sequence[Text]) -> Pairs:
    return [(one.labels, judge.classify(text)) for one, text in zip(chosen, texts, strict=True)]


def _as_received(text: Text) -> Text:
    return replace(text, text=split_reply(text.text).new_text)


def _row(name: str, before: Pairs, after: Pairs, seed: int) -> list[str]:
    moved, low, high = f1_change(before, after, seed)
    cells = _figures(score(after), score(before))
    cells[1] = f"{moved:+.3f} ({low:+.3f} to {high:+.3f})"
    flipped = sum(old.category is not new.category for (_, old), (_, new) in zip(before, after, strict=True))
    flags = sum(set(old.flags) != set(new.flags) for (_, old), (_, new) in zip(before, after, strict=True))
    return [name, *cells, f"{flipped} ({percent(flipped, len(before))})", f"{flags} ({percent(flags, len(before))})"]


def _figures(card: Scorecard, old: Scorecard | None) -> list[str]:
    recall = card.categories[Category.COMPLAINT].recall
    return [
        f"{card.macro_f1:.3f}",
        "-",
        f"{recall:.3f}",
        "-" if old is None else f"{recall - old.categories[Category.COMPLAINT].recall:+.3f}",
        percent(card.automatic, card.messages),
        percent(card.automatic_wrong, card.automatic),
        str(card.complaints_missed),
    ]
