"""The whole file of a case to take along, for managers and auditors; the case keeps who took it and when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from desk.case_file import case_file
from desk.web.access import open_case
from desk.web.desk import TheDesk
from desk.web.rights import Person, Role, needs
from handlers.rows import event_row
from store.chain import append_events

router = APIRouter()
Taker = Annotated[Person, needs(Role.MANAGER, Role.AUDITOR)]
TAKEN = "file_taken"


@router.get("/cases/{reference}/file")
def whole_file(desk: TheDesk, person: Taker, reference: str) -> Response:
    """Return the case as a zip: a timeline to read, originals byte for byte, letters, decisions, the chain of events."""
    case = open_case(desk, person, reference).case
    with desk.house.store.unit("desk") as unit:
        append_events(unit, [event_row(case.id or 0, TAKEN, "took the whole file of the case", desk.now(), person.username)])
        unit.commit()
    with desk.glance() as glance:
        made = case_file(glance, case.id or 0, desk.house, person)
    name = f'attachment; filename="{case.reference}.zip"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(made.zipped(), media_type="application/zip", headers=headers)
