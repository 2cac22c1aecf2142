"""Signing in with a local account, its second step, and signing out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Depends, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from desk.web.desk import Desk, TheDesk
from desk.web.rights import EVERYONE, Open, Person, Role, needs
from desk.web.sessions import person_of
from desk.web.sign_accounts import USERNAME
from desk.web.sign_back import landing, own_path, with_word
from desk.web.sign_codes import step_of
from intake.web_pages import summary
from store.desk_models import Staff
from store.staff_rows import any_staff, staff_by_username, take_totp_step

router = APIRouter()
log = structlog.get_logger(__name__)
NOBODY = Open("nobody has signed in yet")
SECOND = "intake-second"
"""The cookie, and the seal's purpose, between the password and the code."""
SECOND_LASTS = timedelta(minutes=5)
WRONG = "The user name or the password is wrong"
"""The same words whether there is such an account, it is closed, or the password is wrong."""
TOLD = {"out": "You are signed out.", "everywhere": "You are signed out everywhere."}
SHOULD_HAVE_SECOND = (Role.MANAGER, Role.ADMINISTRATOR)
"""Who is told to turn a second factor on: a stolen password of theirs opens everything."""

Text = Annotated[str, Form()]


@router.get("/sign-in", dependencies=[Depends(NOBODY)])
def sign_in(request: Request, desk: TheDesk, back: str = "", told: str = "") -> Response:
    """Show the ways to sign in; whoever is signed in goes on."""
    person: Person | None = request.state.person
    if person is not None:
        return RedirectResponse(landing(person.roles, back), status_code=303)
    return door(request, desk, back=back, told=TOLD.get(told))


@router.post("/sign-in", dependencies=[Depends(NOBODY)])
def sign_in_locally(request: Request, desk: TheDesk, username: Text = "", password: Text = "", back: Text = "") -> Response:
    """Sign in with a local account, or go on to its second step."""
    if not desk.settings.local_accounts:
        raise HTTPException(404)
    name, address = username.strip().lower(), client_address(request)
    wait = desk.entrance.throttle.sign_in(name[:200], address)
    if wait:
        return too_many(request, desk, wait, "sign_in.html", **_facts(desk, back=back, username=username))
    staff = checked(desk, name, password)
    if staff is None:
        log.warning("a sign-in was refused", why="password")
        return door(request, desk, back=back, username=username, errors={"username": WRONG}, status=422)
    desk.entrance.throttle.forgive(name, address)
    if staff.totp_secret is None:
        return signed_in(request, desk, staff, back, how="password")
    response = RedirectResponse("/sign-in/code", status_code=303)
    facts = {"staff": staff.id, "kept": (staff.password_hash or "")[-16:], "back": own_path(back) or ""}
    sealed = desk.entrance.seal.close(SECOND, facts, SECOND_LASTS)
    desk.sessions.keep(response, SECOND, sealed, int(SECOND_LASTS.total_seconds()))
    return response


@router.get("/sign-in/code", dependencies=[Depends(NOBODY)])
def second_step(request: Request, desk: TheDesk) -> Response:
    """Ask for the code of the second factor."""
    if _half_way(request, desk) is None:
        return RedirectResponse("/sign-in", status_code=303)
    return desk.pages.page(request, "sign_in_code.html")


@router.post("/sign-in/code", dependencies=[Depends(NOBODY)])
def sign_in_with_code(request: Request, desk: TheDesk, code: Text = "") -> Response:
    """Take the code, which is good once."""
    found = _half_way(request, desk)
    if found is None:
        return RedirectResponse("/sign-in", status_code=303)
    staff, back = found
    wait = desk.entrance.throttle.code(staff.id or 0)
    if wait:
        return too_many(request, desk, wait, "sign_in_code.html")
    if not used(desk, staff, code):
        log.warning("a sign-in was refused", why="code", staff=staff.id)
        errors = {"code": "This is not the code that the app shows now: wait for the next one"}
        return desk.pages.page(request, "sign_in_code.html", status=422, errors=errors, error_list=summary(errors))
    response = signed_in(request, desk, staff, back, how="password and code")
    desk.sessions.drop(response, SECOND)
    return response


@router.post("/sign-out")
def sign_out(desk: TheDesk, person: Annotated[Person, needs(*EVERYONE)]) -> Response:
    """End the sign-in."""
    response = RedirectResponse("/sign-in?told=out", status_code=303)
    desk.sessions.end(person, response)
    return response


def door(request: Request, desk: Desk, *, status: int = 200, **facts: Any) -> Response:
    """Return the page with the ways to sign in."""
    return desk.pages.page(request, "sign_in.html", status=status, **_facts(desk, **facts))


def signed_in(request: Request, desk: Desk, staff: Staff, back: str, *, how: str) -> Response:
    """Begin the sign-in of whoever has shown who they are, and go to their work."""
    person = person_of(staff, 0)
    where = landing(person.roles, back)
    if staff.password_hash is not None and staff.totp_secret is None and person.is_any(*SHOULD_HAVE_SECOND):
        where = with_word(where, "second-factor")
    response = RedirectResponse(where, status_code=303)
    desk.sessions.begin(staff, request, response)
    log.info("signed in", staff=staff.id, how=how)
    return response


def checked(desk: Desk, username: str, password: str) -> Staff | None:
    """Return the person of an open local account with this password; the work is the same for everybody."""
    staff = None
    if USERNAME.fullmatch(username):
        with desk.glance() as glance:
            staff = staff_by_username(glance, username)
    kept = staff.password_hash if staff is not None and staff.disabled_at is None and staff.roles else None
    right, anew = desk.entrance.passwords.check(password, kept)
    if staff is None or not right:
        return None
    if anew is not None:
        with desk.house.store.unit("desk") as unit:
            unit.update(Staff, staff.id, password_hash=anew)
            unit.commit()
    return staff


def used(desk: Desk, staff: Staff, code: str) -> bool:
    """Return whether this is a code of the person's second factor that nobody has used; it is used up by asking."""
    step = step_of(staff.totp_secret or "", code, desk.now()) if staff.totp_secret else None
    if step is None:
        return False
    with desk.house.store.unit("desk") as unit:
        taken = take_totp_step(unit, staff.id or 0, step)
        unit.commit()
    return taken


def too_many(request: Request, desk: Desk, wait: int, template: str, **facts: Any) -> Response:
    """Say after how long to try again; the same whether the account exists or not."""
    minutes = -(-wait // 60)
    words = f"There were too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again"
    response = desk.pages.page(request, template, status=429, **facts, stop=words)
    response.headers["Retry-After"] = str(wait)
    log.warning("a sign-in was refused", why="too many tries")
    return response


def client_address(request: Request) -> str:
    """Return where a request comes from; behind a proxy on this machine, what the proxy says."""
    return request.client.host if request.client else "unknown"


def _half_way(request: Request, desk: Desk) -> tuple[Staff, str] | None:
    """Return who gave the right password a moment ago, and where they go; nothing where that no longer holds."""
    facts = desk.entrance.seal.open(SECOND, request.cookies.get(desk.sessions.named(SECOND)))
    if facts is None:
        return None
    with desk.glance() as glance:
        staff = glance.get(Staff, facts["staff"])
    if staff is None or staff.disabled_at is not None or not staff.totp_secret:
        return None
    # A password changed since then was changed because somebody had it.
    return (staff, facts["back"]) if (staff.password_hash or "")[-16:] == facts["kept"] else None


def _facts(desk: Desk, *, back: str = "", **facts: Any) -> dict[str, Any]:
    with desk.glance() as glance:
        first = desk.settings.local_accounts and not any_staff(glance)
    ways = {"local": desk.settings.local_accounts, "council": desk.settings.sign_on, "first": first}
    errors = facts.get("errors", {})
    return (
        ways
        | {"back": own_path(back) or "", "back_query": quote(own_path(back) or "", safe="")}
        | facts
        | {"error_list": summary(errors)}
    )
