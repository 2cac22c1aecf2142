"""A case on one page: who, what is owed and when, everything that was said and done."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from desk.web import case_events, case_words, words
from desk.web.access import open_case
from desk.web.case_around import Around, around, clocks, next_of
from desk.web.case_names import NOT_PEOPLE
from desk.web.case_panels import Seen
from desk.web.case_timeline import Asked, Timeline, moment_of, timeline
from desk.web.course_panels import panels
from desk.web.desk import Desk, TheDesk
from desk.web.rights import READERS, Person, Role, needs
from desk.web.showing import ShownMessage, shown_message
from desk.web.shown_talk import versions_of
from desk.web.task_leads import LEADS
from handlers.case_acts import team_name
from handlers.parties import ROLES
from handlers.people.posted import waits
from handlers.restricting import may_restrict
from handlers.rows import definition_of
from store.case_rows import as_message, colleagues
from store.models import Case, CaseStatus
from store.talk_rows import edits_of

router = APIRouter()
Reader = Annotated[Person, needs(*READERS)]
Show = Literal["all", "messages", "letters", "notes", "history"]
SHOWS = (("all", "Everything"), ("messages", "Messages"), ("letters", "Letters"), ("notes", "Notes"), ("history", "History"))
READ_AGAIN_UP_TO = 1_000_000
"""Bytes of a message that is read again for this page; a larger one shows its words alone, and its files on its own page."""
OURS_OR_PRESSED = ("echo", "press")
"""Acts by chat that are no words of the resident's: no message to answer."""
TO_REVIEW = ("triage", "quarantine", "possible_reply", "same_matter", "spot_check")
"""Tasks about a message that is checked on a card of its own."""


class Part(BaseModel):
    """Which part of what happened the address asks for."""

    show: Show = "all"
    before: str | None = None


@router.get("/cases/{reference}")
def case_page(request: Request, desk: TheDesk, person: Reader, reference: str, part: Annotated[Part, Query()]) -> Response:
    """Show a case; any spelling of its reference leads to the one that it has."""
    opened = open_case(desk, person, reference)
    case = opened.case
    if reference != case.reference:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/cases/{case.reference}{query}", status_code=303)
    asked = Asked(case_id=case.id or 0, show=part.show, before=moment_of(part.before), reads=person.sees_restricted)
    with desk.glance() as glance:
        hanging = around(glance, case, person)
        line = timeline(glance, asked, hanging.tasks)
        edits = edits_of(glance, line.messages())
        acts = person.acts and person.username not in hanging.barred()
        # Everybody is asked for at once: the forms need those who work here, and the page the names of those who did.
        staff = colleagues(glance)
        names = {each.username: each.name for each in staff}
        seen = Seen(
            glance=glance,
            case=case,
            person=person,
            now=desk.now(),
            acts=acts,
            teams=_teams(desk),
            names=names,
            guidance=desk.house.course.guidance,
        )
        more = panels(seen)
    facts: dict[str, Any] = {
        "case": case,
        "others": opened.others,
        "show": part.show,
        "shows": SHOWS,
        "line": line,
        "panels": more,
        "versions": {number: versions_of(rows) for number, rows in edits.items()},
        "paged": asked.before is not None,
        "latest": _latest(desk, line),
        "names": _called(names, {*line.people(), *hanging.people(), *filter(None, [case.assigned_to])}),
        "staff": [
            (each.username, each.name) for each in staff if each.disabled_at is None and each.username not in hanging.barred()
        ],
    }
    return desk.pages.page(request, "case.html", **facts, **_around_facts(desk, case, person, hanging))


def _teams(desk: Desk) -> dict[str, str]:
    return {key: team.name for key, team in desk.house.landlord.teams.items()}


def _latest(desk: Desk, line: Timeline) -> ShownMessage | None:
    """Return the latest message on the page as its card shows it; the others show the words that were kept of them."""
    found = next((one for one in line.messages() if one.act not in OURS_OR_PRESSED), None)
    return shown_message(desk, as_message(found), None) if found is not None and found.raw_size <= READ_AGAIN_UP_TO else None


def _around_facts(desk: Desk, case: Case, person: Person, hanging: Around) -> dict[str, Any]:
    now = desk.now()
    open_tasks = hanging.open_tasks()
    manager = person.is_any(Role.MANAGER)
    sent = case.acknowledged_at
    return {
        "now": now,
        "around": hanging,
        "clocks": clocks(hanging.deadlines, now),
        "next": next_of(hanging.deadlines, open_tasks, now, words.TASKS),
        "open_tasks": open_tasks,
        "definition": definition_of(case.definition) if case.category == "complaint" else None,
        "tell_resident": sent is not None and hanging.corrected_at is not None and hanging.corrected_at > sent,
        "team": team_name(desk.house.landlord, case.team),
        "closed": case.status is CaseStatus.CLOSED,
        "may_restrict": person.acts and may_restrict(case, person.username, manager=manager),
        "is_manager": manager,
        "acts": person.acts and person.username not in hanging.barred(),
        "roles": ROLES,
        "to_review": TO_REVIEW,
        "details_of": case_events.details_of,
        "landlord": desk.house.landlord,
        "rule_in_words": case_words.rule_in_words,
        "delivery": case_words.DELIVERY,
        "waits": waits,
        "leads": LEADS,
        "barred_here": person.username in hanging.barred(),
    }


def _called(names: dict[str, str], usernames: set[str]) -> dict[str, str]:
    """Return what everybody is called; whoever has no account any more, by the user name."""
    return {username: username for username in usernames} | NOT_PEOPLE | names
