"""Reasonable adjustments: agreed by a named person, looked at again in time, ended with a reason (Code 5.10, policy 12).

What somebody disclosed of a disability stands on the adjustment alone: no event, task or letter repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.case_acts import Act, Acts, Refused, reasoned
from handlers.clock import london_day
from handlers.course.people import require_person
from handlers.letter_words import day
from handlers.people.known import adjustments_of, key_of, person_of
from handlers.people.tasks import close_named
from handlers.people.wishes import ADJUSTMENTS, at_odds
from handlers.rows import Row
from store.marks import close_tasks
from store.models import Message
from store.people_models import Adjustment

ASKED = "adjustment"
"""The kind of task that a message opens which asks for an adjustment; agreeing on one answers it."""
REVIEW = "adjustment_review"
LONGEST = 2_000
LONGEST_REVIEW = timedelta(days=366)
ORDINARY_REVIEW = timedelta(days=182)


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreed:
    """What was agreed with somebody: the kind and its words, with whom and when, and when it is looked at again."""

    kind: str
    words: str
    agreed_on: date
    agreed_with: str
    review_on: date
    disability: str = ""
    message_id: int | None = None


def agree(acts: Acts, case_id: int, by: str, agreed: Agreed) -> int:
    """Keep an adjustment for the resident of a case, on this and every other case of theirs; close the task that asked for it."""
    require_person(by)
    with acts.on(case_id, by) as act:
        _check(act, agreed)
        row: Row = {
            "address": key_of(act.case),
            "case_id": case_id,
            "message_id": _message(act, agreed.message_id),
            "kind": agreed.kind,
            "words": _words(agreed.words),
            "disability": agreed.disability.strip()[:LONGEST] or None,
            "agreed_on": agreed.agreed_on,
            "agreed_with": agreed.agreed_with.strip(),
            "by": by,
            "at": act.now,
            "review_on": agreed.review_on,
        }
        (number,) = act.unit.insert(Adjustment, [row])
        name = ADJUSTMENTS[agreed.kind]
        close_tasks(act.unit, case_id, (ASKED,), at=act.now, by=by, outcome=f"agreed: {name}")
        told: Row = {"adjustment": number, "kind_of": agreed.kind, "review_on": agreed.review_on.isoformat()}
        # With whom stands on the adjustment: no event names anybody, for none is ever erased.
        act.tell("adjustment_agreed", f"{name}, agreed on {day(agreed.agreed_on)}", **told)
        return act.done(f"{name} is agreed. Letters, calls and every case of theirs keep to it from now on.")


def keep(acts: Acts, case_id: int, by: str, number: int, *, words: str, review_on: date, why: str) -> int:
    """Look at an adjustment again and keep it, with its words put right and a new date."""
    require_person(by)
    why = reasoned(why)
    with acts.on(case_id, by, also=_home_of(acts, number)) as act:
        row = standing(act, number)
        _review_date(act, review_on)
        changed = {"words": _words(words), "review_on": review_on, "reviewed_at": act.now, "reviewed_by": by}
        act.unit.update(Adjustment, number, **changed, warned_at=None)
        close_named(act.unit, row.case_id, REVIEW, review_words(row), at=act.now, by=by, outcome="kept")
        told: Row = {"adjustment": number, "kind_of": row.kind, "review_on": review_on.isoformat()}
        act.tell("adjustment_reviewed", why, **told)
        return act.done(f"{ADJUSTMENTS[row.kind]} is kept, and looked at again by {day(review_on)}.")


def end(acts: Acts, case_id: int, by: str, number: int, *, why: str) -> int:
    """End an adjustment that somebody no longer needs or wants."""
    require_person(by)
    why = reasoned(why)
    with acts.on(case_id, by, also=_home_of(acts, number)) as act:
        row = standing(act, number)
        act.unit.update(Adjustment, number, ended_at=act.now, ended_by=by, ended_why=why)
        close_named(act.unit, row.case_id, REVIEW, review_words(row), at=act.now, by=by, outcome="ended")
        act.tell("adjustment_ended", why, adjustment=number, kind_of=row.kind)
        return act.done(f"{ADJUSTMENTS[row.kind]} is ended. Nothing keeps to it any more.")


def standing(act: Act, number: int) -> Adjustment:
    """Return an adjustment of the case's resident that stands, or refuse the act."""
    row = act.unit.get(Adjustment, number)
    if row is None or row.address not in person_of(act.unit, act.case):
        raise Refused("There is no such adjustment of this resident")
    if row.ended_at is not None:
        raise Refused("It was ended already, and nothing was changed")
    return row


def review_words(row: Adjustment) -> str:
    """Return why an adjustment is looked at again: the same words whenever they are asked for."""
    name = ADJUSTMENTS.get(row.kind, row.kind).lower()
    return f"look again at adjustment {row.id}, {name}, agreed on {day(row.agreed_on)}: does it still help? (Code 5.10)"


def _check(act: Act, agreed: Agreed) -> None:
    if agreed.kind not in ADJUSTMENTS:
        raise Refused("Choose what was agreed", "kind")
    if not agreed.agreed_with.strip():
        raise Refused("Say with whom it was agreed", "agreed_with")
    if agreed.agreed_on > london_day(act.now):
        raise Refused("The date on which it was agreed cannot be in the future", "agreed_on")
    _review_date(act, agreed.review_on)
    kinds = frozenset(row.kind for row in adjustments_of(act.unit, person_of(act.unit, act.case)))
    if agreed.kind != "other" and agreed.kind in kinds:
        raise Refused(f"{ADJUSTMENTS[agreed.kind]} is agreed already: look at it again instead", "kind")
    other = at_odds(agreed.kind, kinds)
    if other is not None:
        said = f"{ADJUSTMENTS[other]} is agreed, and both cannot be kept to: end that first, or choose “Something else”"
        raise Refused(said, "kind")


def _review_date(act: Act, review_on: date) -> None:
    today = london_day(act.now)
    if review_on <= today:
        raise Refused("Choose a date after today on which it is looked at again", "review_on")
    if review_on > today + LONGEST_REVIEW:
        raise Refused("Look at it again within a year: needs change", "review_on")


def _words(words: str) -> str:
    if not words.strip():
        raise Refused("Say what was agreed, so that any colleague can keep to it", "words")
    if len(words) > LONGEST:
        raise Refused(f"Make it {LONGEST:,} characters or fewer; it has {len(words):,}", "words")
    return words.strip()


def _message(act: Act, number: int | None) -> int | None:
    """Return the message that asked for it, where it is one of this case."""
    found = act.unit.get(Message, number) if number is not None else None
    return found.id if found is not None and found.case_id == act.case_id else None


def _home_of(acts: Acts, number: int) -> int | None:
    """Return the case on which an adjustment was agreed, for its tasks stand there."""
    with acts.store.glance() as glance:
        row = glance.get(Adjustment, number)
    return row.case_id if row is not None else None
