"""The settings of what the classifier knows, ``[classifier]``: checked at the start, so that a mistake in a list is mended before mail comes."""

from __future__ import annotations

from pathlib import Path

from pydantic import field_validator

from classifiers.gazetteers import Gazetteer
from classifiers.gazetteers_reading import read_gazetteer
from desk.places import Strict


class ClassifierSettings(Strict):
    """The folder of the landlord's own gazetteers; the packaged example lists are used where there is none."""

    gazetteers: Path | None = None

    @field_validator("gazetteers")
    @classmethod
    def _can_be_read(cls, folder: Path | None) -> Path | None:
        if folder is not None:
            read_gazetteer(folder)
        return folder

    def gazetteer(self) -> Gazetteer | None:
        """Read the landlord's own names as they stand now, or ``None`` where it has no folder of its own."""
        return None if self.gazetteers is None else read_gazetteer(self.gazetteers)
