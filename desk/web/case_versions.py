"""Every version of a definition, each beside what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web.access import NOT_FOUND, open_case
from desk.web.case_names import names_of
from desk.web.case_sheet import RESPONSIBILITIES
from desk.web.desk import TheDesk
from desk.web.rights import READERS, Person, needs
from handlers.defining import Version, versions
from handlers.definition import Definition, Point

router = APIRouter()


@router.get("/cases/{reference}/definition/versions")
def compare(request: Request, desk: TheDesk, person: Annotated[Person, needs(*READERS)], reference: str) -> Response:
    """Show every version of the definition, each beside what it changed."""
    case = open_case(desk, person, reference).case
    with desk.glance() as glance:
        kept = versions(glance, case)
        names = names_of(glance, {version.by for version in kept})
    if not kept:
        raise NOT_FOUND
    steps = [_step(version, before) for version, before in zip(kept, [*kept[1:], None], strict=True)]
    return desk.pages.page(request, "case_versions.html", case=case, steps=steps, names=names)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A version, and how it differs from the one before it: the texts that are new, and those that are gone."""

    version: Version
    new: frozenset[str]
    gone: tuple[str, ...]


def _step(version: Version, before: Version | None) -> Step:
    now, then = _texts(version.definition), _texts(before.definition) if before else []
    new = frozenset(text for text in now if before and text not in then)
    return Step(version=version, new=new, gone=tuple(text for text in then if text not in now))


def said_point(point: Point) -> str:
    """Return a point in one line, with whose it is."""
    whose = "" if point.responsibility == "ours" else f" ({RESPONSIBILITIES[point.responsibility].lower()}"
    return point.words + (whose and f"{whose}{': ' + point.who if point.who else ''})")


def _texts(definition: Definition) -> list[str]:
    question = [f"We ask: {definition.question}"] if definition.question else []
    return [*map(said_point, definition.points), *(f"Wants: {text}" for text in definition.outcomes), *question]
