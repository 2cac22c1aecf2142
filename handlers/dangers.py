"""Tasks that jump the queue: somebody may be in danger now, or at risk, whatever the category."""

from __future__ import annotations

from classifiers.taxonomy import Category, Flag
from classifiers.verdict import Verdict
from handlers.deadlines import by_rule
from handlers.decision import Circumstances, TaskNeeded

URGENT: dict[Flag, str] = {
    Flag.EMERGENCY: "danger to life or health now: act first, then triage (policy 8.3.2)",
    Flag.SAFEGUARDING: "a child or adult may be at risk: the safeguarding lead decides today",
    Flag.HAZARD: "a hazard in the home: the clock of Awaab's Law runs from when we became aware (SI 2025/1042)",
    Flag.BUILDING_SAFETY: "spread of fire or structural failure: any person may raise it (Building Safety Act 2022 s.93)",
}

HOLDS: dict[Category, str] = {
    Category.SERVICE_REQUEST: "a service request: it goes on beside the rest",
    Category.ASB_REPORT: "a report of antisocial behaviour: it goes on beside the rest",
    Category.OUT_OF_SCOPE: "something that is not for us: tell them where it belongs",
}
"""What else a message may hold, and what becomes of that."""


def danger_tasks(verdict: Verdict, circumstances: Circumstances) -> tuple[TaskNeeded, ...]:
    """Return a task for each danger the message may speak of, due the next working day at the latest, first in the queue."""
    due = by_rule("triage", circumstances.received_at, circumstances.calendar)
    return tuple(
        TaskNeeded(kind=str(flag), why=why, due=due, danger=True) for flag, why in URGENT.items() if flag in verdict.flags
    )


def also_tasks(verdict: Verdict, circumstances: Circumstances) -> tuple[TaskNeeded, ...]:
    """Return a task for each further matter of the message, so that a complaint never stops a repair (Code 1.5).

    Letters promise that a person looks at each of them, so one that is not ours is a task too: to say whose it is.
    """
    due = by_rule("triage", circumstances.received_at, circumstances.calendar)
    return tuple(
        TaskNeeded(
            kind=f"also_{category}",
            why=f"the message also holds {HOLDS[category]}",
            due=due,
            team=circumstances.landlord.routing[category],
        )
        for category in verdict.also
        if category in HOLDS
    )
