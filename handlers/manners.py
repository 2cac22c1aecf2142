"""Whether a message may be answered by machine: every refusal carries the name of its rule (mail study A).

What is held back here is written on the case and becomes a task; whether there is a case is ``opens_no_case``'s
much narrower question, so a rule of manners can never lose a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.addresses import OwnAddresses
from handlers.authenticity import Trust, trust_of
from handlers.automatic import automatic
from handlers.caseless import opens_no_case
from handlers.subjects import subject_word
from intake.message import Envelope, Reading

__all__ = ["History", "Limits", "Manners", "OwnAddresses", "Trust", "automatic", "may_answer", "opens_no_case", "trust_of"]

WHY = {
    "null-sender": "it came with an empty reverse path, as bounces do",
    "auto-submitted": "it says that it was sent automatically",
    "list": "it came through a mailing list",
    "precedence": "it is marked as bulk mail",
    "auto-response-suppress": "it asks for no automatic answers",
    "report": "it is a report of a mail system",
    "failed-recipients": "it tells of recipients that could not be reached",
    "auto-reply-mark": "it is marked as an automatic reply",
    "calendar-reply": "it answers an invitation",
    "no-sender": "it has no address that could be answered",
    "no-reply-sender": "its address takes no answers",
    "own-address": "it comes from one of our own addresses",
    "own-message-id": "it is a letter of ours come back",
    "loop": "it has been here before, or passed through too many relays",
    "failed-authenticity": "our mail border found that its sender address is forged",
    "dead-address": "mail to its address has come back since it was received",
    "already-answered": "this message has been answered",
    "same-subject": "its address had a letter about the same subject within 24 hours",
    "hourly-cap": "its address had as many letters as we send in an hour",
    "daily-cap": "its address had as many letters as we send in a day",
    "global-brake": "so many letters went out at once that the brake holds: a loop may be running",
}
"""Every rule by its code, in words that follow "not answered by machine"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manners:
    """May an automatic letter go out? ``rule`` names what held it back, ``why`` says it in words for the case."""

    answer: bool
    rule: str | None
    why: str

    def __post_init__(self) -> None:
        """Refuse silence without a rule's name (design section 2, 6)."""
        if self.answer == (self.rule is not None):
            raise ValueError("a rule is named exactly when no answer is sent")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How many automatic letters go out at most: to one address, and to all in five minutes (the brake; 0: none)."""

    same_subject_in_day: int = 1
    in_hour: int = 5
    in_day: int = 10
    brake: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What the store knows when a letter is considered: automatic letters to this address, counted before this one.

    ``bounced_at``: when mail to the address last came back for good; ``everyone_in_five_minutes``: letters to all.
    """

    received_at: datetime
    answered: bool = False
    same_subject_in_day: int = 0
    in_hour: int = 0
    in_day: int = 0
    everyone_in_five_minutes: int = 0
    bounced_at: datetime | None = None


def _by_history(history: History, limits: Limits) -> str | None:
    # A message proves that its address lives: only what bounced after it can still speak against it (F16).
    dead = history.bounced_at is not None and history.bounced_at >= history.received_at
    rules = (
        ("dead-address", dead),
        ("already-answered", history.answered),
        ("same-subject", history.same_subject_in_day >= limits.same_subject_in_day),
        ("hourly-cap", history.in_hour >= limits.in_hour),
        ("daily-cap", history.in_day >= limits.in_day),
        ("global-brake", 0 < limits.brake <= history.everyone_in_five_minutes),
    )
    return next((code for code, holds in rules if holds), None)


def may_answer(
    reading: Reading,
    envelope: Envelope | None,
    own: OwnAddresses,
    history: History,
    trust: Trust,
    limits: Limits | None = None,
) -> Manners:
    """Return whether an automatic letter may answer this message, and if not, by which rule (the first that fits)."""
    rule = automatic(reading, envelope, own)
    rule = rule or ("failed-authenticity" if trust == "failed" else None)
    rule = rule or _by_history(history, limits or Limits())
    if rule is None:
        return Manners(answer=True, rule=None, why="no rule speaks against an answer")
    hint = "; its subject speaks of automatic mail too" if subject_word(reading.subject) else ""
    return Manners(answer=False, rule=rule, why=f"not answered by machine: {WHY[rule]}{hint}")
