"""One person about to act on one case: what the forms of acts are made from, and what an act is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

from desk.web.case_forms import PARTS, ActForm, Field, Kind, Typed
from desk.web.desk import Desk
from desk.web.rights import Person, Role
from handlers.case_acts import Acts
from handlers.course.acting import Course
from store.case_rows import colleagues
from store.models import Case
from store.staff_rows import called


class More(TypedDict, total=False):
    """What else a question may have: see ``Field``."""

    hint: str
    choices: Sequence[tuple[str, str]]
    parts: tuple[str, str, str]
    ticked: tuple[str, ...]
    rows: int
    autocomplete: str
    beside: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Doing:
    """A person, a case, and what they typed so far; ``asked`` is what the address says (``of`` names one of several)."""

    desk: Desk
    person: Person
    case: Case
    asked: Mapping[str, str]
    typed: Typed | None = None

    @property
    def acts(self) -> Acts:
        """What acts on cases are done with."""
        return self.desk.house.acts

    @property
    def course(self) -> Course:
        """What acts on a complaint's course are done with."""
        return self.desk.house.course

    @property
    def case_id(self) -> int:
        """The case's number."""
        return self.case.id or 0

    @property
    def by(self) -> str:
        """Who acts."""
        return self.person.username

    @property
    def manager(self) -> bool:
        """Whether the person is a manager."""
        return self.person.is_any(Role.MANAGER)

    @property
    def sent(self) -> Typed:
        """What the form sent: only an act that is being done has it."""
        if self.typed is None:
            raise ValueError("nothing was sent yet")
        return self.typed

    def of(self) -> str:
        """Return which of several things the act is about, as the form carries it or the address names it."""
        return self.typed.line("of") if self.typed else self.asked.get("of", "")

    def of_number(self) -> int:
        """Return the same as a number; -1 where it is none."""
        text = self.of()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004  # fits any column

    def kept(self, name: str, before: str = "") -> str:
        """Return what stands in a field: what was typed, or what was there before."""
        return self.typed.text(name) if self.typed else before

    def field(self, name: str, label: str, kind: Kind = "line", *, before: str = "", **more: Unpack[More]) -> Field:
        """Return a question with what stands in it."""
        if kind == "date":
            first, second, third = (self.kept(f"{name}-{part}") for part in PARTS)
            more["parts"] = (first, second, third)
        if kind == "checks":
            more["ticked"] = tuple(self.typed.column(name)) if self.typed else more.get("ticked", ())
        return Field(name=name, label=label, kind=kind, value=self.kept(name, before), **more)

    def why(self, label: str = "Why", hint: str = "") -> Field:
        """Return the question for the reason, which every act keeps."""
        return self.field("why", label, "text", hint=hint, rows=3)

    def called(self, username: str | None) -> str:
        """Return what somebody is called."""
        with self.desk.glance() as glance:
            return called(glance, username)

    def people(self) -> list[tuple[str, str]]:
        """Return who works at the desk, by user name."""
        with self.desk.glance() as glance:
            return [(staff.username, staff.name) for staff in colleagues(glance) if staff.disabled_at is None]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActPage:
    """An act: the form that asks for it, and what does it and returns its number (or refuses)."""

    form: Callable[[Doing], ActForm]
    do: Callable[[Doing], int]
