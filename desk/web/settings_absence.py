"""When somebody is away: a form for managers, so that nobody who is away is given work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk.web.desk import Desk, TheDesk
from desk.web.rights import Person, Role, needs
from desk.web.row_ids import RowId
from desk.web.sign_accounts import Stale, absence
from handlers.clock import london_day
from intake.web_pages import summary
from store.desk_models import Staff

router = APIRouter()
Manager = Annotated[Person, needs(Role.MANAGER)]
Text = Annotated[str, Form()]
Typed = tuple[str, str, str]
"""Day, month and year as somebody typed them."""
NEAR = timedelta(days=3 * 366)
"""How far from today an absence may lie: a year typed wrongly would take somebody out of the work for good."""


@router.get("/settings/absence/{staff_id}")
def absence_form(request: Request, desk: TheDesk, _person: Manager, staff_id: RowId) -> Response:
    """Ask when somebody is away."""
    return _page(request, desk, staff_of(desk, staff_id))


@router.post("/settings/absence/{staff_id}")
def save_absence(
    request: Request,
    desk: TheDesk,
    person: Manager,
    staff_id: RowId,
    *,
    seen: Text = "",
    first_day: Text = "",
    first_month: Text = "",
    first_year: Text = "",
    last_day: Text = "",
    last_month: Text = "",
    last_year: Text = "",
) -> Response:
    """Keep when somebody is away; with nothing typed they are there."""
    staff = staff_of(desk, staff_id)
    typed = {"first": (first_day, first_month, first_year), "last": (last_day, last_month, last_year)}
    today = london_day(desk.now())
    days, errors = dates_of(typed, today)
    if errors:
        return _page(request, desk, staff, typed, errors=errors, seen=seen)
    try:
        desk.entrance.accounts.set_absence(staff_id, seen=seen, first=days["first"], last=days["last"], by=person.username)
    except Stale as error:
        return _page(request, desk, error.staff, typed, stale=True)
    return RedirectResponse("/settings?told=absence", status_code=303)


def dates_of(typed: dict[str, Typed], today: date) -> tuple[dict[str, date | None], dict[str, str]]:
    """Return the days that were typed, and a sentence for each that cannot be."""
    days: dict[str, date | None] = {}
    errors: dict[str, str] = {}
    for name, parts in typed.items():
        try:
            days[name] = day_of(parts, today)
        except ValueError:
            errors[name] = f"Type the {name} day away as day, month and year, such as {today.day} {today.month} {today.year}"
    first, last = days.get("first"), days.get("last")
    if not errors and first is None and last is not None:
        errors["first"] = "Type the first day away too"
    if first is not None and last is not None and last < first:
        errors["last"] = "The last day away cannot be before the first"
    return days, errors


def day_of(parts: Typed, today: date) -> date | None:
    """Return the day that three fields name, None where all are empty; raise ``ValueError`` for one that is none or far off."""
    told = [part.strip() for part in parts]
    if not any(told):
        return None
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in told):  # noqa: PLR2004  # figures of a year
        raise ValueError("not three numbers")
    day = date(int(told[2]), int(told[1]), int(told[0]))
    if abs(day - today) > NEAR:
        raise ValueError("too far from today")
    return day


def staff_of(desk: Desk, staff_id: int) -> Staff:
    """Return somebody who has an account, or raise 404."""
    with desk.glance() as glance:
        staff = glance.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        raise HTTPException(404)
    return staff


def _page(
    request: Request,
    desk: Desk,
    staff: Staff,
    typed: dict[str, Typed] | None = None,
    *,
    errors: dict[str, str] | None = None,
    seen: str | None = None,
    stale: bool = False,
) -> Response:
    """Return the form with what stands or what was typed; ``seen`` is what its writer saw, now's unless they are told of it."""
    facts: dict[str, Any] = {
        "staff": staff,
        "typed": typed or {"first": _parts(staff.away_from), "last": _parts(staff.away_until)},
        "seen": absence(staff) if seen is None else seen,
        "stale": stale,
        "errors": errors or {},
        "error_list": summary(errors or {}),
        "today": london_day(desk.now()),
    }
    return desk.pages.page(request, "settings_absence.html", status=409 if stale else 422 if errors else 200, **facts)


def _parts(day: date | None) -> Typed:
    return ("", "", "") if day is None else (str(day.day), str(day.month), str(day.year))
