"""A letter in Notify's terms: plain words made safe as its Markdown, and the resident's own in a field apart.

Our text is plain, so every mark in it that Notify would take for an instruction is escaped; addresses of ours stay links. The
resident's words stand between what we say before and after them, in a field that Notify itself sanitises.
"""

from __future__ import annotations

import re

from intake.channel import PermanentFailure, Reply

SUBJECT, BODY, WORDS, REST = FIELDS = ("subject", "body", "resident_words", "rest")
"""The placeholders that the template must have."""
SANITISED = (WORDS,)
_ADDRESS = re.compile(r"(https?://[^\s<>\"]+)")
_MARKS = re.compile(r"([\\`*_\[\]])")
_HEADING = re.compile(r"^([ \t]*)(?=#)", re.MULTILINE)
_INSET = re.compile(r"^[ \t]*\^+[ \t]*", re.MULTILINE)
_NEVER = re.compile("[\0\ud800-\udfff]")


def personalisation(reply: Reply) -> dict[str, str]:
    """Return what the template is filled with."""
    if _NEVER.search(reply.subject + reply.text):
        raise PermanentFailure("the letter holds a character that no mail may carry")
    before, words, after = _apart(reply.text, reply.theirs)
    values = (" ".join(reply.subject.split()), escaped(before), words, escaped(after))
    return dict(zip(FIELDS, values, strict=True))


def escaped(text: str) -> str:
    """Return plain text so that Notify shows it as it is: lists stay lists, addresses links, and nothing else means anything."""
    pieces = _ADDRESS.split(_INSET.sub("", text))
    return "".join(
        piece if index % 2 else _HEADING.sub(r"\1\\", _MARKS.sub(r"\\\1", piece)) for index, piece in enumerate(pieces)
    )


def _apart(text: str, theirs: tuple[str, ...]) -> tuple[str, str, str]:
    """Return what stands before the lines with the resident's words, those lines, and what follows."""
    begins, ends = _span(text, theirs)
    words = text[begins:ends]
    # Notify takes addresses out of what it sanitises: where one of ours stands between their words, all is escaped by us.
    if not words or _ADDRESS.search(words):
        return text.strip(), "", ""
    return text[:begins].strip(), words.strip(), text[ends:].strip()


def _span(text: str, theirs: tuple[str, ...]) -> tuple[int, int]:
    """Return where the first line with a passage of theirs begins, and where the last ends."""
    found = [(at, at + len(passage)) for passage in theirs if passage.strip() and (at := text.find(passage)) >= 0]
    if not found:
        return 0, 0
    begins, ends = min(found)[0], max(end for _, end in found)
    newline = text.find("\n", ends)
    return text.rfind("\n", 0, begins) + 1, len(text) if newline < 0 else newline
