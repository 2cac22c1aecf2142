"""The closed list of restrictions, each as colleagues and as the resident read it, and the words of the tasks about them (policy 7)."""

from __future__ import annotations

from handlers.letter_words import day
from store.people_models import Restriction

KINDS: dict[str, str] = {
    "one_contact": "One named person to be in touch with",
    "in_writing": "In writing only",
    "set_times": "Telephone calls at set times only",
    "by_appointment": "Visits to our offices by appointment only",
    "two_officers": "Visits to the home by two of us",
    "one_answer": "No second answer about what was answered in full",
}
"""Every restriction by its code, as colleagues call it; none of them shuts anybody out."""
TOLD: dict[str, str] = {
    "one_contact": "Please speak or write to one person only. We will tell you who that is. That person will answer you.",
    "in_writing": "Please write to us about your case, by email, by post or by message. You can still phone us to complain, or about a repair or danger.",
    "set_times": "Please phone us about your case at set times only. We will tell you when these are.",
    "by_appointment": "Please come to our offices only when you have booked a time with us.",
    "two_officers": "Two of us will come when we need to visit your home.",
    "one_answer": "Once we have given our full answer about something, we will not answer again about the same thing. We read it all.",
}
"""The same as the letter tells it."""
TAKES_AWAY: dict[str, frozenset[str]] = {"in_writing": frozenset({"telephone_only"})}
"""Adjustments that a restriction would take away, which none may (Code 5.15)."""
PROPOSED, REVIEW = "restriction_proposed", "restriction_review"
"""Kinds of task: a manager checks what was proposed, and what is in force is looked at again."""


def check_words(number: int, kind: str) -> str:
    """Return why a manager is asked: the same words whenever they are asked for."""
    return f"check proposed restriction {number}, {KINDS[kind].lower()}: approve it as the second person, or send it back (Code 5.14)"


def review_words(row: Restriction) -> str:
    """Return why a restriction is looked at again: the same words whenever they are asked for."""
    name = KINDS.get(row.kind, row.kind).lower()
    return f"review restriction {row.id}, {name}, which ends on {day(row.ends_on)}: is it still needed? (Code 5.14)"
