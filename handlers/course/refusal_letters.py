"""The letters of a refusal: a complaint not taken on, one not looked at again, and one that is looked into after all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from handlers.course.refusal_grounds import GROUNDS, Facts, Ground, in_plain_words
from handlers.landlord import Landlord, Office
from handlers.letter_blocks import Block, blocks
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More
from store.states import Stage

REFUSED, NOT_REOPENED, TAKEN_ON = "complaint_refused", "not_reopened", "taken_on_again"
RIGHT = (
    "You do not have to accept this. You can take your complaint to the Ombudsman ({office}). "
    "The Ombudsman can tell us to look into it."
)
Source = Literal["ombudsman", "evidence", "ourselves"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedMore(More):
    """Why something is refused: the ground in plain words, the reasons of this very case, and the right to the Ombudsman."""

    of_stage: Literal[1, 2]
    ground: str
    reasons: tuple[Block, ...]
    right: str
    reach: tuple[str, ...]
    """How to reach the Housing Ombudsman: name, telephone, website and post."""

    def must_say(self) -> tuple[str, ...]:
        """Return the ground, every line of the reasons, the right to the Ombudsman, and how to get there (Code 2.4)."""
        return (self.ground, *(line for block in self.reasons for line in block.lines), self.right, *self.reach)


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenOn(More):
    """Why a complaint is looked into after all, and since when its new dates run; the day of receipt stays."""

    of_stage: Literal[1, 2]
    source: Source
    told_on: date
    office: str
    answer_by: date

    def must_say(self) -> tuple[str, ...]:
        """Return the stage, by when we answer, and, where an ombudsman told us, who did and when (Code 2.4)."""
        told = (self.office, day(self.told_on)) if self.source == "ombudsman" else ()
        return (f"stage {self.of_stage}", day(self.answer_by), *told)


def refused_more(ground: Ground, facts: Facts, reasons: str, stage: Stage, landlord: Landlord) -> RefusedMore:
    """Return what the letter of a refusal says beyond what all letters say."""
    office = landlord.housing_ombudsman
    return RefusedMore(
        of_stage=2 if stage is Stage.TWO else 1,
        ground=in_plain_words(ground, facts),
        reasons=blocks(reasons),
        right=RIGHT.format(office=office.name),
        reach=_reach(office),
    )


def _reach(office: Office) -> tuple[str, ...]:
    return tuple(filter(None, (office.name, office.phone, office.website, office.post)))


_DAY = date(2026, 9, 30)
_FACTS = Facts(number="AB 12345", on=_DAY, what="a broken gate", who="the parks team")
_REASONS = "You wrote about the gate of the car park. We looked at the map. The gate is on the land of the parks team."


def _refusals(landlord: Landlord) -> Mapping[str, More]:
    one = {
        str(ground): refused_more(ground, _FACTS, _REASONS, Stage.ONE, landlord)
        for ground in (Ground.OTHER_SERVICE, *Ground)
        if ground is not Ground.NO_NEW_EVIDENCE
    }
    two = {
        f"{ground} at stage 2": refused_more(ground, _FACTS, _REASONS, Stage.TWO, landlord)
        for ground, one_of in GROUNDS.items()
        if Stage.TWO in one_of.stages and ground is not Ground.NO_NEW_EVIDENCE
    }
    return one | two


def _not_reopened(landlord: Landlord) -> Mapping[str, More]:
    facts = Facts(on=_DAY, what="a photo of the gate")
    reasons = "The photo shows the gate on 2 March. We had this photo from you in June, and we looked at it then."
    return {
        f"stage {stage}": refused_more(Ground.NO_NEW_EVIDENCE, facts, reasons, stage, landlord)
        for stage in (Stage.TWO, Stage.ONE)
    }


def _taken_on(landlord: Landlord) -> Mapping[str, More]:
    found: dict[str, More] = {}
    for source in ("ombudsman", "evidence", "ourselves"):
        for stage in (1, 2):
            found[f"{source}, stage {stage}"] = TakenOn(
                of_stage=stage,
                source=source,
                told_on=_DAY,
                office=landlord.housing_ombudsman.name,
                answer_by=_DAY,
            )
    return found


KINDS_OF_REFUSAL = (
    KindOfLetter(name=REFUSED, samples=_refusals),
    KindOfLetter(name=NOT_REOPENED, samples=_not_reopened),
    KindOfLetter(name=TAKEN_ON, samples=_taken_on),
)
