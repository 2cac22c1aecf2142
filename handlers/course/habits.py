"""What the landlord settles of time: how often a late complaint's resident is written to, and whose details are checked when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """``update_days`` are days between two updates where nothing was agreed; ``offices`` say when each was last checked."""

    update_days: int = 7
    offices_months: int = 3
    offices: Mapping[str, date] = field(default_factory=dict)
