"""A complaint is logged, defined in the resident's words and acknowledged (Code 5.6, 5.7, 6.2; policy 4.3.1)."""

from __future__ import annotations

from classifiers.taxonomy import Flag
from classifiers.verdict import Verdict
from handlers.dangers import also_tasks, danger_tasks
from handlers.deadlines import Due, acknowledge_by, by_rule, respond_by
from handlers.decision import Circumstances, Decision, LetterKind, TaskNeeded
from handlers.definition import draft
from intake.message import Reading

NEEDS_A_PERSON: dict[Flag, str] = {
    Flag.STAGE2: "asks to escalate: find the stage 1 case and take this to stage 2; no reasons are needed (Code 6.12)",
    Flag.LEGAL_CLAIM: "says that a claim was filed: only a person may exclude it, on evidence (Code 2.2)",
    Flag.OVER_12_MONTHS: "may be older than twelve months: consider discretion (Code 2.3)",
    Flag.EXHAUSTED: "may have had its final response: look for it (Code 2.2)",
    Flag.ANONYMOUS: "gives no name: pass on what can be passed on (policy 2.5, Code 2.5)",
    Flag.ADJUSTMENT: "asks for a reasonable adjustment: agree it and record it (Code 5.10)",
    Flag.REPRESENTATIVE: "may speak for somebody else: say for whom, and what authority they have; the clock runs (Code 3.6)",
    Flag.GROUP: "several residents complain together: say who leads, and who belongs to it (policy 2.7, 6.1)",
    Flag.STAFF_CONDUCT: "is about how somebody behaved: keep it from the person named (Code 5.8)",
}


def decide(reading: Reading, verdict: Verdict, circumstances: Circumstances) -> Decision:
    """Log it at stage 1 and acknowledge it, unless the sender is in doubt or the landlord wants to confirm first."""
    confirmed = circumstances.decided_by_person is not None
    acknowledge = circumstances.sender_trust != "failed" and (confirmed or circumstances.acknowledge_automatically)
    letter: LetterKind = "complaint_acknowledged" if acknowledge else "receipt"
    return Decision(
        status="open",
        category=str(verdict.category),
        logged_as_complaint=True,
        stage=1,
        team=circumstances.landlord.routing["complaint"],
        letter=letter,
        counts_as_acknowledgement=acknowledge,
        repeat_words=circumstances.sender_trust != "failed",
        definition=draft(reading.new_text, reading.subject, circumstances.landlord),
        deadlines=complaint_deadlines(circumstances),
        tasks=(*danger_tasks(verdict, circumstances), *_tasks(verdict, circumstances), *also_tasks(verdict, circumstances)),
        why=(verdict.why,),
    )


def complaint_deadlines(circumstances: Circumstances) -> tuple[Due, ...]:
    """Return both dates owed: the acknowledgement's, and the answer's as promised in a letter written now (Code 6.2, 6.3)."""
    return (
        acknowledge_by(circumstances.received_at, 1, circumstances.calendar),
        respond_by(circumstances.received_at, circumstances.decided_at, 1, circumstances.calendar),
    )


def _tasks(verdict: Verdict, circumstances: Circumstances) -> tuple[TaskNeeded, ...]:
    confirm = by_rule("confirm_definition", circumstances.received_at, circumstances.calendar)
    first = TaskNeeded(kind="confirm_definition", why="confirm or correct the drafted definition (Code 5.6)", due=confirm)
    flagged = tuple(TaskNeeded(kind=str(f), why=why, due=confirm) for f, why in NEEDS_A_PERSON.items() if f in verdict.flags)
    return (first, *flagged)
