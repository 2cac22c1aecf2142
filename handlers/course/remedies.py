"""What puts things right: eight kinds, from the first day on, with the impact that each answers (Code 5.13, 7.1 to 7.3).

Money above a person's own limit is offered when a second person of the role that may has approved it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.clock import london_day
from handlers.course import stages
from handlers.course.acting import Course
from handlers.course.actions import LONGEST_WHAT, require_to_come, words_within
from handlers.course.money import pounds
from handlers.course.people import is_manager, open_task, require_open_complaint, require_person
from handlers.course.promise_letters import changed
from handlers.course.promised import tell_change, tell_new, was_told, what_of
from handlers.course.remedy_points import named_points
from handlers.course.slipped import relieved
from handlers.letter_words import day
from handlers.rows import Row
from store.course_models import Remedy
from store.marks import close_tasks
from store.staff_rows import called
from store.unit import Glance

MONEY = "money"
KINDS = {
    "apology": "An apology",
    "acknowledgement": "Saying what went wrong",
    "explanation": "An explanation, help or reasons",
    "action": "Doing what was late",
    "changed_decision": "A new look at a decision, or a changed one",
    "corrected_record": "A corrected record",
    MONEY: "Money",
    "policy_change": "A change of policy or practice",
}
"""The eight kinds of Code 7.1, as letters name them; there is no other."""
TASK = "remedy_approval"
MOST_PENCE = 100_000_000
LONGEST_IMPACT = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A remedy about to be offered; ``pence`` only where it is money, ``points`` are those it puts right (none: all)."""

    kind: str
    what: str
    impact: str
    pence: int | None = None
    due_on: date | None = None
    points: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a kind that is none, an amount without impact, and money without an amount."""
        if self.kind not in KINDS:
            raise Refused("Choose what kind of remedy it is", "kind")
        words_within(
            self.impact, LONGEST_IMPACT, "impact", "Say what this did to the resident: who, how much, how long (Code 7.2)"
        )
        words_within(self.what, LONGEST_WHAT, "what", "Say what we do, as the letter is to put it")
        if self.kind != MONEY and self.pence is not None:
            raise Refused("Only money has an amount: leave it out, or choose money", "amount")
        if self.kind == MONEY and (self.pence is None or not 0 < self.pence <= MOST_PENCE):
            raise Refused("Enter an amount in pounds, such as 150 or 150.50", "amount")


def offers(glance: Glance, case_id: int) -> list[Remedy]:
    """Return the remedies of a case that were not withdrawn, in order."""
    return glance.find(Remedy, case_id=case_id, withdrawn_at=None)


def waits(remedy: Remedy) -> bool:
    """Return whether a remedy still needs a second person."""
    return remedy.approved_at is None and remedy.withdrawn_at is None


def is_open(remedy: Remedy) -> bool:
    """Return whether a remedy was neither done nor withdrawn."""
    return remedy.done_at is None and remedy.withdrawn_at is None


def offer_remedy(course: Course, case_id: int, by: str, offer: Offer) -> int:
    """Offer a remedy at the case's stage, answered or not; above the person's limit it waits for a second person."""
    require_person(by)
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        stage = stages.stage_of(act.case)
        stages.worked(act, stage, "decided a remedy")
        if offer.due_on is not None:
            require_to_come(act, offer.due_on)
        alone = (offer.pence or 0) <= course.limits.of(manager=is_manager(act))
        row = _row(act, offer) | {"approved_by": by if alone else None, "approved_at": act.now if alone else None}
        (number,) = act.unit.insert(Remedy, [row])
        band = course.guidance.band_of(offer.pence)
        told: Row = {"remedy": number, "remedy_kind": offer.kind, "points": sorted(offer.points) or "all"}
        told |= {"band": band} if band else {}
        act.tell("remedy_offered", offer.impact.strip(), **told, **_amount(offer.pence))
        added = f"Remedy added. {band.rstrip('.')}." if band else "Remedy added."
        if alone:
            return act.done(f"{added}{tell_new(act, what_of(Remedy(**row)))}")
        why = f"{called(act.unit, by)} offers {pounds(offer.pence or 0)}: {offer.what.strip()}. Somebody else has to approve it"
        open_task(act, TASK, why)
        return act.done(f"{added} It waits for a manager other than you to approve it.")


def _row(act: Act, offer: Offer) -> Row:
    return {
        "case_id": act.case_id,
        "stage": stages.stage_of(act.case),
        "kind": offer.kind,
        "impact": offer.impact.strip(),
        "what": offer.what.strip(),
        "pence": offer.pence,
        "due_on": offer.due_on,
        "points": named_points(act.case, offer.points),
        "offered_at": act.now,
        "by": act.by,
    }


def point_remedy(course: Course, case_id: int, by: str, remedy_id: int, points: Sequence[int]) -> int:
    """Say anew which points a remedy puts right, before an answer promised it; none stands for all of them (Code 7.1)."""
    require_person(by)
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        remedy = _held(act, remedy_id)
        if was_told(act.unit, remedy):
            raise Refused("An answer said already what this remedy is for: add another remedy")
        kept = named_points(act.case, points)
        if kept == (remedy.points or None):
            raise Refused("Nothing was changed", "points")
        stages.worked(act, stages.stage_of(act.case), "decided a remedy")
        act.unit.update(Remedy, remedy_id, points=kept)
        act.tell("remedy_pointed", remedy.what, remedy=remedy_id, points=sorted(set(points)) or "all")
        return act.done("Remedy changed.")


def approve_remedy(course: Course, case_id: int, by: str, remedy_id: int) -> int:
    """Approve a remedy above a colleague's limit: by a manager, never by whoever offered it."""
    require_person(by)
    with course.acts.on(case_id, by) as act:
        remedy = _held(act, remedy_id)
        if not waits(remedy):
            raise Stale("This remedy is approved already.")
        if by == remedy.by:
            raise Refused("You offered it, so somebody else has to approve it")
        if not is_manager(act):
            raise Refused("Only a manager can approve it")
        stages.worked(act, stages.stage_of(act.case), "approved a remedy")
        act.unit.update(Remedy, remedy_id, approved_by=by, approved_at=act.now)
        act.tell("remedy_approved", remedy.what, remedy=remedy_id, **_amount(remedy.pence))
        _decided(act, "approved")
        return act.done(f"Remedy approved.{tell_new(act, what_of(remedy))}")


def do_remedy(course: Course, case_id: int, by: str, remedy_id: int, outcome: str) -> int:
    """Say that a remedy was given, and how one can see it."""
    require_person(by)
    outcome = reasoned(outcome, "outcome")
    with course.acts.on(case_id, by) as act:
        remedy = _held(act, remedy_id)
        if waits(remedy):
            raise Refused("Nobody has approved it yet")
        if remedy.done_at is not None:
            raise Stale("This remedy is done already.")
        act.unit.update(Remedy, remedy_id, done_at=act.now, done_by=by)
        late = remedy.due_on is not None and london_day(act.now) > remedy.due_on
        relieved(act, f"given: {outcome}")
        act.tell("remedy_done", outcome, remedy=remedy_id, what=remedy.what, late="yes" if late else "no")
        return act.done("Remedy done.")


def move_remedy(course: Course, case_id: int, by: str, remedy_id: int, *, due_on: date, why: str) -> int:
    """Give a remedy another day, with a reason which the resident reads in a letter where an answer promised it."""
    require_person(by)
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        remedy = _held(act, remedy_id)
        if remedy.done_at is not None:
            raise Refused("This remedy is done, so it needs no other day")
        require_to_come(act, due_on)
        if due_on == remedy.due_on:
            raise Refused(f"It is due on {day(due_on)} already", "due")
        act.unit.update(Remedy, remedy_id, due_on=due_on, warned_at=None, raised_at=None)
        relieved(act, f"moved to {day(due_on)}")
        was = remedy.due_on.isoformat() if remedy.due_on is not None else None
        act.tell("remedy_moved", why, remedy=remedy_id, was=was, due_on=due_on.isoformat())
        said = tell_change(course.posting, act, remedy, changed(what_of(remedy), why, remedy.due_on, due_on))
        return act.done(f"Remedy is due {day(due_on)} now. {said}")


def withdraw_remedy(course: Course, case_id: int, by: str, remedy_id: int, why: str) -> int:
    """Take a remedy back, or send it back unapproved; of one that an answer promised the resident reads the reason in a letter."""
    require_person(by)
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        remedy = _held(act, remedy_id)
        if remedy.done_at is not None:
            raise Refused("This remedy is done, so it cannot be taken back")
        stages.worked(act, stages.stage_of(act.case), "decided a remedy")
        act.unit.update(Remedy, remedy_id, withdrawn_at=act.now, withdrawn_why=why)
        act.tell("remedy_withdrawn", why, remedy=remedy_id, what=remedy.what, **_amount(remedy.pence))
        _decided(act, "withdrawn")
        relieved(act, f"withdrawn: {why}")
        if not was_told(act.unit, remedy):
            return act.done("Remedy withdrawn.")
        said = tell_change(course.posting, act, remedy, changed(what_of(remedy), why, remedy.due_on))
        return act.done(f"Remedy withdrawn. {said}")


def _held(act: Act, remedy_id: int) -> Remedy:
    remedy = act.unit.get(Remedy, remedy_id)
    if remedy is None or remedy.case_id != act.case_id:
        raise Refused("There is no such remedy on this case.")
    if remedy.withdrawn_at is not None:
        raise Stale("This remedy was withdrawn already.")
    return remedy


def _amount(pence: int | None) -> Row:
    return {} if pence is None else {"amount": pounds(pence)}


def _decided(act: Act, outcome: str) -> None:
    """Close the tasks for a second person where nothing waits for one any more."""
    if not any(waits(remedy) for remedy in offers(act.unit, act.case_id)):
        close_tasks(act.unit, act.case_id, (TASK,), at=act.now, by=act.by, outcome=outcome)


def when_due(remedy: Remedy) -> str:
    """Return by when a remedy is given, in words; nothing where no day was set."""
    return f"by {day(remedy.due_on)}" if remedy.due_on is not None else ""
