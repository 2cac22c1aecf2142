"""Of all complaints, how many the machine found: told from what people saw among the messages that it sent away by itself.

*Sent away* is what it was sure (route ``auto``) is no complaint, where the message opened a case. *Found* are complaints that
it did not send away: by a person's last word, or taken up by the machine as a complaint and not contradicted since. In a
stretch of time with ``N`` sent away, of which people checked ``n`` drawn by lot and ``k`` were complaints, each check stands
for ``N / n``; so ``missed = sum(N * k / n)`` and ``recall = found / (found + missed)``. Its interval is that of ``missed``
(``classifiers.intervals.total_interval``), cut to what is known (at least every missed complaint that anybody came upon, at
most all that were not checked), put through the same fraction, with ``found`` taken as it was counted.

Assumed: the lot is blind to the message; who is checked sooner is not other than who is checked later; people are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from classifiers.intervals import Interval, Stratum, difference, total, total_interval
from classifiers.taxonomy import Category
from store.drift_figures import CheckCount, JudgedCount, SaidCount

SURE = 0.95
ANOTHER_RATE = 0.999
"""How sure one must be that a week was drawn from at another rate, before it counts as a stretch of its own."""
WIDEST = 0.2
"""An interval wider than this says too little for one figure to be named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A time in which checks were drawn at one rate, back to ``days`` ago."""

    days: int
    sent_away: int = 0
    drawn: int = 0
    checked: int = 0
    changed: int = 0
    missed: int = 0
    known_missed: int = 0
    found: int = 0

    def joined(self, older: Stretch) -> Stretch:
        """Return both as one."""
        names = ("sent_away", "drawn", "checked", "changed", "missed", "known_missed", "found")
        return Stretch(days=older.days, **{name: getattr(self, name) + getattr(older, name) for name in names})

    def alike(self, older: Stretch) -> bool:
        """Return whether chance alone may have drawn so differently."""
        apart = difference(self.drawn, self.sent_away, older.drawn, older.sent_away, ANOTHER_RATE)
        return apart.low <= 0 <= apart.high


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveRecall:
    """Live recall and what it was told from; ``unchecked_stretches`` is what was sent away while nothing was checked."""

    days: int
    sent_away: int
    unchecked_stretches: int
    drawn: int
    checked: int
    changed: int
    missed: int
    known_missed: int
    found: int
    missed_estimate: float | None
    missed_interval: Interval | None
    recall: float | None
    interval: Interval | None
    enough: bool
    says: str


def weeks(
    ages: Sequence[int], judged: Sequence[JudgedCount], said: Sequence[SaidCount], checks: Sequence[CheckCount]
) -> list[Stretch]:
    """Return what was counted, by age, the latest first."""
    return [_week(days, judged, said, checks) for days in ages]


def _week(days: int, judged: Sequence[JudgedCount], said: Sequence[SaidCount], checks: Sequence[CheckCount]) -> Stretch:
    own = [one for one in judged if one.days == days and one.opened]
    words = [one for one in said if one.days == days and one.opened]
    looked = [one for one in checks if one.days == days]
    heard = [one for one in looked if one.said is not None]
    complaints = [one for one in words if one.said == Category.COMPLAINT]
    taken_up = sum(one.number for one in own if _taken_up(one)) - sum(one.number for one in words if _taken_up(one))
    drawn = sum(one.number for one in looked)
    return Stretch(
        days=days,
        # What was drawn was sent away, though its case may have been joined to another since.
        sent_away=max(sum(one.number for one in own if _sent_away(one)), drawn),
        drawn=drawn,
        checked=sum(one.number for one in heard),
        changed=sum(one.number for one in heard if one.said != one.category),
        missed=sum(one.number for one in heard if one.said == Category.COMPLAINT),
        known_missed=sum(one.number for one in complaints if _sent_away(one)),
        found=sum(one.number for one in complaints if not _sent_away(one)) + max(taken_up, 0),
    )


def _sent_away(one: JudgedCount | SaidCount) -> bool:
    return one.route == "auto" and one.category != Category.COMPLAINT


def _taken_up(one: JudgedCount | SaidCount) -> bool:
    return one.route == "auto" and one.category == Category.COMPLAINT


def stretches(by_week: Sequence[Stretch]) -> list[Stretch]:
    """Join weeks that follow each other while they may have been drawn from at one rate.

    The rate that was set then is not asked for: what was drawn says it, and goes on saying it when the setting is changed.
    """
    made: list[Stretch] = []
    for week in by_week:
        if made and made[-1].alike(week):
            made[-1] = made[-1].joined(week)
        else:
            made.append(week)
    return made


def live_recall(by_week: Sequence[Stretch]) -> LiveRecall:
    """Work live recall out over stretches in which something was checked; of the others nothing is known."""
    parts = stretches(by_week)
    known = [part for part in parts if part.checked]
    whole = _whole(parts)
    said = LiveRecall(
        **{
            name: getattr(whole, name)
            for name in ("sent_away", "drawn", "checked", "changed", "missed", "known_missed", "found")
        },
        days=whole.days,
        unchecked_stretches=whole.sent_away - sum(part.sent_away for part in known),
        missed_estimate=None,
        missed_interval=None,
        recall=None,
        interval=None,
        enough=False,
        says="",
    )
    said = _estimated(said, known) if known else said
    return replace(said, says=_sentence(said))


def _whole(parts: Sequence[Stretch]) -> Stretch:
    whole = Stretch(days=0)
    for part in parts:
        whole = whole.joined(part)
    return whole


def _estimated(said: LiveRecall, known: Sequence[Stretch]) -> LiveRecall:
    strata = [Stratum(population=part.sent_away, checked=part.checked, found=part.missed) for part in known]
    there = _whole(known)
    # A person may come upon a missed complaint that was not drawn: fewer than are known there cannot be.
    least = max(there.known_missed, there.missed)
    most = max(there.missed + there.sent_away - there.checked, least)
    missed = min(max(total(strata), least), most)
    interval = total_interval(strata, SURE).within(least, most)
    if not there.found + interval.high:
        return replace(said, missed_estimate=missed, missed_interval=interval)
    recalls = Interval(low=_recall(there.found, interval.high), high=_recall(there.found, interval.low))
    return replace(
        said,
        missed_estimate=missed,
        missed_interval=interval,
        recall=_recall(there.found, missed),
        interval=recalls,
        enough=recalls.width <= WIDEST,
    )


def _recall(found: int, missed: float) -> float:
    # With no complaint at all, none was missed.
    return found / (found + missed) if found + missed else 1.0


def _sentence(said: LiveRecall) -> str:
    if not said.drawn:
        return f"nothing can be said of live recall: no message of the last {said.days} days was drawn for a check"
    if said.interval is None or said.recall is None:
        why = "no complaint is known" if said.checked else f"of {said.drawn} drawn none has been checked yet"
        return f"nothing can be said of live recall: {why}"
    between = f"{said.interval.low:.3f} to {said.interval.high:.3f}"
    told = f"live recall {said.recall:.3f} (95 % interval {between})"
    seen = f"{said.checked} checked of {said.sent_away:,} sent away, {said.missed} of them complaints; {said.found} complaints found"
    unknown = (
        f"; nothing is known of {said.unchecked_stretches:,} sent away while none was checked"
        if said.unchecked_stretches
        else ""
    )
    return f"{told if said.enough else f'too few checks to say live recall: somewhere from {between}'}: {seen}{unknown}"
