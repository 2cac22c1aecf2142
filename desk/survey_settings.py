"""The settings of surveys, ``[surveys]``: the landlord's own page, when its residents are invited, and how often (policy 10.2)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, field_validator

from desk.places import Strict
from handlers.surveys.rules import SurveyRules


class SurveySettings(Strict):
    """``link`` is the same for everybody, but for ``{stage}``, which becomes 1 or 2; without it nobody is invited."""

    link: Annotated[str, Field(max_length=200)] | None = None
    days_after_closing: Annotated[int, Field(ge=1, le=90)] = 7
    once_in_days: Annotated[int, Field(ge=1, le=1_096)] = 180

    @field_validator("link")
    @classmethod
    def _same_for_everybody(cls, link: str | None) -> str | None:
        if link is None:
            return None
        if not re.fullmatch(r"https://[\w-]+(?:\.[\w-]+)+(?:[/?][^\s<>\"'\\]*)?", link, re.ASCII):
            raise ValueError("write the whole address of your survey, such as https://surveys.example.gov.uk/complaints")
        if re.search(r"[{}]", link.replace("{stage}", "")):
            raise ValueError("take out the words in braces: only {stage} may stand there, for a link must not say who answers")
        return link

    def rules(self) -> SurveyRules:
        """Return the settings as the handlers take them."""
        return SurveyRules(link=self.link, days_after_closing=self.days_after_closing, once_in_days=self.once_in_days)
