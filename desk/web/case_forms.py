"""Forms of the case page as plain values: what is asked, what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Request
from starlette.datastructures import FormData

from handlers.case_acts import Refused
from intake.storable import one_line, storable

MOST_FIELDS = 400
LONGEST_LINE = 2_000
PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent, storable, with one kind of line end."""

    data: FormData

    def text(self, name: str) -> str:
        """Return what was typed into a field of several lines; empty where there is no such field."""
        return _clean(self.data.get(name))

    def line(self, name: str) -> str:
        """Return what was typed into a field of one line."""
        return one_line(self.text(name), LONGEST_LINE)

    def number(self, name: str) -> int:
        """Return a number that the form itself carried; -1 where somebody wrote something else."""
        text = self.line(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004  # fits any column

    def column(self, name: str) -> list[str]:
        """Return all values of a field that stands in several rows, in order."""
        return [_clean(value) for value in self.data.getlist(name)]

    def date(self, name: str) -> date:
        """Return a date typed as day, month and year, or refuse what is none."""
        day, month, year = (self.number(f"{name}-{part}") for part in PARTS)
        try:
            return date(year, month, day)
        except ValueError as error:
            raise Refused("Enter a real date, such as 4 1 2027", name) from error


def _clean(value: object) -> str:
    return storable(value).replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""


async def _typed(request: Request) -> Typed:
    return Typed(await request.form(max_files=0, max_fields=MOST_FIELDS))


TypedForm = Annotated[Typed, Depends(_typed)]
"""A route's parameter: what was typed into its form."""

Kind = Literal["line", "text", "select", "radios", "checks", "date", "email", "tel"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One question of a form; ``value`` is what stands in it (for a date, its three parts; for several ticks, ``ticked``)."""

    name: str
    label: str
    kind: Kind = "line"
    hint: str = ""
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()
    parts: tuple[str, str, str] = ("", "", "")
    ticked: tuple[str, ...] = ()
    rows: int = 4
    autocomplete: str = "off"
    beside: tuple[str, ...] = ()
    """What is shown with the question and cannot be changed, line by line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActForm:
    """A page that asks for one act: its questions, what it carries along unseen, and what stands against it."""

    title: str
    button: str
    fields: tuple[Field, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    lead: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    grave: bool = False
    """Whether the button is a warning one: the act shuts something that is open."""
    links: tuple[tuple[str, str], ...] = ()
    """What to read beside it: words and address."""
    letter: str = ""
    """The letter that the act sends, as it would go now."""
