"""The letters that answer a complaint: the seven blocks of Code 6.9 and 6.19, or no letter at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from handlers.landlord import Landlord
from handlers.letter_blocks import Block, blocks
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More
from handlers.redaction import visible

LETTERS: dict[str, str] = {"1": "complaint_answered", "2": "final_response"}
"""The letter that answers each stage."""
FOUND = {
    "upheld": "We agree with you about this (upheld).",
    "partly": "We agree with part of this (partly upheld).",
    "not": "We do not think that we got this wrong (not upheld).",
}
"""What was found, as residents read it."""
NOTHING_WRONG = "We found nothing that we must put right."
NOTHING_OWED = "Nothing is left to do."
STAGE_2 = "ask us to look again"
TO_THE_OMBUDSMAN = "You have 12 months from the date of this letter to do this"
MAY_SAY = frozenset({"upheld", "not upheld", "our decision", "we have decided", "£", "compensation", "refund", "reimburse"})
"""Words of a decision and of what we offer, which no other letter holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PointAnswered:
    """A point with what was found, why, and by what it was measured."""

    number: int
    words: str
    finding: str
    reasons: tuple[Block, ...]
    reference: str

    @property
    def found(self) -> str:
        """Return the finding in a sentence."""
        return FOUND[self.finding]


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedySaid:
    """What puts things right: its kind, what it is, and by when, or that it is done; ``about`` names points where it is not for all."""

    kind: str
    what: str
    amount: str = ""
    due_on: date | None = None
    done: bool = False
    about: str = ""

    def must_say(self) -> tuple[str, ...]:
        """Return what no wording may leave out: for which points, what, how much, and by when."""
        when = day(self.due_on) if self.due_on is not None and not self.done else ""
        return tuple(filter(None, (self.kind, self.about, self.what.rstrip("."), self.amount, when)))


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionSaid:
    """What is still to be done, by whom and by when."""

    what: str
    owner: str
    due_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered(More):
    """What the answer of a stage says; ``go_until`` is the last day to go to the Ombudsman with it."""

    at_stage: Literal[1, 2]
    answers: tuple[PointAnswered, ...]
    decision: tuple[Block, ...]
    looked_at: tuple[str, ...]
    remedies: tuple[RemedySaid, ...]
    actions: tuple[ActionSaid, ...]
    go_until: date

    def must_say(self) -> tuple[str, ...]:
        """Return the seven blocks (Code 6.9, 6.19): stage, points, decision, reasons, remedy, actions, how to go on."""
        said = [f"stage {self.at_stage}", *_lines(self.decision)]
        for answer in self.answers:
            said += [answer.words, answer.found, *_lines(answer.reasons), answer.reference]
        said += [part for remedy in self.remedies for part in remedy.must_say()]
        said += [NOTHING_WRONG] if not self.remedies else []
        said += [part for action in self.actions for part in (action.what, action.owner, day(action.due_on))]
        said += [NOTHING_OWED] if not self.actions else []
        return (*said, *self._onwards())

    def _onwards(self) -> tuple[str, ...]:
        if self.at_stage == 1:
            return (STAGE_2, "stage 2")
        return ("final response", TO_THE_OMBUDSMAN, day(self.go_until))


def _lines(found: tuple[Block, ...]) -> list[str]:
    return [line for block in found for line in block.lines]


def one_line(words: str) -> str:
    """Return an officer's words as one line of a letter, without what cannot be seen."""
    return " ".join(visible(words).split())


def in_blocks(words: str) -> tuple[Block, ...]:
    """Return an officer's words as paragraphs and lists."""
    return blocks(words)


def a_year_on(written_on: date) -> date:
    """Return the last day of the twelve months in which a final response can be taken to the Ombudsman (policy 5.2)."""
    try:
        return written_on.replace(year=written_on.year + 1)
    except ValueError:  # 29 February
        return date(written_on.year + 1, 3, 1) - timedelta(days=1)


def _sample(stage: Literal[1, 2], *, all_well: bool) -> Answered:
    written = date(2026, 9, 30)
    first = PointAnswered(
        number=1,
        words="My kitchen tap has been dripping since March.",
        finding="not" if all_well else "upheld",
        reasons=in_blocks(
            "We mended the tap on the day you told us."
            if all_well
            else "You told us then.\n\n- We did not come.\n- We did not ring."
        ),
        reference="Our repairs policy, part 3",
    )
    second = PointAnswered(
        number=2,
        words="Nobody came on Tuesday.",
        finding="partly",
        reasons=in_blocks("He came late, at 6pm."),
        reference="Our repairs policy, part 5",
    )
    sorry = RemedySaid(kind="An apology", what="We are sorry.", done=True)
    money = RemedySaid(kind="Money", what="For your wait.", amount="£50", about="point 1", due_on=written + timedelta(days=14))
    tap = ActionSaid(what="Put in a new tap", owner="Repairs Team", due_on=written + timedelta(days=7))
    return Answered(
        at_stage=stage,
        answers=(first,) if all_well else (first, second),
        decision=in_blocks("We did what we promised." if all_well else "We took too long, and we are sorry."),
        looked_at=("Your message", "The repair log"),
        remedies=() if all_well else (sorry, money),
        actions=() if all_well else (tap,),
        go_until=a_year_on(written),
    )


def _samples_of(stage: Literal[1, 2]) -> Mapping[str, More]:
    return {"plain": _sample(stage, all_well=False), "nothing went wrong": _sample(stage, all_well=True)}


def _first_stage(landlord: Landlord) -> Mapping[str, More]:  # noqa: ARG001  # every kind's samples are asked for alike
    return _samples_of(1)


def _second_stage(landlord: Landlord) -> Mapping[str, More]:  # noqa: ARG001
    return _samples_of(2)


KINDS = (
    KindOfLetter(name=LETTERS["1"], samples=_first_stage, may_say=MAY_SAY),
    KindOfLetter(name=LETTERS["2"], samples=_second_stage, may_say=MAY_SAY),
)
