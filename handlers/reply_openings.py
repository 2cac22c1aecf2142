"""How a reply begins before anybody has typed a word: greeting, what it answers, or the definition put right; pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from classifiers.taxonomy import Category
from handlers.clock import london_day
from handlers.letter_words import day

SUBJECTS = {
    Category.COMPLAINT: "Your complaint",
    Category.SERVICE_REQUEST: "Your request",
    Category.ASB_REPORT: "Your report of antisocial behaviour",
}


def subject_of(category: str | None) -> str:
    """Return the subject that a reply begins with."""
    return SUBJECTS[Category(category)] if category in SUBJECTS else "Your message to us"


def greeting(name: str | None) -> str:
    """Return the greeting; names are as people wrote them, in one line."""
    return f"Dear {' '.join(name.split())}," if name and name.strip() else "Hello,"


def opening(name: str | None, received_at: datetime) -> str:
    """Return how a reply to a message begins."""
    return f"{greeting(name)}\n\nThank you for your message of {day(london_day(received_at))}.\n\n"


def corrected(name: str | None, definition: dict[str, Any]) -> str:
    """Return a reply that tells the resident how the definition of their complaint was put right (Code 5.6, 5.7)."""
    points = [f"{number}. {point['words']}" for number, point in enumerate(definition.get("points", ()), start=1)]
    outcomes = [f"- {words}" for words in definition.get("outcomes", ())]
    parts = [greeting(name), "We have corrected what we understand your complaint to be. It is now:", "\n".join(points)]
    if outcomes:
        parts += ["You would like us to do this:", "\n".join(outcomes)]
    elif definition.get("question"):
        parts.append(f"We want to be sure what you would like us to do. {definition['question']}")
    parts += [
        *_responsible(definition),
        "If we have missed something, or got something wrong, please reply and tell us.",
        "The date of our answer stays the same.",
    ]
    return "\n\n".join(parts) + "\n"


def _responsible(definition: dict[str, Any]) -> list[str]:
    """Say of each point that is not ours, or not surely ours, whose it may be."""
    said = []
    for number, point in enumerate(definition.get("points", ()), start=1):
        who = point.get("who") or "somebody else"
        if point.get("responsibility") == "not_ours":
            said.append(f"Point {number} is for {who}, and not for our housing service.")
        elif point.get("responsibility") == "being_clarified":
            said.append(f"We are finding out if point {number} is for us or for {who}.")
    return ["\n".join(said)] if said else []
