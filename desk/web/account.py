"""One's own account: who one is here, password, second factor, one-letter keys, and where one is signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk.web.desk import Desk, TheDesk
from desk.web.rights import EVERYONE, Person, needs
from desk.web.sign_codes import link, new_secret, spaced, step_of
from desk.web.sign_passwords import SHORTEST, weakness
from desk.web.signing import SHOULD_HAVE_SECOND, checked, too_many, used
from intake.web_pages import summary
from store.desk_models import Staff

router = APIRouter()
ANYBODY = needs(*EVERYONE)
SETTING_UP = "second factor being set up"
SETTING_UP_LASTS = timedelta(minutes=15)
Text = Annotated[str, Form()]
SignedIn = Annotated[Person, ANYBODY]


@router.get("/account")
def account(request: Request, desk: TheDesk, person: SignedIn) -> Response:
    """Show one's own account."""
    staff = own(desk, person)
    teams = [desk.house.landlord.teams[key].name for key in staff.teams if key in desk.house.landlord.teams]
    facts: dict[str, Any] = {
        "staff": staff,
        "teams": teams,
        "local": staff.password_hash is not None,
        "should": person.is_any(*SHOULD_HAVE_SECOND),
        "sessions": desk.sessions.standing(person),
        "settings": desk.settings,
    }
    return desk.pages.page(request, "account.html", **facts)


@router.get("/account/password")
def password_form(request: Request, desk: TheDesk, person: SignedIn) -> Response:
    """Ask for a new password."""
    return _password_page(request, desk, local(desk, person), {})


@router.post("/account/password")
def change_password(
    request: Request, desk: TheDesk, person: SignedIn, *, present: Text = "", new: Text = "", again: Text = ""
) -> Response:
    """Change one's password, which ends one's other sign-ins."""
    staff = local(desk, person)
    refused = _tried_too_often(request, desk, staff, "account_password.html")
    if refused is not None:
        return refused
    errors = {}
    wrong = weakness(new, staff.username, *staff.name.split())
    if checked(desk, staff.username, present) is None:
        errors["present"] = "This is not your present password"
    if wrong is not None:
        errors["new"] = wrong
    elif new != again:
        errors["again"] = "The two new passwords differ"
    if errors:
        return _password_page(request, desk, staff, errors)
    desk.entrance.accounts.set_password(
        person.staff_id, desk.entrance.passwords.hashed(new), person.username, but=person.session_id
    )
    return RedirectResponse("/account?told=password", status_code=303)


@router.get("/account/second-factor")
def second_factor(request: Request, desk: TheDesk, person: SignedIn) -> Response:
    """Show a new secret to put into an app, or how to turn the second factor off."""
    return _second_page(request, desk, local(desk, person), {})


@router.post("/account/second-factor")
def turn_on(
    request: Request, desk: TheDesk, person: SignedIn, *, sealed: Text = "", code: Text = "", password: Text = ""
) -> Response:
    """Turn the second factor on, once the app has shown a right code and the person their password."""
    staff = local(desk, person)
    facts = desk.entrance.seal.open(SETTING_UP, sealed)
    if staff.totp_secret is not None or facts is None or facts["staff"] != person.staff_id:
        return RedirectResponse("/account/second-factor", status_code=303)
    refused = _tried_too_often(request, desk, staff, "account_second_factor.html")
    if refused is not None:
        return refused
    step, errors = step_of(facts["secret"], code, desk.now()), {}
    if checked(desk, staff.username, password) is None:
        errors["password"] = "This is not your password"  # noqa: S105  # a sentence about one
    if step is None:
        errors["code"] = "This is not the code that the app shows now: is the telephone's clock right?"
    if errors:
        return _second_page(request, desk, staff, errors, facts["secret"])
    desk.entrance.accounts.set_second_factor(person.staff_id, facts["secret"], person.username, step=step)
    return RedirectResponse("/account?told=second-on", status_code=303)


@router.post("/account/second-factor/off")
def turn_off(request: Request, desk: TheDesk, person: SignedIn, code: Text = "") -> Response:
    """Turn the second factor off, by a code of it."""
    staff = local(desk, person)
    refused = _tried_too_often(request, desk, staff, "account_second_factor.html")
    if refused is not None:
        return refused
    if not used(desk, staff, code):
        return _second_page(
            request, desk, staff, {"code": "This is not the code that the app shows now: wait for the next one"}
        )
    desk.entrance.accounts.set_second_factor(person.staff_id, None, person.username)
    return RedirectResponse("/account?told=second-off", status_code=303)


@router.post("/account/keys")
def keys(desk: TheDesk, person: SignedIn, on: Text = "") -> Response:
    """Turn one-letter keys on or off (WCAG 2.2, 2.1.4)."""
    desk.entrance.accounts.set_keys(person.staff_id, on=on == "yes")
    return RedirectResponse("/account?told=saved", status_code=303)


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(desk: TheDesk, person: SignedIn) -> Response:
    """End all of one's sign-ins, this one too."""
    response = RedirectResponse("/sign-in?told=everywhere", status_code=303)
    desk.sessions.end_all(person, response)
    return response


def own(desk: Desk, person: Person) -> Staff:
    """Return the person's own row."""
    with desk.glance() as glance:
        staff = glance.get(Staff, person.staff_id)
    if staff is None:
        raise HTTPException(404)
    return staff


def local(desk: Desk, person: Person) -> Staff:
    """Return the person's own row if they have a password here, else 404: the council's own sign-in has its pages."""
    staff = own(desk, person)
    if staff.password_hash is None:
        raise HTTPException(404)
    return staff


def _tried_too_often(request: Request, desk: Desk, staff: Staff, template: str) -> Response | None:
    wait = desk.entrance.throttle.code(staff.id or 0)
    return too_many(request, desk, wait, template, staff=staff) if wait else None


def _password_page(request: Request, desk: Desk, staff: Staff, errors: dict[str, str]) -> Response:
    facts: dict[str, Any] = {"staff": staff, "errors": errors, "error_list": summary(errors), "shortest": SHORTEST}
    return desk.pages.page(request, "account_password.html", status=422 if errors else 200, **facts)


def _second_page(request: Request, desk: Desk, staff: Staff, errors: dict[str, str], secret: str | None = None) -> Response:
    """Return the page; a secret that is being set up goes along sealed, and into the store once it is confirmed."""
    made = secret or new_secret()
    sealed = desk.entrance.seal.close(SETTING_UP, {"staff": staff.id, "secret": made}, SETTING_UP_LASTS)
    facts: dict[str, Any] = {"staff": staff, "errors": errors, "error_list": summary(errors), "sealed": sealed}
    facts |= {"secret": spaced(made), "link": link(made, staff.username, desk.house.landlord.service_name)}
    return desk.pages.page(request, "account_second_factor.html", status=422 if errors else 200, **facts)
