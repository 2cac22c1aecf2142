"""What a resident can answer with one press or one word: the choices, their labels, and how they are read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from classifiers.taxonomy import Category
from handlers.references import find
from intake.chat import Button

Choice = Literal["complaint", "request", "neighbour", "other", "person", "stage2"]

LABELS: dict[Choice, str] = {
    "complaint": "How you handled it",
    "request": "A new problem",
    "neighbour": "A neighbour",
    "other": "Something else",
}
"""The question that is put where we are unsure, in the order of its numbers: what is it about?"""
PERSON, COMPLAIN = "Talk to a person", "This is a complaint"
CATEGORIES: dict[Choice, Category] = {
    "complaint": Category.COMPLAINT,
    "request": Category.SERVICE_REQUEST,
    "neighbour": Category.ASB_REPORT,
}
"""What the resident's answer makes of the case; "something else" leaves it to a person."""
CHOICES: tuple[Choice, ...] = ("complaint", "request", "neighbour", "other", "person", "stage2")

_PERSON = re.compile(
    r"(?:(?:can|could|may) i |i(?:'d| would) like to |i want to |please )?(?:talk|speak|chat)? ?(?:to|with)? ?"
    r"(?:a |an |somebody|someone)?(?:person|human|human being|real person|agent|adviser|advisor|somebody|someone|officer|operator)(?: please)?",
    re.IGNORECASE,
)
_STOPS = re.compile(r"[.!?…\s]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """A choice, and the reference of the case it was offered for."""

    choice: Choice
    reference: str | None


def buttons_for(reference: str, *, ask: bool, complaint: bool) -> tuple[Button, ...]:
    """Return the buttons under a letter: the question where we are unsure, else the way to complain; always a person."""
    asked = [(label, choice) for choice, label in LABELS.items()] if ask else [] if complaint else [(COMPLAIN, "complaint")]
    return tuple(Button(label=label, payload=f"{choice}/{reference}") for label, choice in (*asked, (PERSON, "person")))


def pressed(payload: str) -> Pressed | None:
    """Read a payload of ours back; None for what we never wrote."""
    name, _, rest = payload.partition("/")
    choice = next((choice for choice in CHOICES if choice == name), None)
    if choice is None:
        return None
    reference = next(iter(find(rest)), None)
    return Pressed(choice=choice, reference=str(reference) if reference else None)


def typed(text: str, *, asked: bool) -> Choice | None:
    """Read a short answer that was typed, for not every resident can press: a number or a label where it was asked, or a person."""
    said = _STOPS.sub("", " ".join(text.split())).casefold()
    if said == PERSON.casefold() or (said and _PERSON.fullmatch(said)):
        return "person"
    if not asked:
        return None
    for number, (choice, label) in enumerate(LABELS.items(), start=1):
        if said in (str(number), label.casefold()):
            return choice
    return None
