"""What is read beside an amount before it is offered: guidance on remedies, and the bands of the landlord's own policy (Code 7.4)."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.course.money import pounds


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Something to read, and where it stands."""

    title: str
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """From how many pence to how many the landlord offers for what."""

    lowest: int
    highest: int
    what_for: str

    @property
    def words(self) -> str:
        """Return the band in words."""
        return f"{pounds(self.lowest)} to {pounds(self.highest)}: {self.what_for}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Guidance:
    """All that is to be read beside an amount; nothing of it decides anything."""

    readings: tuple[Reading, ...] = ()
    bands: tuple[Band, ...] = ()

    def band_of(self, pence: int | None) -> str:
        """Return in which band an amount is, in words; nothing where it is no amount, or where no bands are set."""
        if pence is None or not self.bands:
            return ""
        found = next((band for band in self.bands if band.lowest <= pence <= band.highest), None)
        return found.words if found is not None else f"{pounds(pence)} is in none of the landlord's bands"
