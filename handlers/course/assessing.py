"""How hard a complaint is to answer, who may need more care, and what may go wrong: weighed before an officer has it (Code 6.1)."""

from __future__ import annotations

from handlers.case_acts import LONGEST_WHY, Act, Acts, Refused
from handlers.course.stages import fit_for_task, stage_of
from store.marks import close_tasks
from store.models import Case, Task

COMPLEXITY = {
    "early": "Can be answered early: the facts are known",
    "ordinary": "Needs looking into",
    "complex": "Needs a long look, or several offices",
}
"""The first is the early lane of Code 6.1: no stage of its own, and the same clock."""
VULNERABILITY = {
    "none_known": "Nothing known",
    "some": "Something in the household makes this harder for them",
    "high": "Somebody in the household could be harmed by waiting",
}
RISK = {
    "low": "Nothing gets worse by waiting",
    "medium": "Something may get worse",
    "high": "Health or safety, or loss of a home",
}
QUESTIONS = {"complexity": COMPLEXITY, "vulnerability": VULNERABILITY, "risk": RISK}
TASK = "care_first"
"""The task by which a complaint that cannot wait stands first in the queue; by this, and not by its age (policy 8.3.2, 12.1)."""
CARE = "somebody could be harmed by waiting: see to that first, and then answer (policy 12.1)"
CALMER = "weighed anew: it can wait its turn"
NOT_ASSESSED = (
    "Say first how complex the complaint is, who may be vulnerable, and what the risk is (Code 6.1): "
    "assess it, and then give it to an officer"
)


def missing(case: Case) -> list[str]:
    """Return which of the three a logged complaint still lacks; nothing for any other case."""
    if case.category != "complaint" or case.logged_at is None:
        return []
    return [name for name in QUESTIONS if getattr(case, name) is None]


def require_assessed(case: Case) -> None:
    """Refuse to give a complaint to an officer that nobody has assessed (Code 6.1)."""
    if missing(case):
        raise Refused(NOT_ASSESSED, "to")


def assess(acts: Acts, case_id: int, by: str, said: dict[str, str], why: str = "") -> int:
    """Keep what a person found of complexity, vulnerability and risk; each of them must be said.

    A complaint with a high vulnerability or risk gets a task that stands first in the queue; no date changes by it.
    """
    for name, choices in QUESTIONS.items():
        if said.get(name) not in choices:
            raise Refused(f"Choose the {name}", name)
    if len(why) > LONGEST_WHY:
        raise Refused(f"Make the reason {LONGEST_WHY:,} characters or fewer", "why")
    with acts.on(case_id, by) as act:
        stage_of(act.case)
        before = {name: getattr(act.case, name) for name in QUESTIONS}
        after = {name: said[name] for name in QUESTIONS}
        if before == after:
            raise Refused("Nothing was changed")
        act.unit.update(Case, case_id, **after)
        act.tell("assessed", why.strip() or "weighed by a person (Code 6.1)", before=before, after=after)
        _by_weight(act, cannot_wait="high" in (said["vulnerability"], said["risk"]))
        lane = "It can be answered early." if said["complexity"] == "early" else "It can be given to an officer now."
        return act.done(f"Assessment kept. {lane}")


def _by_weight(act: Act, *, cannot_wait: bool) -> None:
    """Let the case stand first in the queue by a task of its own, unless another danger has it there; or end that task."""
    waiting = act.unit.find(Task, case_id=act.case_id, closed_at=None)
    if not cannot_wait:
        close_tasks(act.unit, act.case_id, (TASK,), at=act.now, by=act.by, outcome=CALMER)
    elif not any(task.danger for task in waiting):
        row = {"kind": TASK, "case_id": act.case_id, "team": act.case.team, "why": CARE, "danger": True}
        row |= {"assigned_to": fit_for_task(act, act.case.assigned_to)}
        act.unit.add(Task, [row | {"opened_at": act.now, "due_at": act.now}])
