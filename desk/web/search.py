"""Search over everything that was written or received; what is asked stands in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

from desk.web import words
from desk.web.access import may_open
from desk.web.desk import Desk, TheDesk
from desk.web.rights import READERS, Person, needs
from handlers import references
from handlers.clock import LONDON
from intake.storable import one_line
from intake.web_pages import summary
from store.models import Case
from store.search import MOST_COUNTED, Spot, Wanted, found_cases, number_found, terms
from store.search_query import LONGEST_QUERY, Term
from store.search_words import FILE, LETTER, MESSAGE, NOTE
from store.unit import Glance

router = APIRouter()
READER = needs(*READERS)
PAGE = 25
"""Cases on a page."""
PLACES = {MESSAGE: "In a message", FILE: "In the file", LETTER: "In a letter", NOTE: "In a note"}
"""Where a case was found, unless it was in one of its facts, which have names of their own."""
MOST_SUGGESTED = 6
YEARS = range(1970, 2200)
"""Years in which something may have been received."""


class SearchQuery(BaseModel):
    """What the address asks of the search."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    q: str = ""
    status: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    since: str = Field("", alias="from")
    until: str = Field("", alias="to")
    after: str | None = None

    @property
    def text(self) -> str:
        """Return what was typed, as it can be shown again."""
        return one_line(self.q, LONGEST_QUERY)

    def string(self, **changes: Any) -> str:
        """Return the query as it stands in an address, without what is not asked for."""
        told = self.model_dump(by_alias=True) | {"q": self.text} | changes
        return urlencode({name: value for name, value in told.items() if value not in (None, (), "")}, doseq=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The dates between which cases were received, as they were understood; ``errors`` are by field."""

    since: date | None
    until: date | None
    errors: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One of the words by itself, and how much it finds."""

    query: str
    shown: str
    number: str


@router.get("/search")
def search(
    request: Request, desk: TheDesk, person: Annotated[Person, READER], asked: Annotated[SearchQuery, Query()]
) -> Response:
    """Show the cases that are found; a reference leads straight to its case."""
    dates = dates_of(asked)
    wanted = _wanted(desk, person, asked, dates)
    with desk.glance() as glance:
        case = None if asked.after else _named(glance, person, asked.text)
        if case is not None:
            return RedirectResponse(f"/cases/{case.reference}", status_code=303)
        number = 0 if dates.errors else number_found(glance, wanted)
        found = found_cases(glance, wanted, spot_of(asked.after), PAGE + 1) if number else []
        suggested = [] if number or dates.errors else _suggested(glance, wanted, asked)
    facts: dict[str, Any] = {
        "asked": asked,
        "number": said_number(number),
        "found": found[:PAGE],
        "following": asked.string(after=_cursor(found[PAGE - 1].spot)) if len(found) > PAGE else None,
        "sought": bool(wanted.terms),
        "suggested": suggested,
        "filtered": bool(wanted.statuses or wanted.categories or wanted.teams or wanted.since or wanted.before or dates.errors),
        "places": PLACES,
        "errors": dates.errors,
        "error_list": summary(dates.errors),
        "status_choices": [(code, name.capitalize(), None) for code, name in words.STATUSES.items()],
        "category_choices": [(code, name.capitalize(), None) for code, name in words.CATEGORIES.items()],
        "team_choices": [(key, team.name, None) for key, team in desk.house.landlord.teams.items()],
    }
    return desk.pages.page(request, "search.html", **facts)


def said_number(number: int) -> str:
    """Return how many cases that are, in words."""
    if number > MOST_COUNTED:
        return f"more than {MOST_COUNTED:,} cases"
    return "1 case" if number == 1 else f"{number:,} cases"


def dates_of(asked: SearchQuery) -> Dates:
    """Return the dates that the address asks for, with a sentence for each that cannot be understood."""
    since, until = day_of(asked.since), day_of(asked.until)
    errors = {
        field: "Enter a date, such as 4/1/2027"
        for field, written, understood in (("from", asked.since, since), ("to", asked.until, until))
        if written.strip() and understood is None
    }
    if since and until and until < since:
        errors["to"] = "The last day must be the same as or after the first"
    return Dates(since=since, until=until, errors=errors)


def day_of(written: str) -> date | None:
    """Return the day that somebody wrote as 2027-01-04 or 4/1/2027; None where it is neither."""
    parts = written.strip().replace(".", "/").replace("-", "/").split("/")
    try:
        first, month, last = (int(part) for part in parts if part.isascii() and part.isdigit())
        day = date(first, month, last) if len(parts[0]) == len("2027") else date(last, month, first)
    except (ValueError, OverflowError):
        return None
    return day if day.year in YEARS else None


def spot_of(text: str | None) -> Spot | None:
    """Return the spot that an address names; one that nobody made is the beginning."""
    grade, _, case_id = (text or "").partition(".")
    if grade.isdecimal() and case_id.isdecimal() and len(grade) == 1 and len(case_id) <= len("999999999"):
        return Spot(grade=int(grade), case_id=int(case_id))
    return None


def _cursor(spot: Spot) -> str:
    return f"{spot.grade}.{spot.case_id}"


def _wanted(desk: Desk, person: Person, asked: SearchQuery, dates: Dates) -> Wanted:
    return Wanted(
        terms=terms(asked.text),
        username=person.username,
        sees_restricted=person.sees_restricted,
        # What is no choice of the page is left out: it could be anything, and finds nothing.
        statuses=tuple(status for status in words.STATUSES if status in asked.status),
        categories=tuple(category for category in words.CATEGORIES if category in asked.category),
        teams=tuple(team for team in desk.house.landlord.teams if team in asked.team),
        since=_midnight(dates.since) if dates.since else None,
        before=_midnight(dates.until + timedelta(days=1)) if dates.until else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _named(glance: Glance, person: Person, text: str) -> Case | None:
    """Return the case whose reference this is, in any spelling, if the person may open it."""
    try:
        reference = str(references.parse(text))
    except references.NotAReference:
        return None
    found = glance.find(Case, reference=reference)
    return found[0] if found and may_open(glance, found[0], person) else None


def _suggested(glance: Glance, wanted: Wanted, asked: SearchQuery) -> list[Suggestion]:
    """Return the words one by one, for a search by all of them that finds nothing."""
    found = []
    for term in wanted.terms[:MOST_SUGGESTED] if len(wanted.terms) > 1 else ():
        text = _typed(term)
        number = number_found(glance, replace(wanted, terms=terms(text)))
        if number:
            found.append(Suggestion(query=asked.string(q=text, after=None), shown=text, number=said_number(number)))
    return found


def _typed(term: Term) -> str:
    """Return a term as it could have been typed."""
    text = " ".join(term.words)
    return text if term.code or len(term.words) == 1 else f'"{text}"'
