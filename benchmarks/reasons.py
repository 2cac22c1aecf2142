"""``python -m benchmarks reasons``: whether the sentence that is shown as the reason is the one that made the verdict.

Each sentence of a message is deleted from its text, and what is left is judged anew: the chosen category's log-odds
against its nearest rival should fall more for the shown sentence than for another one. What is shown to a person is chosen by nearly this very
test, so there the figure says whether its short cuts hold; the linear half's choice knows nothing of the encoder. It is
measured where it is in use, on messages that act by themselves, and beside the other way on those that a person sees.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.databases import Databases
from benchmarks.judged import Page, examples, interval, model_line, table
from benchmarks.scenarios import Plan
from classifiers.components import lay_out, marked_parts, reading_pipeline
from classifiers.encoder import Encoder, load_encoder
from classifiers.evidence import Witness
from classifiers.findings import Findings
from classifiers.heads import CATEGORIES
from classifiers.judgement import Heard, Judgement, found_in, known_of, verdict_on
from classifiers.leaving_out import sentences_of
from classifiers.model_files import PACKAGED, Model, read
from classifiers.verdict import Text
from classifiers.vocabulary import Floats

FEWEST = 3
MOST = 12
"""Sentences of a message that is looked at; each costs a judging."""
MESSAGES = 400
LEFT_OUT = "by leaving out, where a person looks"
LINEAR = "by the linear half, where it acts by itself"
LINEAR_TOO = "by the linear half, had it chosen where a person looks"
WAYS = {LEFT_OUT: ("triage", True), LINEAR: ("auto", False), LINEAR_TOO: ("triage", False)}
"""Ways in which a sentence is chosen: the route of the messages, and whether the encoder reads again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One message with all that its evidence is found by."""

    heard: Heard
    answers: Floats
    found: Findings
    route: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fall:
    """By how much log-odds fall without the shown sentence, and without each of the others; the longest is the first of those."""

    shown: float
    others: tuple[float, ...]


class Bench:
    """Judges texts as the pipeline does, with everything in reach."""

    def __init__(self, model: Model, encoder: Encoder) -> None:
        self._nlp, self._judgement = reading_pipeline(), Judgement()
        self._judgement.take(model, encoder)
        self._model, self._encoder = model, encoder

    def judge(self, text: Text) -> Judged:
        """Judge one text."""
        heard = self._judgement.hear(marked_parts(self._nlp(lay_out(self._nlp, text)[0])))
        answers = self._model.stack.together(heard.linear, heard.encoder, known_of(heard.parts))
        found = found_in(heard, self._model)
        return Judged(heard=heard, answers=answers, found=found, route=verdict_on(heard, found, self._model).route)

    def shown(self, judged: Judged, *, closely: bool) -> int | None:
        """Return the number of the first sentence that is shown for the category, or None where none is."""
        witness = Witness(judged.heard.parts, judged.heard.bag, self._model, self._encoder)
        category = judged.found.category.value
        spans = witness.spans(judged.found, judged.heard.encoder, closely=closely)
        first = next((span for span in spans if span.speaks_for == category), None)
        if first is None:
            return None
        return next((n for n, (start, end) in enumerate(ranges(judged)) if start <= first.start < end), None)

    def falls(self, text: Text, judged: Judged) -> list[float]:
        """Return by how much the log-odds fall without each sentence."""
        ours, rival = _ours_and_rival(judged.found)
        whole = judged.heard.parts[0][1].text
        before = judged.answers[ours] - judged.answers[rival]
        left = [self.judge(replace(text, text=whole[:start] + whole[end:])).answers for start, end in ranges(judged)]
        return [float(before - (answers[ours] - answers[rival])) for answers in left]


def ranges(judged: Judged) -> list[tuple[int, int]]:
    """Return the character ranges of a message's sentences."""
    doc, marks = judged.heard.parts[0]
    found = []
    for first, end in sentences_of(doc, marks):
        last = doc[end - 1]
        found.append((doc[first].idx, last.idx + len(last) + len(last.whitespace_)))
    return found


def _ours_and_rival(found: Findings) -> tuple[int, int]:
    order = sorted(CATEGORIES, key=lambda one: (one is not found.category, -found.scores[one]))
    return CATEGORIES.index(order[0]), CATEGORIES.index(order[1])


def reasons(plan: Plan, databases: Databases) -> Page:
    """Delete sentences of messages that trained nothing: the held-back ones, in a random order."""
    page, model = Page("Reasons"), read(plan.model or PACKAGED)
    bench = Bench(model, load_encoder())
    held_back = [one.text for one in examples(plan) if one.held_back]
    random.Random(plan.seed).shuffle(held_back)
    seen: dict[str, list[Fall]] = {way: [] for way in WAYS}
    looked = 0
    for text in held_back:
        judged = bench.judge(text)
        if not judged.found.understood or not FEWEST <= len(ranges(judged)) <= MOST:
            continue
        falls, places = bench.falls(text, judged), ranges(judged)
        for way, (route, closely) in WAYS.items():
            number = bench.shown(judged, closely=closely) if judged.route == route else None
            if number is not None:
                seen[way].append(fall_of(falls, places, number))
        looked += 1
        if looked == (plan.messages or MESSAGES):
            break
    note = f"{looked} held-back messages of {FEWEST} to {MOST} sentences, all of them deleted in turn, each counted under its own route. {model_line(model.name)}"
    page.add("Fall of the log-odds when a sentence is deleted", note, figures(seen, plan.seed))
    return page


def fall_of(falls: Sequence[float], places: Sequence[tuple[int, int]], shown: int) -> Fall:
    """Part the shown sentence's fall from those of the others, the longest of these first."""
    others = [number for number in range(len(falls)) if number != shown]
    others.sort(key=lambda number: places[number][0] - places[number][1])
    return Fall(shown=falls[shown], others=tuple(falls[number] for number in others))


def figures(seen: dict[str, list[Fall]], seed: int) -> str:
    """Return one row for each kind of evidence and each sentence it is compared with."""
    head = (
        "evidence",
        "against",
        "messages",
        "shown: mean",
        "median",
        "other: mean",
        "median",
        "shown less other (95 %)",
        "shown falls more",
    )
    rows = []
    for way, falls in seen.items():
        if not falls:
            continue
        for against, others in (
            ("a random other", _random_others(falls)),
            ("the longest other", [[one.others[0]] for one in falls]),
        ):
            rows.append([way, against, str(len(falls)), *_row([one.shown for one in falls], others, seed)])
    return table(head, rows)


def _random_others(falls: Sequence[Fall]) -> list[Sequence[float]]:
    # Every other sentence counts, each message once: the expectation of a random draw, without its noise.
    return [one.others for one in falls]


def _row(shown: Sequence[float], others: Sequence[Sequence[float]], seed: int) -> list[str]:
    own, other = np.array(shown), np.array([np.mean(one) for one in others])
    more = np.array([np.mean([mine > one for one in theirs]) for mine, theirs in zip(shown, others, strict=True)])
    low, high = interval(lambda rows: float((own - other)[rows].mean()), len(own), seed)
    least, most = interval(lambda rows: float(more[rows].mean()), len(own), seed)
    every = np.concatenate([np.asarray(one) for one in others])
    return [
        *(f"{np.mean(own):.2f}", f"{np.median(own):.2f}", f"{np.mean(other):.2f}", f"{np.median(every):.2f}"),
        f"{np.mean(own - other):+.2f} ({low:+.2f} to {high:+.2f})",
        f"{100 * more.mean():.0f} % ({100 * least:.0f} to {100 * most:.0f})",
    ]
