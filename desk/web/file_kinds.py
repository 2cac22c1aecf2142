"""What a file is by its content, whatever its name says; and what a person should know before opening it."""

from __future__ import annotations

import re
from typing import Final

from intake import file_kinds
from intake.active import RUNS
from intake.file_kinds import HEAD, MARKUP, type_of, words_of
from intake.message import Inside

PICTURES: Final = frozenset({"JPEG picture", "PNG picture", "GIF picture", "WebP picture"})
"""Kinds of which a small picture is made."""
PROGRAM: Final = words_of(file_kinds.PROGRAM)
PAGE: Final = words_of(file_kinds.PAGE)
SHOWN_NAMES: Final = 10
_OTHER_PICTURES: Final = frozenset({"HEIC picture", "AVIF picture", "TIFF picture", "bitmap picture"})
_NOTHING_INSIDE: Final = frozenset({*PICTURES, *_OTHER_PICTURES, "sound recording", "video", "text", PAGE, PROGRAM})
_MACROS: Final = b"vbaProject.bin"
_HOLDING_MACROS: Final = frozenset({"Word document", "Excel workbook", "PowerPoint slides"})
_PAGES: Final = re.compile(r"(?i)\.(?:html?|xhtml|shtml|mht|mhtml|svg|xml)$")
MARKS: Final = {
    "program": "This can run as a program. Do not open it.",
    "program_inside": "There is a program in it. Do not open it.",
    "macros": "This document holds macros. Do not let them run.",
    "far_template": "This document fetches more from elsewhere when it is opened. Do not open it.",
    "notebook": "A OneNote page can hold programs. Do not open what is in it.",
    "pdf_launch": "This PDF starts another program when it is opened. Do not open it.",
    "pdf_script": "There is a script in this PDF. Do not let it run.",
    "pdf_file": "There is another file in this PDF.",
    "pdf_opens": "This PDF does something by itself when it is opened, if only to turn to a page.",
    "archive_ratio": "Unpacked it would be more than a hundred times as large. Do not unpack it.",
    "archive_locked": "It is locked with a password: nobody has seen what is in it.",
    "archive_nested": "There is another archive in it.",
    "archive_many": "There are more than 1,000 files in it.",
    "archive_not_listed": "What is in it could not be seen.",
    "mail_not_read": "What is in this email could not be seen.",
}
"""What a person is told of each mark, the most harmful first."""


def kind_of(content: bytes) -> str:
    """Return the kind of a file in words."""
    return words_of(type_of(content)) if content else "empty file"


def may_hold(kind: str) -> bool:
    """Say whether a file of this kind can hold files, scripts or a mail."""
    return kind not in _NOTHING_INSIDE


def problem_of(name: str, kind: str, content: bytes, inside: Inside | None = None) -> str | None:
    """Return what is wrong with opening a file, if anything; ``inside`` is what was seen in it."""
    if not content:
        return "The file is empty."
    if kind == PROGRAM or RUNS.search(name):
        return MARKS["program"]
    if kind == PAGE or _PAGES.search(name):
        return "This is a web page. Opened, it could lead to a false sign-in."
    if kind in PICTURES and MARKUP.search(content[:HEAD]):
        return "This picture holds a web page, too. Look at it here only."
    if kind in _HOLDING_MACROS and _MACROS in content:
        return MARKS["macros"]
    return next((words for mark, words in MARKS.items() if mark in inside.marks), None) if inside is not None else None


def about(kind: str, inside: Inside | None) -> str:
    """Return what a file holds in a line: who wrote an attached email, names in an archive; or that the desk cannot show it."""
    if kind in _OTHER_PICTURES:
        return "The desk makes no small picture of this kind: download it to look at it."
    told: list[str] = []
    if inside is not None and inside.sender is not None:
        named = [inside.sender.name or "", f"<{inside.sender.address}>" if inside.sender.address else ""]
        told = [f"from {' '.join(filter(None, named)) or 'nobody named'}", f"“{inside.subject}”" if inside.subject else ""]
    if inside is not None and inside.count:
        more = inside.count - len(inside.names[:SHOWN_NAMES])
        names = [*inside.names[:SHOWN_NAMES], *([f"{more} more"] if more else [])]
        told.append(f"{inside.count} file{'s' if inside.count > 1 else ''}: {', '.join(names)}")
    return "; ".join(filter(None, told))
