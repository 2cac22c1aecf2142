"""All acts of a complaint's course, by the names that they have in addresses and at the terminal; each area has its own file."""

from __future__ import annotations

from desk.web import course_people_forms, course_restriction_forms
from desk.web.case_doing import ActPage

COURSE_ACTS: dict[str, ActPage] = {**course_people_forms.ACTS, **course_restriction_forms.ACTS}
