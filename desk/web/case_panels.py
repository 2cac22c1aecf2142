"""What a panel of the case page is: a heading, its lines, and what can be done about them; ``course_panels`` joins them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from desk.web.case_names import NOT_PEOPLE
from desk.web.rights import Person
from handlers.course.guidance import Guidance
from store.models import Case
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Where a word leads: to an act of the case (``act``, perhaps with its question string), or to any page (``href``)."""

    words: str
    act: str = ""
    href: str = ""
    about: str = ""
    """Said to screen readers after the words, where several links of a page say the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One fact of a panel: its words, quieter words below, a tag, and what can be done about it."""

    words: str
    quiet: str = ""
    tag: str = ""
    colour: str = "grey"
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """A part of the case page: a heading, its lines, and the acts that belong to it; one without lines shows its acts alone."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a panel is made from: the case, who looks, and when; ``acts`` says whether they may act on it."""

    glance: Glance
    case: Case
    person: Person
    now: datetime
    acts: bool
    teams: Mapping[str, str] = field(default_factory=dict)
    """The names of the teams by their keys."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What everybody who works or worked here is called, by user name."""
    guidance: Guidance = field(default_factory=Guidance)
    """The bands of amounts of money."""

    def called(self, username: str | None) -> str:
        """Return what somebody is called: a colleague by name, the machine as such, whoever has no account any more as they were known."""
        return self.names.get(username or "") or NOT_PEOPLE.get(username or "", username or "nobody")


PanelOf = Callable[[Seen], Panel | None]
"""Makes a panel, asking the store as little as it can; None shows nothing. ``course_panels.PANELS`` names them all."""
