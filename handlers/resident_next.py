"""What happens next with a case, in the words of its resident's page."""

from __future__ import annotations

from classifiers.taxonomy import Category
from store.models import Case, CaseStatus, Stage

TRIAGE = (
    "A person will read what you wrote and decide what it is.",
    "If it is a complaint, it counts from the day on which we got it. You lose no time.",
)
SIGNPOSTED = ("We told you in our letter who can help you.", "Write to us here if that does not help, or if we got it wrong.")
CLOSED = ("We have closed this case.", "Write to us here if something is not right. Then we look at it again.")
CLOSED_COMPLAINT = (
    "We have closed this case.",
    "If you do not agree with our answer, you can ask us to look again. You do not need to give a reason.",
)
CLOSED_FINAL = ("We have given our final answer.", "If you do not agree with it, you can go to the Ombudsman.")
REFUSED = (
    "We wrote to you and told you why we do not look into this{further}.",
    "You do not have to accept that. You can take it to the Ombudsman.",
    "If you know something new, write to us here. Then a person looks at it again.",
    "Any repair or other request that you have with us goes on.",
)
STAGE_1 = (
    "The {team} looks into your complaint with an open mind. They may phone you to talk about it.",
    "If we need more time, we write to you before the date of our answer, and tell you why.",
    "Any repair or other request that you have with us goes on meanwhile.",
)
STAGE_2 = (
    "Somebody who did not deal with it at stage 1 looks at your complaint again.",
    "That gives you our final answer. If you do not agree with it, you can go to the Ombudsman.",
    "Any repair or other request that you have with us goes on meanwhile.",
)
OPEN = (
    "The {team} deals with it. They contact you if they need to know more, or to agree a time.",
    "If it gets worse, write to us here or phone us.",
)

JOINED = "A person found that this is about the same thing as another case with us. We look into both together."
JOINED_TO = "It goes on under the reference {reference}. Please use that from now on."
NOT_THE_SAME = "If it is not the same, write to us here. Then a person looks at it again."


def joined_steps(reference: str | None) -> tuple[str, ...]:
    """Return what happens next with a case that goes on in another; without its reference for whoever does not belong there."""
    return (JOINED, *([JOINED_TO.format(reference=reference)] if reference else []), NOT_THE_SAME)


def next_steps(case: Case, team: str, *, refused: bool = False) -> tuple[str, ...]:
    """Return what happens next, a sentence or two to each step; dates stand apart, as they were stored.

    ``refused`` says that the party was told that two people refused it, and that it was not taken on since.
    """
    if refused:
        further = " further" if case.stage == Stage.TWO else ""
        return tuple(step.format(further=further) for step in REFUSED)
    return tuple(step.format(team=team) for step in _steps(case))


def _steps(case: Case) -> tuple[str, ...]:
    is_complaint, is_final = case.category == Category.COMPLAINT, case.stage == Stage.TWO
    if case.status is CaseStatus.CLOSED:
        return (CLOSED_FINAL if is_final else CLOSED_COMPLAINT) if is_complaint else CLOSED
    if case.status is CaseStatus.TRIAGE:
        return TRIAGE
    if is_complaint:
        return STAGE_2 if is_final else STAGE_1
    return SIGNPOSTED if case.status is CaseStatus.SIGNPOSTED else OPEN
