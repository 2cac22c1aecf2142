"""A report of antisocial behaviour goes to the team for it, with 999 and 101 and the choice to complain (policy 2.4)."""

from __future__ import annotations

from classifiers.verdict import Verdict
from handlers.dangers import also_tasks, danger_tasks
from handlers.deadlines import by_rule
from handlers.decision import Circumstances, Decision, TaskNeeded
from intake.message import Reading


def decide(_reading: Reading, verdict: Verdict, circumstances: Circumstances) -> Decision:
    """Open it for the team; how we handle it can be complained about, and the letter says so."""
    due = by_rule("triage", circumstances.received_at, circumstances.calendar)
    task = TaskNeeded(kind="asb_report", why="a new report of antisocial behaviour: assess the risk and call back", due=due)
    return Decision(
        status="open",
        category=str(verdict.category),
        team=circumstances.landlord.routing["asb_report"],
        letter="asb_report_logged",
        tasks=(*danger_tasks(verdict, circumstances), task, *also_tasks(verdict, circumstances)),
        why=(verdict.why,),
    )
