"""Messages of the labelled corpus as mail from invented people, judged by the real classifier."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import estate

from benchmarks.wording import FAMILY, GIVEN
from classifiers.pipeline import load
from classifiers.verdict import Classifier, Text, Verdict
from houses import settle

CORPUS = Path(__file__).resolve().parents[2] / "classifiers" / "corpus"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One message: what was written, what people who know say it is, and what the machine makes of it."""

    name: str
    subject: str
    text: str
    category: str
    flags: tuple[str, ...]
    reason: str | None
    verdict: Verdict

    @property
    def right(self) -> bool:
        """Whether the machine's guess is what it is."""
        return self.verdict.category == self.category


@cache
def classifier() -> Classifier:
    """Return the classifier that comes with the program."""
    return load(None)


def messages(seed: int = 1, most: int = 900, files: str = "*.jsonl") -> Iterator[Told]:
    """Yield corpus mails in an order drawn by lot, by people who are never the same."""
    chance = random.Random(seed)
    lines = [line for path in sorted(CORPUS.glob(files)) for line in path.read_text(encoding="utf-8").splitlines()]
    entries = [entry for entry in map(json.loads, lines) if entry["channel"] == "email" and 80 < len(entry["text"]) < most]
    names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    chance.shuffle(names)
    for number, entry in enumerate(chance.sample(entries, len(entries))):
        subject = entry["subject"] or ""
        verdict = classifier().classify(Text(channel="email", subject=subject, text=entry["text"]))
        yield Told(
            name=names[number % len(names)], subject=subject, text=entry["text"], category=entry["category"],
            flags=tuple(entry["flags"]), reason=entry["reason"], verdict=verdict,
        )  # fmt: skip


def come(house, told: Told, *, after: timedelta = timedelta()) -> int:
    """Have a message come in, some time after the last; return its number."""
    house.clock.at += after
    number = estate.come(house, told.name, told.subject, told.text)
    settle(house)
    return number
