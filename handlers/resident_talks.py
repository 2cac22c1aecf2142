"""A web chat as its page shows it: what the resident said, and the letters that went to them.

The beginning of a message's document says all that the page shows, so that it costs little however many photos came with the
words. What was read with others as one matter holds their words too: so the document is asked first.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.public.residents import Choice, Line
from intake.webchat.reading import beginning
from store.chat_rows import talk_of
from store.models import Message, OutboxEntry, OutboxState
from store.resident_rows import heads_of
from store.unit import Glance

SHORT, LONG = 16 * 1024, 128 * 1024
"""Bytes of a message that are looked at: enough for ``MANY`` characters, and for the most that a page takes."""
MANY = 2_000
LONGS = 8
"""How many of the latest messages are looked at so far, where they are or may be long."""
ACTS = ("message", "press")
CUT = "[Your message is with us.]"


def lines_of(glance: Glance, conversation: str) -> tuple[Line, ...]:
    """Return the lines of a conversation in order; each is there as soon as it is kept, before anybody has read it."""
    letters = glance.find(OutboxEntry, recipient=conversation, state=OutboxState.SENT)
    messages = [row for row in talk_of(glance, conversation) if row.act in ACTS and row.withdrawn_at is None]
    heads = _heads(glance, messages)
    said = [_theirs(row, heads.get(row.id or 0)) for row in messages]
    return tuple(sorted([*said, *map(_ours, letters)], key=lambda line: (line.at, line.ours)))


def _heads(glance: Glance, messages: Sequence[Message]) -> dict[int, bytes]:
    long = {row.id or 0 for row in [row for row in messages if _may_be_long(row)][-LONGS:]}
    short = {row.id or 0 for row in messages} - long
    return (heads_of(glance, short, SHORT) if short else {}) | (heads_of(glance, long, LONG) if long else {})


def _may_be_long(row: Message) -> bool:
    return row.raw_size > SHORT and (row.new_text is None or len(row.new_text) > MANY)


def _theirs(row: Message, head: bytes | None) -> Line:
    found = beginning(head or b"")
    words = row.new_text if found.words is None else found.words
    files = found.files or tuple(row.attachment_names)
    return Line(id=f"m{row.id}", at=row.received_at, words=words or ("" if files else CUT), files=files)


def _ours(letter: OutboxEntry) -> Line:
    return Line(
        id=f"l{letter.id}",
        at=letter.sent_at or letter.created_at,
        words=letter.short or letter.text,
        ours=True,
        automatic=letter.automatic,
        choices=choices_of(letter.buttons),
        letter=letter.id,
    )


def choices_of(buttons: Sequence[Sequence[str]]) -> tuple[Choice, ...]:
    """Return the buttons of a letter as they are kept: pairs of label and payload."""
    return tuple(Choice(label=label, payload=payload) for label, payload in buttons)
