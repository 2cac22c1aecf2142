"""Where a request about a reply stands: who asks, at which case, with which draft open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from desk.web.access import NOT_FOUND, Opened, open_case
from desk.web.desk import Desk, TheDesk
from desk.web.rights import READERS, WORKERS, Person, needs
from desk.web.row_ids import RowId
from store.act_rows import people_of_case
from store.desk_models import DraftLetter
from store.models import Case

Worker = Annotated[Person, needs(*WORKERS)]
Reader = Annotated[Person, needs(*READERS)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A person at an open case, with a draft of it."""

    request: Request
    desk: Desk
    person: Person
    opened: Opened
    draft: DraftLetter

    @property
    def case(self) -> Case:
        """Return the case."""
        return self.opened.case

    @property
    def draft_id(self) -> int:
        """Return the draft's number."""
        return self.draft.id or 0

    @property
    def address(self) -> str:
        """Return the draft's own address."""
        return f"/cases/{self.case.reference}/replies/{self.draft_id}"

    def again(self) -> Place:
        """Return the same place with the draft as it is kept now."""
        return place(self.request, self.desk, self.person, self.case.reference, self.draft_id)


def place(request: Request, desk: Desk, person: Person, reference: str, draft_id: int) -> Place:
    """Open the case and the draft for the person, or raise 404."""
    opened = open_case(desk, person, reference)
    with desk.glance() as glance:
        draft = glance.get(DraftLetter, draft_id)
    if draft is None or draft.case_id != opened.case.id:
        raise NOT_FOUND
    return Place(request=request, desk=desk, person=person, opened=opened, draft=draft)


def may_write(desk: Desk, person: Person, case: Case) -> None:
    """Answer 403 to whoever is named as one who never works on this case."""
    with desk.glance() as glance:
        if person.username in people_of_case(glance, case.id or 0, "barred"):
            raise HTTPException(403, "You do not work on this case: somebody else has to write the reply.")


def _worker_at(request: Request, desk: TheDesk, person: Worker, reference: str, draft: RowId) -> Place:
    found = place(request, desk, person, reference, draft)
    may_write(desk, person, found.case)
    return found


def _reader_at(request: Request, desk: TheDesk, person: Reader, reference: str, draft: RowId) -> Place:
    return place(request, desk, person, reference, draft)


AtWork = Annotated[Place, Depends(_worker_at)]
"""A route's parameter: a person who may change the draft."""
AtDraft = Annotated[Place, Depends(_reader_at)]
"""A route's parameter: a person who may read the draft."""
