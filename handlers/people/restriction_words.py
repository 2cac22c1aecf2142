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
FREE: dict[str, str] = {
    "one_contact": "You can speak or write to any of us again. You do not have to keep to one person.",
    "in_writing": "You can phone us about your case again. You do not have to write to us.",
    "set_times": "You can phone us about your case whenever our lines are open. You do not have to keep to set times.",
    "by_appointment": "You can come to our offices without booking a time with us.",
    "two_officers": "One of us may come alone again when we need to visit your home.",
    "one_answer": "You can ask us again about something that we answered before. We will answer you.",
}
"""What holds again when the restriction is over, as the letter tells it."""
TO_TELL: dict[str, str] = {
    "one_contact": "who the one person is that they should be in touch with",
    "set_times": "at which times they can ring",
}
"""What the letter of a restriction leaves to a second one, so that somebody has to write it."""
TAKES_AWAY: dict[str, frozenset[str]] = {"in_writing": frozenset({"telephone_only"})}
"""Adjustments that a restriction would take away, which none may (Code 5.15)."""
PROPOSED, REVIEW, TELL = "restriction_proposed", "restriction_review", "restriction_details"
"""Kinds of task: a manager checks what was proposed, what is in force is looked at again, and the resident is told the rest."""


def check_words(number: int, kind: str) -> str:
    """Return why a manager is asked: the same words whenever they are asked for."""
    return f"check proposed restriction {number}, {KINDS[kind].lower()}: approve it as the second person, or send it back (Code 5.14)"


def tell_words(number: int, kind: str) -> str:
    """Return why somebody writes to the resident after the letter of a restriction: the same words whenever they are asked for."""
    return f"write to the resident {TO_TELL[kind]}: the letter of restriction {number} promises it (Code 5.14)"


def review_words(row: Restriction) -> str:
    """Return why a restriction is looked at again: the same words whenever they are asked for."""
    name = KINDS.get(row.kind, row.kind).lower()
    return f"review restriction {row.id}, {name}, which ends on {day(row.ends_on)}: is it still needed? (Code 5.14)"
