"""The page on which a reply is written: what it begins with, what was typed, and the ways by which it may go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Request
from starlette.responses import Response

from desk.web.access import NOT_FOUND, Opened
from desk.web.agreed import agreed_with
from desk.web.case_forms import Typed
from desk.web.desk import Desk
from handlers.reply_openings import corrected, opening, subject_of
from handlers.reply_ways import answerable, ways_of
from handlers.routes_out import Route, chosen, code_of
from intake.web_pages import summary
from store.desk_models import DraftLetter
from store.models import Case, Message
from store.reply_rows import drafts_of

LONGEST_SUBJECT = 200
NO_ROUTE = "Choose how the reply goes out"


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """A reply on its way from a greeting to a draft: which message it answers, the ways out, and the words so far."""

    case: Case
    message: Message
    others: tuple[Message, ...]
    routes: tuple[Route, ...]
    route: str
    subject: str
    body: str
    draft: DraftLetter | None = None
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return where the form is sent."""
        return f"/cases/{self.case.reference}/replies" + (f"/{self.draft.id}" if self.draft else "")

    def over(self, draft: DraftLetter | None) -> Writing:
        """Return the same words, to be saved over this draft as it is now; with None as a new one."""
        return replace(self, draft=draft, version=draft.version if draft else 0)

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns of a draft that hold what was written; there must be a route."""
        route = chosen(self.routes, self.route)
        if route is None:
            raise ValueError("a draft goes by a route")
        return {"way": route.way, "recipient": route.to, "subject": self.subject, "body": self.body}


def begun(desk: Desk, case: Case, message_id: int | None = None, about: str | None = None) -> Writing:
    """Return a reply that nobody has typed into: to this message, or to the last one; or about the definition."""
    with desk.glance() as glance:
        messages = answerable(glance, case.id or 0)
        wanted = [one for one in messages if message_id in (None, one.id)]
        if not wanted:
            raise NOT_FOUND
        routes = ways_of(glance, case, wanted[-1], desk.house.own, desk.now(), windows=desk.house.windows)
    message = wanted[-1]
    if about == "definition" and case.definition:
        body = corrected(case.resident_name, case.definition)
    else:
        body = opening(case.resident_name, message.received_at)
    return Writing(
        case=case,
        message=message,
        others=tuple(one for one in messages if one.id != message.id),
        routes=routes,
        route=routes[0].code,
        subject=subject_of(case.category),
        body=body,
    )


def resumed(desk: Desk, case: Case, draft: DraftLetter) -> Writing:
    """Return the reply that a draft holds; a route that is no longer offered has to be chosen anew."""
    started = begun(desk, case, draft.message_id)
    return replace(
        started,
        route=code_of(draft.way, draft.recipient),
        subject=draft.subject,
        body=draft.body,
        draft=draft,
        version=draft.version,
    )


def typed_into(writing: Writing, typed: Typed) -> Writing:
    """Return the reply as it was typed, with what is wrong with it; words are never wrong, they are looked at in the preview."""
    route = typed.line("route")
    return replace(
        writing,
        route=route,
        subject=typed.line("subject")[:LONGEST_SUBJECT],
        body=typed.text("body"),
        version=max(typed.number("version"), 0),
        errors={} if chosen(writing.routes, route) else {"route-1": NO_ROUTE},
    )


def write_page(request: Request, desk: Desk, opened: Opened, writing: Writing, *, saved: DraftLetter | None = None) -> Response:
    """Return the page to write on; ``saved`` is the version that somebody else saved meanwhile."""
    with desk.glance() as glance:
        drafts = drafts_of(glance, writing.case.id or 0)
        agreed = agreed_with(glance, writing.case)
    status = 409 if saved is not None else 422 if writing.errors else 200
    facts: dict[str, Any] = {
        "case": writing.case,
        "now": desk.now(),
        "others": opened.others,
        "writing": writing,
        "saved": saved,
        "drafts": drafts,
        "agreed": agreed,
        "errors": writing.errors,
        "summary": summary(writing.errors),
    }
    return desk.pages.page(request, "reply_write.html", status=status, **facts)
