"""A web chat as its page shows it: what the resident said, read from the bytes, and the letters that went to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intake.public.residents import Choice, Line
from intake.reading import read
from store.chat_rows import talk_of
from store.models import Message, OutboxEntry, OutboxState, RawContent
from store.unit import Glance

LARGEST_READ = 256 * 1024
"""Bytes of a message that is read anew for the page; of a larger one, which holds pictures, what was read once is shown."""
ACTS = ("message", "press")
CUT = "[Your message is with us.]"


def lines_of(glance: Glance, conversation: str) -> tuple[Line, ...]:
    """Return the lines of a conversation in order; each is there as soon as it is kept, before anybody has read it."""
    letters = glance.find(OutboxEntry, recipient=conversation, state=OutboxState.SENT)
    messages = [row for row in talk_of(glance, conversation) if row.act in ACTS and row.withdrawn_at is None]
    small = [row.id for row in messages if row.raw_size <= LARGEST_READ]
    bodies = {kept.message_id: kept.body for kept in glance.find(RawContent, message_id=small)} if small else {}
    said = [_theirs(row, bodies.get(row.id or 0)) for row in messages]
    return tuple(sorted([*said, *map(_ours, letters)], key=lambda line: (line.at, line.ours, line.id)))


def _theirs(row: Message, body: bytes | None) -> Line:
    reading = read(body, row.media_type, row.received_at) if body is not None else None
    files: Iterable[str] = row.attachment_names
    words = row.new_text or ""
    if reading is not None:
        words, files = reading.new_text, (file.name for file in reading.attachments)
    return Line(id=f"m{row.id}", at=row.received_at, words=words or ("" if files else CUT), files=tuple(files))


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
