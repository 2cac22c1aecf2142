"""The letters about dangers: what was found in a home (SI 2025/1042) or on a building, and that the rules of high ones do not apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from handlers.landlord import Landlord
from handlers.letter_blocks import Block, blocks
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More

SUMMARY, GENERAL, FINDINGS = "hazard_summary", "general_policy", "findings_shared"


@dataclass(frozen=True, kw_only=True, slots=True)
class HazardSummary(More):
    """The written summary to the named tenant: what was looked for and found, what is done about it, and by when."""

    tenant: str
    hazard_name: str
    looked_on: date
    found: tuple[Block, ...]
    doing: tuple[Block, ...] = ()
    safe_on: date | None = None
    safe_by: date | None = None
    begin_by: date | None = None

    def must_say(self) -> tuple[str, ...]:
        """Return what the regulations owe the tenant: whom it is for, the hazard, what was found, what is done and by when."""
        dates = [self.safe_on, self.begin_by] if self.safe_on else [self.safe_by, self.begin_by if self.safe_by else None]
        days = (day(one) for one in (self.looked_on, *dates) if one is not None)
        return (self.tenant, self.hazard_name, *_lines(self.found), *_lines(self.doing), *days)


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneralPolicy(More):
    """That a matter is not under the rules for high-rise buildings, why, and that it is handled all the same (policy 8.1.4)."""

    building_words: str
    reasons: tuple[Block, ...]

    def must_say(self) -> tuple[str, ...]:
        """Return what policy 8.1.4 owes: how it is handled now, and why."""
        return ("handled under our general policy", *_lines(self.reasons))


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingsShared(More):
    """What was found so far, and by when they may say what they think."""

    findings: tuple[Block, ...]
    say_by: date

    def must_say(self) -> tuple[str, ...]:
        """Return what policy 8.3.3 owes: the findings, and the day by which they may answer them."""
        return (*_lines(self.findings), day(self.say_by))


def _lines(found: Iterable[Block]) -> tuple[str, ...]:
    return tuple(line for block in found for line in block.lines)


def _summaries(_landlord: Landlord) -> Mapping[str, More]:
    found = blocks("There is black mould on the bedroom wall. A gutter leaks, and water comes through the wall.")
    doing = blocks("- we clean the mould on Tuesday 5 January 2027\n- we mend the gutter in the same week")
    bare = HazardSummary(tenant="Ada Resident", hazard_name="Damp and mould", looked_on=date(2026, 12, 29), found=found)
    danger = replace(bare, doing=doing, safe_by=date(2027, 1, 6), begin_by=date(2027, 3, 23))
    safe = replace(bare, doing=doing, safe_on=date(2026, 12, 29))
    nothing = replace(bare, found=blocks("The wall is dry. We found no mould."))
    return {"a hazard": danger, "made safe already": safe, "nothing found": nothing}


def _generals(_landlord: Landlord) -> Mapping[str, More]:
    reasons = blocks("The building has four floors. The rules are for buildings of seven floors or more, or 18 metres or more.")
    return {"plain": GeneralPolicy(building_words="your building", reasons=reasons)}


def _findings(_landlord: Landlord) -> Mapping[str, More]:
    found = blocks("We tested all fire doors on floors 1 to 7.\n\n- Four doors do not shut.\n- The alarm works.")
    return {"plain": FindingsShared(findings=found, say_by=date(2026, 12, 31))}


KINDS = (
    KindOfLetter(name=SUMMARY, samples=_summaries),
    KindOfLetter(name=GENERAL, samples=_generals),
    KindOfLetter(name=FINDINGS, samples=_findings),
)
