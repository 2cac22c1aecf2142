"""The members of a group as a list to take along, for whoever works on the case; the case keeps who took it (policy 6.1)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from desk.web import chat_words
from desk.web.access import NOT_FOUND, open_case
from desk.web.desk import TheDesk
from desk.web.rights import WORKERS, Person, needs
from handlers.course.groups import PERMISSIONS
from handlers.course.speaking import members_of
from handlers.rows import event_row
from handlers.sheets import csv_of
from store.chain import append_events
from store.people_models import GroupMember

router = APIRouter()
Worker = Annotated[Person, needs(*WORKERS)]
COLUMNS = ("name", "address", "home", "leads", "wants to be part of it")
TAKEN = "members_taken"


@router.get("/cases/{reference}/members.csv")
def members(desk: TheDesk, person: Worker, reference: str) -> Response:
    """Return who belongs to the group now, its lead first; a case that is no group has no such list."""
    case = open_case(desk, person, reference).case
    with desk.glance() as glance:
        found = members_of(glance, case.id or 0)
    if not found:
        raise NOT_FOUND
    with desk.house.store.unit("desk") as unit:
        why = "took the list of the group's members"
        append_events(unit, [event_row(case.id or 0, TAKEN, why, desk.now(), person.username, members=len(found))])
        unit.commit()
    name = f'attachment; filename="{case.reference}-members.csv"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(csv_of(COLUMNS, map(_row, found)), media_type="text/csv; charset=utf-8", headers=headers)


def _row(member: GroupMember) -> tuple[str, ...]:
    address = chat_words.address(member.address) if member.address else ""
    return member.name, address, member.home or "", "yes" if member.is_lead else "", PERMISSIONS[member.permission]
