"""What somebody does in the web chat, as messages: words and files, a pressed button, the wish for a person."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from intake.message import InboundMessage
from intake.public.chat_pages import kept, mine, must_chat, page, purpose_of
from intake.public.door import Door
from intake.public.residents import Chat, ResidentsUnavailable, Talk
from intake.public.saying import AWAY, NOT_NOW, Heard, counted, field, heard, once_for, put
from intake.public.uploads import Taken
from intake.webchat.document import Said, of_chat

PERSON, WANTS_PERSON = "person", "I want to talk to a person."
TRAP = "the web chat's hidden field was filled in, as machines do that fill in every field"
UNSIGNED = "the web chat was begun from no page that we gave out"


def theirs(request: Request, door: Door, found: Taken) -> Chat:
    """Return the conversation that a form belongs to, or a new one."""
    return mine(request, door, field(found, "talk")) or door.residents.new_chat(must_chat(door))


def say(request: Request, door: Door, found: Taken) -> Response:
    """Keep what somebody says; called from a thread."""
    who, said, signed = theirs(request, door, found), heard(found, door), field(found, "once")
    is_begun = _is_begun(door, who)
    if said.trouble is None:
        said = counted(said, _wait(request, door, is_begun=is_begun))
    if said.trouble is not None:
        return page(request, door, who, said, signed)
    once = once_for(door, purpose_of(who), signed, said.words, said.files)
    told = Said(once=once, at=door.clock.now(), words=said.words, files=said.files, left_out=said.left_out)
    problem = None if is_begun else _suspicion(door, who, found)
    said = put(door, said, of_chat(told, who.identity, door.chat_quiet, problem))
    # Where a file was not taken the page says so at once; loaded anew, it sends the same message, which is kept once.
    return page(request, door, who, said, signed) if said.trouble or said.left_out else kept(request, door, who)


def press(request: Request, door: Door, found: Taken) -> Response:
    """Keep what a pressed button says; called from a thread."""
    who, payload, signed = theirs(request, door, found), field(found, "press"), field(found, "once")
    try:
        talk = door.residents.talk(who)
    except ResidentsUnavailable:
        return page(request, door, who, Heard(trouble=NOT_NOW, status=AWAY), signed)
    message = _wants_person(door, who, talk, found) if payload == PERSON else _pressed(door, who, talk, found)
    if message is None:
        return kept(request, door, who)
    said = counted(Heard(), _wait(request, door, is_begun=bool(talk.lines)))
    said = put(door, said, message) if said.trouble is None else said
    return page(request, door, who, said, signed) if said.trouble else kept(request, door, who)


def _is_begun(door: Door, who: Chat) -> bool:
    try:
        return door.residents.begun(who)
    except ResidentsUnavailable:
        return True  # nothing is held against anybody because our store is away


def _wait(request: Request, door: Door, *, is_begun: bool) -> int:
    """Count words; the first of a conversation count as a form does, for each brings a case."""
    return door.throttle.speaking(request) if is_begun else door.throttle.waiting(request)


def _suspicion(door: Door, who: Chat, found: Taken) -> str | None:
    """Return why a person should see the first words before anything answers them; people may be quick with a first "hello"."""
    if field(found, "more"):
        return TRAP
    return UNSIGNED if door.signer.known_once(purpose_of(who), field(found, "once")) is None else None


def _wants_person(door: Door, who: Chat, talk: Talk, found: Taken) -> InboundMessage:
    """Return the wish for a person: a press about the case there is, or words that open one."""
    once = once_for(door, purpose_of(who), field(found, "once"), WANTS_PERSON)
    said = Said(once=once, at=door.clock.now(), words=WANTS_PERSON, pressed=PERSON if talk.cases else None)
    return of_chat(said, who.identity, door.chat_quiet, None if talk.lines else _suspicion(door, who, found))


def _pressed(door: Door, who: Chat, talk: Talk, found: Taken) -> InboundMessage | None:
    """Return the press of a button that stands in this very conversation; of no other, whatever a browser sends."""
    letter, payload = field(found, "letter"), field(found, "press")
    line = next((line for line in talk.lines if line.letter is not None and str(line.letter) == letter), None)
    choice = next((choice for choice in line.choices if choice.payload == payload), None) if line is not None else None
    if choice is None:
        return None
    # Named by its letter: pressed again, it is the same press.
    once = f"press-{letter}-{payload}"
    said = Said(once=once, at=door.clock.now(), words=choice.label, pressed=payload, about=letter)
    return of_chat(said, who.identity, door.chat_quiet)
