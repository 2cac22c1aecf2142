"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from desk.web.desk import TheDesk
from desk.web.rights import EVERYONE, Open, Person, needs

router = APIRouter()


@router.get("/sign-in", dependencies=[Depends(Open("nobody has signed in yet"))])
def sign_in(request: Request, desk: TheDesk) -> Response:
    """Show the ways to sign in."""
    return desk.pages.page(request, "sign_in.html")


@router.post("/sign-out")
def sign_out(desk: TheDesk, person: Annotated[Person, needs(*EVERYONE)]) -> Response:
    """End the sign-in."""
    response = RedirectResponse("/sign-in", status_code=303)
    desk.sessions.end(person, response)
    return response
