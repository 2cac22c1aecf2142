"""Pages that say the same to everybody: the council's colour, the keys, the accessibility statement, health."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse, Response

from desk.web.desk import TheDesk
from desk.web.rights import EVERYONE, Open, Person, needs

router = APIRouter()


@router.get("/brand.css", dependencies=[Depends(Open("the sign-in page needs it"))])
def brand(desk: TheDesk) -> Response:
    """Set the council's own colour."""
    css = f":root {{ --govuk-brand-colour: {desk.settings.brand_colour}; }}\n"
    return Response(css, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/keys")
def keys(request: Request, desk: TheDesk, _person: Annotated[Person, needs(*EVERYONE)]) -> Response:
    """List the keys."""
    return desk.pages.page(request, "keys.html")


@router.get("/accessibility", dependencies=[Depends(Open("anybody may read it"))])
def accessibility(request: Request, desk: TheDesk) -> Response:
    """Show the accessibility statement (Public Sector Bodies Accessibility Regulations 2018)."""
    return desk.pages.page(request, "accessibility.html", formats=desk.house.landlord.accessible_formats)


@router.get("/healthz", dependencies=[Depends(Open("a supervisor asks"))])
def healthz() -> Response:
    """Say that the process lives."""
    return PlainTextResponse("ok\n")
