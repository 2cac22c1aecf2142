"""Once a complaint has been closed for some days, its resident is invited to the landlord's survey, or is not (policy 10.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from handlers.case_acts import Act, Refused
from handlers.course.acting import Course
from handlers.people.known import person_of
from handlers.rows import SWEEP
from handlers.surveys.fitness import REASONS, why_not
from handlers.surveys.letter import LETTER, SurveyInvitation
from store.lookups import hold_case
from store.models import Case, CaseStatus
from store.survey_rows import cases_of_person, ended_between, events_of
from store.unit import Glance, Unit

log = structlog.get_logger(__name__)
INVITED, NOT_INVITED = "survey_invited", "survey_not_invited"
JUDGED = (INVITED, NOT_INVITED)
LATELY = timedelta(days=30)
"""How much longer ago a complaint may have ended: whoever sets a link later asks nobody about what is long over."""


def invite(course: Course) -> int:
    """Invite the residents of complaints that ended as long ago as the landlord says; each case is looked at once."""
    if course.surveys.link is None:
        return 0
    until = course.acts.clock.now() - course.surveys.after
    with course.acts.store.glance() as glance:
        found = ended_between(glance, until - LATELY, until, but=JUDGED)
    return sum(_look(course, case_id, until) for case_id in found)


def _look(course: Course, case_id: int, until: datetime) -> int:
    with course.acts.store.unit("T6") as unit:
        case = _held(unit, case_id)
        if case is None or not _is_due(unit, case, until):
            return 0
        act = Act(unit=unit, case=case, now=course.acts.clock.now(), by=SWEEP)
        _decide(course, act)
        unit.commit()
    return 1


def _held(unit: Unit, case_id: int) -> Case | None:
    """Hold the case and all others of its resident, in order: two cases of one person are never looked at side by side."""
    for number in _with(unit, case_id):
        hold_case(unit, number)
    return hold_case(unit, case_id)


def _with(glance: Glance, case_id: int) -> list[int]:
    case = glance.get(Case, case_id)
    others = cases_of_person(glance, person_of(glance, case)) if case is not None else []
    return sorted({case_id, *(one.id or 0 for one in others)})


def _is_due(glance: Glance, case: Case, until: datetime) -> bool:
    """Say whether it is still closed, since then, and nobody looked meanwhile: the event is what makes a second letter impossible."""
    told = events_of(glance, [case.id or 0], ["closed", *JUDGED])
    ends = [event for event in told if event.kind == "closed"]
    return case.status is CaseStatus.CLOSED and len(ends) == len(told) > 0 and ends[-1].at < until


def _decide(course: Course, act: Act) -> None:
    reason, stage = why_not(act, course.surveys), (act.case.stage or "1")
    reason = reason or ("no_way" if not course.posting.reaches(act) else _write(course, act))
    if reason is None:
        act.tell(INVITED, "the complaint has ended, and the survey may be answered or left alone", stage=stage)
    else:
        act.tell(NOT_INVITED, REASONS[reason], reason=reason, stage=stage)


def _write(course: Course, act: Act) -> str | None:
    """Write the letter; return why there is none where it cannot be written whole."""
    try:
        course.posting.put(act, LETTER, SurveyInvitation(link=course.surveys.link_of(act.case.stage)))
    except Refused as refused:
        log.warning("an invitation to the survey could not be written", case=act.case.reference, why=str(refused))
        return "no_letter"
    return None
