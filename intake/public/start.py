"""Pages that say the same to everybody: where to begin, accessibility, privacy, the council's colour, health."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from intake.public.door import TheDoor

router = APIRouter()


@router.get("/")
def start(request: Request, door: TheDoor) -> Response:
    """Say what this is, how to write to us, and whom to ring when somebody is in danger."""
    return door.pages.page(request, "start.html")


@router.get("/accessibility")
def accessibility(request: Request, door: TheDoor) -> Response:
    """Show the accessibility statement (Public Sector Bodies Accessibility Regulations 2018)."""
    return door.pages.page(request, "accessibility.html")


@router.get("/privacy")
def privacy(request: Request, door: TheDoor) -> Response:
    """Say what is kept of what a resident writes here, and why (UK GDPR Article 13)."""
    return door.pages.page(request, "privacy.html")


@router.get("/brand.css")
def brand(door: TheDoor) -> Response:
    """Set the council's own colour."""
    css = f":root {{ --govuk-brand-colour: {door.landlord.brand_colour}; }}\n"
    return Response(css, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/health")
def health() -> Response:
    """Say that the process lives, and nothing else."""
    return PlainTextResponse("ok")
