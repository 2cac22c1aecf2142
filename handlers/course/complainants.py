"""What somebody who complains is to the landlord: asked where it is not known, and never a reason to refuse (policy 2.8, 2.9)."""

from __future__ import annotations

from handlers.case_acts import LONGEST_WHY, Act, Acts, Refused
from handlers.deadlines import by_rule
from store.marks import close_tasks
from store.models import Case, Task

KINDS = {
    "tenant": "Tenant",
    "leaseholder": "Leaseholder or shared owner",
    "licensee": "Licensee, or in temporary accommodation",
    "applicant": "Applicant for a home",
    "household": "Somebody who lives with one of these",
    "former_tenant": "Former tenant",
    "former_leaseholder": "Former leaseholder",
    "former_licensee": "Former licensee",
    "estate": "Somebody for a resident who has died",
    "incapacity": "Somebody for a resident who cannot decide for themselves",
    "neighbour": "Neighbour, at our discretion",
    "tenant_of_leaseholder": "Tenant of a leaseholder, at our discretion",
    "safety": "Anybody, about health and safety or a building",
    "anonymous": "Gave no name",
    "unknown": "Not known yet: ask",
}
"""Whom the policy names, and those whom it leaves to discretion (policy 2.8, 2.9)."""
FORMER = frozenset({"former_tenant", "former_leaseholder", "former_licensee"})
DISCRETION = frozenset({"neighbour", "tenant_of_leaseholder", "safety"})
UNKNOWN = "unknown"
ASKS = "ask_who"
WHY_ASK = "it is not known what the writer is to us: ask, and go on with the complaint meanwhile (policy 2.8)"


def say_complainant(acts: Acts, case_id: int, by: str, kind: str, note: str = "") -> int:
    """Keep what the complainant is to the landlord; the case goes on whatever that is, and where nobody knows a task asks.

    Of former residents it is said when they lived there and when it happened; of those at our discretion, how it was used.
    """
    note = note.strip()
    if kind not in KINDS:
        raise Refused("Choose what they are to us", "kind")
    if kind in FORMER and not note:
        raise Refused("Say when they lived there, and when it happened", "note")
    if kind in DISCRETION and not note:
        raise Refused("Say how discretion was used, and why (policy 2.9)", "note")
    if len(note) > LONGEST_WHY:
        raise Refused(f"Make the note {LONGEST_WHY:,} characters or fewer", "note")
    with acts.on(case_id, by) as act:
        before = act.case.complainant_kind
        if before == kind and not note:
            raise Refused("Nothing was changed")
        act.unit.update(Case, case_id, complainant_kind=kind)
        act.tell("complainant_said", note or KINDS[kind], before={"complainant": before}, after={"complainant": kind})
        if kind != UNKNOWN:
            close_tasks(act.unit, case_id, (ASKS,), at=act.now, by=by, outcome=KINDS[kind])
            return act.done("Kept what they are to us.")
        _ask(act, acts)
        return act.done("A task asks who they are. The case goes on meanwhile.")


def _ask(act: Act, acts: Acts) -> None:
    if act.unit.find(Task, case_id=act.case_id, kind=ASKS, closed_at=None):
        return
    due = by_rule("undelivered", act.now, acts.calendar)
    row = {"kind": ASKS, "case_id": act.case_id, "team": act.case.team, "why": WHY_ASK, "assigned_to": act.case.assigned_to}
    act.unit.add(Task, [row | {"opened_at": act.now, "due_at": due.due_at}])
