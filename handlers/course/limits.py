"""Up to how much money people may offer a resident without a second person (Code 5.13)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The most that an officer and a manager may each offer alone, in pence."""

    officer: int = 25_000
    manager: int = 100_000

    def of(self, *, manager: bool) -> int:
        """Return the limit of a manager or an officer."""
        return self.manager if manager else self.officer
