"""What somebody who complains is to the landlord: asked where it is not known, and never a reason to refuse (policy 2.8, 2.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.case_acts import LONGEST_WHY, Act, Acts, Refused
from handlers.clock import london_day
from handlers.deadlines import by_rule
from handlers.letter_words import day
from handlers.rows import Row
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
WHY_UNTIL = "it is not known until when they lived there: ask, and go on with the complaint meanwhile (policy 2.8)"
WHY_AFTER = (
    "what they complain of happened on {on}, and they lived there until {until}: ask how it concerns them, and go on with the "
    "complaint meanwhile (policy 2.8)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lived:
    """Until when a former resident lived there, and when what they complain of happened; None where nobody knows."""

    until: date | None = None
    matter_on: date | None = None

    @property
    def after(self) -> bool:
        """Whether it happened after they had left: asked about, and never a bar."""
        return self.until is not None and self.matter_on is not None and self.matter_on > self.until


NOWHERE = Lived()


def lived(case: Case) -> Lived:
    """Return what is known of when a former resident lived there."""
    return Lived(until=case.lived_until, matter_on=case.matter_on)


def say_complainant(acts: Acts, case_id: int, by: str, kind: str, note: str = "", *, there: Lived = NOWHERE) -> int:
    """Keep what the complainant is to the landlord; the case goes on whatever that is, and where nobody knows a task asks.

    Of former residents it is said until when they lived there, or why that is not known; of those at our discretion, how it
    was used.
    """
    note = note.strip()
    if kind not in KINDS:
        raise Refused("Choose what they are to us", "kind")
    if kind in FORMER and not note and there.until is None:
        raise Refused("Say until when they lived there, or write down why that is not known", "lived_until")
    if kind in DISCRETION and not note:
        raise Refused("Say how discretion was used, and why (policy 2.9)", "note")
    if len(note) > LONGEST_WHY:
        raise Refused(f"Make the note {LONGEST_WHY:,} characters or fewer", "note")
    with acts.on(case_id, by) as act:
        _check_days(act, there)
        there = there if kind in FORMER else NOWHERE
        before, after = _said(act.case.complainant_kind, lived(act.case)), _said(kind, there)
        if before == after and not note:
            raise Refused("Nothing was changed")
        act.unit.update(Case, case_id, complainant_kind=kind, lived_until=there.until, matter_on=there.matter_on)
        act.tell("complainant_said", note or KINDS[kind], before=before, after=after)
        why = _to_ask(kind, there)
        waiting = act.unit.find(Task, case_id=case_id, kind=ASKS, closed_at=None)
        if any(task.why == why for task in waiting):
            return act.done("Kept. A task asks them already. The case goes on meanwhile.")
        close_tasks(act.unit, case_id, (ASKS,), at=act.now, by=by, outcome=KINDS[kind])
        if why is None:
            return act.done("Kept what they are to us.")
        _ask(act, acts, why)
        return act.done("Kept. A task asks them what is still open. The case goes on meanwhile.")


def _check_days(act: Act, there: Lived) -> None:
    today = london_day(act.now)
    for name, on in (("lived_until", there.until), ("matter_on", there.matter_on)):
        if on is not None and on > today:
            raise Refused("Give a day that has come, or leave it empty", name)


def _said(kind: str | None, there: Lived) -> Row:
    days = {"lived_until": there.until, "matter_on": there.matter_on}
    return {"complainant": kind} | {name: on.isoformat() if on is not None else None for name, on in days.items()}


def _to_ask(kind: str, there: Lived) -> str | None:
    """Return what has still to be asked of them, in a sentence."""
    if kind == UNKNOWN:
        return WHY_ASK
    if kind in FORMER and there.until is None:
        return WHY_UNTIL
    if there.after and there.until is not None and there.matter_on is not None:
        return WHY_AFTER.format(on=day(there.matter_on), until=day(there.until))
    return None


def _ask(act: Act, acts: Acts, why: str) -> None:
    due = by_rule("undelivered", act.now, acts.calendar)
    row = {"kind": ASKS, "case_id": act.case_id, "team": act.case.team, "why": why, "assigned_to": act.case.assigned_to}
    act.unit.add(Task, [row | {"opened_at": act.now, "due_at": due.due_at}])
