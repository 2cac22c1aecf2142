"""Who may use the desk: their accounts, roles and teams, for administrators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk.web.desk import Desk, TheDesk
from desk.web.rights import Person, Role, needs
from desk.web.row_ids import RowId
from desk.web.sign_accounts import CannotBe, Stale, changes_of, standing
from desk.web.sign_passwords import generated
from intake.web_pages import summary
from store.desk_models import Staff
from store.staff_rows import all_staff

router = APIRouter()
Administrator = Annotated[Person, needs(Role.ADMINISTRATOR)]
Text = Annotated[str, Form()]
Chosen = Annotated[list[str], Form()]
ROLES = (
    (Role.OFFICER, "Officer", "works on cases"),
    (Role.MANAGER, "Manager", "works on cases, sees restricted ones, sets who is away"),
    (Role.ADMINISTRATOR, "Administrator", "looks after accounts and the desk's health; alone, it opens no case"),
    (Role.AUDITOR, "Auditor", "reads everything, changes nothing"),
    (Role.LIAISON, "Liaison with the Ombudsman", "works on cases, and gets what an ombudsman tells us to do"),
    (Role.BUILDING_SAFETY, "Building Safety Manager", "logs what residents tell them; alone, it opens no case"),
)


@router.get("/users")
def users(request: Request, desk: TheDesk, _person: Administrator) -> Response:
    """List everybody who has or had an account."""
    with desk.glance() as glance:
        people = all_staff(glance)
    return desk.pages.page(
        request, "users.html", people=people, local=desk.settings.local_accounts, teams=desk.house.landlord.teams
    )


@router.get("/users/new")
def new_user(request: Request, desk: TheDesk, _person: Administrator) -> Response:
    """Ask who is to have a local account."""
    _local(desk)
    return _new_page(request, desk, {}, roles=(str(Role.OFFICER),))


@router.post("/users/new")
def add_user(
    request: Request,
    desk: TheDesk,
    person: Administrator,
    *,
    username: Text = "",
    name: Text = "",
    roles: Chosen = (),  # type: ignore[assignment]  # nothing ticked is sent as nothing
    teams: Chosen = (),  # type: ignore[assignment]
) -> Response:
    """Add somebody with a local account; their first password is shown once."""
    _local(desk)
    password = generated()
    try:
        number = desk.entrance.accounts.add(
            username=username,
            name=name,
            roles=roles,
            teams=_known(desk, teams),
            password_hash=desk.entrance.passwords.hashed(password),
            by=person.username,
        )
    except CannotBe as error:
        return _new_page(
            request, desk, {error.field: str(error)}, username=username, name=name, roles=roles, chosen_teams=teams
        )
    return desk.pages.page(request, "users_password.html", staff=_staff(desk, number), password=password, added=True)


@router.get("/users/{staff_id}")
def user(request: Request, desk: TheDesk, _person: Administrator, staff_id: RowId) -> Response:
    """Show somebody's account and what was ever changed about it."""
    return _user_page(request, desk, _staff(desk, staff_id), {})


@router.post("/users/{staff_id}")
def change_user(
    request: Request,
    desk: TheDesk,
    person: Administrator,
    staff_id: RowId,
    *,
    seen: Text = "",
    roles: Chosen = (),  # type: ignore[assignment]
    teams: Chosen = (),  # type: ignore[assignment]
) -> Response:
    """Set somebody's roles and teams; where single sign-on gives the roles, only the teams."""
    staff = _staff(desk, staff_id)
    told: dict[str, Any] = {"roles": roles, "chosen_teams": teams}
    try:
        given = None if staff.subject is not None else roles
        desk.entrance.accounts.change(staff_id, seen=seen, roles=given, teams=_known(desk, teams), by=person.username)
    except CannotBe as error:
        return _user_page(request, desk, staff, {error.field: str(error)}, **told)
    except Stale as error:
        return _user_page(request, desk, error.staff, {}, stale=True, **told)
    return RedirectResponse(f"/users/{staff_id}?told=account", status_code=303)


@router.get("/users/{staff_id}/close")
def ask_to_close(request: Request, desk: TheDesk, _person: Administrator, staff_id: RowId) -> Response:
    """Ask once before an account is closed."""
    return desk.pages.page(request, "users_close.html", staff=_staff(desk, staff_id))


@router.post("/users/{staff_id}/close")
def close(request: Request, desk: TheDesk, person: Administrator, staff_id: RowId) -> Response:
    """Close somebody's account."""
    act = partial(desk.entrance.accounts.disable, staff_id, person.username)
    return _done(request, desk, staff_id, act, "account-closed")


@router.post("/users/{staff_id}/open")
def open_again(request: Request, desk: TheDesk, person: Administrator, staff_id: RowId) -> Response:
    """Open a closed account again."""
    act = partial(desk.entrance.accounts.enable, staff_id, person.username)
    return _done(request, desk, staff_id, act, "account-open")


@router.post("/users/{staff_id}/second-factor-off")
def second_factor_off(request: Request, desk: TheDesk, person: Administrator, staff_id: RowId) -> Response:
    """Turn off the second factor of somebody who lost it."""
    act = partial(desk.entrance.accounts.set_second_factor, staff_id, None, person.username)
    return _done(request, desk, staff_id, act, "account")


@router.post("/users/{staff_id}/password")
def new_password(request: Request, desk: TheDesk, person: Administrator, staff_id: RowId) -> Response:
    """Make a new password for somebody who lost theirs; it is shown once."""
    staff = _staff(desk, staff_id)
    if staff.password_hash is None:
        raise HTTPException(404)
    password = generated()
    desk.entrance.accounts.set_password(staff_id, desk.entrance.passwords.hashed(password), person.username)
    return desk.pages.page(request, "users_password.html", staff=staff, password=password, added=False)


def _done(request: Request, desk: Desk, staff_id: int, act: Callable[[], None], told: str) -> Response:
    staff = _staff(desk, staff_id)
    try:
        act()
    except CannotBe as error:
        return _user_page(request, desk, staff, {error.field: str(error)})
    return RedirectResponse(f"/users/{staff_id}?told={told}", status_code=303)


def _staff(desk: Desk, staff_id: int) -> Staff:
    with desk.glance() as glance:
        staff = glance.get(Staff, staff_id)
    if staff is None:
        raise HTTPException(404)
    return staff


def _local(desk: Desk) -> None:
    if not desk.settings.local_accounts:
        raise HTTPException(404, "Local accounts are off: people come in by single sign-on.")


def _teams(desk: Desk) -> list[tuple[str, str, None]]:
    """Return the teams as the boxes of a form want them: key, name, nothing more to say."""
    return [(key, team.name, None) for key, team in desk.house.landlord.teams.items()]


def _known(desk: Desk, teams: Sequence[str]) -> list[str]:
    """Return the teams that there are, each once, in the order of the settings."""
    return [key for key in desk.house.landlord.teams if key in teams]


def _new_page(request: Request, desk: Desk, errors: dict[str, str], **facts: Any) -> Response:
    told: dict[str, Any] = {
        "errors": errors,
        "error_list": summary(errors),
        "all_roles": ROLES,
        "all_teams": _teams(desk),
    } | facts
    return desk.pages.page(request, "users_new.html", status=422 if errors else 200, **told)


def _user_page(
    request: Request, desk: Desk, staff: Staff, errors: dict[str, str], *, stale: bool = False, **told: Any
) -> Response:
    facts: dict[str, Any] = {
        "staff": staff,
        "seen": standing(staff),
        "changes": [note | {"at": datetime.fromisoformat(note["at"])} for note in reversed(changes_of(staff))],
        "stale": stale,
        "errors": errors,
        "error_list": summary(errors),
        "all_roles": ROLES,
        "all_teams": _teams(desk),
        "roles": staff.roles,
        "chosen_teams": staff.teams,
    }
    status = 409 if stale else 422 if errors else 200
    return desk.pages.page(request, "user.html", status=status, **(facts | told))
