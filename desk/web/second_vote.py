"""What a second reader said of a message, as the review card shows it: one voice among others, and no verdict."""

from __future__ import annotations

from dataclasses import dataclass

from store.models import Case, Message
from store.second_rows import answers_about, told
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondVote:
    """A vote: the code of the category, and of the reason where it is out of scope, and why in the reader's own words."""

    category: str
    reason: str | None
    why: str
    model: str


def second_vote(glance: Glance, case: Case | None, message: Message | None) -> SecondVote | None:
    """Return the vote on this message, if there was one; an answer that was no vote is told in the case's history alone."""
    if case is None or case.id is None or message is None or message.id is None:
        return None
    answers = [(event.why, told(event)) for event in answers_about(glance, case.id, message.id)]
    votes = [
        SecondVote(category=kept["category"], reason=kept["reason"], why=why, model=kept["model"])
        for why, kept in answers
        if kept["category"]
    ]
    return votes[-1] if votes else None
