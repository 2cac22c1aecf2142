"""The settings of what people may offer residents, and of what they read beside the amount, ``[remedies]``."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from desk.places import Strict
from handlers.course.guidance import Band, Guidance, Reading
from handlers.course.limits import Limits

PENCE = 100
Pounds = Annotated[int, Field(ge=0)]


class ReadingSettings(Strict):
    """Something to read beside an amount: its title, and the address where it stands."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    link: Annotated[str, Field(pattern=r"^https?://\S+$")]


class BandSettings(Strict):
    """What the landlord's own policy offers for what; both amounts belong to it, and pence above ``to_pounds`` too."""

    from_pounds: Pounds
    to_pounds: Pounds
    what_for: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _in_order(self) -> BandSettings:
        if self.from_pounds > self.to_pounds:
            raise ValueError("from_pounds is more than to_pounds: a band goes from the lesser amount to the greater")
        return self


class RemedySettings(Strict):
    """Up to how many pounds an officer and a manager may each offer without a second person (Code 5.13).

    ``policy`` is the landlord's compensation policy, ``guidance`` the Ombudsman's, ``bands`` are those of the policy (Code 7.4).
    """

    officer_pounds: Pounds = 250
    manager_pounds: Pounds = 1_000
    policy: ReadingSettings | None = None
    guidance: ReadingSettings | None = None
    bands: tuple[BandSettings, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> RemedySettings:
        if self.officer_pounds > self.manager_pounds:
            raise ValueError("officer_pounds is more than manager_pounds: a manager may offer at least what an officer may")
        if any(one.to_pounds >= other.from_pounds for one, other in pairwise(self.bands)):
            raise ValueError("bands: write them from the lowest to the highest, each beginning above the end of the one before")
        return self

    def limits(self) -> Limits:
        """Return the limits as acts know them."""
        return Limits(officer=self.officer_pounds * PENCE, manager=self.manager_pounds * PENCE)

    def beside(self) -> Guidance:
        """Return what is read beside an amount, as acts know it."""
        readings = [Reading(title=one.title, link=one.link) for one in (self.policy, self.guidance) if one is not None]
        bands = [
            Band(lowest=one.from_pounds * PENCE, highest=one.to_pounds * PENCE + PENCE - 1, what_for=one.what_for)
            for one in self.bands
        ]
        return Guidance(readings=tuple(readings), bands=tuple(bands))
