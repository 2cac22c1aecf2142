"""The settings of what people may offer residents alone, ``[remedies]``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from desk.places import Strict
from handlers.course.limits import Limits

PENCE = 100


class RemedySettings(Strict):
    """Up to how many pounds an officer and a manager may each offer without a second person (Code 5.13)."""

    officer_pounds: Annotated[int, Field(ge=0)] = 250
    manager_pounds: Annotated[int, Field(ge=0)] = 1_000

    @model_validator(mode="after")
    def _in_order(self) -> RemedySettings:
        if self.officer_pounds > self.manager_pounds:
            raise ValueError("officer_pounds is more than manager_pounds: a manager may offer at least what an officer may")
        return self

    def limits(self) -> Limits:
        """Return the limits as acts know them."""
        return Limits(officer=self.officer_pounds * PENCE, manager=self.manager_pounds * PENCE)
