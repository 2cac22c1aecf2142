"""A web chat as its page shows it: what the resident said, and the letters that went to them.

What was read once is shown as it was read; of what waits still, the beginning of its document says enough. So a page costs
little, however many photos came with the words.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.public.residents import Choice, Line
from intake.webchat.reading import beginning
from store.chat_rows import talk_of
from store.models import Message, OutboxEntry, OutboxState
from store.resident_rows import heads_of
from store.unit import Glance

HEAD = 128 * 1024
"""Bytes of a message that are looked at before it was read: more than the longest words that a page takes."""
HEADS = 8
"""Of how many messages that wait, the latest: together 1 MB."""
ACTS = ("message", "press")
CUT = "[Your message is with us.]"


def lines_of(glance: Glance, conversation: str) -> tuple[Line, ...]:
    """Return the lines of a conversation in order; each is there as soon as it is kept, before anybody has read it."""
    letters = glance.find(OutboxEntry, recipient=conversation, state=OutboxState.SENT)
    messages = [row for row in talk_of(glance, conversation) if row.act in ACTS and row.withdrawn_at is None]
    unread = [row.id or 0 for row in messages if row.new_text is None][-HEADS:]
    heads = heads_of(glance, unread, HEAD) if unread else {}
    said = [_theirs(row, heads.get(row.id or 0)) for row in messages]
    return tuple(sorted([*said, *map(_ours, letters)], key=lambda line: (line.at, line.ours, line.id)))


def _theirs(row: Message, head: bytes | None) -> Line:
    words, files = row.new_text or "", tuple(row.attachment_names)
    if head is not None:
        words, files = beginning(head)
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
