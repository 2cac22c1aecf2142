"""What the landlord settles about surveys: where its own is, how long after the end it invites, and how often anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from store.states import Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyRules:
    """Without a ``link`` nobody is invited; the same link goes to everybody, and tells at the most the stage."""

    link: str | None = None
    days_after_closing: int = 7
    once_in_days: int = 180

    @property
    def after(self) -> timedelta:
        """How long a complaint has been closed when its resident is invited."""
        return timedelta(days=self.days_after_closing)

    @property
    def apart(self) -> timedelta:
        """How long after an invitation the same person gets no other."""
        return timedelta(days=self.once_in_days)

    def link_of(self, stage: Stage | None) -> str:
        """Return the address of the survey for a complaint of this stage."""
        return (self.link or "").replace("{stage}", "2" if stage is Stage.TWO else "1")
