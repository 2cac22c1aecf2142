"""The labelled messages the classifier learns from, and the tenth of them that it never sees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from classifiers.taxonomy import Category, Flag, Reason
from classifiers.verdict import Text

HELD_BACK_ONE_IN: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """What a person says a message is."""

    category: Category
    also: frozenset[Category] = frozenset()
    flags: frozenset[Flag] = frozenset()
    reason: Reason | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A message with its labels; ``source`` names the file it stood in, or ``corrections``."""

    id: str
    source: str
    text: Text
    labels: Labels

    @property
    def held_back(self) -> bool:
        """Tell whether it must never train: one in ten by SHA-256 of the id, so that the part stays when files grow."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % HELD_BACK_ONE_IN == 0


def labels_from(row: Mapping[str, Any]) -> Labels:
    """Read labels from a JSON object; raises ``ValueError`` for a name that the taxonomy does not have."""
    return Labels(
        category=Category(row["category"]),
        also=frozenset(Category(one) for one in row.get("also") or ()),
        flags=frozenset(Flag(one) for one in row.get("flags") or ()),
        reason=Reason(row["reason"]) if row.get("reason") else None,
    )


def example_from(row: Mapping[str, Any], source: str) -> Example:
    """Read one line of a corpus file."""
    text = Text(channel=row["channel"], subject=row.get("subject"), text=row["text"])
    return Example(id=str(row["id"]), source=source, text=text, labels=labels_from(row))


def read_corpus(folder: Path) -> Iterator[Example]:
    """Yield the examples of every ``*.jsonl`` of a folder, files by name, lines in order."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    yield example_from(json.loads(line), path.stem)
                except (ValueError, KeyError) as error:
                    raise ValueError(f"{path}, line {number}: {error}") from error


def digest(examples: Iterable[Example]) -> str:
    """Return a SHA-256 (hex) over all that the examples say, which names the corpus a model was made from."""
    hashing = hashlib.sha256()
    for example in examples:
        labels = example.labels
        said = [example.id, example.text.channel, example.text.subject, example.text.text, labels.category, labels.reason]
        hashing.update(json.dumps([*said, sorted(labels.also), sorted(labels.flags)], ensure_ascii=False).encode())
    return hashing.hexdigest()
