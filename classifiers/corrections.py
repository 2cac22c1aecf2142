"""What a landlord's staff said of messages: labels to learn from, with who said so and why, and what the machine had said."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from classifiers.examples import Example, Labels
from classifiers.taxonomy import Category

SOURCE: Final = "corrections"
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
FROZEN_ONE_IN: Final = 5
"""Of the messages that staff judged, one in so many never trains: on these an old and a new model are compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What the machine said of a message when it came, and whether it may have acted on that by itself."""

    labels: Labels
    scores: dict[Category, float]
    automatic: bool
    code: str
    """What stands before the colon in the reason for its route."""
    model: str
    drawn: bool = False
    """The lot sent it to a person, though the machine was sure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A message with a person's word on it; ``machine`` is None where no machine ever judged it.

    ``case`` and ``sender`` tell whether two are of one matter or one person; where they are not known, each is of its own.
    ``names`` are the words of the names and addresses of whoever belongs to the case.
    """

    example: Example
    by: str
    why: str
    machine: Judged | None = None
    case: str = ""
    sender: str = ""
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Let what is not known be the message's own."""
        object.__setattr__(self, "case", self.case or self.example.id)
        object.__setattr__(self, "sender", self.sender or self.case)

    @property
    def frozen(self) -> bool:
        """Tell whether it never trains: by SHA-256 of the id, so that the part stays as corrections come in."""
        return int(hashlib.sha256(self.example.id.encode()).hexdigest(), 16) % FROZEN_ONE_IN == 0

    @property
    def changes(self) -> bool:
        """Tell whether the person said anything else than the machine had said."""
        return self.machine is not None and self.machine.labels != self.example.labels


def words_of_names(names: Iterable[str | None]) -> frozenset[str]:
    """Return the words of people's names and addresses as a message's words are counted: whole, and in their parts."""
    held = " ".join(name for name in names if name).lower().replace("\u2019", "'")
    return frozenset([*(word.strip(".,;:()<>\"'") for word in held.split()), *_LETTERS.findall(held)])


def by_whom(corrections: Sequence[Correction]) -> dict[str, int]:
    """Count the corrections of each person."""
    return dict(sorted(Counter(one.by for one in corrections).items()))
