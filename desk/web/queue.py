"""The queue: what waits for people, the most urgent first; filters live in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import RedirectResponse, Response

from desk.web import words
from desk.web.case_names import names_of
from desk.web.desk import Desk, TheDesk
from desk.web.emptiness import emptiness
from desk.web.rights import EVERYONE, READERS, Person, needs
from desk.web.row_ids import LARGEST_ID
from desk.web.sign_back import landing
from handlers.clock import london_day
from handlers.deadlines import end_of
from store.desk_models import SavedView
from store.queue_rows import Counts, Place, Waiting, Wanted, queue_counts, queue_page

router = APIRouter()
READER = needs(*READERS)
PAGE = 50
"""Tasks on a page."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
View = Literal["mine", "team", "all"]


class QueueQuery(BaseModel):
    """What the address asks of the queue; it is carried through every page of triage, so that "next" stays in it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    view: View = "all"
    kind: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    after: str | None = None

    def string(self, **changes: Any) -> str:
        """Return the query as it stands in an address, without what is not asked for."""
        told = {name: value for name, value in (self.model_dump() | changes).items() if value not in (None, (), False)}
        return urlencode(told, doseq=True)

    @classmethod
    def read(cls, text: str) -> QueueQuery:
        """Return the query that an address's string asks; what cannot be understood in it is left out."""
        given = parse_qs(text)
        lists = {name: tuple(given[name]) for name in ("kind", "team", "category", "channel", "only") if name in given}
        last = {name: given[name][-1] for name in ("view", "after") if name in given}
        if last.get("view") not in get_args(View):
            last.pop("view", None)
        return cls.model_validate(lists | last)

    def wanted(self, person: Person) -> Wanted:
        """Return which tasks the store is to be asked for."""
        return Wanted(
            username=person.username,
            sees_restricted=person.sees_restricted,
            mine=self.view == "mine",
            teams=self.team or (person.teams if self.view == "team" else ()),
            kinds=self.kind,
            categories=self.category,
            channels=self.channel,
            danger="danger" in self.only,
            unassigned="unassigned" in self.only,
        )

    @property
    def chosen(self) -> int:
        """Return how many filters are chosen."""
        return len((*self.kind, *self.team, *self.category, *self.channel, *self.only))


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Tasks under one heading."""

    key: str
    title: str
    number: int
    tasks: list[Waiting]


@router.get("/")
def home(request: Request, desk: TheDesk, person: Annotated[Person, needs(*EVERYONE)]) -> Response:
    """Lead to one's own items, or to one's team's or everybody's where there are none; else to who may sign in."""
    if not person.is_any(*READERS):
        return RedirectResponse(landing(person.roles, ""), status_code=303)
    view, told = _first_view(desk, person), request.query_params.get("told")
    return RedirectResponse(f"/queue?{urlencode({'view': view} | ({'told': told} if told else {}))}", status_code=303)


def _first_view(desk: Desk, person: Person) -> View:
    views: tuple[View, ...] = ("mine", "team") if person.teams else ("mine",)
    with desk.glance() as glance:
        for view in views if person.acts else ():
            if queue_page(glance, QueueQuery(view=view).wanted(person), None, 1):
                return view
    return "all"


@router.get("/queue")
def queue(
    request: Request, desk: TheDesk, person: Annotated[Person, READER], asked: Annotated[QueueQuery, Query()]
) -> Response:
    """Show a page of the queue in its groups, with the filters that were chosen."""
    now = desk.now()
    wanted = asked.wanted(person)
    tasks, counts = [], Counts()
    with desk.glance() as glance:
        views = glance.find(SavedView, staff_id=person.staff_id)
        if asked.view != "team" or wanted.teams:  # somebody without a team has no team's work
            tasks = queue_page(glance, wanted, place_of(asked.after), PAGE + 1)
            counts = queue_counts(glance, wanted, borders(now))
        names = names_of(glance, {who for task in tasks if (who := task.assigned_to or task.case_assigned_to)})
    facts: dict[str, Any] = {
        "asked": asked,
        "groups": grouped(tasks[:PAGE], counts, now),
        "counts": counts,
        "following": asked.string(after=cursor(tasks[PAGE - 1].place)) if len(tasks) > PAGE else None,
        "now": now,
        "views": views,
        "names": names,
        "kinds": _kinds(counts, asked),
        "team_choices": [(key, team.name, None) for key, team in desk.house.landlord.teams.items()],
        "categories": [(code, name, None) for code, name in words.SHORT.items()],
        "empty": None if tasks else emptiness(desk, person),
    }
    return desk.pages.page(request, "queue.html", **facts)


def _kinds(counts: Counts, asked: QueueQuery) -> list[tuple[str, str, int]]:
    """Return the kinds of task to choose from: those that wait under the present filters, and those chosen."""
    known = dict.fromkeys((*words.TASKS, *counts.by_kind))
    kinds = [kind for kind in known if counts.by_kind.get(kind) or kind in asked.kind]
    return [(kind, words.said(words.TASKS, kind), counts.by_kind.get(kind, 0)) for kind in kinds]


def borders(now: datetime) -> tuple[datetime, datetime, datetime]:
    """Return until when something is overdue, due today, and due this week (which ends on Sunday)."""
    today = london_day(now)
    return now, end_of(today), end_of(today + timedelta(days=6 - today.weekday()))


def grouped(tasks: list[Waiting], counts: Counts, now: datetime) -> list[Group]:
    """Return a page's tasks under their headings; a heading without tasks on this page is left out."""
    overdue, today, week = borders(now)
    before = [counts.before.get(border, 0) for border in (overdue, today, week)]
    rest = counts.total - counts.danger - before[2]
    parts = (
        ("danger", "Danger", counts.danger, lambda task: task.danger),
        ("overdue", "Overdue", before[0], lambda task: task.due_at < overdue),
        ("today", "Due today", before[1] - before[0], lambda task: task.due_at < today),
        ("week", "Due this week", before[2] - before[1], lambda task: task.due_at < week),
        ("later", "Due later", rest, lambda _task: True),
    )
    groups, left = [], tasks
    for key, title, number, belongs in parts:
        inside = [task for task in left if belongs(task)]
        left = left[len(inside) :]
        if inside:
            groups.append(Group(key=key, title=title, number=number, tasks=inside))
    return groups


def cursor(place: Place) -> str:
    """Return a place as it stands in an address."""
    return f"{int(place.danger)}.{(place.due_at - EPOCH) // timedelta(microseconds=1)}.{place.id}"


def place_of(text: str | None) -> Place | None:
    """Return the place that an address names; one that nobody made is the beginning."""
    try:
        danger, micros, id_ = map(int, (text or "").split("."))
        if not 0 <= id_ <= LARGEST_ID:  # a larger number than any row's is refused by the databases themselves
            return None
        return Place(danger=bool(danger), due_at=EPOCH + timedelta(microseconds=micros), id=id_)
    except (ValueError, OverflowError):
        return None
