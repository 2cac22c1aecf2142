"""Signing in with the council's own accounts (OpenID Connect)."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest
from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from desk.web.desk import Desk, TheDesk
from desk.web.rights import Open
from desk.web.sign_admission import NotAdmitted, admit, identity_of
from desk.web.sign_back import own_path
from desk.web.sign_directory import NotTrusted, ProviderDown, SaidNo, SignOnFailed
from desk.web.sign_provider import DONE, Asked, Provider
from desk.web.signing import signed_in

router = APIRouter()
log = structlog.get_logger(__name__)
NOBODY = Open("nobody has signed in yet")
HANDSHAKE = "intake-handshake"
"""The cookie, and the seal's purpose, while somebody is at the council's sign-in."""
LASTS = timedelta(minutes=15)
LOST = "It took longer than 15 minutes, or was begun in another browser or window. Nothing was changed: sign in again."
DOWN = "{name} cannot be reached just now. Try again in a few minutes, or tell your IT service desk."
UNTRUSTED = "What {name} answered could not be checked. Tell whoever looks after this desk: the log says what was wrong."
REFUSED = "{name} did not sign you in. It says: {code}. Sign in again, or tell your IT service desk."


@router.get("/sign-in/council", dependencies=[Depends(NOBODY)])
def begin(request: Request, desk: TheDesk, back: str = "") -> Response:
    """Send the browser to the council's sign-in."""
    provider = _provider(desk)
    try:
        address, asked = provider.begin()
    except SignOnFailed as error:
        return _failed(request, desk, error)
    response = RedirectResponse(address, status_code=303)
    facts = {"state": asked.state, "nonce": asked.nonce, "verifier": asked.verifier, "back": own_path(back) or ""}
    desk.sessions.keep(response, HANDSHAKE, desk.entrance.seal.close(HANDSHAKE, facts, LASTS), int(LASTS.total_seconds()))
    return response


@router.get(DONE, dependencies=[Depends(NOBODY)])
def done(request: Request, desk: TheDesk, code: str = "", state: str = "", error: str = "") -> Response:
    """Take the browser back from the council's sign-in."""
    provider = _provider(desk)
    facts = desk.entrance.seal.open(HANDSHAKE, request.cookies.get(desk.sessions.named(HANDSHAKE)))
    if facts is None or not compare_digest(facts["state"].encode(), state.encode()):
        response = _problem(request, desk, "Your sign-in was not finished", LOST, 400)
    else:
        response = _finished(request, desk, provider, facts, code=code, error=error)
    # Whatever came of it, what this browser was sent off with is good once.
    desk.sessions.drop(response, HANDSHAKE)
    return response


def _finished(request: Request, desk: Desk, provider: Provider, facts: dict[str, Any], *, code: str, error: str) -> Response:
    try:
        if error or not code:
            raise SaidNo(error or "no code")
        asked = Asked(state=facts["state"], nonce=facts["nonce"], verifier=facts["verifier"])
        identity = identity_of(provider.claims(code, asked), provider.settings)
        if identity is None:
            raise NotTrusted(f"the token has no {provider.settings.subject_claim}")
        staff = admit(desk.house.store, desk.house.clock, identity)
    except SignOnFailed as failure:
        return _failed(request, desk, failure)
    except NotAdmitted as refusal:
        return _not_admitted(request, desk, refusal)
    return signed_in(request, desk, staff, facts["back"], how="single sign-on")


def _provider(desk: Desk) -> Provider:
    if desk.entrance.provider is None:
        raise HTTPException(404)
    return desk.entrance.provider


def _failed(request: Request, desk: Desk, error: SignOnFailed) -> Response:
    log.warning("single sign-on failed", kind=type(error).__name__, why=str(error))
    name = desk.settings.sign_on.name if desk.settings.sign_on else ""
    shown = name[:1].upper() + name[1:]
    if isinstance(error, ProviderDown):
        return _problem(request, desk, "You cannot be signed in just now", DOWN.format(name=shown), 503)
    if isinstance(error, SaidNo):
        return _problem(request, desk, "You are not signed in", REFUSED.format(name=shown, code=error.code), 403)
    return _problem(request, desk, "You are not signed in", UNTRUSTED.format(name=shown), 403)


def _not_admitted(request: Request, desk: Desk, refusal: NotAdmitted) -> Response:
    log.warning("single sign-on refused", why=str(refusal))
    called = refusal.identity.called
    if refusal.closed:
        words = f"The account of {called} at this desk is closed. Ask an administrator of the desk to open it again."
    else:
        words = f"You are known as {called}, who has no role at this desk. Ask your manager to have you given one."
    return _problem(request, desk, "You may not use this desk", words, 403)


def _problem(request: Request, desk: Desk, title: str, detail: str, status: int) -> Response:
    return desk.pages.page(request, "sign_in_problem.html", status=status, title=title, detail=detail)
