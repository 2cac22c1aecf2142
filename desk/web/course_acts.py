"""All acts of a complaint's course, by the names that they have in addresses and at the terminal; each area has its own file."""

from __future__ import annotations

from desk.web.case_doing import ActPage

COURSE_ACTS: dict[str, ActPage] = {}
