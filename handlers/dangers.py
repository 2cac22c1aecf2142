"""Tasks that jump the queue: somebody may be in danger now, or at risk, whatever the category."""

from __future__ import annotations

from classifiers.taxonomy import Category, Flag
from classifiers.verdict import Verdict
from handlers.deadlines import Due, by_rule
from handlers.decision import Circumstances, TaskNeeded

ASSESS = "hazard_assess"
HAZARDS: dict[Flag, str] = {
    Flag.EMERGENCY: "danger to life or health now: act first, then assess it (policy 8.3.2, SI 2025/1042)",
    Flag.HAZARD: "a hazard in the home: assess it, Awaab's Law counts from when we became aware (SI 2025/1042)",
    Flag.DAMP_MOULD: "damp or mould: assess it, Awaab's Law counts from when we became aware (SI 2025/1042)",
}
"""Why a person has to assess a message of any category: for the first of these flags that it has."""
URGENT: dict[Flag, str] = {
    Flag.SAFEGUARDING: "a child or adult may be at risk: the safeguarding lead decides today",
    Flag.BUILDING_SAFETY: "spread of fire or structural failure: any person may raise it (Building Safety Act 2022 s.93)",
}

HOLDS: dict[Category, str] = {
    Category.SERVICE_REQUEST: "a service request: it goes on beside the rest",
    Category.ASB_REPORT: "a report of antisocial behaviour: it goes on beside the rest",
    Category.OUT_OF_SCOPE: "something that is not for us: tell them where it belongs",
}
"""What else a message may hold, and what becomes of that."""


def danger_tasks(verdict: Verdict, circumstances: Circumstances) -> tuple[TaskNeeded, ...]:
    """Return a task for each danger the message may speak of, due the next working day at the latest, first in the queue.

    A hazard of any kind is one task, to assess it; an emergency is due at once, and the duty officer is called about it
    (``hazards.calls``).
    """
    return dangers_by(verdict, by_rule("triage", circumstances.received_at, circumstances.calendar))


def dangers_by(verdict: Verdict, due: Due) -> tuple[TaskNeeded, ...]:
    """Return the same tasks, those that are not due at once by this date."""
    urgent = (
        TaskNeeded(kind=str(flag), why=why, due=due, danger=True) for flag, why in URGENT.items() if flag in verdict.flags
    )
    return (*hazard_tasks(verdict, due), *urgent)


def hazard_tasks(verdict: Verdict, due: Due) -> tuple[TaskNeeded, ...]:
    """Return the task to assess a hazard, if the message may tell of one; damp alone is no danger of the same hour."""
    found = next((flag for flag in HAZARDS if flag in verdict.flags), None)
    if found is None:
        return ()
    emergency = found is Flag.EMERGENCY
    danger = found is not Flag.DAMP_MOULD
    return (TaskNeeded(kind=ASSESS, why=HAZARDS[found], due=None if emergency else due, danger=danger),)


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
