"""How the case page says what happened, what is owed and when."""

from __future__ import annotations

from datetime import datetime

from handlers.clock import london_day
from handlers.closing import what_of
from handlers.deadlines import RULES, explain
from handlers.manners import WHY
from handlers.rows import due_of
from store.models import Deadline

DELIVERY = {
    "due": ("On its way", "blue"),
    "sent": ("Sent", "green"),
    "failed": ("Not delivered", "red"),
    "uncertain": ("May not have arrived", "orange"),
    "suppressed": ("Held back", "orange"),
}
"""How far a letter has come, and the colour of its tag."""
OTHER_RULES = {
    "no-address": "there is no address to send it to",
    "in-public": "they wrote where others read",
    "undone": "what brought it was undone",
    "adjustment": "something else was agreed with the resident, so people carry it",
    "by-hand": "no way to send it works, so people carry it",
}
NEXT = {
    "acknowledge_1": "Acknowledge",
    "acknowledge_2": "Acknowledge the escalation",
    "respond_1": "Answer",
    "respond_2": "Give the final response",
    "extend_1": "Answer, extended",
    "extend_2": "Give the final response, extended",
}


def rule_in_words(rule: str) -> str:
    """Return why a letter was held back."""
    return WHY.get(rule) or OTHER_RULES.get(rule) or rule.replace("-", " ").replace("_", " ")


def next_step(rule: str) -> str:
    """Return what a deadline asks for, in a word or two."""
    return NEXT.get(rule) or what_of(rule).capitalize()


def arithmetic(deadline: Deadline) -> str:
    """Return how a deadline was counted, in words; nothing is computed anew."""
    if deadline.rule not in RULES:
        return f"Counted from {deadline.counted_from:%d %B %Y} by a rule that is not used any more ({deadline.provision})."
    return explain(due_of(deadline))


def days_left(due_at: datetime, now: datetime) -> str:
    """Return how far off a moment is: "today", "in 14 days", "3 days late"."""
    days = (london_day(due_at) - london_day(now)).days
    if due_at < now:
        return f"{-days} day{'s' if days != -1 else ''} late" if days else "late since today"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
