"""The definition of a complaint: corrected in a form without scripts, confirmed, and compared version by version."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from desk.web.access import open_case
from desk.web.case_forms import TypedForm
from desk.web.case_names import names_of
from desk.web.case_sheet import Sheet, sheet_from, sheet_of
from desk.web.desk import Desk, TheDesk
from desk.web.rights import WORKERS, Person, needs
from desk.web.sign_back import own_path
from handlers.case_acts import Refused, Stale
from handlers.defining import save, versions
from intake.web_pages import summary
from store.models import Case

router = APIRouter()
Worker = Annotated[Person, needs(*WORKERS)]
EMPTY_ROWS = 1


@router.get("/cases/{reference}/definition")
def edit(request: Request, desk: TheDesk, person: Worker, reference: str) -> Response:
    """Show the definition as a form."""
    case = open_case(desk, person, reference).case
    return _page(request, desk, case, sheet_of(case).with_room(EMPTY_ROWS))


@router.post("/cases/{reference}/definition")
def keep(request: Request, desk: TheDesk, person: Worker, reference: str, typed: TypedForm) -> Response:
    """Keep what was written as the next version, and confirm it where that was asked; or add a row and ask again."""
    case = open_case(desk, person, reference).case
    sheet_of(case)
    sheet, wanted = sheet_from(typed), typed.line("do")
    if wanted == "add":
        return _page(request, desk, case, sheet.with_room(EMPTY_ROWS + 1))
    if wanted == "order":
        return _page(request, desk, case, sheet.with_room(EMPTY_ROWS))
    try:
        definition = sheet.definition()
        house, case_id, by = desk.house, case.id or 0, person.username
        if wanted == "confirm":
            number = house.confirming.confirm(case_id, by, sheet.version, definition, why=sheet.why)
            desk.letters_due()
        else:
            number = save(house.acts, case_id, by, sheet.version, definition, why=sheet.why)
    except Refused as refused:
        return _page(request, desk, case, sheet.with_room(EMPTY_ROWS), refused)
    return RedirectResponse(f"/cases/{case.reference}?done={number}#definition", status_code=303)


@router.post("/cases/{reference}/definition/confirm")
def confirm(request: Request, desk: TheDesk, person: Worker, reference: str, typed: TypedForm) -> Response:
    """Confirm the definition as the person saw it; from the review card, go on to what comes next in the list."""
    case = open_case(desk, person, reference).case
    sheet = sheet_of(case)
    try:
        number = desk.house.confirming.confirm(case.id or 0, person.username, typed.number("version"))
    except Refused as refused:
        return _page(request, desk, case, sheet.with_room(EMPTY_ROWS), refused)
    desk.letters_due()
    back = own_path(typed.text("back"))
    onwards = f"{back}&done={number}" if back and "?" in back else f"/cases/{case.reference}?done={number}#definition"
    return RedirectResponse(onwards, status_code=303)


def _page(request: Request, desk: Desk, case: Case, sheet: Sheet, refused: Refused | None = None) -> Response:
    """Return the form; a stale save is shown beside what a colleague wrote, and saved again only on purpose."""
    errors = {refused.field or "form": str(refused)} if refused else {}
    facts: dict[str, Any] = {"case": case, "sheet": sheet, "errors": errors, "summary": summary(errors)}
    status = 200 if refused is None else 422
    if isinstance(refused, Stale):
        status = 409
        with desk.glance() as glance:
            theirs = glance.get(Case, case.id) or case
            latest = versions(glance, theirs)[0]
            facts["names"] = names_of(glance, {latest.by})
        facts |= {"theirs": latest, "sheet": Sheet(**{**_told(sheet), "version": theirs.definition_version})}
    return desk.pages.page(request, "case_definition.html", status=status, **facts)


def _told(sheet: Sheet) -> dict[str, Any]:
    return {name: getattr(sheet, name) for name in ("rows", "outcomes", "question", "why")}
