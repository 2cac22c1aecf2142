"""A matter for another office is signposted by its reason, with the right to say "this is a complaint" (policy 2.4)."""

from __future__ import annotations

from classifiers.taxonomy import Reason
from classifiers.verdict import Verdict
from handlers.dangers import also_tasks, danger_tasks
from handlers.deadlines import by_rule
from handlers.decision import Circumstances, Decision, TaskNeeded
from intake.message import Reading


def decide(_reading: Reading, verdict: Verdict, circumstances: Circumstances) -> Decision:
    """Signpost it; a petition stays open for its ten working days (policy 6.3)."""
    petition = verdict.reason is Reason.PETITION
    due = by_rule("petition", circumstances.received_at, circumstances.calendar)
    task = TaskNeeded(kind="petition", why="answer the petition as a general enquiry (policy 6.3)", due=due)
    return Decision(
        status="open" if petition else "signposted",
        category=str(verdict.category),
        team=circumstances.landlord.routing["out_of_scope"],
        letter="out_of_scope_signposted",
        deadlines=(due,) if petition else (),
        tasks=(*danger_tasks(verdict, circumstances), *((task,) if petition else ()), *also_tasks(verdict, circumstances)),
        why=(verdict.why,),
    )
