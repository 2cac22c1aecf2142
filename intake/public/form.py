"""The web form: one page, one question that must be answered, and nothing typed or chosen is lost by a mistake."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from intake.channel import InboxUnavailable
from intake.file_kinds import size_in_words
from intake.public.door import Door, TheDoor
from intake.public.file_types import ACCEPT, TAKEN
from intake.public.form_draft import Draft
from intake.public.saying import A_MINUTE, CROWDED, told_to_wait
from intake.public.sent import path_of
from intake.public.uploads import Files, Taken, carried, files_of, taken
from intake.web_pages import summary
from intake.webform.document import inbound

router = APIRouter()
NOT_FOUND, TOO_LARGE, WRONG, TOO_OFTEN, AWAY = 404, 413, 422, 429, 503


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """The form as it is shown: what stands in it, and what is to be mended."""

    draft: Draft
    files: Files = field(default_factory=Files)
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200
    again_in: int = 0
    """After how many seconds to come again, where that is so."""


@router.get("/form")
def begin(request: Request, door: TheDoor) -> Response:
    """Show the empty form."""
    _account(door)
    return _page(request, door, Shown(draft=Draft.new(door.signer, door.clock.now())))


@router.post("/form")
async def hand_in(request: Request, door: TheDoor) -> Response:
    """Keep what was written and show its reference; or show the form again with all that stood in it."""
    _account(door)
    if again_in := door.throttle.refused(request):
        raise HTTPException(TOO_OFTEN, headers={"Retry-After": str(again_in)})
    async with taken(request, door) as found:
        return await run_in_threadpool(_handed_in, request, door, found)


def _handed_in(request: Request, door: Door, found: Taken) -> Response:
    draft, files, now = Draft.read(found.form), files_of(found.form, door.limits), door.clock.now()
    errors = _errors(draft, files, found, door)
    if errors:
        status = WRONG if found.whole else AWAY if found.crowded else TOO_LARGE
        again_in = A_MINUTE if found.crowded else 0
        return _page(request, door, Shown(draft=draft, files=files, errors=errors, status=status, again_in=again_in))
    if again_in := door.throttle.waiting(request):
        shown = Shown(draft=draft, files=files, errors={"words": told_to_wait(again_in)}, status=TOO_OFTEN, again_in=again_in)
        return _page(request, door, shown)
    message = inbound(
        draft.handed_in(_account(door), door.signer, now, files.kept),
        draft.suspicion(door.signer, now, door.limits.quickest),
    )
    try:
        door.inbox.put([message])
    except InboxUnavailable:
        told = "We cannot keep your message at this moment. Send it again in a minute, or ring us"
        return _page(request, door, Shown(draft=draft, files=files, errors={"words": told}, status=AWAY, again_in=60))
    return RedirectResponse(path_of(door, message.external_id, by_mail=bool(draft.email)), status_code=303)


def _errors(draft: Draft, files: Files, found: Taken, door: Door) -> dict[str, str]:
    """Return what is to be mended; files are told of last, as they come last on the page."""
    errors = draft.errors(files.kept)
    if found.crowded:
        return errors | {"files": CROWDED}
    if not found.whole:
        most = size_in_words(door.limits.bytes_of_files)
        told = f"The files were too large, and were not kept: at most {most} in all. Your words are still here"
        return errors | {"files": told}
    return errors | ({"files": files.trouble} if files.trouble else {})


def _account(door: Door) -> str:
    if door.form_account is None:
        raise HTTPException(NOT_FOUND)
    return door.form_account


def _page(request: Request, door: Door, shown: Shown) -> Response:
    response = door.pages.page(
        request,
        "form.html",
        status=shown.status,
        draft=shown.draft,
        errors=shown.errors,
        summary=summary(shown.errors),
        carried=carried(shown.files.kept),
        accept=ACCEPT,
        kinds=TAKEN,
        most_files=door.limits.files,
        most_bytes=size_in_words(door.limits.bytes_of_files),
    )
    if shown.again_in:
        response.headers["Retry-After"] = str(shown.again_in)
    return response
