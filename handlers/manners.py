"""Whether a message may be answered by machine: every refusal carries the name of its rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Manners:
    """May an automatic letter go out? ``rule`` names what held it back, ``why`` says it in words for the case."""

    answer: bool
    rule: str | None
    why: str

    def __post_init__(self) -> None:
        """Refuse silence without a rule's name (design section 2, 6)."""
        if self.answer == (self.rule is not None):
            raise ValueError("a rule is named exactly when no answer is sent")
