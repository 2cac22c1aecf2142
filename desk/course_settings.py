"""The settings of a complaint's course that touch its resident: whether we ring, how long a restriction may last (policy 4.3.2, 7)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from desk.places import Strict
from handlers.people.rules import PeopleRules


class CourseSettings(Strict):
    """``call_residents`` opens a task to ring whoever complained; days are the most that people may choose."""

    call_residents: bool = True
    restriction_days: Annotated[int, Field(ge=2, le=366)] = 182
    restriction_review_days: Annotated[int, Field(ge=1, le=183)] = 91

    @model_validator(mode="after")
    def _review_before_end(self) -> CourseSettings:
        if self.restriction_review_days > self.restriction_days:
            raise ValueError(
                "restriction_review_days: a restriction is reviewed before it ends, so make it no more than restriction_days"
            )
        return self

    def people(self) -> PeopleRules:
        """Return the settings as the handlers take them."""
        return PeopleRules(
            call_residents=self.call_residents,
            restriction_days=self.restriction_days,
            restriction_review_days=self.restriction_review_days,
        )
