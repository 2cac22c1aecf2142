"""Whether a message may be answered by machine: every refusal carries the name of its rule (mail study A).

What is held back here is written on the case and becomes a task; whether there is a case is ``opens_no_case``'s
much narrower question, so a rule of manners can never lose a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.addresses import OwnAddresses
from handlers.authenticity import Trust, trust_of
from handlers.automatic import automatic
from handlers.caseless import opens_no_case
from handlers.people.wishes import NOTHING_AGREED, Wishes
from handlers.subjects import subject_word
from intake.message import Envelope, Reading

__all__ = [
    "History",
    "Limits",
    "Manners",
    "OwnAddresses",
    "PastLetter",
    "Trust",
    "automatic",
    "may_answer",
    "opens_no_case",
    "trust_of",
    "weighed",
]

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
DEAD_FOR = timedelta(days=60)
ANSWER_MARKS = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|sv|antw|odp)\s*:)+", re.IGNORECASE)

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
    "bot": "a machine wrote it",
    "loop": "it has been here before, or passed through too many relays",
    "by-staff": "a colleague wrote it, so that its address is no resident's",
    "border-spam": "our mail border takes it for spam",
    "failed-authenticity": "our mail border found that its sender address is forged",
    "dead-address": "mail to its address has come back since it was received",
    "already-answered": "this message has been answered",
    "same-subject": "its address had a letter about the same subject within 24 hours",
    "hourly-cap": "its address had as many letters as we send in an hour",
    "daily-cap": "its address had as many letters as we send in a day",
    "global-brake": "so many people answered letters that went to others that the brake holds: a loop may be running",
    "elsewhere-brake": "so many letters went within a day to mailboxes at no large provider that the brake holds: a loop may be running",
    "same-words": "so many addresses sent the same words within a day that the brake holds: a loop may be running",
}
"""Every rule by its code, in words that follow "not answered by machine"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manners:
    """May an automatic letter go out? ``rule`` names what held it back, ``why`` says it in words for the case.

    ``wishes`` are the adjustments that were agreed with whoever is answered: whatever goes to them keeps to these (Code 5.10).
    """

    answer: bool
    rule: str | None
    why: str
    wishes: Wishes = NOTHING_AGREED

    def __post_init__(self) -> None:
        """Refuse silence without a rule's name (design section 2, 6)."""
        if self.answer == (self.rule is not None):
            raise ValueError("a rule is named exactly when no answer is sent")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How many automatic letters go out at most: to one address, and in a day to what looks like a loop (0: no end).

    ``brake`` counts strangers who answer letters that went to others, ``same_words`` other senders of the same words,
    ``elsewhere`` letters to mailboxes at no large provider, where a machine may have as many names as it likes.
    """

    same_subject_in_day: int = 1
    in_hour: int = 5
    in_day: int = 10
    brake: int = 100
    same_words: int = 200
    elsewhere: int = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class PastLetter:
    """An automatic letter to the same address: when, and the subject of the message that it answered."""

    at: datetime
    subject: str


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What the store knows at ``now``, when a letter is considered.

    ``letters``: those to this address within a day; ``all_lately``: how many strangers answered others' letters within a
    day, where the writer is one; ``alike``: how many other addresses said the same within a day; ``elsewhere``: how many
    letters went in a day to mailboxes at no large provider, where the writer's is one;
    ``answered``: whether this very message was; ``bounced_at``: when mail to the address last came back for good, to be
    weighed against ``received_at``, the message's own time.
    """

    now: datetime
    letters: tuple[PastLetter, ...] = ()
    all_lately: int = 0
    alike: int = 0
    elsewhere: int = 0
    answered: bool = False
    bounced_at: datetime | None = None
    received_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a bounce that cannot be weighed: an old one never outlives a fresh message (F16)."""
        if self.bounced_at is not None and self.received_at is None:
            raise ValueError("a bounce is weighed against the time of the message: give received_at")

    def since(self, age: timedelta) -> list[PastLetter]:
        """Return the letters that are younger than this."""
        return [letter for letter in self.letters if self.now - letter.at < age]

    def dead(self) -> bool:
        """Say whether mail to the address came back after the message proved that it lives, and lately."""
        if self.bounced_at is None or self.received_at is None:
            return False
        return self.bounced_at >= self.received_at and self.now - self.bounced_at < DEAD_FOR


def _same(subject: str) -> str:
    """Return a subject for comparison, without the marks of answering and forwarding."""
    return " ".join(ANSWER_MARKS.sub("", subject).split()).casefold()


def _by_history(subject: str, history: History, limits: Limits) -> str | None:
    day = history.since(DAY)
    # An empty subject says nothing twice; the other caps still hold for it.
    same = sum(_same(letter.subject) == _same(subject) for letter in day) if _same(subject) else 0
    rules = (
        ("dead-address", history.dead()),
        ("already-answered", history.answered),
        ("same-subject", same >= limits.same_subject_in_day),
        ("hourly-cap", len(history.since(HOUR)) >= limits.in_hour),
        ("daily-cap", len(day) >= limits.in_day),
        ("global-brake", 0 < limits.brake <= history.all_lately),
        ("same-words", 0 < limits.same_words <= history.alike),
        ("elsewhere-brake", 0 < limits.elsewhere <= history.elsewhere),
    )
    return next((code for code, holds in rules if holds), None)


def may_answer(
    reading: Reading,
    envelope: Envelope | None,
    own: OwnAddresses,
    history: History,
    trust: Trust,
    *,
    limits: Limits | None = None,
) -> Manners:
    """Return whether an automatic letter may answer this message, and if not, by which rule (the first that fits)."""
    return weighed(automatic(reading, envelope, own), reading, history, trust, limits=limits)


def weighed(machine: str | None, reading: Reading, history: History, trust: Trust, *, limits: Limits | None = None) -> Manners:
    """Do as ``may_answer`` for a message of which it is known by which rule it is automatic mail, if by any."""
    rule = machine or ("failed-authenticity" if trust == "failed" else None)
    rule = rule or _by_history(reading.subject, history, limits or Limits())
    if rule is None:
        return Manners(answer=True, rule=None, why="no rule speaks against an answer")
    hint = "; its subject speaks of automatic mail too" if subject_word(reading.subject) else ""
    return Manners(answer=False, rule=rule, why=f"not answered by machine: {WHY[rule]}{hint}")
