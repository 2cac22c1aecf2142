"""The definition of a complaint: corrected in a form without scripts, confirmed, and compared version by version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from desk.web.access import NOT_FOUND, open_case
from desk.web.case_forms import Typed, TypedForm
from desk.web.case_names import names_of
from desk.web.desk import Desk, TheDesk
from desk.web.pages import summary
from desk.web.rights import READERS, WORKERS, Person, needs
from handlers.case_acts import Refused, Stale
from handlers.defining import Version, checked, save, versions
from handlers.definition import Definition, Point
from handlers.rows import definition_of
from store.models import Case

router = APIRouter()
Worker = Annotated[Person, needs(*WORKERS)]
EMPTY_ROWS = 1
MOST_ROWS = 30
RESPONSIBILITIES = {"ours": "Ours", "not_ours": "Not ours", "being_clarified": "Being clarified"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A point as it stands in the form, ``place`` saying where in the order it is wanted."""

    words: str = ""
    responsibility: str = "ours"
    who: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """All of the form: its rows, and what stands below them; ``version`` is the one that the writer saw."""

    rows: tuple[Row, ...]
    outcomes: str
    question: str
    version: int
    why: str = ""

    def with_room(self, number: int) -> Sheet:
        """Return the sheet with so many empty rows below, numbered in the order in which the rows stand."""
        rows = (*self.rows, *(Row() for _ in range(number)))[:MOST_ROWS]
        placed = tuple(
            Row(words=row.words, responsibility=row.responsibility, who=row.who, place=str(place))
            for place, row in enumerate(rows, 1)
        )
        return Sheet(rows=placed, outcomes=self.outcomes, question=self.question, version=self.version, why=self.why)

    def definition(self) -> Definition:
        """Return what was written as a definition, or refuse it; a row without words is no point."""
        points = [
            Point(words=" ".join(row.words.split()), responsibility=_responsibility(row), who=row.who.strip() or None)
            for row in self.rows
        ]
        outcomes = [" ".join(line.split()) for line in self.outcomes.split("\n") if line.strip()]
        return checked(points, outcomes, " ".join(self.question.split()))


def _responsibility(row: Row) -> Any:
    if row.responsibility not in RESPONSIBILITIES:
        raise Refused("Say who is responsible for each point (Code 5.7)", "points-1-words")
    return row.responsibility


def sheet_of(case: Case) -> Sheet:
    """Return the form as it begins: what the case's definition says now."""
    now = definition_of(case.definition)
    if now is None or case.category != "complaint":
        raise NOT_FOUND
    rows = tuple(Row(words=p.words, responsibility=p.responsibility, who=p.who or "") for p in now.points)
    return Sheet(rows=rows, outcomes="\n".join(now.outcomes), question=now.question or "", version=case.definition_version)


def sheet_from(typed: Typed) -> Sheet:
    """Return the form as it was sent: its rows in the order that the places name, those without words left out."""
    columns = [typed.column(name) for name in ("words", "responsibility", "who", "place")]
    rows = [Row(words=w, responsibility=r, who=who, place=p) for w, r, who, p in zip(*columns, strict=False)]
    kept = sorted((row for row in rows[:MOST_ROWS] if row.words.strip()), key=_place)
    told = {name: typed.text(name) for name in ("outcomes", "question", "why")}
    return Sheet(rows=tuple(kept), version=typed.number("version"), **told)


def _place(row: Row) -> float:
    """Return where a row is wanted; "1.5" puts one between two others, and what is no number comes last."""
    text = row.place.strip()
    return float(text) if text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 8 else float("inf")  # noqa: PLR2004


@router.get("/cases/{reference}/definition")
def edit(request: Request, desk: TheDesk, person: Worker, reference: str) -> Response:
    """Show the definition as a form."""
    case = open_case(desk, person, reference).case
    return _page(request, desk, case, sheet_of(case).with_room(EMPTY_ROWS))


@router.post("/cases/{reference}/definition")
def keep(request: Request, desk: TheDesk, person: Worker, reference: str, typed: TypedForm) -> Response:
    """Keep what was written as the next version, and confirm it where that was asked; or add a row and ask again."""
    case = open_case(desk, person, reference).case
    sheet_of(case)
    sheet, wanted = sheet_from(typed), typed.line("do")
    if wanted == "add":
        return _page(request, desk, case, sheet.with_room(EMPTY_ROWS + 1))
    if wanted == "order":
        return _page(request, desk, case, sheet.with_room(EMPTY_ROWS))
    try:
        definition = sheet.definition()
        house, case_id, by = desk.house, case.id or 0, person.username
        if wanted == "confirm":
            number = house.confirming.confirm(case_id, by, sheet.version, definition, why=sheet.why)
            desk.letters_due()
        else:
            number = save(house.acts, case_id, by, sheet.version, definition, why=sheet.why)
    except Refused as refused:
        return _page(request, desk, case, sheet.with_room(EMPTY_ROWS), refused)
    return RedirectResponse(f"/cases/{case.reference}?done={number}#definition", status_code=303)


@router.post("/cases/{reference}/definition/confirm")
def confirm(request: Request, desk: TheDesk, person: Worker, reference: str, typed: TypedForm) -> Response:
    """Confirm the definition as the person saw it."""
    case = open_case(desk, person, reference).case
    sheet = sheet_of(case)
    try:
        number = desk.house.confirming.confirm(case.id or 0, person.username, typed.number("version"))
    except Refused as refused:
        return _page(request, desk, case, sheet.with_room(EMPTY_ROWS), refused)
    desk.letters_due()
    return RedirectResponse(f"/cases/{case.reference}?done={number}#definition", status_code=303)


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


def _page(request: Request, desk: Desk, case: Case, sheet: Sheet, refused: Refused | None = None) -> Response:
    """Return the form; a stale save is shown beside what a colleague wrote, and saved again only on purpose."""
    errors = {refused.field or "form": str(refused)} if refused else {}
    facts: dict[str, Any] = {"case": case, "sheet": sheet, "errors": errors, "summary": summary(errors)}
    status = 200 if refused is None else 422
    if isinstance(refused, Stale):
        status = 409
        with desk.glance() as glance:
            theirs = glance.get(Case, case.id) or case
            latest = versions(glance, theirs)[0]
            facts["names"] = names_of(glance, {latest.by})
        facts |= {"theirs": latest, "sheet": Sheet(**{**_told(sheet), "version": theirs.definition_version})}
    return desk.pages.page(request, "case_definition.html", status=status, **facts)


def _told(sheet: Sheet) -> dict[str, Any]:
    return {name: getattr(sheet, name) for name in ("rows", "outcomes", "question", "why")}
