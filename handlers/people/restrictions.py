"""Restrictions on how somebody may be in touch: proposed by one person, approved by another, for a time (Code 5.14, 5.15, policy 7).

Nothing in how messages are received, judged, logged or acknowledged ever asks for a restriction: it binds colleagues alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from handlers.case_acts import Act, Acts, Refused, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.people import is_manager, open_task, require_person
from handlers.letter_words import day
from handlers.people.known import adjustments_of, key_of, person_of, restrictions_of
from handlers.people.restriction_letter import ENDED, LETTER, notice_of, over
from handlers.people.restriction_words import (
    KINDS,
    PROPOSED,
    REVIEW,
    TAKES_AWAY,
    TELL,
    TO_TELL,
    check_words,
    review_words,
    tell_words,
)
from handlers.people.rules import PeopleRules
from handlers.people.tasks import close_named
from handlers.people.wishes import ADJUSTMENTS
from handlers.rows import Row
from store.people_models import Restriction

MANAGERS_ALONE = "A manager has to do this"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposed:
    """A restriction as somebody proposes it: the incidents it answers, why, why no less would do, the Equality Act, its dates."""

    kind: str
    incidents: Sequence[dict[str, Any]]
    reasons: str
    proportion: str
    equality: str
    starts_on: date
    review_on: date
    ends_on: date


def propose(course: Course, case_id: int, by: str, asked: Proposed) -> int:
    """Propose a restriction of the resident of a case; nothing binds anybody before a manager approves it."""
    require_person(by)
    with course.acts.on(case_id, by) as act:
        keys = person_of(act.unit, act.case)
        _check(act, asked, keys, course.people)
        row: Row = {
            "address": key_of(act.case),
            "case_id": case_id,
            "kind": asked.kind,
            "state": "proposed",
            "incidents": list(asked.incidents),
            "reasons": reasoned(asked.reasons, "reasons"),
            "proportion": reasoned(asked.proportion, "proportion"),
            "equality": reasoned(asked.equality, "equality"),
            "starts_on": asked.starts_on,
            "review_on": asked.review_on,
            "ends_on": asked.ends_on,
            "proposed_by": by,
            "proposed_at": act.now,
        }
        (number,) = act.unit.insert(Restriction, [row])
        open_task(act, PROPOSED, check_words(number, asked.kind))
        act.tell("limit_proposed", row["reasons"], restriction=number, kind_of=asked.kind, incidents=len(asked.incidents))
        return act.done("Restriction proposed. It binds nobody until a manager approves it.")


def approve(course: Course, case_id: int, by: str, number: int, *, why: str) -> int:
    """Approve a restriction as its second person; the resident is told in the same act, with the reasons and how to challenge it."""
    why = reasoned(why)
    with course.acts.on(case_id, by, also=_home_of(course.acts, number)) as act:
        row = _second_person(act, number)
        today = london_day(act.now)
        if row.ends_on <= today or row.review_on <= today:
            raise Refused("Its dates have passed: send it back, so that it is proposed with new ones")
        _check_clash(row.kind, {one.kind for one in adjustments_of(act.unit, person_of(act.unit, act.case))})
        starts_on = max(row.starts_on, today)
        posted = course.posting.put(act, LETTER, notice_of(row, starts_on), of=number)
        changed = {"state": "active", "approved_by": by, "approved_at": act.now, "starts_on": starts_on}
        act.unit.update(Restriction, number, **changed, letter_id=posted.letter_id)
        _close_check(act, row, "approved")
        if row.kind in TO_TELL:
            open_task(act, TELL, tell_words(number, row.kind))
        told: Row = {"restriction": number, "kind_of": row.kind, "review_on": row.review_on.isoformat()}
        act.tell("limit_approved", why, **told, ends_on=row.ends_on.isoformat(), proposed_by=row.proposed_by)
        return act.done(f"Restriction approved, from {day(starts_on)} to {day(row.ends_on)}. {posted.said}")


def send_back(course: Course, case_id: int, by: str, number: int, *, why: str) -> int:
    """Decline a proposed restriction: it never binds anybody, and stays on the record with why."""
    why = reasoned(why)
    with course.acts.on(case_id, by, also=_home_of(course.acts, number)) as act:
        row = _second_person(act, number)
        act.unit.update(Restriction, number, state="sent_back", ended_at=act.now, ended_by=by, ended_why=why)
        _close_check(act, row, "sent back")
        act.tell("limit_sent_back", why, restriction=number, kind_of=row.kind)
        return act.done("Restriction sent back. Nothing is limited.")


def keep(course: Course, case_id: int, by: str, number: int, *, review_on: date, why: str) -> int:
    """Review a restriction and keep it, never beyond the end that the resident was told of."""
    why = reasoned(why)
    with course.acts.on(case_id, by, also=_home_of(course.acts, number)) as act:
        row = _active(act, number)
        today = london_day(act.now)
        if not today < review_on <= row.ends_on:
            raise Refused(f"Choose a date after today and not after its end, {day(row.ends_on)}", "review_on")
        if review_on > today + timedelta(days=course.people.restriction_review_days):
            raise Refused(f"Look at it again within {course.people.restriction_review_days} days", "review_on")
        act.unit.update(Restriction, number, review_on=review_on, reviewed_at=act.now, warned_at=None)
        close_named(act.unit, row.case_id, REVIEW, review_words(row), at=act.now, by=by, outcome="kept")
        act.tell("limit_reviewed", why, restriction=number, kind_of=row.kind, review_on=review_on.isoformat())
        return act.done(f"Restriction kept, and looked at again by {day(review_on)}.")


def lift(course: Course, case_id: int, by: str, number: int, *, why: str) -> int:
    """Lift a restriction before its end; the resident is told in the same act (policy 7.3)."""
    why = reasoned(why)
    with course.acts.on(case_id, by, also=_home_of(course.acts, number)) as act:
        row = _active(act, number)
        act.unit.update(Restriction, number, state="lifted", ended_at=act.now, ended_by=by, ended_why=why)
        close_asked(act, row, "lifted")
        act.tell("limit_lifted", why, restriction=number, kind_of=row.kind)
        return act.done(f"Restriction lifted. {tell_over(course, act, row, early=True)}")


def close_asked(act: Act, row: Restriction, outcome: str) -> None:
    """Close what a restriction still asked people for, once it is over."""
    close_named(act.unit, row.case_id, REVIEW, review_words(row), at=act.now, by=act.by, outcome=outcome)
    for case_id in {row.case_id, act.case_id} if row.kind in TO_TELL else ():
        words = tell_words(row.id or 0, row.kind)
        close_named(act.unit, case_id, TELL, words, at=act.now, by=act.by, outcome=outcome)


def tell_over(course: Course, act: Act, row: Restriction, *, early: bool) -> str:
    """Write to the resident that a restriction is over; return the sentence that says how the letter goes."""
    others = restrictions_of(act.unit, person_of(act.unit, act.case))
    more = over(row, london_day(act.now), others, early=early)
    return course.posting.put(act, ENDED, more, of=row.id).said


def _check(act: Act, asked: Proposed, keys: Sequence[str], rules: PeopleRules) -> None:
    if asked.kind not in KINDS:
        raise Refused("Choose what is to be limited", "kind")
    if any(row.kind == asked.kind for row in restrictions_of(act.unit, keys)):
        raise Refused("The same is proposed or in force already: review that instead", "kind")
    _check_clash(asked.kind, {row.kind for row in adjustments_of(act.unit, keys)})
    if not asked.incidents:
        raise Refused("Choose or write down at least one incident: a restriction rests on what happened", "incidents")
    today = london_day(act.now)
    if asked.starts_on < today:
        raise Refused("It cannot start before today", "starts_on")
    if not asked.starts_on < asked.review_on <= asked.ends_on:
        raise Refused("The review must come after the start and not after the end", "review_on")
    if asked.review_on > asked.starts_on + timedelta(days=rules.restriction_review_days):
        raise Refused(f"Look at it again within {rules.restriction_review_days} days of its start", "review_on")
    if asked.ends_on > asked.starts_on + timedelta(days=rules.restriction_days):
        raise Refused(f"It may last {rules.restriction_days} days at the most", "ends_on")


def _check_clash(kind: str, agreed: set[str]) -> None:
    """Refuse what would take a reasonable adjustment away (Code 5.15, Equality Act 2010)."""
    lost = sorted(ADJUSTMENTS[one] for one in TAKES_AWAY.get(kind, frozenset()) & agreed)
    if lost:
        raise Refused(f"It would take away what was agreed ({', '.join(lost)}), so it may not be (Code 5.15)", "kind")


def _second_person(act: Act, number: int) -> Restriction:
    """Return a proposed restriction that the doer may check: a manager who did not propose it."""
    require_person(act.by)
    row = _of_resident(act, number)
    if row.state != "proposed":
        raise Refused("It was decided already, and nothing was changed")
    if not is_manager(act):
        raise Refused(MANAGERS_ALONE)
    if row.proposed_by == act.by:
        raise Refused("Whoever proposed it cannot check it: a second person has to")
    return row


def _active(act: Act, number: int) -> Restriction:
    require_person(act.by)
    row = _of_resident(act, number)
    if row.state != "active":
        raise Refused("It is not in force, and nothing was changed")
    if not is_manager(act):
        raise Refused(MANAGERS_ALONE)
    return row


def _of_resident(act: Act, number: int) -> Restriction:
    row = act.unit.get(Restriction, number)
    if row is None or row.address not in person_of(act.unit, act.case):
        raise Refused("There is no such restriction of this resident")
    return row


def _close_check(act: Act, row: Restriction, outcome: str) -> None:
    why = check_words(row.id or 0, row.kind)
    close_named(act.unit, row.case_id, PROPOSED, why, at=act.now, by=act.by, outcome=outcome)


def _home_of(acts: Acts, number: int) -> int | None:
    """Return the case on which a restriction was proposed, for its tasks stand there."""
    with acts.store.glance() as glance:
        row = glance.get(Restriction, number)
    return row.case_id if row is not None else None
