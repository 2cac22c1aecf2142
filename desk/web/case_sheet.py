"""The form in which a definition is corrected: its rows, their order, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.web.access import NOT_FOUND
from desk.web.case_forms import Typed
from handlers.case_acts import Refused
from handlers.defining import checked
from handlers.definition import Definition, Point
from handlers.rows import definition_of
from store.models import Case

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
