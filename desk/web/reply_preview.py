"""A reply as it would leave this minute, made by the very call that sends it, and what there is to look at before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import nh3
from selectolax.lexbor import LexborHTMLParser

from desk.config import Mistake
from desk.web import chat_words
from desk.web.agreed import agreed_with
from desk.web.desk import Desk
from desk.web.reply_around import around_of
from desk.web.rights import Person
from handlers.chat_parts import MANY, parts_of
from handlers.course.speaking import others_named
from handlers.letters import Draft, LetterError
from handlers.people.known import wishes_of_case
from handlers.reply_checks import Check, checks
from handlers.reply_orders import sealed
from handlers.reply_ways import ways_of
from handlers.replying import ANSWERED
from handlers.routes_out import BY_HAND, Route, chosen, code_of
from intake.identity import way_of
from store.desk_models import DraftLetter, Staff
from store.models import Case, Message, Task
from store.reply_rows import open_tasks_of
from store.unit import Glance

PRINTED = {"a", "br", "div", "h1", "h2", "li", "ol", "p", "strong", "ul"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """All that an officer sees before a reply goes; ``broken`` says why there is no letter."""

    case: Case
    message: Message
    draft: DraftLetter
    officer: str
    route: Route | None
    letter: Draft | None
    broken: str | None
    checks: tuple[Check, ...]
    tasks: tuple[Task, ...]
    agreed: tuple[str, ...]
    """What was agreed with the resident."""
    large_print: bool
    parts: tuple[str, ...]
    """The messages as which it goes by chat, in order; none by any other way."""

    @property
    def sends(self) -> bool:
        """Return whether a sender takes it, and not a person."""
        return self.draft.way not in BY_HAND

    @property
    def stopped(self) -> bool:
        """Return whether the reply cannot go as it is."""
        return self.letter is None or any(check.stops for check in self.checks)

    @property
    def advised(self) -> bool:
        """Return whether somebody has to say that they looked at what is listed."""
        return any(not check.stops for check in self.checks)

    @property
    def seal(self) -> str:
        """Return the digest that the sending has to find again."""
        return sealed(self.draft, self.letter) if self.letter else ""

    @property
    def address(self) -> str:
        """Return the draft's own address."""
        return f"/cases/{self.case.reference}/replies/{self.draft.id}"


def preview_of(desk: Desk, person: Person, case: Case, draft: DraftLetter) -> Preview:
    """Return the reply as it would leave now, signed by whoever looks, or by its writer where an auditor looks."""
    now = desk.now()
    with desk.glance() as glance:
        message = glance.get(Message, draft.message_id)
        if message is None:
            raise ValueError("a draft answers a message")
        wishes, agreed = wishes_of_case(glance, case), agreed_with(glance, case)
        routes = ways_of(glance, case, message, desk.house.own, now, windows=desk.house.windows)
        officer = person.name if person.acts else _name(glance, draft.by)
        around = around_of(desk, glance, case, message, draft)
        tasks = open_tasks_of(glance, case.id or 0, ANSWERED)
        named = others_named(glance, case.id or 0, f"{draft.subject}\n{draft.body}", but=(draft.recipient or "").lower())
    route = chosen(routes, code_of(draft.way, draft.recipient))
    letter, broken = _letter(desk, case, message, draft, officer, large_print=wishes.large_print)
    parts = parts_of(draft.recipient, letter.short, desk.house.longest) if letter is not None and draft.way == "chat" else ()
    return Preview(
        case=case,
        message=message,
        draft=draft,
        officer=officer,
        route=route,
        letter=letter,
        broken=broken,
        checks=(*_way(route), *_named(named), *_crumbs(parts), *checks(draft.subject, draft.body, around)),
        tasks=tuple(tasks),
        agreed=agreed,
        large_print=wishes.large_print,
        parts=parts,
    )


def printable(html: str) -> str:
    """Return the body of a letter's page without its looks, for a page of the desk that is printed."""
    page = LexborHTMLParser(html)
    body = page.css_first("main") or page.body
    inner = (body.inner_html if body else "") or ""
    return nh3.clean(inner, tags=PRINTED, attributes={"a": {"href"}, "ol": {"start"}}, link_rel=None)


def _letter(
    desk: Desk, case: Case, message: Message, draft: DraftLetter, officer: str, *, large_print: bool
) -> tuple[Draft | None, str | None]:
    try:
        return desk.house.replying.letter(case, message, draft, officer, desk.now(), large_print=large_print), None
    except (LetterError, Mistake) as error:
        return None, str(error)


def _way(route: Route | None) -> tuple[Check, ...]:
    if route is None:
        return (Check(code="route", said="The way out is no longer there. Choose another one.", stops=True),)
    if route.closed:
        said = f"Nothing can be sent on {chat_words.way(way_of(route.to))}: {route.against}. Choose another way."
        return (Check(code="route", said=said, stops=True),)
    # What people carry asks for the address or the number itself.
    doubtful = route.way not in BY_HAND and route.against is not None
    return (Check(code="route", said=f"{chat_words.address(route.to)}: {route.against}."),) if doubtful else ()


def _named(members: Sequence[str]) -> tuple[Check, ...]:
    """Stop a reply that names one member of a group to another (policy 6.2)."""
    said = "The reply names {}, or their home. Members of a group are not named to one another: take it out."
    return tuple(Check(code="member", said=said.format(name), stops=True) for name in members)


def _crumbs(parts: Sequence[str]) -> tuple[Check, ...]:
    """Say so where a reply by chat falls into many messages."""
    number = len(parts)
    return (Check(code="long", said=f"It goes as {number} messages. Could it be shorter?"),) if number > MANY else ()


def _name(glance: Glance, username: str) -> str:
    found = glance.find(Staff, username=username)
    return found[0].name if found else username
