"""The scorecard's arithmetic against a table worked out by hand."""

import pytest

from classifiers.examples import Labels
from classifiers.scorecard import score
from classifiers.taxonomy import Category, Flag, Reason
from classifiers.verdict import Verdict

C, A, S, X = Category


def verdict(category, confidence=0.8, route="triage", *, also=(), flags=(), reason=None):
    scores = dict.fromkeys(Category, (1 - confidence) / 3) | {category: confidence}
    return Verdict(
        category=category,
        also=also,
        flags=flags,
        reason=reason,
        confidence=confidence,
        scores=scores,
        route=route,
        why="",
        model="m",
    )


PAIRS = [
    (Labels(category=C, flags=frozenset({Flag.STAGE2})), verdict(C, 0.95, "auto", flags=(Flag.STAGE2, Flag.GROUP))),
    (Labels(category=C, also=frozenset({A})), verdict(C, 0.85, also=(A, S))),
    (Labels(category=C), verdict(S, 0.95, "auto")),
    (Labels(category=S), verdict(S, 0.75)),
    (Labels(category=S, flags=frozenset({Flag.GROUP})), verdict(C, 0.55)),
    (Labels(category=A), verdict(A, 1.0, "auto")),
    (Labels(category=X, reason=Reason.SURVEY), verdict(X, 0.65, reason=Reason.SURVEY)),
    (Labels(category=X, reason=Reason.PETITION), verdict(X, 0.65, reason=Reason.SURVEY)),
]


def test_precision_recall_and_macro_f1_are_the_hand_computed_ones():
    card = score(PAIRS)
    assert (card.categories[C].precision, card.categories[C].recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (card.categories[S].precision, card.categories[S].recall) == (0.5, 0.5)
    assert card.macro_f1 == pytest.approx((2 / 3 + 1 + 1 / 2 + 1) / 4)


def test_the_confusion_counts_every_message_once():
    card = score(PAIRS)
    assert card.confusion[C] == {C: 2, A: 0, S: 1, X: 0}
    assert card.confusion[S] == {C: 1, A: 0, S: 1, X: 0}
    assert sum(sum(row.values()) for row in card.confusion.values()) == card.messages == 8


def test_reasons_seconds_and_flags_are_counted_as_sets():
    card = score(PAIRS)
    assert (card.reasons.found, card.reasons.missed, card.reasons.invented) == (1, 1, 1)
    assert (card.also.precision, card.also.recall) == (0.5, 1.0)
    assert card.flags_together.f1 == pytest.approx(0.5)
    assert (card.flags[Flag.GROUP].missed, card.flags[Flag.GROUP].invented) == (1, 1)


def test_automatic_errors_and_missed_complaints_are_told_apart():
    card = score(PAIRS)
    assert (card.automatic, card.automatic_wrong) == (3, 1)
    assert (card.complaints_missed, card.complaints_called_other) == (1, 1)


def test_the_calibration_error_is_the_weighted_gap_of_ten_bins():
    # Bins: 0.5-0.6 one wrong (gap .55); 0.6-0.7 two right (gap .7); 0.7-0.8 one right (.25); 0.8-0.9 one right (.15);
    # 0.9-1.0 three, two right, confidences 2.9 (gap .9). Sum 2.55 over 8 messages.
    assert score(PAIRS).calibration_error == pytest.approx(2.55 / 8)


def test_nothing_scored_gives_zeros_and_no_division_by_zero():
    card = score([]).as_json()
    assert card["macro_f1"] == card["automatic"]["error"] == card["calibration_error"] == 0


def test_categories_that_the_labels_do_not_hold_do_not_lower_the_mean():
    card = score([(Labels(category=C), verdict(C)), (Labels(category=C), verdict(C))])
    assert card.macro_f1 == 1.0


def test_the_json_names_every_figure_of_the_contract():
    card = score(PAIRS).as_json()
    figures = {"macro_f1", "categories", "confusion", "also", "flags", "calibration_error", "automatic", "complaints_missed"}
    assert figures <= set(card)
    assert card["automatic"] == {"share": 3 / 8, "error": pytest.approx(1 / 3), "messages": 3}
