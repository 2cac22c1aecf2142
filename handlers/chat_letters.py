"""What a letter by chat has beside its words: the short form, buttons, and the questions that it puts, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from classifiers.taxonomy import Category
from handlers.choices import buttons_for, pressed, typed
from handlers.decision import Decision
from handlers.details import says_where
from handlers.letters import Draft
from handlers.rows import Row
from handlers.understanding import Understood
from intake.identity import identity_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Asks:
    """Which questions a letter puts: what the message is about, and who and where the resident is."""

    what: bool = False
    who: bool = False

    def rows(self, message: Understood, case_id: int, now: datetime) -> tuple[Row, ...]:
        """Return the questions as they are kept, so that an answer is known for one and none is put again."""
        chat = message.reading.chat
        if chat is None:
            return ()
        kept: Row = {"conversation": chat.conversation, "case_id": case_id, "message_id": message.arrival.id, "asked_at": now}
        kinds = [kind for kind, is_asked in (("category", self.what), ("details", self.who)) if is_asked]
        return tuple(kept | {"kind": kind} for kind in kinds)


def recipient_of(message: Understood) -> str | None:
    """Return where an answer goes: to the conversation by chat, else to the sender's address."""
    chat = message.reading.chat
    return message.reading.sender.address if chat is None else chat.conversation


def is_public(message: Understood) -> bool:
    """Say whether a message was said where others read."""
    return message.reading.chat is not None and message.reading.chat.act == "public"


def is_act(message: Understood) -> bool:
    """Say whether an update does something to what was earlier; a button that we never offered is a message with its words."""
    chat = message.reading.chat
    if chat is None or chat.act in ("message", "public"):
        return False
    return not (chat.act == "press" and message.reading.new_text and pressed(chat.pressed or "") is None)


def asks_person(message: Understood) -> bool:
    """Say whether somebody asks for a person: by a button, or in a line of its own among their words."""
    chat = message.reading.chat
    if chat is None or chat.act not in ("message", "press"):
        return False
    found = pressed(chat.pressed or "")
    lines = message.reading.new_text.splitlines()
    return (found is not None and found.choice == "person") or any(typed(line, asked=False) == "person" for line in lines)


def asked_in(message: Understood, decision: Decision, *, first_words: bool) -> Asks:
    """Return what the letter about this decision asks; in public nobody is asked anything."""
    chat = message.reading.chat
    if chat is None or is_public(message):
        return Asks()
    unsure = decision.status == "triage" and message.shunted is None
    return Asks(what=unsure, who=first_words and not says_where(message.reading.new_text))


def by_chat(message: Understood, draft: Draft, decision: Decision, *, asks: Asks, reference: str, public_answer: str) -> Row:
    """Return the columns of a letter that only chat has; none for mail."""
    chat = message.reading.chat
    if chat is None or identity_of(chat.conversation) is None:
        return {}
    if is_public(message):
        # Said where others read: the one sentence, which tells nobody what it was about, is all that may go, and all that is kept.
        return {"short": public_answer, "text": public_answer, "html": None} if decision.letter == "receipt" else {}
    buttons = buttons_for(reference, ask=asks.what, complaint=decision.category == Category.COMPLAINT)
    return {"short": draft.short, "buttons": [[button.label, button.payload] for button in buttons]}
