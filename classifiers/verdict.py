"""What a classifier says of a message, and the port through which handlers ask it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from classifiers.taxonomy import Category, Flag, Reason

Route = Literal["auto", "triage"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """What is judged: the writer's own new words, without quotes and signatures."""

    channel: str
    subject: str | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Words that drove the verdict: half-open character offsets into ``Text.text``, and what they speak for."""

    start: int
    end: int
    text: str
    speaks_for: str
    meaning: str | None = None
    """What the words mean in English, where they are of another language and that is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """A category with its evidence; ``scores`` are calibrated probabilities that sum to one."""

    category: Category
    also: tuple[Category, ...] = ()
    flags: tuple[Flag, ...] = ()
    reason: Reason | None = None
    confidence: float
    scores: dict[Category, float]
    candidates: tuple[Category, ...] = ()
    """Which categories cannot be ruled out, the likeliest first; none where nobody looked for them."""
    route: Route
    why: str
    """Why it is routed so, as a short code and sentence, such as ``"sure: 0.97 for complaint"``."""
    evidence: tuple[Span, ...] = field(default=())
    language: str | None = None
    model: str

    def __post_init__(self) -> None:
        """Hold the guide's shape: a reason belongs to ``out_of_scope`` alone, a confidence is a probability."""
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError("confidence is a probability")
        if (self.category is Category.OUT_OF_SCOPE) != (self.reason is not None):
            raise ValueError("out_of_scope has a reason, and nothing else has one")
        if self.category in self.also:
            raise ValueError("`also` lists other categories than the first")


@runtime_checkable
class Classifier(Protocol):
    """Judges one text at a time, with the same answer every time; never raises for any text."""

    model: str

    def classify(self, text: Text) -> Verdict:
        """Judge the text."""
        ...
