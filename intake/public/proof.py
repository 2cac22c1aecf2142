"""The page on which a resident shows that two addresses are theirs: a link asks, and only a pressed button answers."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from intake.public.door import TheDoor
from intake.public.saying import brake
from intake.web_safety import PRIVATE

router = APIRouter()
NOT_FOUND, SEE_OTHER = 404, 303


@router.get("/proof/{token}")
def ask(request: Request, door: TheDoor, token: str) -> Response:
    """Ask whether both are theirs, or say that we know it, naming the way by which the other was used; mail programs follow links, people press."""
    brake(request, door)
    claimed = door.residents.claimed(token)
    if claimed is None:
        raise HTTPException(NOT_FOUND)
    answer = door.pages.page(request, "proof.html", token=token, claimed=claimed)
    answer.headers.update(PRIVATE)
    return answer


@router.post("/proof/{token}")
def prove(request: Request, door: TheDoor, token: str) -> Response:
    """Take the press as the proof; a link that counts no more is answered like one that never was."""
    brake(request, door)
    if not door.residents.prove(token):
        raise HTTPException(NOT_FOUND)
    return RedirectResponse(f"/proof/{token}", SEE_OTHER)
