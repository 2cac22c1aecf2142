"""The hazards of SI 2025/1042 with the days from which the law's times bind us: data with dates, in ``hazards.csv``.

``confirm`` stands at every row of which a date was announced but not yet seen in an instrument: a landlord checks them before
relying on them (docs/hazards.md). The list is the 29 hazards of the Housing Health and Safety Rating System.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

Level = Literal["emergency", "significant", "none", "outside"]
LEVELS: dict[str, str] = {
    "emergency": "An emergency: somebody may soon be badly hurt (make safe within 24 hours)",
    "significant": "A significant hazard (look within 10 working days)",
    "none": "No hazard, or one that harms nobody",
    "outside": "A hazard outside this law: not our tenancy, or not our building",
}
RUNNING: frozenset[str] = frozenset({"emergency", "significant"})
"""Levels that set clocks."""
TENURES: dict[str, str] = {
    "tenant": "Our tenant",
    "unknown": "Not known yet: treated as our tenant",
    "not_tenant": "Not our tenant, such as a leaseholder or a visitor",
}
OTHER = "other"
"""Any hazard that the list does not name: an emergency binds us whatever it is."""
FILE = Path(__file__).with_name("hazards.csv")


@dataclass(frozen=True, kw_only=True, slots=True)
class HazardKind:
    """A hazard of the list: since when emergencies of it, and significant ones, have the law's times; None: not yet."""

    kind: str
    name: str
    example: str
    emergency_from: date | None
    significant_from: date | None
    confirmed: bool

    def since(self, level: str) -> date | None:
        """Return the day from which the law's times bind us at this level; None where no day is set."""
        return self.emergency_from if level == "emergency" else self.significant_from

    def binds(self, level: str, on: date) -> bool:
        """Return whether the law's times bind us for what we became aware of on this day."""
        since = self.since(level)
        return since is not None and since <= on


@cache
def hazards() -> Mapping[str, HazardKind]:
    """Return every hazard by its kind, in the order of the list."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = [_kind(row) for row in csv.DictReader(lines)]
    other = HazardKind(
        kind=OTHER,
        name="Something else",
        example="",
        emergency_from=min(row.emergency_from for row in rows if row.emergency_from),
        significant_from=None,
        confirmed=False,
    )
    return {row.kind: row for row in (*rows, other)}


def name_of(kind: str) -> str:
    """Return a hazard's name; one that is listed no more by its kind."""
    found = hazards().get(kind)
    return found.name if found is not None else kind.replace("_", " ")


def what_binds(kind: str, level: str, on: date) -> str:
    """Say whether the law's own times run, for whoever assessed it: where they do not yet, ours run all the same."""
    hazard = hazards()[kind]
    if hazard.binds(level, on):
        return ""
    since = hazard.since(level)
    if since is None:
        return "The law sets no times for this one yet, so the clock is our own practice."
    told = f"{since.day} {since:%B %Y}{'' if hazard.confirmed else ' (to be confirmed)'}"
    return f"The law's own times for this one begin on {told}, so until then the clock is our own practice."


def _kind(row: Mapping[str, str]) -> HazardKind:
    return HazardKind(
        kind=row["kind"],
        name=row["name"],
        example=row["example"],
        emergency_from=_day(row["emergency_from"]),
        significant_from=_day(row["significant_from"]),
        confirmed=row["status"] == "in force",
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
