"""The settings in view: teams and who is away, where things are routed, the rules that work is given by, and health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.health import look
from desk.web import settings_absence, words
from desk.web.desk import Desk, TheDesk
from desk.web.rights import EVERYONE, Person, Role, needs
from handlers.allocation import WORKS_ON_CASES, away
from handlers.clock import london_day
from handlers.landlord import Team
from store.desk_models import Staff
from store.staff_rows import all_staff, open_items_by_person, open_items_by_team

router = APIRouter()
router.include_router(settings_absence.router)
ROUTES = {**words.CATEGORIES, "triage": "What the machine was unsure of"}
"""What is routed to a team, by its key under ``[routing]``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamInView:
    """A team, its people, and how much is open there."""

    team: Team
    open_items: int
    people: list[Staff]


@router.get("/settings")
def settings(request: Request, desk: TheDesk, _person: Annotated[Person, needs(*EVERYONE)]) -> Response:
    """Show how the desk is set up, and where to change it."""
    today, landlord = london_day(desk.now()), desk.house.landlord
    with desk.glance() as glance:
        people = [one for one in all_staff(glance) if one.disabled_at is None and not WORKS_ON_CASES.isdisjoint(one.roles)]
        by_team, loads = open_items_by_team(glance), open_items_by_person(glance)
    first, last = desk.house.calendar.reach()
    facts: dict[str, Any] = {
        "settings": desk.house.settings,
        "teams": _teams(desk, people, by_team),
        "teamless": [one for one in people if landlord.teams.keys().isdisjoint(one.teams)],
        "stray": {key: number for key, number in by_team.items() if key not in landlord.teams},
        "loads": loads,
        "away": {one.username for one in people if away(one, today)},
        "today": today,
        "routes": [(key, name, landlord.team_for(key).name) for key, name in ROUTES.items() if key in landlord.routing],
        "calendar": {"first": first, "last": last, "version": desk.house.calendar.version},
    }
    return desk.pages.page(request, "settings.html", **facts)


@router.get("/settings/health")
def health(request: Request, desk: TheDesk, _person: Annotated[Person, needs(Role.ADMINISTRATOR)]) -> Response:
    """Show what ``intake status`` says."""
    return desk.pages.page(request, "settings_health.html", health=look(desk.house))


def _teams(desk: Desk, people: Sequence[Staff], by_team: dict[str, int]) -> list[TeamInView]:
    """Return the teams in the order of the configuration."""
    return [
        TeamInView(team=team, open_items=by_team.get(key, 0), people=[one for one in people if key in one.teams])
        for key, team in desk.house.landlord.teams.items()
    ]
