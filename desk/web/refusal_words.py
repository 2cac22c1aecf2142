"""What the desk says of refusals and of ombudsmen: grounds with what they ask for, states, and kinds of orders."""

from __future__ import annotations

from desk.web import words
from handlers.course.refusal_grounds import GROUNDS, TO_REFUSE, FactName, Ground, facts_of, in_plain_words
from store.course_models import Refusal
from store.models import Stage

STATES = {
    "proposed": ("Waits for a second person", "yellow"),
    "refused": ("Refused", "red"),
    "sent_back": ("Sent back", "grey"),
    "withdrawn": ("Withdrawn", "grey"),
    "reopened": ("Taken on after all", "green"),
}
"""How a refusal stands, and the colour of its tag."""
ANY: dict[FactName, str] = {
    "number": "Only for a court claim (its number) and for what had its final response (the reference of that case)",
    "on": "Only for a court claim (when it was filed) and for a final response (when it went)",
    "what": "Only where an appeal, another service, another resident or a first request is the ground. For example: your council tax",
    "who": "Only with the same grounds. For example: the council tax office",
}
GROUND_HINTS: dict[str, dict[FactName, str]] = {
    "": ANY,
    str(Ground.COURT_CLAIM): ANY | {"number": "Of the claim, if you know it", "on": "When the claim form was filed at court"},
    str(Ground.ALREADY_CONSIDERED): ANY | {"number": "Of the case that had it", "on": "When the final response went"},
    str(Ground.OWN_APPEAL): ANY
    | {"what": "As in the letter: your service charge", "who": "For example: the First-tier Tribunal"},
    str(Ground.OTHER_SERVICE): ANY
    | {"what": "As in the letter: your council tax", "who": "For example: the council tax office"},
    str(Ground.ANOTHER_RESIDENT): ANY
    | {"what": "As in the letter: loud music at night", "who": "For example: our estates team"},
    str(Ground.FIRST_REQUEST): ANY | {"what": "As in the letter: a new gate", "who": "For example: our repairs team"},
}
"""Hints beside the facts, by ground."""


def grounds_for(stage: Stage) -> tuple[tuple[str, str], ...]:
    """Return the grounds that fit a stage, as choices."""
    return tuple((str(ground), GROUNDS[ground].label) for ground in TO_REFUSE if stage in GROUNDS[ground].stages)


def ground_in_words(code: str) -> str:
    """Return a ground as officers read it."""
    return GROUNDS[Ground(code)].label if code in set(Ground) else code.replace("_", " ")


def what_was_told(row: Refusal, proposer: str) -> tuple[str, ...]:
    """Return a proposal in sentences, for whoever checks it; ``proposer`` is the colleague's name."""
    ground = Ground(row.ground)
    told = GROUNDS[ground]
    said = "" if ground is Ground.OVER_12_MONTHS else f" {in_plain_words(ground, facts_of(row.facts))}"
    return (
        f"{proposer} proposed it on {words.day(row.proposed_at)}: {told.label.lower()} ({told.provision}).{said}",
        f"Reasons: {row.reasons}",
        f"What shows it: {row.evidence}",
    )
