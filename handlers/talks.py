"""Whose case does a message by chat belong to? A chat has no threads: what counts is when, and what is said."""

from __future__ import annotations

from datetime import datetime, timedelta

from classifiers.taxonomy import Category
from handlers.another_matter import says_another
from handlers.follow_ups import Claim
from handlers.understanding import Understood
from store.chat_models import Conversation
from store.models import Case, CaseStatus

SAME_TALK = timedelta(hours=24)
"""Within so long of the last words, what a resident adds is taken for the same matter."""
AFTER_CLOSING = timedelta(days=14)
"""So long words in a conversation still go to its case though it is closed; later they begin a new one."""
TO_ASK = timedelta(days=28)
"""Twenty working days: so long after our answer disagreement is expected (policy 4.3.6), though its case was closed at once."""
WORDS_OF_A_MATTER = 8
"""Fewer words say nothing new by themselves ("any news?"), whatever a classifier thinks of them."""
MATTERS = (Category.COMPLAINT, Category.SERVICE_REQUEST, Category.ASB_REPORT)


def talk_claim(
    message: Understood, talk: Conversation | None, case: Case | None, *, answered_at: datetime | None = None
) -> Claim | None:
    """Return the case that a conversation is about, where this message goes on with it; None where it begins a new matter.

    The platform has proved who writes, so a message of the conversation may join (promise 8). Doubt joins: the words are on a
    case that a person has, and a reply is a task; a second case for "any news?" would bury both. ``answered_at`` is when the
    stage 1 answer of a closed complaint went: who is not satisfied within the days in which that is expected asks for stage 2 (Code 6.10).
    """
    if talk is None or case is None or case.id is None or talk.case_id != case.id:
        return None
    if answered_at is not None and _disagrees(message, answered_at):
        return Claim(case_id=case.id, joins="joins", why="is not satisfied, after our stage 1 answer in the same conversation")
    since = message.arrival.received_at - (talk.spoke_at or talk.heard_at)
    if case.status is CaseStatus.CLOSED and since > AFTER_CLOSING:
        return None
    if since > SAME_TALK and _is_new_matter(message, case):
        return None
    return Claim(case_id=case.id, joins="joins", why=f"goes on in the same conversation, {_ago(since)} after the last words")


def _disagrees(message: Understood, answered_at: datetime) -> bool:
    """Tell whether a complaint comes soon after our answer, and does not say that it is about something else."""
    verdict, since = message.verdict, message.arrival.received_at - answered_at
    complains = verdict is not None and verdict.category is Category.COMPLAINT
    return complains and since <= TO_ASK and not says_another(message.reading.new_text)


def _is_new_matter(message: Understood, case: Case) -> bool:
    verdict = message.verdict
    if verdict is None or verdict.route != "auto" or len(message.reading.new_text.split()) < WORDS_OF_A_MATTER:
        return False
    return verdict.category in MATTERS and (verdict.category != case.category or case.status is CaseStatus.CLOSED)


def _ago(since: timedelta) -> str:
    hours = max(int(since.total_seconds()), 0) // 3600
    return f"{hours} hours" if hours else "less than an hour"
