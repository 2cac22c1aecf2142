"""The class that says how long a case is kept, where it is not the ordinary one."""

from __future__ import annotations

from collections.abc import Collection

from classifiers.taxonomy import Flag

BUILDING_SAFETY = "building_safety_7y"
"""Complaints about a building's safety are kept for seven years, with what came of them (Building Safety Act 2022 s.93)."""


def class_of(flags: Collection[str]) -> str | None:
    """Return the class of a case with these flags; None is the ordinary one."""
    return BUILDING_SAFETY if Flag.BUILDING_SAFETY in flags else None
