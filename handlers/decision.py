"""What a handler is asked and what it answers: plain values, so that the same input gives the same decision.

A ``Handler`` is a pure function ``(Reading, Verdict, Circumstances) -> Decision``; ``casework`` writes the decision down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from classifiers.verdict import Verdict
from handlers.calendar import WorkingCalendar
from handlers.deadlines import Due
from handlers.definition import Definition
from handlers.landlord import Landlord
from handlers.manners import Manners
from intake.message import Reading

LetterKind = Literal[
    "receipt",
    "complaint_acknowledged",
    "service_request_logged",
    "asb_report_logged",
    "out_of_scope_signposted",
    "joined_with_earlier",
    "stage2_asked",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """All else that a decision may depend on: the landlord, the calendar, times, trust and manners, looked up beforehand."""

    landlord: Landlord
    calendar: WorkingCalendar
    received_at: datetime
    decided_at: datetime
    manners: Manners
    sender_trust: Literal["authentic", "unknown", "failed"]
    acknowledge_automatically: bool = True
    decided_by_person: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskNeeded:
    """Work for a person: its kind, why, by when, and whether somebody may be in danger."""

    kind: str
    why: str
    due: Due | None
    team: str | None = None
    danger: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is to be done about one message, all of it or none."""

    status: Literal["triage", "open", "signposted"]
    category: str | None
    logged_as_complaint: bool = False
    team: str
    letter: LetterKind | None
    counts_as_acknowledgement: bool = False
    repeat_words: bool = True
    definition: Definition | None = None
    stage: Literal[1, 2] | None = None
    deadlines: tuple[Due, ...] = ()
    tasks: tuple[TaskNeeded, ...] = ()
    why: tuple[str, ...] = ()


class Handler(Protocol):
    """Decides about one category's messages."""

    def __call__(self, reading: Reading, verdict: Verdict, circumstances: Circumstances, /) -> Decision:
        """Return what is to be done; reads no clock and no store."""
        ...
