"""The machine watched at work: live recall, drift and disagreement, from what the store holds of the last months."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.answering import RESIDENT
from handlers.drifting import WINDOWS, Drift, drift, sentences
from handlers.live_recall import LiveRecall, live_recall, weeks
from handlers.logging_contacts import NAMED
from handlers.rows import MACHINE, SWEEP
from handlers.shares import Changed, disagreement
from store.drift_figures import Sides, check_counts, first_number, judged_counts, said_counts
from store.unit import Glance

DAYS = 90
"""How far back live recall and disagreement look; and how long the time is that the latest days are held against."""
AGES = (*range(7, DAYS, 7), DAYS, WINDOWS[-1] + DAYS)
"""Ends of the spans of time that are counted apart, in days before now: weeks, for recall; the last span is for drift alone."""
SIDES = Sides(
    machine=MACHINE,
    not_people=(MACHINE, SWEEP, RESIDENT),
    spoken_for=(MACHINE, SWEEP, RESIDENT),
    logged=tuple(sorted(NAMED)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """How the machine does at work; ``says`` tells the gist of it in sentences."""

    recall: LiveRecall
    drift: Drift
    disagreement: dict[str, dict[str, Changed]]
    says: list[str]

    def as_object(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "live_recall": asdict(self.recall),
            "drift": {"before_days": [WINDOWS[-1], AGES[-1]], **asdict(self.drift)},
            "disagreement": {
                "days": DAYS,
                **{route: {name: asdict(one) for name, one in each.items()} for route, each in self.disagreement.items()},
            },
            "watching": self.says,
        }


def watch(glance: Glance, now: datetime) -> Watch:
    """Look at the machine's work: one question each for its verdicts, for people's words, and for the spot checks."""
    first = first_number(glance, now - timedelta(days=AGES[-1]))
    judged = judged_counts(glance, now, AGES, SIDES, first)
    said = [one for one in said_counts(glance, now, AGES, SIDES, first) if one.days <= DAYS]
    checks = check_counts(glance, now, AGES[:-1], SIDES)
    recall, moved, differ = live_recall(weeks(AGES[:-1], judged, said, checks)), drift(judged), disagreement(said)
    says = [recall.says, *sentences(moved), *_differ(differ)]
    return Watch(recall=recall, drift=moved, disagreement=differ, says=says)


def _differ(found: dict[str, dict[str, Changed]]) -> list[str]:
    return [
        f"people changed {one.changed} of {one.judged} that they looked at of what {which} ({100 * (one.share or 0):.0f} %)"
        for route, which in (("auto", "the machine was sure of"), ("triage", "it left to them"))
        if (one := found[route]["all"]).judged
    ]
