"""Whether the resident of a complaint that ended is invited to the survey; any doubt leaves them in peace (policy 10.2)."""

from __future__ import annotations

import json

from classifiers.taxonomy import Category, Flag
from handlers.case_acts import Act
from handlers.course.promises import promises_left
from handlers.people.known import person_of, restrictions_of
from handlers.surveys.letter import LETTER
from handlers.surveys.rules import SurveyRules
from handlers.surveys.stopping import standing
from store.course_models import Answer
from store.models import Case, CaseStatus, Deadline, Task
from store.survey_rows import cases_of_person, events_of, invited_since
from store.unit import Glance

REASONS: dict[str, str] = {
    "restricted": "few people may open the case",
    "anonymous": "nobody is known to write to",
    "not_answered": "it did not end with an answer",
    "still_open": "something is open on the case",
    "other_complaint": "another complaint of theirs is open, or may be one",
    "contact_limited": "a restriction limits how they and we are in touch",
    "wants_none": "they want no surveys",
    "invited_lately": "they were invited not long ago",
    "no_way": "no way to write to them works",
    "no_letter": "the letter could not be written",
}
"""Why somebody is not invited, by its code."""
BY_ANSWER = frozenset({"done", "answered", "nothing_possible"})
"""Ends of a complaint that was answered; one that was taken back, refused or passed on has others."""


def why_not(act: Act, rules: SurveyRules) -> str | None:
    """Return why the resident is not invited, the first reason that holds; None where they are. No way to write is not looked at."""
    case, unit = act.case, act.unit
    if case.restricted:
        return "restricted"
    if not case.resident_address or case.complainant_kind == "anonymous" or Flag.ANONYMOUS in case.flags:
        return "anonymous"
    if not ended_by_answer(unit, act.case_id):
        return "not_answered"
    if _is_open(unit, act.case_id):
        return "still_open"
    return _of_person(act, rules)


def ended_by_answer(glance: Glance, case_id: int) -> bool:
    """Say whether an answer went before the case was closed, and it was closed with that for its end."""
    ends = events_of(glance, [case_id], ["closed"])
    answered = any(answer.issued_at is not None for answer in glance.find(Answer, case_id=case_id))
    return bool(ends) and answered and json.loads(ends[-1].details).get("outcome") in BY_ANSWER


def _is_open(glance: Glance, case_id: int) -> bool:
    owed = glance.find(Deadline, case_id=case_id, met_at=None, superseded_at=None)
    return bool(owed or glance.find(Task, case_id=case_id, closed_at=None) or promises_left(glance, case_id))


def _of_person(act: Act, rules: SurveyRules) -> str | None:
    keys = person_of(act.unit, act.case)
    cases = [case for case in cases_of_person(act.unit, keys) if case.id != act.case_id]
    if any(map(_may_be_complaint, cases)):
        return "other_complaint"
    if restrictions_of(act.unit, keys):
        return "contact_limited"
    if standing(act.unit, act.case):
        return "wants_none"
    numbers = [act.case_id, *(case.id or 0 for case in cases)]
    return "invited_lately" if invited_since(act.unit, numbers, LETTER, act.now - rules.apart) else None


def _may_be_complaint(case: Case) -> bool:
    """Say whether it is an open complaint, or nobody has decided yet what it is (design section 2, 5)."""
    return case.status is CaseStatus.TRIAGE or (case.status is not CaseStatus.CLOSED and case.category == Category.COMPLAINT)
