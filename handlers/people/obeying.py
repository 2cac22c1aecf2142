"""A letter of the machine keeps to what was agreed: it goes by email, in large print, or waits for people to carry it (Code 5.10)."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.people.wishes import ADJUSTED, Wishes
from intake.identity import identity_of

CARRY = "letter_by_hand"
"""The kind of task for a letter that people carry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Obeyed:
    """Where a letter goes now; ``rule`` holds it back for people to carry, ``why`` says how, ``moved`` says that it goes elsewhere."""

    recipient: str | None
    rule: str | None = None
    why: str = ""
    moved: bool = False


def obeyed(wishes: Wishes, recipient: str | None) -> Obeyed:
    """Return how a letter to this address keeps to what was agreed with whoever has it."""
    if wishes.carried is not None:
        return Obeyed(recipient=None, rule=ADJUSTED, why=f"letters {wishes.carried}", moved=True)
    if not wishes.mail_only or identity_of(recipient) is None:
        return Obeyed(recipient=recipient)
    if wishes.mail is None:
        return Obeyed(recipient=None, rule=ADJUSTED, why="by email only, and no address of theirs is known", moved=True)
    return Obeyed(recipient=wishes.mail, moved=True)


def to_carry(kind: str, why: str) -> str:
    """Return what a task says of a letter that people carry: which, and how it was agreed that it goes."""
    return (
        f"the letter {kind} was not sent, for this was agreed: {why}. Make it so, and say on the case when it went (Code 5.10)"
    )
