"""The grounds on which people may refuse a complaint: a closed list, what each asks for, and how the letter says it.

Code 2.1 to 2.5 and policy 2.4; a threat to sue, a letter before claim, how somebody writes and a missing name are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from handlers.letter_words import day
from store.states import Stage

FactName = Literal["number", "on", "what", "who"]
BOTH = frozenset(Stage)


class Ground(StrEnum):
    """Why a complaint, its second stage or its reopening is refused; there is no other."""

    OVER_12_MONTHS = "over_12_months"
    COURT_CLAIM = "court_claim"
    ALREADY_CONSIDERED = "already_considered"
    OWN_APPEAL = "own_appeal"
    OTHER_SERVICE = "other_service"
    ANOTHER_RESIDENT = "another_resident"
    FIRST_REQUEST = "first_request"
    NO_NEW_EVIDENCE = "no_new_evidence"


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a ground asks for beside reasons: a number or reference, a date, what it is about, who deals with it."""

    number: str = ""
    on: date | None = None
    what: str = ""
    who: str = ""

    def kept(self) -> dict[str, Any]:
        """Return the facts as plain JSON values."""
        told = {"number": self.number, "on": self.on.isoformat() if self.on else "", "what": self.what, "who": self.who}
        return {name: value for name, value in told.items() if value}


def facts_of(kept: Mapping[str, Any]) -> Facts:
    """Return kept facts as they were told."""
    on = date.fromisoformat(kept["on"]) if kept.get("on") else None
    return Facts(number=kept.get("number", ""), on=on, what=kept.get("what", ""), who=kept.get("who", ""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Grounded:
    """A ground: its name for officers, its provision, the facts it asks for, the stages it fits, and its words in a letter.

    ``one_of`` means that any one of the facts will do; ``stages`` leaves out a stage at which it is no reason.
    """

    label: str
    provision: str
    asks: tuple[FactName, ...]
    says: str
    one_of: bool = False
    stages: frozenset[Stage] = BOTH


GROUNDS: dict[Ground, Grounded] = {
    Ground.OVER_12_MONTHS: Grounded(
        label="Over twelve months old, and there is no good reason to look into it all the same",
        provision="Code 2.2, 2.3",
        asks=(),
        stages=frozenset({Stage.ONE}),
        says=(
            "It is about something from {on} or before. That is more than twelve months before you told us. "
            "We can still look into such things when there is a good reason. So we thought about that too."
        ),
    ),
    Ground.COURT_CLAIM: Grounded(
        label="A claim form was filed at court (not: a threat to sue, or a letter before claim)",
        provision="Code 2.2, policy 2.4",
        asks=("number", "on"),
        one_of=True,
        says=(
            "A claim about this was filed at a court{on}{number}. While the court deals with it, we cannot deal with it as a "
            "complaint. We still try to put the problem right with you. You do not have to wait for the court."
        ),
    ),
    Ground.ALREADY_CONSIDERED: Grounded(
        label="It was looked into before, and has had its final response",
        provision="Code 2.2, policy 2.4",
        asks=("number", "on"),
        says=(
            "We have looked into this before, under the reference {number}. Our final answer was sent on {on}. "
            "You can take that answer to the Ombudsman within twelve months of it."
        ),
    ),
    Ground.OWN_APPEAL: Grounded(
        label="There is an appeal of its own for this, such as against the amount of a rent or service charge",
        provision="policy 2.4",
        asks=("what", "who"),
        says=(
            "It is about {what}. There is a way to appeal that was made just for this, and it can do more for you. "
            "You can appeal to {who}. If you are unhappy with how we treated you, that is still a complaint."
        ),
    ),
    Ground.OTHER_SERVICE: Grounded(
        label="It is about a service that is not ours as a landlord",
        provision="policy 2.4",
        asks=("what", "who"),
        says="It is about {what}. We do not run that as your landlord. You can turn to {who}.",
    ),
    Ground.ANOTHER_RESIDENT: Grounded(
        label="It is about another resident, and is dealt with as a report",
        provision="policy 2.4",
        asks=("what", "who"),
        stages=frozenset({Stage.ONE}),
        says=(
            "It is about {what}. That is about what other people do, and {who} looks into it as a report. "
            "If you are unhappy with how we deal with the report, that is a complaint, and we will log it."
        ),
    ),
    Ground.FIRST_REQUEST: Grounded(
        label="It asks for something for the first time, or is being dealt with in time",
        provision="policy 2.4",
        asks=("what", "who"),
        stages=frozenset({Stage.ONE}),
        says=(
            "You ask us for {what}. We have logged that as a request, and {who} is dealing with it. "
            "If you are unhappy with how we do that, that is a complaint, and we will log it."
        ),
    ),
    Ground.NO_NEW_EVIDENCE: Grounded(
        label="Asked to look again, and nothing new about it came",
        provision="policy 7.4",
        asks=("on", "what"),
        says="On {on} you asked us to look at this again. We read what you sent us: {what}. We compared it with what we knew.",
    ),
}
"""Every ground with its own words."""
TO_REFUSE = tuple(ground for ground in Ground if ground is not Ground.NO_NEW_EVIDENCE)
"""Grounds on which a complaint is not taken on, or not taken to stage 2."""


def in_plain_words(ground: Ground, facts: Facts) -> str:
    """Return the ground as the letter says it, with its facts in their places."""
    on, number = day(facts.on) if facts.on else "", facts.number
    if ground is Ground.COURT_CLAIM:
        on, number = f" on {on}" if on else "", f" under the number {number}" if number else ""
    return GROUNDS[ground].says.format(on=on, number=number, what=facts.what.rstrip(". "), who=facts.who.rstrip(". "))
