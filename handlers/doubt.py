"""When the machine is unsure: a receipt at once, a place in the triage queue, and the complaint's clock running."""

from __future__ import annotations

from classifiers.verdict import Verdict
from handlers.dangers import danger_tasks
from handlers.deadlines import acknowledge_by, by_rule
from handlers.decision import Circumstances, Decision, TaskNeeded
from intake.message import Reading

NO_VERDICT = "no verdict: the classifier could not judge it"


def decide(reading: Reading, verdict: Verdict | None, circumstances: Circumstances, unread: str | None = None) -> Decision:
    """Keep it for a person; if nobody looks before the deadline nears, the sweep logs it as a complaint (design 2.5).

    ``unread`` says which of its words nobody has read, and then is the reason.
    """
    why = unread if unread is not None else verdict.why if verdict is not None else "; ".join(reading.problems) or NO_VERDICT
    look = by_rule("triage", circumstances.received_at, circumstances.calendar)
    task = TaskNeeded(kind="triage", why=why, due=look)
    dangers = danger_tasks(verdict, circumstances) if verdict is not None else ()
    return Decision(
        status="triage",
        category=None,
        team=circumstances.landlord.routing["triage"],
        letter="receipt",
        deadlines=(acknowledge_by(circumstances.received_at, 1, circumstances.calendar),),
        tasks=(*dangers, task),
        why=(why,),
    )
