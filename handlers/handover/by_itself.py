"""The sweep gives plain cases to the one partner who takes them so, where the landlord's settings say that (policy 2.2, 2.4b; Code 1.4).

Handing over refuses nothing and closes nothing. Whatever is more than plain stays with people: what nobody was sure of, what holds
a danger or a complaint, what can still be undone. Where something is missing a person is asked, once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from handlers.case_acts import Act, Refused
from handlers.course.acting import Course
from handlers.handover.giving import give
from handlers.handover.news import BY_HAND, add_task
from handlers.handover.partners import Partner
from handlers.handover.summary import LONGEST, Asked, reach_of
from handlers.handover.unmarked import has_marks
from handlers.named import NOBODY
from handlers.rows import MACHINE, SWEEP, Row, event_row
from store.casefile import first_message, latest_verdicting
from store.chain import append_events
from store.engine import Store
from store.handover_rows import Plain, plain_cases
from store.lookups import hold_case
from store.models import Case, Disposition, Message
from store.people_models import Adjustment
from store.unit import Glance, Unit

log = structlog.get_logger(__name__)

ALONE = ("service_request", "asb_report")
"""What may go without a person: what is not ours needs the resident's consent (policy 2.4e), and a complaint goes nowhere."""
WAIT = timedelta(minutes=10)
"""Longer than a decision can be undone, and time for the resident to answer the first letter that it is something else."""
AT_ONCE = 200
SAME_WORDS = (Disposition.PART, Disposition.DUPLICATE, Disposition.REPEAT)
"""What came of a message that says nothing beyond the one that opened the case."""


def hand_over_what_is_plain(course: Course) -> int:
    """Hand over each plain case that exactly one partner takes without a person; return how many went, or became a task."""
    takers = _takers(course)
    if not takers:
        return 0
    done, last = 0, 0
    # Page after page: cases which stay with people must not keep those behind them waiting.
    while page := _page(course.acts.store, takers, course.acts.clock.now(), last):
        done += sum(_tried(course, takers, case_id) for case_id, fits in page.items() if fits)
        last = max(page)
    return done


def _takers(course: Course) -> dict[str, Partner]:
    """Return who takes each kind of case without a person; none where two would, or where others could read it."""
    found = {kind: [one for one in course.partners.values() if one.automatic and kind in one.takes] for kind in ALONE}
    return {kind: takers[0] for kind, takers in found.items() if len(takers) == 1 and not takers[0].publishes}


def _plain(takers: dict[str, Partner], now: datetime) -> Plain:
    return Plain(categories=takers, opened_by=now - WAIT, now=now, answered=ALONE, asked=(BY_HAND, "wants_person"))


def _page(store: Store, takers: dict[str, Partner], now: datetime, after: int) -> dict[int, bool]:
    """Return the next cases by their numbers, and whether each is to be handed over."""
    with store.glance() as glance:
        cases = plain_cases(glance, _plain(takers, now), after=after, limit=AT_ONCE)
        return {case.id or 0: _opened_by(glance, case) is not None for case in cases}


def _tried(course: Course, takers: dict[str, Partner], case_id: int) -> int:
    try:
        return _given(course, takers, case_id)
    except Refused as refused:
        return _asked(course, takers, case_id, str(refused))
    except Exception:
        # The edge of the loop: one case that cannot be handed over keeps no other waiting, and its own task stands.
        log.exception("a case could not be handed over by itself", case=case_id)
        return 0


def _given(course: Course, takers: dict[str, Partner], case_id: int) -> int:
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case, first = _held(unit, takers, case_id, now)
        if case is None or first is None:
            return 0
        give(course, Act(unit=unit, case=case, now=now, by=SWEEP), takers[str(case.category)], _asking(case, first))
        unit.commit()
    return 1


def _asked(course: Course, takers: dict[str, Partner], case_id: int, what: str) -> int:
    """Let a person hand it over instead, and say what is missing; what was begun of it was not kept."""
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case, _ = _held(unit, takers, case_id, now)
        if case is None:
            return 0
        why = f"{takers[str(case.category)].name} could not be given this by itself. {what}"
        add_task(unit, case, BY_HAND, why, now)
        append_events(unit, [event_row(case_id, BY_HAND, why, now, SWEEP)])
        unit.commit()
    return 1


def _held(unit: Unit, takers: dict[str, Partner], case_id: int, now: datetime) -> tuple[Case | None, Message | None]:
    """Hold a case, and return it with the message that opened it if it is plain still: somebody may have been at it meanwhile."""
    hold_case(unit, case_id)
    case = next(iter(plain_cases(unit, _plain(takers, now), after=0, limit=1, case_id=case_id)), None)
    first = _opened_by(unit, case) if case is not None else None
    return (case, first) if first is not None else (None, None)


def _opened_by(glance: Glance, case: Case) -> Message | None:
    """Return the message that opened a case, where it is all that the resident said and nobody doubts what it is."""
    first = first_message(glance, case.id or 0)
    fits = first is not None and _is_sure(glance, case, first) and _is_all(glance, case)
    return first if fits else None


def _is_sure(glance: Glance, case: Case, first: Message) -> bool:
    """Say whether a person decided what it is, or the machine was sure of it."""
    verdict = latest_verdicting(glance, first.id or 0)
    if verdict is None or verdict.category != case.category:
        return False
    return verdict.by not in NOBODY or (verdict.by == MACHINE and verdict.route == "auto")


def _is_all(glance: Glance, case: Case) -> bool:
    """Say whether the resident wrote nothing else, took nothing back, and is owed nothing that was agreed with them."""
    messages = [message for message in glance.find(Message, case_id=case.id) if message.disposition not in SAME_WORDS]
    if len(messages) != 1 or messages[0].trust == "failed" or messages[0].withdrawn_at is not None:
        return False
    known_by: list[Row] = [{"case_id": case.id}, *([{"address": case.resident_address}] if case.resident_address else [])]
    return not any(glance.find(Adjustment, ended_at=None, **which) for which in known_by)


def _asking(case: Case, first: Message) -> Asked:
    """Return what a partner is told where no person says it; refuse what a person must word or complete."""
    what = (first.new_text or case.subject).strip()
    if len(what) > LONGEST:
        raise Refused(f"It is longer than {LONGEST:,} characters: say in short what is to be done.")
    if has_marks(what):
        raise Refused(
            "The words may tell of a complaint, which is not theirs to know: say yourself what is to be done (Code 5.1)."
        )
    if not case.home:
        raise Refused("No home is on the case: say where it is.")
    if not reach_of(case):
        raise Refused("They could reach nobody: say how to get in, and who rings the resident.")
    return Asked(what=what, where=case.home)
