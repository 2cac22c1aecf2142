"""What became of a form that was handed in: its reference as soon as there is one, at an address that cannot be guessed."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from intake.public.door import Door, TheDoor
from intake.public.residents import Posted, ResidentsUnavailable
from intake.web_safety import PRIVATE
from intake.webform.document import KIND

router = APIRouter()
HERE, BY_MAIL = "sent", "sent-by-mail"
"""What an address was made for: the answer stands behind it, or it goes to a mail address that nobody has proved to be theirs."""
NOT_FOUND = 404
BETWEEN = 0.15
"""Seconds between two looks for the reference."""
LOOKS = 20
"""After so many pages without a reference the page stops looking by itself."""


def path_of(door: Door, external_id: str, *, by_mail: bool = False) -> str:
    """Return the path of the page of one message, which only its sender is given; ``by_mail`` if they typed a mail address.

    Whoever typed somebody else's address must not read here what that person writes to us later: the link to the
    resident's own page goes to the mailbox.
    """
    return f"/sent/{door.signer.sealed(BY_MAIL if by_mail else HERE, external_id)}"


@router.get("/sent/{token}")
async def sent(request: Request, door: TheDoor, token: str, look: int = 0) -> Response:
    """Show the reference of a message, or say that it is safe and look again; ``look`` counts how often it has."""
    here, mailed = (door.signer.unsealed(purpose, token) for purpose in (HERE, BY_MAIL))
    external_id = here or mailed
    if external_id is None or door.form_account is None:
        raise HTTPException(NOT_FOUND)
    posted = await _posted(door, door.form_account, external_id)
    again = None if posted.reference or posted.for_a_person or not 0 <= look < LOOKS else f"/sent/{token}?look={look + 1}"
    response = door.pages.page(request, "sent.html", posted=posted, again=again, by_mail=mailed is not None)
    # No form stands here that an old browser would have to name its origin for: nothing at all is said of this address.
    response.headers.update(PRIVATE | {"Referrer-Policy": "no-referrer"})
    return response


async def _posted(door: Door, account: str, external_id: str) -> Posted:
    """Wait a little for what becomes of the message; by the event loop's time, which no change of the clock disturbs."""
    loop = asyncio.get_running_loop()
    until = loop.time() + door.limits.patience.total_seconds()
    while True:
        found = await run_in_threadpool(_became, door, account, external_id)
        if found is not None and (found.reference or found.for_a_person):
            return found
        if loop.time() >= until:
            return found or Posted()
        await asyncio.sleep(BETWEEN)


def _became(door: Door, account: str, external_id: str) -> Posted | None:
    try:
        return door.residents.posted(KIND, account, external_id)
    except ResidentsUnavailable:
        return None  # the address of this page was given for a message that is kept: the page says so, and looks again
