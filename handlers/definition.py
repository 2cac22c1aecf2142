"""The draft definition of a complaint: numbered points in the resident's own words (Code 5.6, 5.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Responsibility = Literal["ours", "not_ours", "being_clarified"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One matter as the resident put it, and whether the landlord answers for it; ``who`` names the other office."""

    words: str
    responsibility: Responsibility
    who: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """What we understand and what is sought; with no outcomes there is a question instead (Code 5.6)."""

    points: tuple[Point, ...]
    outcomes: tuple[str, ...]
    question: str | None = None
