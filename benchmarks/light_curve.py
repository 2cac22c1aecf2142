"""``python -m benchmarks light-curve``: what a quarter, a half, three quarters and all of the messages teach the light half.

Only the light half learns from fewer: the encoder's answers are throughout those of one that learnt from all the other
files. So the first column is a curve of learning, and the others say what refitting the light half adds beside such an
encoder; they do not say what more messages would teach the encoder. Each part of the messages is drawn by lot, and each fold
is judged by what was learnt from the others; stack and calibration are fitted to the very answers that are scored.
"""

from __future__ import annotations

import random

import numpy as np

from benchmarks.databases import Databases
from benchmarks.judged import Page, examples, percent, share_of, table
from benchmarks.scenarios import Plan
from benchmarks.unseen_answers import asked, has_seen
from classifiers.calibrating import calibrate, macro_f1
from classifiers.fitting import fit, read_bag
from classifiers.heads import CATEGORY_PART, QUESTIONS
from classifiers.reader import Reader
from classifiers.scorecard import Scorecard, score
from classifiers.stacking import Halves, fit_stack
from classifiers.taxonomy import Category
from classifiers.training import Unseen, stacked, unseen_verdicts
from classifiers.unseen import folds_of
from classifiers.vocabulary import Floats

SHARES = (0.25, 0.5, 0.75, 1.0)


NOTE = (
    "Only the light half learns from fewer messages; the encoder's answers are those of one that learnt from all the other files. "
    "Lean, stack, candidates and bound are fitted to the answers that are scored here."
)
HEAD = (
    *("of the messages", "about", "macro-F1, linear half alone", "macro-F1, both halves", "complaint recall"),
    *("automatic", "wrong among these (95 %)", "complaints missed (95 %)", "bound"),
)


def light_curve(plan: Plan, databases: Databases) -> Page:
    """Fit the light half anew for each share and fold, stack it, and score it out of fold."""
    page, unseen = Page("Curve of the light half"), asked(plan, examples(plan))
    rows = []
    for share in SHARES:
        linear = unseen.halves.linear if share == 1.0 else taught(unseen, share, plan.seed)
        rows.append([f"{share:.0%}", round(share * len(unseen.reads)), *_figures(unseen, linear)])
    page.add(
        "What more messages teach the light half beside an encoder that stays, out of fold",
        NOTE,
        *has_seen(),
        table(HEAD, rows),
    )
    return page


def taught(unseen: Unseen, share: float, seed: int) -> Floats:
    """Return the linear half's answers to each fold after learning from a share of the others."""
    reads, chance = unseen.reads, random.Random(f"{seed} {share}")
    answers: Floats = np.zeros((len(reads), len(QUESTIONS)), dtype=np.float32)
    fold_of = folds_of([one.example.source for one in reads])
    for fold in sorted(set(fold_of.values())):
        others = [one for one in reads if fold_of[one.example.source] != fold]
        vocabulary, heads = fit(chance.sample(others, round(share * len(others))))
        reader = Reader(vocabulary)
        for number, one in enumerate(reads):
            if fold_of[one.example.source] == fold:
                answers[number] = heads.answer(read_bag(reader, one.doc))
        print(f"  {share:.0%}: fold {fold + 1} of {len(set(fold_of.values()))}", flush=True)
    return answers


def _figures(unseen: Unseen, linear: Floats) -> list[str]:
    known, truths = unseen.halves.known, unseen.halves.truths
    halves = Halves(linear=linear, encoder=unseen.halves.encoder, known=known, truths=truths)
    answers = fit_stack(halves).together(linear, halves.encoder, known)
    anew = Unseen(reads=unseen.reads, halves=halves, phrases=unseen.phrases)
    seen = stacked(anew, answers)
    calibration = calibrate(seen)
    alone = macro_f1(truths[:, CATEGORY_PART].argmax(axis=1), linear[:, CATEGORY_PART].argmax(axis=1))
    card = score(zip(seen.labels, unseen_verdicts(anew, seen, calibration), strict=True))
    return [f"{alone:.3f}", *_both(card), f"{calibration.bound:.3f}"]


def _both(card: Scorecard) -> list[str]:
    complaint = card.categories[Category.COMPLAINT]
    return [
        *(f"{card.macro_f1:.3f}", f"{complaint.recall:.3f}", percent(card.automatic, card.messages)),
        share_of(card.automatic_wrong, card.automatic),
        share_of(card.complaints_missed, complaint.found + complaint.missed),
    ]
