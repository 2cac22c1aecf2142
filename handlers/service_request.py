"""A service request is recorded, given to its team and answered with how to complain (Code 1.4; policy 2.4)."""

from __future__ import annotations

from classifiers.verdict import Verdict
from handlers.dangers import also_tasks, danger_tasks
from handlers.deadlines import by_rule
from handlers.decision import Circumstances, Decision, TaskNeeded
from intake.message import Reading


def decide(_reading: Reading, verdict: Verdict, circumstances: Circumstances) -> Decision:
    """Open it for the team that does such work; the choice to complain is in the letter (Code 1.3)."""
    due = by_rule("triage", circumstances.received_at, circumstances.calendar)
    task = TaskNeeded(kind="service_request", why="a new service request: plan the work and tell the resident", due=due)
    return Decision(
        status="open",
        category=str(verdict.category),
        team=circumstances.landlord.routing["service_request"],
        letter="service_request_logged",
        tasks=(*danger_tasks(verdict, circumstances), task, *also_tasks(verdict, circumstances)),
        why=(verdict.why,),
    )
