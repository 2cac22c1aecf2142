"""What a message asks about data or information becomes a task with its own time, beside whatever else the message is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.calendar import WorkingCalendar
from handlers.data_rights.asking import asks_for
from handlers.data_rights.letters import TASKS
from handlers.deadlines import Due, by_rule
from handlers.decision import Circumstances, Decision, TaskNeeded
from handlers.landlord import Landlord
from intake.message import Reading

CLOCKED = ("data_protection",)
"""Kinds of which the law's own clock runs from the first word, before any person has looked (s.164A)."""
ROUTE = "information"
"""The row of ``[routing]`` that names the office for all three, if it has one of its own."""


def team_of(landlord: Landlord) -> str:
    """Return the team that deals with data and information; triage's, where the landlord names none."""
    return landlord.routing.get(ROUTE) or landlord.routing["triage"]


def asked(
    reading: Reading, received_at: datetime, landlord: Landlord, calendar: WorkingCalendar
) -> tuple[tuple[TaskNeeded, ...], tuple[Due, ...]]:
    """Return the tasks, each with its own date, and the clocks that run already."""
    kinds = asks_for(reading.subject, reading.new_text)
    dues = {kind: by_rule(kind, received_at, calendar) for kind in kinds}
    team = team_of(landlord)
    tasks = tuple(TaskNeeded(kind=kind, why=f"the message {_starts(kind)}", due=dues[kind], team=team) for kind in kinds)
    return tasks, tuple(dues[kind] for kind in kinds if kind in CLOCKED)


def beside(decision: Decision, reading: Reading, circumstances: Circumstances) -> Decision:
    """Return the decision with what the message asks about data or information beside it; a complaint may be both."""
    tasks, dues = asked(reading, circumstances.received_at, circumstances.landlord, circumstances.calendar)
    if not tasks:
        return decision
    return replace(decision, tasks=(*decision.tasks, *tasks), deadlines=(*decision.deadlines, *dues))


def _starts(kind: str) -> str:
    return f"may be {TASKS[kind]}" if kind == "data_protection" else f"perhaps {TASKS[kind]}"
