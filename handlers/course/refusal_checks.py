"""What a proposal to refuse must hold before anybody reads it: a ground that fits, its facts, reasons of this very case (Code 2)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date

from handlers import references
from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import london_day
from handlers.course.discretion import decided
from handlers.course.refusal_grounds import GROUNDS, TO_REFUSE, FactName, Facts, Ground, in_plain_words
from handlers.course.refusal_state import answered
from handlers.course.stages import record_of
from handlers.course.twelve_months import counted_from, is_late
from handlers.letter_words import day
from store.course_models import Discretion
from store.models import Case, Stage
from store.staff_rows import called

OWN_WORDS = 6
"""Words that reasons must have which the ground itself does not say."""
LONGEST_FACT = 300
MISSING: dict[FactName, str] = {
    "number": "Give the number or the reference",
    "on": "Give the date",
    "what": "Say what it is about, as it would stand in the letter",
    "who": "Say who deals with it",
}
NO_CLAIM = (
    "Give the number of the claim, or the day on which it was filed at court. A threat to sue, or a letter before claim, "
    "is no ground (Code 2.2)"
)
DIGIT = re.compile(r"\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What somebody proposes: the ground with its facts, the reasons in this case, and the evidence for them (Code 2.1)."""

    ground: str
    reasons: str
    evidence: str
    facts: Facts = field(default_factory=Facts)

    def named(self) -> Ground:
        """Return the ground, which is one of the list."""
        if self.ground not in set(Ground):
            raise Refused("Choose one of the grounds: there are no others (Code 2.2, policy 2.4)", "ground")
        return Ground(self.ground)


def reasons_key(reasons: str) -> str:
    """Return the same key for the same words, whatever their capitals, blanks and points (Code 2.5)."""
    return hashlib.sha256(" ".join(_words(reasons)).encode()).hexdigest()


def whole(act: Act, stage: Stage, proposal: Proposal) -> tuple[Ground, Facts]:
    """Return the ground and its facts, or refuse with what to mend."""
    ground = proposal.named()
    told = GROUNDS[ground]
    if stage not in told.stages:
        raise Refused("It was taken on at stage 1, so this is no reason to refuse stage 2 (Code 5.11)", "ground")
    facts = _complete(ground, proposal.facts)
    if ground in TO_REFUSE:
        facts = _grounded(act, ground, facts)
    reasoned(proposal.evidence, "evidence")
    _require_own_words(ground, facts, proposal.reasons)
    return ground, facts


def _complete(ground: Ground, facts: Facts) -> Facts:
    told = GROUNDS[ground]
    given = {name: getattr(facts, name) for name in told.asks}
    for name, value in given.items():
        if isinstance(value, str) and len(value) > LONGEST_FACT:
            raise Refused(f"Make it {LONGEST_FACT} characters or fewer", name)
        if not value and not told.one_of:
            raise Refused(MISSING[name], name)
    # What a ground does not ask for is not kept: nothing stands beside a refusal that nobody weighed.
    return Facts(**given)


def _grounded(act: Act, ground: Ground, facts: Facts) -> Facts:
    if ground is Ground.OVER_12_MONTHS:
        return replace(facts, on=_discretion(act))
    if ground is Ground.COURT_CLAIM:
        _filed(facts, london_day(act.now))
    if ground is Ground.ALREADY_CONSIDERED:
        return _considered(act, facts)
    return facts


def _discretion(act: Act) -> date:
    """Return the day from which its twelve months ran; only a decision not to use discretion makes its age a ground (Code 2.3)."""
    found = decided(act.unit, act.case_id)
    if found is None:
        raise Refused(
            "Consider first whether there is good reason to look into it all the same, and keep that (Code 2.3)", "ground"
        )
    if found.taken_on:
        raise Refused(
            f"{called(act.unit, found.by)} decided to look into it all the same, so its age is no ground (Code 2.3)", "ground"
        )
    return _late_since(found, london_day(act.case.received_at))


def _late_since(found: Discretion, received_on: date) -> date:
    if not is_late(found.occurred_on, found.aware_on, received_on):
        raise Refused("It came within its twelve months, so its age is no ground (Code 2.3)", "ground")
    return counted_from(found.occurred_on, found.aware_on)


def _filed(facts: Facts, today: date) -> None:
    if facts.on is None and not DIGIT.search(facts.number):
        raise Refused(NO_CLAIM, "number")
    if facts.on is not None and facts.on > today:
        raise Refused("A claim that is still to be filed is no ground: give the day on which it was filed (Code 2.2)", "on")


def _considered(act: Act, facts: Facts) -> Facts:
    """Hold the earlier case against what is kept of it: what had no final response has not been considered (Code 2.2)."""
    if facts.on is not None and facts.on > london_day(act.now):
        raise Refused("The final response cannot be of a day to come", "on")
    try:
        reference = str(references.parse(facts.number))
    except references.NotAReference:
        return facts  # from before this house kept cases
    found = act.unit.find(Case, reference=reference)
    if not found:
        return facts
    earlier = found[0].id or 0
    if earlier == act.case_id:
        raise Refused("Give the reference of the earlier case, not of this one", "number")
    record = record_of(act.unit, earlier, Stage.TWO)
    if not answered(act.unit, earlier, Stage.TWO):
        raise Refused(f"{reference} has had no final response, so the resident may have stage 2 of it (Code 6.10)", "number")
    went = london_day(record.answered_at) if record is not None and record.answered_at else None
    if went is not None and went != facts.on:
        raise Refused(f"The final response of {reference} went on {day(went)}: give that date", "on")
    return replace(facts, number=reference)


def _require_own_words(ground: Ground, facts: Facts, reasons: str) -> None:
    """Refuse reasons that say no more than the ground says of every case (Code 2.1, 2.5)."""
    reasoned(reasons, "reasons")
    general = {*_words(GROUNDS[ground].label), *_words(in_plain_words(ground, facts))}
    if len({word for word in _words(reasons) if word not in general}) < OWN_WORDS:
        raise Refused(
            "Say in words of your own what it is in this very case: the ground alone is no reason (Code 2.1)", "reasons"
        )


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'’]+", text.casefold())
