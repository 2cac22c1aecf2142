"""What hangs on a case beside its messages, letters and events, as the file of the case holds it: one section a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from handlers.people.known import adjustments_of, person_of, restrictions_of
from store.course_models import (
    Action,
    Answer,
    Breach,
    Contributor,
    Discretion,
    Extension,
    OmbudsmanOrder,
    ProgressUpdate,
    Refusal,
    Remedy,
    StageRecord,
    StageWork,
)
from store.desk_models import Note
from store.handover_models import Handover, HandoverNews
from store.hazard_models import BuildingConcern, Hazard, Page
from store.models import Case, Table
from store.people_models import Adjustment, Authority, GroupMember, Restriction
from store.unit import Glance

Rows = list[dict[str, Any]]
Reads = Callable[[Adjustment], bool]
"""Whether whoever takes the file may read what was disclosed with an adjustment."""
KEPT_APART = "kept apart: special category data, read at the desk by those who work on the case"
_OF_CASE: dict[str, type[Table]] = {
    "authorities": Authority,
    "group": GroupMember,
    "hazards": Hazard,
    "duty_calls": Page,
    "building_safety": BuildingConcern,
    "hand_overs": Handover,
    "stages": StageRecord,
    "who_worked_at_which_stage": StageWork,
    "contributors": Contributor,
    "answers": Answer,
    "actions": Action,
    "remedies": Remedy,
    "extensions": Extension,
    "updates": ProgressUpdate,
    "breaches": Breach,
    "refusals": Refusal,
    "discretion": Discretion,
    "orders": OmbudsmanOrder,
    "notes": Note,
}
"""In the order in which a caseworker reads: people, safety, work, the answer, its time, what was not taken on, notes."""


def course_of_case(glance: Glance, case: Case, reads: Reads) -> dict[str, Rows]:
    """Return every section by its name, the empty ones too; the resident's own agreements come first, wherever they were made."""
    keys = person_of(glance, case, as_seen=True)
    adjustments = _both(glance.find(Adjustment, case_id=case.id), adjustments_of(glance, keys))
    restrictions = _both(glance.find(Restriction, case_id=case.id), restrictions_of(glance, keys))
    found: dict[str, Rows] = {
        "adjustments": [_disclosed(row, reads) for row in adjustments],
        "restrictions": [row.model_dump() for row in restrictions],
    }
    found |= {name: [row.model_dump() for row in glance.find(table, case_id=case.id)] for name, table in _OF_CASE.items()}
    for row in found["hand_overs"]:
        row["news"] = [
            news.model_dump(exclude={"id", "handover_id"}) for news in glance.find(HandoverNews, handover_id=row["id"])
        ]
    return found


def _both(of_case: list[Any], of_person: list[Any]) -> Iterator[Any]:
    yield from {row.id: row for row in (*of_case, *of_person)}.values()


def _disclosed(row: Adjustment, reads: Reads) -> dict[str, Any]:
    kept = row.model_dump()
    return kept if row.disability is None or reads(row) else kept | {"disability": KEPT_APART}
