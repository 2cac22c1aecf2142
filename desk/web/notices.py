"""What a page says at its top about the act before it: named in the address, kept in the store, shown to its doer alone."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from desk.web.desk import Desk
from desk.web.rights import Person
from handlers.acts import SAID_FOR
from store.desk_models import StaffAct

TOLD = {
    "saved": "Saved.",
    "view": "View saved.",
    "view-gone": "View removed.",
    "password": "Your password is changed. You are signed out everywhere but here.",
    "second-factor": "Your rights open much here. Turn on a second factor: choose your name at the top of the page.",
    "second-on": "Your second factor is on.",
    "second-off": "Your second factor is off.",
    "account": "The account is changed.",
    "account-closed": "The account is closed. They are signed out everywhere.",
    "account-open": "The account is open again.",
    "absence": "The absence is saved.",
    "draft-gone": "Draft thrown away.",
    "end": "That was the last item in this list.",
}
"""Notices of acts that belong to no case, by their code in ``?told=``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One sentence, and whether the act can still be undone."""

    said: str
    id: int = 0
    undo: bool = False


def notice(desk: Desk, request: Request, person: Person | None) -> Notice | None:
    """Return what the address asks to be said, if it was this person's own act and not long ago."""
    told, done = request.query_params.get("told"), request.query_params.get("done", "")
    if person is None:
        return None
    if told in TOLD and not done:
        return Notice(said=TOLD[told])
    if not (done.isascii() and done.isdigit() and len(done) < 19):  # noqa: PLR2004  # digits of a 64-bit number
        return None
    with desk.glance() as glance:
        act = glance.get(StaffAct, int(done))
    now = desk.now()
    if act is None or act.by != person.username or now - act.at > SAID_FOR:
        return None
    can_undo = bool(act.before) and act.undone_at is None and now < act.undo_until
    said = f"{act.said} {TOLD[told]}" if told in TOLD else act.said
    return Notice(said=said, id=act.id or 0, undo=can_undo)
