"""``python -m benchmarks slices``: whom the classifier serves worse, and what its doubt is worth.

Two judgings of the corpus are put side by side: the held-back part by the model itself, and everything it learnt from by
halves that had not seen the message's file (out of fold). Nothing of the first chose anything; of the second no half had seen
the message, but lean, stack, candidates, bound and the flags' thresholds are fitted to these very answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.judged import Page, Pairs, classifier, drawn, examples, model_line, percent, share_of, table, words
from benchmarks.languages import Judged, languages, misheard, written_in_another
from benchmarks.scenarios import Plan
from benchmarks.unseen_answers import Judgings, judgings
from classifiers.examples import Example
from classifiers.intervals import wilson
from classifiers.scorecard import BINS, Scorecard, Tally, score
from classifiers.taxonomy import Category

STYLES = Path(__file__).with_name("styles.json")
EDGES = (5, 15, 30, 60, 100, 150, 250)
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.5, 1.0)
BLOCKS = "▁▂▃▄▅▆▇█"
COMMONEST = 12

NOTE = (
    "Macro-F1 is over the categories that a slice holds, so in a small one a single message may weigh a fifth. Out of fold, each message "
    "is taken for plain English of three words or more without words for a machine, and lean, stack, candidates, bound and flags' "
    "thresholds are fitted to these very answers. *Found*: of the complaints, how many were called one, whatever the route."
)
STYLE_NOTE = (
    "Labelled by hand; how they were chosen stands in `benchmarks/styles.json`. What was heard as foreign is among them."
)
FOREIGN_NOTE = "By what they are written in, whatever they were heard as; no head learns from those that were heard so."
MISHEARD_NOTE = (
    "English that is heard as another language goes to a person, as a complaint until read. It stands in the tables of the held-back "
    "part; no head learns from it, so it is not in those out of fold."
)
HEAD = (
    *("slice", "messages", "macro-F1", "right (95 %)", "complaints", "found", "calibration error", "automatic"),
    *("wrong among these (95 %)", "complaints missed (95 %)"),
)


def slices(plan: Plan, databases: Databases) -> Page:
    """Print every table twice, and the curve of risk once."""
    page, every, judge = Page("Slices"), examples(plan), classifier(plan)
    seen = judgings(plan, every)
    unseen = list(zip(seen.examples, seen.verdicts(seen.calibration), strict=True))
    held_back = [(one, judge.classify(one.text)) for one in every if one.held_back]
    english = [pair for pair in held_back if not written_in_another(pair[0])]
    page.add("What was judged", model_line(judge.model), seen.note, NOTE)
    for name, judged in {"out of fold": unseen, "held back, written in English": english}.items():
        _tables(page, name, judged)
    known = {one.id for one in seen.examples}
    looked_at = drawn([one for one in every if not one.held_back], plan.messages, plan.seed)
    foreign = [(one, judge.classify(one.text)) for one in looked_at if one.id not in known]
    page.add(
        "By writing style, out of fold and held back together",
        STYLE_NOTE,
        by([*unseen, *held_back, *foreign], styles_of(read_styles())),
    )
    apart = [*held_back, *foreign]
    page.add("Written in other languages", FOREIGN_NOTE, languages([pair for pair in apart if written_in_another(pair[0])]))
    page.add("Misheard", MISHEARD_NOTE, misheard(held_back, [*unseen, *foreign]))
    page.add("Risk and coverage, out of fold", *risk(seen))
    return page


def _tables(page: Page, name: str, judged: Sequence[Judged]) -> None:
    page.add(f"By channel, {name}", by(judged, lambda one: [one.text.channel]))
    page.add(
        f"By length in words, {name}", by(judged, lambda one: [length(words(one))], order=[_between(*one) for one in _ranges()])
    )
    page.add(f"By file, {name}", by(judged, lambda one: [one.source]))
    page.add(f"Taken for another, {name}", confusion(judged))
    page.add(f"Flags, {name}", flags(score(_pairs(judged))))
    page.add(f"Reliability, {name}", reliability(_pairs(judged)))


def by(judged: Sequence[Judged], names: Callable[[Example], Sequence[str]], order: Sequence[str] = ()) -> str:
    """Return one row for each slice, the whole last; a message may stand in several."""
    parts: dict[str, list[Judged]] = {name: [] for name in order}
    for one in judged:
        for name in names(one[0]):
            parts.setdefault(name, []).append(one)
    rows = [row(name, parts[name]) for name in (order or sorted(parts)) if parts[name]]
    return table(HEAD, [*rows, row("all", judged)])


def row(name: str, judged: Sequence[Judged]) -> list[str]:
    """Return a slice's figures; macro-F1 is over the categories that it holds."""
    card = score(_pairs(judged))
    right = sum(one.labels.category is verdict.category for one, verdict in judged)
    ends, complaint = wilson(right, len(judged)), card.categories[Category.COMPLAINT]
    return [
        *(name, str(card.messages), f"{card.macro_f1:.3f}"),
        f"{percent(right, len(judged))} ({100 * ends.low:.0f} to {100 * ends.high:.0f})",
        *(str(complaint.found + complaint.missed), percent(complaint.found, complaint.found + complaint.missed)),
        f"{card.calibration_error:.3f}",
        *(percent(card.automatic, card.messages), share_of(card.automatic_wrong, card.automatic)),
        f"{card.complaints_missed}: {share_of(card.complaints_missed, complaint.found + complaint.missed)}",
    ]


def length(count: int) -> str:
    """Return the name of the range in which a number of words lies."""
    return next(_between(low, high) for low, high in _ranges() if high is None or count < high)


def _ranges() -> list[tuple[int, int | None]]:
    return list(zip((0, *EDGES), (*EDGES, None), strict=True))


def _between(low: int, high: int | None) -> str:
    return f"{low} and more" if high is None else f"{low} to {high - 1}"


def read_styles(path: Path = STYLES) -> dict[str, list[str]]:
    """Return the ids of the messages that a reader put under each style."""
    found: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))["styles"]
    return found


def styles_of(styles: dict[str, list[str]]) -> Callable[[Example], Sequence[str]]:
    """Return what gives the styles of a message."""
    kept = {name: frozenset(ids) for name, ids in styles.items()}
    return lambda one: [name for name, ids in kept.items() if one.id in ids]


def confusion(judged: Sequence[Judged]) -> str:
    """Return the pairs of categories that are taken for each other, the commonest first."""
    card = score(_pairs(judged))
    pairs = [(count, truth, said) for truth, line in card.confusion.items() for said, count in line.items()]
    found = [(count, truth, said) for count, truth, said in pairs if count and truth is not said]
    rows = []
    for count, truth, said in sorted(found, reverse=True)[:COMMONEST]:
        automatic = sum(one.labels.category is truth and v.category is said and v.route == "auto" for one, v in judged)
        rows.append([truth, said, count, percent(count, sum(card.confusion[truth].values())), automatic])
    return table(("is", "taken for", "messages", "share of these", "of them automatic"), rows)


def flags(card: Scorecard) -> str:
    """Return one row for each flag, and one for all together."""
    each = {**{flag.value: tally for flag, tally in card.flags.items()}, "together": card.flags_together}
    rows = [[name, one.found + one.missed, *_tally(one)] for name, one in each.items()]
    return table(("flag", "messages", "precision", "recall", "F1"), rows)


def _tally(one: Tally) -> list[str]:
    """Return precision, recall and F1, with a dash for what nothing can be said of."""
    support, raised = one.found + one.missed, one.found + one.invented
    return [
        f"{one.precision:.2f}" if raised else "-",
        f"{one.recall:.2f}" if support else "-",
        f"{one.f1:.2f}" if support else "-",
    ]


def reliability(pairs: Pairs) -> str:
    """Return how often verdicts of each confidence are right."""
    rows = []
    for number in range(BINS):
        chosen = [pair for pair in pairs if min(int(pair[1].confidence * BINS), BINS - 1) == number]
        if chosen:
            right = sum(labels.category is verdict.category for labels, verdict in chosen)
            said = sum(verdict.confidence for _, verdict in chosen) / len(chosen)
            ends = wilson(right, len(chosen))
            span = f"{number / BINS:.1f} to {(number + 1) / BINS:.1f}"
            rows.append([span, len(chosen), f"{said:.3f}", f"{right / len(chosen):.3f}", f"{ends.low:.3f} to {ends.high:.3f}"])
    return table(("confidence", "messages", "said on average", "right", "95 %"), rows)


def risk(seen: Judgings) -> list[str]:
    """Return the table of what acting alone would cost at each bound, and the errors as a line of blocks."""
    rows, errors = [], []
    complaints = sum(one.labels.category is Category.COMPLAINT for one in seen.examples)
    for bound in sorted({*BOUNDS, round(seen.calibration.bound, 4)}):
        card = score(
            (one.labels, verdict)
            for one, verdict in zip(seen.examples, seen.verdicts(replace(seen.calibration, bound=bound)), strict=True)
        )
        wrong = card.automatic_wrong / card.automatic if card.automatic else 0.0
        errors.append(wrong)
        mark = " (now)" if bound == round(seen.calibration.bound, 4) else ""
        missed = f"{card.complaints_missed}: {share_of(card.complaints_missed, complaints)}"
        sure = share_of(card.automatic_wrong, card.automatic)
        rows.append([f"{bound:g}{mark}", percent(card.automatic, card.messages), sure, missed])
    head = ("bound of the expected cost", "automatic", "wrong among these (95 %)", f"complaints missed (95 %), of {complaints}")
    return [table(head, rows), f"Wrong among the automatic, by bound: {spark(errors)} (0 to {100 * max(errors):.1f} %)"]


def spark(values: Sequence[float]) -> str:
    """Return numbers as blocks whose height is their share of the greatest."""
    top = max(values, default=0.0) or 1.0
    return "".join(BLOCKS[min(int(value / top * len(BLOCKS)), len(BLOCKS) - 1)] for value in values)


def _pairs(judged: Sequence[Judged]) -> Pairs:
    return [(one.labels, verdict) for one, verdict in judged]
