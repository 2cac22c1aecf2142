"""A hazard in a few words, as forms and the case page say it."""

from __future__ import annotations

from desk.web.words import clock, day, weekday
from handlers.hazards.catalogue import name_of
from store.hazard_models import Hazard
from store.models import Deadline

LEVELS = {"emergency": "emergency", "significant": "significant", "none": "no hazard", "outside": "outside this law"}
COLOURS = {"emergency": "red", "significant": "orange"}
STEPS = {
    "hazard_emergency": "make safe",
    "hazard_investigate": "look into it",
    "hazard_summary": "written summary",
    "hazard_make_safe": "make safe",
    "hazard_begin": "begin further works",
}


def hazard_line(hazard: Hazard) -> str:
    """Return what it is, and since when we know."""
    return f"{name_of(hazard.kind)}, {LEVELS[hazard.level]}, known since {day(hazard.aware_at)}"


def owed(rows: list[Deadline]) -> str:
    """Return what is owed of it, the nearest first; an hour counts where hours do."""
    running = sorted((row for row in rows if row.met_at is None and row.superseded_at is None), key=lambda row: row.due_at)
    return "; ".join(f"{STEPS.get(row.rule, row.rule)} by {weekday(row.due_at)}{_time(row)}" for row in running)


def _time(row: Deadline) -> str:
    return f", {clock(row.due_at)}" if row.rule == "hazard_emergency" else ""
