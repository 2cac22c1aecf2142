"""What a resident sent, made ready for a page: the words as written, what was hidden, what was quoted, and the files.

Nothing here is HTML: templates escape every word. The bytes are read again each time, and a mail that cannot be read
again still gives its page.
"""

from __future__ import annotations

import re
from typing import Final

from desk.web import chat_words, words
from desk.web.desk import Desk
from desk.web.file_kinds import PICTURES, about, kind_of, may_hold, problem_of
from desk.web.file_standing import Standing, original_standing, standings
from desk.web.mail_words import AUTOMATIC, TRUST, problem_in_words, reason_in_words
from desk.web.marking import pieces, plain
from desk.web.shown import ShownFile, ShownMessage
from desk.web.shown_talk import talk_around
from handlers.earlier_words import LEFT_OUT
from handlers.rows import spans_kept
from intake.file_kinds import size_in_words
from intake.html_text import HtmlText
from intake.identity import identity_of
from intake.message import Attachment, Reading
from store.models import Message, MessageState, Verdicting
from store.overview import raw_of

LONGEST: Final = 40_000
"""Characters of the words that a page shows; the rest is in the original."""
LONGEST_REST: Final = 20_000
"""Characters of what was quoted or hidden that a page shows."""
LONGEST_HTML: Final = 2_000_000
"""Characters of html in which hidden words are looked for."""
MOST_PASSAGES: Final = 20
ENOUGH: Final = 12
"""Different words from which a page is compared with the plain text beside it."""
MOST_FILES: Final = 200
HEAD: Final = 3_000
"""Characters of the bytes themselves, shown where they could not be read."""
_WORD: Final = re.compile(r"\w{3,}")

__all__ = ["MOST_FILES", "ShownFile", "ShownMessage", "read_again", "shown_message"]


def read_again(desk: Desk, message: Message) -> Reading:
    """Return what a message says, from its bytes."""
    with desk.glance() as glance:
        return desk.readings.of(glance, message)


def shown_message(desk: Desk, message: Message, verdicting: Verdicting | None) -> ShownMessage:
    """Make a message ready to be shown, with the words that drove this judgement of it marked."""
    reading = read_again(desk, message)
    chat = talk_around(desk, message)
    page = _page_of(desk, reading)
    files = [file for each in (message, *chat.parts) for file in _files(desk, each)]
    stand = standings(desk, (file.sha256 for _message_id, _number, file in files))
    text = message.new_text or reading.new_text
    judged = verdicting is not None and verdicting.message_id == message.id
    spans = spans_kept(verdicting.evidence) if verdicting is not None and judged else []
    unreadable = reading.unreadable or message.state == MessageState.SHUNTED
    return ShownMessage(
        id=message.id or 0,
        channel=words.said(words.CHANNELS, message.channel),
        received_at=message.received_at,
        sender_name=_short(message.sender_name or reading.sender.name),
        sender_address=_whence(message, reading),
        subject=_short(message.subject or reading.subject),
        pieces=pieces(text[:LONGEST], spans),
        cut=max(len(text) - LONGEST, 0),
        quoted=_rest(reading.quoted),
        whole=_rest(reading.text) if _shows_part(message, reading) else "",
        hidden=_hidden(page),
        has_html=reading.html is not None,
        attachments=tuple(_file(desk, *file, stand[file[2].sha256]) for file in files[:MOST_FILES]),
        more_files=max(len(files) - MOST_FILES, 0),
        trust=None if chat.is_one else words.said(TRUST, message.trust) or None,
        forged=message.trust == "failed",
        problems=_problems(message, reading, page),
        automatic=words.said(AUTOMATIC, message.automatic) or None,
        unreadable=unreadable,
        head=_head(desk, message) if unreadable and not text else "",
        by_chat=chat.is_one,
        parts=len(chat.parts),
        versions=chat.versions,
        withdrawn_at=message.withdrawn_at,
        act=message.act,
        missing=chat.missing,
        original=original_standing(desk, message, reading),
    )


def _shows_part(message: Message, reading: Reading) -> bool:
    """Return whether the new words stand in several places, or some were left out as known, so that only all of it tells which."""
    return (len(reading.new_ranges) > 1 and bool(reading.quoted)) or LEFT_OUT in message.reading_problems


def _whence(message: Message, reading: Reading) -> str | None:
    """Return the sender's address; by chat it is a platform's number, shown only where there is no name."""
    address = message.sender_address or reading.sender.address or message.mail_from
    if identity_of(address) is None:
        return _short(address)
    return None if message.sender_name or reading.sender.name else _short(chat_words.address(address))


def _head(desk: Desk, message: Message) -> str:
    """Return how a message begins, byte for byte as far as bytes are letters."""
    with desk.glance() as glance:
        raw = raw_of(glance, message.id or 0) or b""
    return _rest(raw[:HEAD].decode("utf-8", "replace"))


def _short(text: str | None) -> str | None:
    return plain(text).strip() or None if text else None


def _rest(text: str) -> str:
    """Return a longer text with unseen characters named, cut to what a page shows."""
    cut = text[:LONGEST_REST]
    named = "".join(f"[{piece}]" if kind == "unseen" else piece for piece, kind in pieces(cut))
    return f"{named}\n[{len(text) - len(cut)} more characters]" if len(cut) < len(text) else named


def _page_of(desk: Desk, reading: Reading) -> HtmlText | None:
    """Return what the mail's own page shows and hides; None where nobody can say."""
    if not reading.html:
        return HtmlText(text="")
    return desk.readings.page(reading.html) if len(reading.html) <= LONGEST_HTML else None


def _hidden(page: HtmlText | None) -> tuple[str, ...]:
    """Return what the page hides, in passages; the last one holds all that would make a list too long."""
    found = [" ".join(passage.split()) for passage in (page.unseen if page else ())]
    passages = found[:MOST_PASSAGES] + ([" ".join(found[MOST_PASSAGES:])] if len(found) > MOST_PASSAGES else [])
    return tuple(_rest(passage) for passage in passages if passage)


def _says_else(page: HtmlText, text: str) -> bool:
    """Return whether the page shows words of which the text that was judged has but few."""
    shown = set(_WORD.findall(page.text.casefold()))
    return len(shown) >= ENOUGH and len(shown.intersection(_WORD.findall(text.casefold()))) * 2 < len(shown)


def _files(desk: Desk, message: Message) -> list[tuple[int, int, Attachment]]:
    with desk.glance() as glance:
        return [(message.id or 0, number, file) for number, file in desk.readings.files(glance, message).items()]


def _file(desk: Desk, message_id: int, number: int, attachment: Attachment, standing: Standing) -> ShownFile:
    kind = kind_of(attachment.content)
    inside = attachment.inside if attachment.inside or not may_hold(kind) else desk.readings.inside(attachment)
    return ShownFile(
        message_id=message_id,
        number=number,
        name=plain(attachment.name) or f"attachment-{number}",
        type=kind,
        size=size_in_words(attachment.size),
        is_picture=kind in PICTURES and not standing.infected,
        standing=standing,
        problem=problem_of(attachment.name, kind, attachment.content, inside),
        about=plain(about(kind, inside)),
    )


def _problems(message: Message, reading: Reading, page: HtmlText | None) -> tuple[str, ...]:
    ours = ["hidden_unknown"] if page is None else []
    ours += ["page_differs"] if page is not None and _says_else(page, reading.text) else []
    codes = dict.fromkeys([*reading.problems, *message.reading_problems, *ours])
    sentences = [sentence for code in codes if (sentence := problem_in_words(code))]
    return tuple(dict.fromkeys([*sentences, *([reason_in_words(plain(message.problem))] if message.problem else [])]))
