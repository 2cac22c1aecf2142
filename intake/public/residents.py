"""What the public door asks of the house about one resident's own matters: a port, filled by ``handlers``.

Calls block and are made from threads. Nothing is answered but to whoever shows a key to it: an id that only they were given,
a signed link, or the cookie of their browser. What is answered is theirs alone: no other party of a case stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from intake.identity import Identity

Ask = Literal["words", "definition", "complaint", "stage2", "person"]
"""What somebody may do on their own page: add words or files, say what we understood wrongly, and ask for three things."""

Status = Literal["triage", "open", "signposted", "closed", "joined"]
"""Where a case stands: a person decides what it is, it is dealt with, it was sent elsewhere, it is closed, it goes on in another."""


class ResidentsUnavailable(Exception):
    """The house cannot say anything of a resident now: what they were promised is kept, and may be asked for again later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """What became of a message that was posted by a page; every field is None until it is known."""

    reference: str | None = None
    own_page: str | None = None
    """Path of the resident's own page of the case, where there is one."""
    for_a_person: bool = False
    """Whether a person reads it first, so that there may be no reference yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One point of what we understood, in the resident's words, and who answers for it, as a sentence."""

    words: str
    who: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """What we do by a date, as it was worked out once; ``done`` says that it was done."""

    what: str
    on: date
    done: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A letter that was sent to the reader of the page."""

    subject: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrote:
    """What the reader of the page wrote to us, with the names of the files that came with it."""

    words: str
    at: datetime
    files: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ombudsman:
    """Who may look at the matter when the landlord does not put it right, and at which part of it."""

    name: str
    about: str
    phone: str | None = None
    website: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class GoesOn:
    """Where a case goes on that was joined to another: nothing of that is told to whoever does not belong to it."""

    reference: str | None = None
    page: str | None = None
    """Path of the reader's page of that case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """All that one party may see of one case, and what they may do there; a ``guarded`` one says no more than its letters."""

    link: str
    reference: str
    party: str
    received_on: date
    status: Status
    guarded: bool = False
    kind: str | None = None
    """What we took it for, after "it is": "a complaint about us"; None while nobody knows."""
    stage: Literal[1, 2] | None = None
    team: str
    team_phone: str | None = None
    points: tuple[Point, ...] = ()
    outcomes: tuple[str, ...] = ()
    question: str | None = None
    checked: bool = False
    """Whether a person has confirmed what we understood."""
    dates: tuple[Owed, ...] = ()
    letters: tuple[Letter, ...] = ()
    wrote: tuple[Wrote, ...] = ()
    next_steps: tuple[str, ...] = ()
    offers: frozenset[Ask] = frozenset({"words", "person"})
    asked_stage2: bool = False
    answer_by: date | None = None
    """By when we owe the answer of stage 1, where it was not given yet."""
    goes_on: GoesOn | None = None
    ombudsmen: tuple[Ombudsman, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """Somebody's web chat: ``cookie`` is what their browser holds, ``back`` the link by which they return from elsewhere."""

    identity: Identity
    cookie: str
    back: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A button under a letter."""

    label: str
    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Something that was said in a chat, by us or by the resident; ``id`` names it for ever, ``letter`` is ours."""

    id: str
    at: datetime
    words: str
    ours: bool = False
    automatic: bool = False
    files: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    letter: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """A whole web chat in order, and its cases: reference and link of the resident's own page of each."""

    lines: tuple[Line, ...] = ()
    cases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """What a link of proof asks: the way by which somebody wrote, in words, and the mail address they gave as theirs."""

    way: str
    address: str
    stands: bool = False
    """Whether we know already that both are theirs."""


class Residents(Protocol):
    """What one resident may know of what the house holds; every call but ``opened`` and ``shown`` may raise ``ResidentsUnavailable``."""

    def posted(self, channel: str, account: str, external_id: str) -> Posted | None:
        """Say what became of a message; None where there is no such message."""
        ...

    def page(self, link: str) -> CasePage | None:
        """Return the page that a link opens; None for a link that is none of ours, or of somebody who belongs no more."""
        ...

    def opened(self, page: CasePage) -> None:
        """Note on the case that its party opened the page, once a day at most."""
        ...

    def new_chat(self, account: str) -> Chat:
        """Return a web chat that nobody has begun yet."""
        ...

    def chat(self, account: str, cookie: str) -> Chat | None:
        """Return the web chat of a browser; None where its cookie is none of ours."""
        ...

    def chat_again(self, account: str, link: str) -> Chat | None:
        """Return the web chat that a link leads back to, if it is one of ours."""
        ...

    def claimed(self, token: str) -> Claimed | None:
        """Return what a link of proof asks; None for one that is none of ours, or is too old."""
        ...

    def prove(self, token: str) -> bool:
        """Take a pressed button as the proof that both are the same resident; say whether it counts."""
        ...

    def talk(self, chat: Chat) -> Talk:
        """Return what was said in a web chat."""
        ...

    def begun(self, chat: Chat) -> bool:
        """Say whether anything was said in a web chat yet."""
        ...

    def stamp(self, chat: Chat) -> str:
        """Return what changes whenever there is something new in a web chat."""
        ...

    def shown(self, chat: Chat, letters: tuple[int, ...]) -> None:
        """Note that the page showed these letters of the chat for the first time."""
        ...
