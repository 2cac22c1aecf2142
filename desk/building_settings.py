"""The settings of building safety, ``[building_safety]``: the landlord's own register of its high-rise buildings."""

from __future__ import annotations

from pathlib import Path

from desk.places import Strict


class BuildingSafetySettings(Strict):
    """``buildings`` is a CSV with a row for each building (docs/hazards.md); without one no building is known by its name."""

    buildings: Path | None = None
