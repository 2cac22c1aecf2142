"""Words of real kinds for the benchmark mails: labelled corpus messages, mixed so that no two mails say the same."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / "classifiers" / "corpus"
STREETS = ("Larch", "Kestrel", "Tindall", "Ferrier", "Wyatt", "Pelham", "Colne", "Ashby", "Hollis", "Salter", "Rowan", "Miller")
BUILDINGS = ("House", "Court", "Point", "Road", "Walk", "Gardens", "Lodge", "Terrace")
GIVEN = (
    "Pauline",
    "Delroy",
    "Denise",
    "José",
    "Siân",
    "Marlon",
    "Zoë",
    "Tash",
    "Ahmed",
    "Grace",
    "Łukasz",
    "Ngozi",
    "Ray",
    "Mei",
)
FAMILY = (
    "Grist",
    "Whitmore",
    "Abara",
    "Achebe",
    "Núñez",
    "Okoro",
    "Penhallow",
    "Tranter",
    "Kovács",
    "Lewis",
    "Begum",
    "O'Dowd",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class CorpusMissing(Exception):
    """There is no labelled corpus to take words from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a resident says in one mail: a subject (may be empty) and paragraphs joined by blank lines."""

    subject: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who writes: a name and an address that no other mail set entry has, unless it is a reply."""

    name: str
    address: str


def load(folder: Path = CORPUS) -> dict[str, list[Words]]:
    """Read the corpus messages that came by email, by category, in the order of their files."""
    found: dict[str, list[Words]] = defaultdict(list)
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["channel"] == "email" and entry["text"].strip():
                found[entry["category"]].append(Words(subject=entry["subject"] or "", text=entry["text"].strip()))
    if not found:
        raise CorpusMissing(f"no labelled messages in {folder}: pass --corpus DIR")
    return dict(found)


class Mixer:
    """Mixes corpus messages of one category into new ones; the same seed gives the same words."""

    def __init__(self, corpus: dict[str, list[Words]], chance: random.Random) -> None:
        """Weigh each category by its share of the corpus."""
        self._corpus = corpus
        self._chance = chance
        self._categories = list(corpus)
        self._weights = [len(corpus[name]) for name in self._categories]
        self._sentences = {name: [part for words in corpus[name] for part in sentences(words.text)] for name in corpus}

    def words(self, length: int) -> Words:
        """Return one message whole, led by a home and a day, and filled with its category's sentences to ``length``."""
        chance = self._chance
        category = chance.choices(self._categories, self._weights)[0]
        first = chance.choice(self._corpus[category])
        parts = [first.text, self._place()]
        size = sum(map(len, parts))
        while size < length:
            parts.append(chance.choice(self._sentences[category]))
            size += len(parts[-1])
        return Words(subject=first.subject, text="\n\n".join(parts))

    def person(self, number: int) -> Person:
        """Return a new writer; ``number`` makes the address unlike any other."""
        given, family = self._chance.choice(GIVEN), self._chance.choice(FAMILY)
        letters = re.sub(r"[^a-z]", "", f"{given}{family}".lower())
        host = self._chance.choice(("post.example", "mailbox.example", "home.example.net", "letters.example.org"))
        return Person(name=f"{given} {family}", address=f"{letters}.{number}@{host}")

    def _place(self) -> str:
        chance = self._chance
        home = f"{chance.randint(1, 199)} {chance.choice(STREETS)} {chance.choice(BUILDINGS)}"
        return f"I live at {home} and it was {chance.choice(DAYS)} the {chance.randint(2, 28)}th when I last looked."


def away(words: Words, chance: random.Random) -> Words:
    """Return an out-of-office notice to a message with these words' subject."""
    back = f"{chance.choice(DAYS)} the {chance.randint(2, 28)}th"
    text = f"Thank you for your email. I am out of the office until {back} and will read it when I am back."
    return Words(subject=f"Automatic reply: {words.subject}", text=text)


def sentences(text: str) -> list[str]:
    """Cut a text where a sentence or a line ends; empty pieces are left out."""
    return [piece.strip() for piece in re.split(r"(?<=[.!?])\s+|\n+", text) if piece.strip()]
