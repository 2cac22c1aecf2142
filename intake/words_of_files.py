"""Gets the words out of an attached file, by what it is and not by what it is called; never raises.

Bounded in bytes, pages, characters and seconds. A picture has no words here: nothing recognises letters in it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from intake import charsets
from intake.file_kinds import OUTLOOK, type_of
from intake.html_text import html_text
from intake.message import MAIL, Attachment
from intake.outlook_files import NotAMail, outlook_mail
from intake.reading import read
from intake.storable import storable
from intake.words_of_office import NotAnOfficeFile, office_text
from intake.words_of_pdf import BROKEN, CHARACTERS, LOCKED
from intake.words_of_rtf import rtf_text

LARGEST = 25_000_000
"""Bytes of a file that is read for search."""
PATIENCE = 20
"""Seconds that a PDF may take, whatever the machine is doing."""
_HEAD = 1024
_MOST_CONTROLS = 50
"""One in so many bytes at the beginning may be a control character in what is called text."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HTML = re.compile(rb"(?i)<!doctype html|<html|<body|<(?:p|div|table)[ >]")
_PDF_PROBLEMS = {LOCKED: "locked with a password", BROKEN: "not all of it could be read"}


@dataclass(frozen=True, kw_only=True, slots=True)
class WordsFound:
    """The words of a file, and what kept us from all of them, if anything."""

    text: str = ""
    problem: str | None = None


def words_of(attachment: Attachment) -> WordsFound:
    """Return the words of a file that came with a message."""
    if attachment.size > LARGEST:
        return WordsFound(problem="too large")
    try:
        found = _by_content(attachment)
    except Exception as error:  # noqa: BLE001  # whatever a file does to its reader, search goes on without its words
        return WordsFound(problem=f"could not be read: {type(error).__name__}")
    return WordsFound(text=storable(found.text)[:CHARACTERS], problem=found.problem)


def is_pdf(content: bytes) -> bool:
    """Say whether this is a PDF, whatever it is called."""
    return b"%PDF-" in content[:_HEAD]


def _by_content(attachment: Attachment) -> WordsFound:
    content = attachment.content
    if is_pdf(content):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if type_of(content) == OUTLOOK:
        return _outlook(content)
    if attachment.type == MAIL:
        mail = read(content, MAIL)
        return WordsFound(text=f"{mail.subject}\n{mail.text}")
    is_rich = content.startswith(b"{\\rtf")
    return WordsFound(text=rtf_text(content[: CHARACTERS * 10])) if is_rich else _text(content)


def _office(content: bytes) -> WordsFound:
    try:
        return WordsFound(text=office_text(content))
    except NotAnOfficeFile as error:
        return WordsFound(problem=str(error))


def _outlook(content: bytes) -> WordsFound:
    try:
        mail = outlook_mail(content)
    except NotAMail:
        return WordsFound(problem="could not be opened")
    return WordsFound(text="\n".join([mail.subject, mail.text, *mail.files]))


def _text(content: bytes) -> WordsFound:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    head = content[:_HEAD]
    if not wide and len(_CONTROLS.findall(head)) * _MOST_CONTROLS > len(head):
        return WordsFound(problem="no text")
    text = charsets.decode(content[: CHARACTERS * 4]).text
    return WordsFound(text=html_text(text).text if _HTML.search(head) else text)


def _pdf(content: bytes) -> WordsFound:
    program = [sys.executable, "-I", str(Path(__file__).with_name("words_of_pdf.py"))]
    try:
        done = subprocess.run(program, input=content, capture_output=True, timeout=PATIENCE, check=False, env={})  # noqa: S603  # our own program
    except subprocess.TimeoutExpired:
        return WordsFound(problem="took too long")
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode == 0:
        return WordsFound(text=text)
    return WordsFound(text=text, problem=_PDF_PROBLEMS.get(done.returncode, "took too much time or memory"))
