"""The letter that invites to the landlord's survey: it may be left alone, and changes nothing (policy 10.2, Code 1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.landlord import Landlord
from handlers.more_facts import KindOfLetter, More

LETTER = "survey_invitation"


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyInvitation(More):
    """Where the survey is."""

    link: str

    def must_say(self) -> tuple[str, ...]:
        """Return the address of the survey."""
        return (self.link,)


def _samples(_landlord: Landlord) -> Mapping[str, More]:
    return {"plain": SurveyInvitation(link="https://surveys.example.gov.uk/complaints?stage=1")}


KIND = KindOfLetter(name=LETTER, samples=_samples, automatic=True)
