"""All acts of a complaint's course, by the names that they have in addresses and at the terminal; each area has its own file."""

from __future__ import annotations

from desk.web import (
    course_answer_forms,
    course_definition_forms,
    course_groups_forms,
    course_handover_forms,
    course_hazard_forms,
    course_matters_forms,
    course_ombudsman_forms,
    course_people_forms,
    course_promise_forms,
    course_refusal_forms,
    course_remedy_forms,
    course_restriction_forms,
    course_safety_forms,
    course_stage2_forms,
    course_time_forms,
    course_who_forms,
)
from desk.web.case_doing import ActPage

COURSE_ACTS: dict[str, ActPage] = {**course_people_forms.ACTS, **course_restriction_forms.ACTS}
COURSE_ACTS |= course_definition_forms.ACTS | course_time_forms.ACTS
COURSE_ACTS |= course_stage2_forms.ACTS | course_answer_forms.ACTS | course_promise_forms.ACTS | course_remedy_forms.ACTS
COURSE_ACTS |= course_matters_forms.ACTS | course_who_forms.ACTS | course_groups_forms.ACTS
COURSE_ACTS |= course_hazard_forms.ACTS | course_safety_forms.ACTS
COURSE_ACTS |= course_handover_forms.ACTS
COURSE_ACTS |= course_refusal_forms.ACTS | course_ombudsman_forms.ACTS
