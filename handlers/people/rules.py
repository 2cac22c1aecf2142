"""What the landlord settles about people: how long a restriction lasts and waits for its review, and whether we ring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleRules:
    """Days at the most; ``call_residents`` says whether an acknowledged complaint opens a task to ring (policy 4.3.2)."""

    restriction_days: int = 182
    restriction_review_days: int = 91
    call_residents: bool = True
