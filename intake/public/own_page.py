"""A resident's own page of a case, opened by a signed link: what we understood, dates, letters, and what they may ask for.

Whatever is done here is a message: it is kept first and understood later, like all that residents say. Every link that opens
nothing gets the same answer, whether it was forged, has run out or belongs to somebody who left the case.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from intake.identity import identity_of
from intake.public.door import Door, TheDoor
from intake.public.own_acts import Done, done_in, message_of, points_in, purpose_of
from intake.public.residents import CasePage, ResidentsUnavailable
from intake.public.saying import AWAY, NOT_NOW, Heard, brake, counted, facts_of, field, once_again, put
from intake.public.uploads import Taken, carried, files_of, taken, texts_of
from intake.web_safety import PRIVATE
from intake.webform.document import KIND as FORM

router = APIRouter()
NOT_FOUND, SEE_OTHER = 404, 303
DONE: dict[str, str] = {
    "words": "We have your message. It is with your case now.",
    "definition": "We have what you said. A person will read it and answer you.",
    "complaint": "We have that this is a complaint. We will write to you about it.",
    "stage2": "We have your request for stage 2. You do not need to give a reason. We will write to you about it.",
    "person": "We have that you want to talk to a person. They will contact you. You can also ring us.",
    "person_here": "We have that you want to talk to a person. We do not know how to reach you, so we answer on this page. You can also ring us.",
}
"""What is said of each act once it is kept."""


@router.get("/case/{link}")
def show(request: Request, door: TheDoor, link: str, done: str = "") -> Response:
    """Show the page of the party that this link was made for."""
    page = _opened(door, link)
    door.residents.opened(page)
    return _page(request, door, page, done=DONE.get(done, ""))


@router.post("/case/{link}/{ask}")
async def act(request: Request, door: TheDoor, link: str, ask: str) -> Response:
    """Take what the party says or asks for."""
    brake(request, door)
    async with taken(request, door) as found:
        return await run_in_threadpool(_act, request, door, found, link, ask)


def _opened(door: Door, link: str) -> CasePage:
    page = door.residents.page(link)
    if page is None:
        raise HTTPException(NOT_FOUND)
    return page


def _act(request: Request, door: Door, found: Taken, link: str, ask: str) -> Response:
    try:
        page = _opened(door, link)
    except ResidentsUnavailable:
        return _again(request, door, found)
    offered = next((one for one in page.offers if one == ask), None)
    if offered is None:
        # A page that was left open may offer what is done by now: the present one says how things stand.
        return RedirectResponse(f"/case/{link}", SEE_OTHER)
    done = done_in(found, door, page, offered)
    said = done.said if done.said.trouble else counted(done.said, door.throttle.speaking(request))
    said = put(door, said, message_of(door, page, done)) if said.trouble is None else said
    if said.trouble or said.left_out:
        kept = "" if said.trouble else DONE[_done(page, done)]
        return _page(request, door, page, done=kept, said=said, typed=_typed(found, page, done), signed=done.signed)
    return RedirectResponse(f"/case/{link}?done={_done(page, done)}", SEE_OTHER)


def _done(page: CasePage, done: Done) -> str:
    """Return what was done; a form without any address leaves nobody a way to contact its writer."""
    identity = identity_of(page.party)
    nowhere = identity is not None and identity.channel == FORM and not done.said.words
    return "person_here" if done.ask == "person" and nowhere else done.ask


def _again(request: Request, door: Door, found: Taken) -> Response:
    """Give back all that was typed and chosen, to be sent again: without the store nobody can say to which case it belongs."""
    files = files_of(found.form, door.limits)
    facts = {"typed": texts_of(found.form), "carried": carried(files.kept), "trouble": NOT_NOW, "files_lost": not found.whole}
    answer = door.pages.page(request, "case_again.html", status=AWAY, left_out=files.trouble, **facts)
    answer.headers.update(PRIVATE | {"Retry-After": "60"})
    return answer


def _typed(found: Taken, page: CasePage, done: Done) -> dict[str, str]:
    """Return what was typed, to stand in its own form again, and which form that was."""
    return points_in(found, page) | {"reach": field(found, "reach"), "ask": done.ask}


def _page(
    request: Request,
    door: Door,
    page: CasePage,
    *,
    done: str = "",
    said: Heard | None = None,
    typed: dict[str, str] | None = None,
    signed: str = "",
) -> Response:
    told = facts_of(door, said, _field_of(page, typed or {}))
    facts = told | {
        "case": page,
        "done": done,
        "typed": typed or {},
        "once": once_again(door, purpose_of(page), signed, said),
    }
    answer = door.pages.page(request, "case.html", status=said.status if said is not None else 200, **facts)
    answer.headers.update(PRIVATE | ({"Retry-After": str(said.again_in)} if said is not None and said.again_in else {}))
    return answer


def _field_of(page: CasePage, typed: dict[str, str]) -> str:
    """Return the field to which what is to be mended belongs."""
    first = "point-1" if page.points else "outcome"
    return {"definition": first, "person": "reach"}.get(typed.get("ask", ""), "words")
