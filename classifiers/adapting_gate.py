"""What keeps a bad lesson out: an adapted model is compared with the one in use and with the packaged one before it is let in.

Corrections may be wrong, by mistake or on purpose. On the landlord's own frozen messages the new model must do no worse than the
one in use; on the project's held-back part it may not fall behind the packaged one, and on the messages that were replayed
its verdicts must stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from classifiers.calibrating import SAFETY
from classifiers.examples import Example, Labels
from classifiers.scorecard import Scorecard, score
from classifiers.taxonomy import Category, Flag
from classifiers.verdict import Verdict

MAY_FALL: Final = 0.005
"""Macro-F1 on the held-back part that the landlord's own ways may cost: of a thousand messages some five, as where what is
another service elsewhere is the landlord's own here, the corpus must come out otherwise."""
MAY_LOSE: Final = 0.003
"""Share of the corpus's complaints which were found and may come out as something else."""
MAY_FLIP: Final = 0.01
"""Share of the replayed messages whose category may come out another."""
MAY_ERR: Final = 0.01
"""Share of what acts by itself on the held-back part that may be wrong, where the packaged model does no worse."""
MAY_HAND_OVER: Final = 0.05
"""Share of the held-back part that may go to a person instead of acting by itself, but for a bound that was lowered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """What one model says of the messages that models are compared on."""

    held_back: Sequence[Verdict]
    local: Sequence[Verdict]
    replayed: Sequence[Verdict]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The messages that models are compared on, with their labels."""

    held_back: Sequence[Example]
    local: Sequence[Example]
    replayed: Sequence[Example]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cards:
    """The scorecards of one model."""

    held_back: Scorecard
    local: Scorecard

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"held_back": self.held_back.as_json(), "local": self.local.as_json()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """The packaged model, the one in use (often the same), and the new one."""

    packaged: Cards
    in_use: Cards
    new: Cards
    found: int
    """Complaints of the corpus (held back and replayed) that the packaged model finds."""
    lost: int
    """Of these, how many the new model takes for something else."""
    replayed: int
    flipped: int
    """Replayed messages to which the new model gives another category than the packaged one."""
    dangers: Mapping[Flag, tuple[int, int]]
    """How many of each of ``SAFETY`` in the corpus the packaged model finds, and the new one."""
    lowered: bool = False
    """The new model's bound is lower, so that less acts by itself on purpose."""

    @property
    def objection(self) -> str | None:
        """Say why the new model must not take the old one's place, or None where it may."""
        return self._on_the_corpus() or self._of_danger() or self._by_itself() or self._at_home()

    def _on_the_corpus(self) -> str | None:
        old, new = self.packaged.held_back, self.new.held_back
        if self.lost > MAY_LOSE * self.found:
            return f"of {self.found} complaints of the corpus that are found now, it would take {self.lost} for something else"
        if new.complaints_missed > old.complaints_missed:
            return f"it misses more complaints on the held-back part: {new.complaints_missed} against {old.complaints_missed}"
        if new.macro_f1 < old.macro_f1 - MAY_FALL:
            return f"it scores worse on the held-back part: macro-F1 {new.macro_f1:.4f} against {old.macro_f1:.4f}"
        if self.flipped > MAY_FLIP * self.replayed:
            return f"it changes verdicts that nobody corrected: {self.flipped} of {self.replayed} replayed messages"
        return None

    def _of_danger(self) -> str | None:
        for flag, (old, new) in self.dangers.items():
            if new < old:
                return f"it finds fewer messages of the corpus with {flag}: {new} against {old}"
        return None

    def _by_itself(self) -> str | None:
        old, new = self.packaged.held_back, self.new.held_back
        if new.automatic_error > max(MAY_ERR, old.automatic_error):
            return (
                f"more of what would act by itself on the held-back part is wrong: {new.automatic_error:.2%} "
                f"against {old.automatic_error:.2%}"
            )
        if not self.lowered and new.automatic_share < old.automatic_share - MAY_HAND_OVER:
            return (
                f"it leaves more of the held-back part to people: {new.automatic_share:.1%} would act by itself "
                f"against {old.automatic_share:.1%}"
            )
        return None

    def _at_home(self) -> str | None:
        old, new = self.in_use.local, self.new.local
        if new.macro_f1 < old.macro_f1:
            return f"it scores worse on your own frozen messages: macro-F1 {new.macro_f1:.4f} against {old.macro_f1:.4f}"
        if _recall(new) < _recall(old):
            return f"it finds fewer complaints among your own frozen messages: recall {_recall(new):.4f} against {_recall(old):.4f}"
        return None

    def as_json(self) -> dict[str, Any]:
        """Return plain values, with the objection."""
        cards = {name: getattr(self, name).as_json() for name in ("packaged", "in_use", "new")}
        counts = {name: getattr(self, name) for name in ("found", "lost", "replayed", "flipped")}
        dangers = {flag.value: {"packaged": old, "new": new} for flag, (old, new) in self.dangers.items()}
        return {**cards, "complaints_and_flips": counts, "dangers_found": dangers, "objection": self.objection}


def gate(asked: Asked, packaged: Panel, in_use: Panel, new: Panel, *, lowered: bool = False) -> Gate:
    """Compare three models on the same messages; ``lowered`` says that the new one's bound is lower than the packaged one's."""
    before, after = ([*panel.held_back, *panel.replayed] for panel in (packaged, new))
    labels = [one.labels for one in (*asked.held_back, *asked.replayed)]
    lost = [
        other.category is not Category.COMPLAINT
        for label, one, other in zip(labels, before, after, strict=True)
        if label.category is Category.COMPLAINT and one.category is Category.COMPLAINT
    ]
    return Gate(
        packaged=_cards(asked, packaged),
        in_use=_cards(asked, in_use),
        new=_cards(asked, new),
        found=len(lost),
        lost=sum(lost),
        replayed=len(asked.replayed),
        flipped=sum(one.category is not other.category for one, other in zip(packaged.replayed, new.replayed, strict=True)),
        dangers={flag: (_found(flag, labels, before), _found(flag, labels, after)) for flag in sorted(SAFETY)},
        lowered=lowered,
    )


def _found(flag: Flag, labels: Sequence[Labels], verdicts: Sequence[Verdict]) -> int:
    return sum(flag in one.flags and flag in verdict.flags for one, verdict in zip(labels, verdicts, strict=True))


def _cards(asked: Asked, panel: Panel) -> Cards:
    held_back = score(zip((one.labels for one in asked.held_back), panel.held_back, strict=True))
    local = score(zip((one.labels for one in asked.local), panel.local, strict=True))
    return Cards(held_back=held_back, local=local)


def _recall(card: Scorecard) -> float:
    return card.categories[Category.COMPLAINT].recall
