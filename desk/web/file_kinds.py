"""What a file is by its content, whatever its name says; and what a person should know before opening it."""

from __future__ import annotations

import re
from typing import Final

from intake import file_kinds
from intake.file_kinds import HEAD, MARKUP, type_of, words_of

PICTURES: Final = frozenset({"JPEG picture", "PNG picture", "GIF picture", "WebP picture"})
"""Kinds of which a small picture is made."""
PROGRAM: Final = words_of(file_kinds.PROGRAM)
PAGE: Final = words_of(file_kinds.PAGE)
_MACROS: Final = b"vbaProject.bin"
_HOLDING_MACROS: Final = frozenset({"Word document", "Excel workbook", "PowerPoint slides"})
_RUNS: Final = re.compile(
    r"(?i)\.(?:exe|com|scr|pif|bat|cmd|ps1|vbs?|vbe|jse?|wsf|wsh|hta|msi|msp|cpl|jar|lnk|url|reg|iso|img|dll|apk|app|dmg|chm)$"
)
_PAGES: Final = re.compile(r"(?i)\.(?:html?|xhtml|shtml|mht|mhtml|svg|xml)$")


def kind_of(content: bytes) -> str:
    """Return the kind of a file in words."""
    return words_of(type_of(content)) if content else "empty file"


def problem_of(name: str, kind: str, content: bytes) -> str | None:
    """Return what is wrong with opening a file, if anything."""
    if not content:
        return "The file is empty."
    if kind == PROGRAM or _RUNS.search(name):
        return "This can run as a program. Do not open it."
    if kind == PAGE or _PAGES.search(name):
        return "This is a web page. Opened, it could lead to a false sign-in."
    if kind in PICTURES and MARKUP.search(content[:HEAD]):
        return "This picture holds a web page, too. Look at it here only."
    if kind in _HOLDING_MACROS and _MACROS in content:
        return "This document holds macros. Do not let them run."
    return None
