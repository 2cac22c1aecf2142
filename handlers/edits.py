"""Other words for an earlier message: which case they go to, and whether there is anything new in them at all."""

from __future__ import annotations

from collections import Counter

from handlers.casework import Pages
from handlers.follow_ups import Claim
from handlers.rows import event_row
from handlers.understanding import Understood
from intake.chat import ChatFacts
from store.chat_models import MediaFile
from store.models import Disposition, Message, Party
from store.unit import Unit


def edited(unit: Unit, message: Understood, chat: ChatFacts, first: Message, pages: Pages) -> Claim | None:
    """Return the case of what was changed, where the writer belongs to it: that of the last version that came to one.

    An earlier version may have opened a case of its own; what is changed once more belongs there, and opens no further one.
    """
    case_id = _last_version(unit, message, chat, first).case_id
    address = (message.reading.sender.address or "").lower()
    if case_id is None or not unit.find(Party, case_id=case_id, address=address):
        return None  # like any other message of somebody whom colleagues took out of the case
    why = "other words for an earlier message, which stands as it came"
    pages.events.append(event_row(case_id, "message_edited", why, pages.now, message=message.arrival.id, first=first.id))
    return Claim(case_id=case_id, joins="joins", why=why)


def says_nothing_new(unit: Unit, message: Understood, chat: ChatFacts, first: Message) -> Message | None:
    """Return the version that is held already, where an edit has its words and no other files; None where there is news.

    Platforms tell of edits that changed nothing which we would see, and of those made before we first read the message.
    """
    held = _last_version(unit, message, chat, first)
    same = _words(message.reading.new_text) in (_words(held.new_text), _own_words(unit, held))
    files = _files(unit, message.arrival.id)
    return held if same and (not files or files == _files(unit, held.id or 0)) else None


def _last_version(unit: Unit, message: Understood, chat: ChatFacts, first: Message) -> Message:
    versions = unit.find(Message, conversation=chat.conversation, act="edit", about=chat.about)
    settled = [one for one in versions if one.case_id is not None and one.id != message.arrival.id]
    return settled[-1] if settled else first


def _own_words(unit: Unit, message: Message) -> str:
    """Return a message's own words, where it holds those of others that were read as one with it."""
    words = _words(message.new_text)
    if message.disposition is Disposition.PART or message.case_id is None:
        return words
    parts = unit.find(Message, conversation=message.conversation, case_id=message.case_id, disposition=Disposition.PART)
    for part in reversed(parts):
        words = words.removesuffix(_words(part.new_text)).rstrip()
    return words


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _files(unit: Unit, message_id: int) -> Counter[tuple[str | None, str | None, int | None]]:
    """Return what is known of a message's files before they are here; their references differ each time they are told of."""
    return Counter((file.name, file.type, file.said_size) for file in unit.find(MediaFile, message_id=message_id))
