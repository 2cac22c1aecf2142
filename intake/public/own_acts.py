"""What somebody does on their own page of a case, as messages: words that every reader of the case understands."""

from __future__ import annotations

from dataclasses import dataclass

from intake.message import InboundMessage
from intake.public.door import Door
from intake.public.residents import Ask, CasePage
from intake.public.saying import LONGEST_WORDS, TOO_LONG, WRONG, Heard, field, heard, once_for
from intake.public.uploads import Taken
from intake.webchat.document import Said, of_page

SAID: dict[Ask, str] = {
    "complaint": "This is a complaint.",
    "stage2": "I ask for stage 2.",
    "person": "I want to talk to a person.",
}
"""What a button says for the resident."""
EMPTY = "Write what we got wrong, beside the point that it is about"
WRONGLY = "What you understood is not right."
MORE = (("What I want", "outcome"), ("What is missing", "missing"))
"""What else can be said of a definition, with the field in which it stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """One act: what was asked for, what was said with it, and the one-time name of its page."""

    ask: Ask
    said: Heard
    signed: str


def purpose_of(page: CasePage) -> str:
    """Return what the one-time names of this party's page of the case are for."""
    return f"case {page.link}"


def done_in(found: Taken, door: Door, page: CasePage, ask: Ask) -> Done:
    """Return an act with its words; called from a thread."""
    if ask == "words":
        said = heard(found, door)
    elif ask == "definition":
        said = _correction(found, page)
    else:
        # Of the buttons, only the one for a person comes with words, and needs none.
        said = _short(field(found, "reach") if ask == "person" else "")
    return Done(ask=ask, said=said, signed=field(found, "once"))


def points_in(found: Taken, page: CasePage) -> dict[str, str]:
    """Return what was written beside each point and below them, by the name of its field."""
    names = [*(f"point-{number}" for number in range(1, len(page.points) + 1)), *(name for _, name in MORE)]
    return {name: field(found, name) for name in names}


def _correction(found: Taken, page: CasePage) -> Heard:
    titles = {f"point-{number}": f"Point {number}" for number in range(1, len(page.points) + 1)}
    titles |= {name: title for title, name in MORE}
    told = [f"{titles[name]}: {words}" for name, words in points_in(found, page).items() if words]
    return _short("\n\n".join((WRONGLY, *told))) if told else Heard(trouble=EMPTY, status=WRONG)


def _short(words: str) -> Heard:
    return Heard(words=words, trouble=TOO_LONG, status=WRONG) if len(words) > LONGEST_WORDS else Heard(words=words)


def message_of(door: Door, page: CasePage, done: Done) -> InboundMessage:
    """Return the message of an act: what its button says, and the words and files that came with it."""
    said, pressed = done.said, None if done.ask == "words" else done.ask
    words = "\n\n".join(filter(None, (SAID.get(done.ask), said.words)))
    once = once_for(door, purpose_of(page), done.signed, words, said.files)
    told = Said(
        once=f"{done.ask}-{once}", at=door.clock.now(), words=words, pressed=pressed, files=said.files, left_out=said.left_out
    )
    return of_page(told, reference=page.reference, party=page.party)
