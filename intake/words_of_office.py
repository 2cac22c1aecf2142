"""Gets the words out of a Word (.docx) or OpenDocument (.odt) file: a zip archive with the words in one XML file.

What is unpacked is counted and not believed, and XML that declares anything of its own is refused.
"""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

LARGEST = 20_000_000
"""Bytes of XML that are unpacked."""
PIECE = 65_536
PARTS = {
    "word/document.xml": ("w:t", ("w:p", "w:tab", "w:br")),
    "content.xml": (None, ("text:p", "text:h", "text:tab", "text:s")),
}
"""The file with the words, the element that holds them (None: any), and those that part one word from the next."""

_PARAGRAPHS = frozenset({"w:p", "text:p", "text:h"})


class NotAnOfficeFile(ValueError):
    """The archive holds no document that is read here, or one that no office program wrote."""


def office_text(content: bytes) -> str:
    """Return the words of the document, or raise ``NotAnOfficeFile``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            name = next((name for name in PARTS if name in archive.namelist()), None)
            if name is None:
                raise NotAnOfficeFile("no document")
            return _Text(*PARTS[name]).of(archive, name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, expat.ExpatError) as error:
        raise NotAnOfficeFile(f"could not be unpacked: {type(error).__name__}") from error


class _Text:
    """Collects the words as the parser comes upon them."""

    def __init__(self, holder: str | None, parting: tuple[str, ...]) -> None:
        self._holder = holder
        self._parting = parting
        self._inside = holder is None
        self._pieces: list[str] = []

    def of(self, archive: zipfile.ZipFile, name: str) -> str:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        # An entity can stand for a gigabyte or for another file; office programs declare none.
        parser.StartDoctypeDeclHandler = _refuse
        left = LARGEST
        with archive.open(name) as file:
            while left > 0 and (piece := file.read(min(PIECE, left))):
                parser.Parse(piece, False)  # the parser takes no keywords
                left -= len(piece)
        return "".join(self._pieces)

    def _start(self, name: str, _attributes: object) -> None:
        self._inside = self._inside or name == self._holder
        if name in self._parting and name not in _PARAGRAPHS:
            self._pieces.append(" ")

    def _end(self, name: str) -> None:
        if name == self._holder:
            self._inside = False
        if name in self._parting and name in _PARAGRAPHS:
            self._pieces.append("\n")

    def _words(self, words: str) -> None:
        if self._inside:
            self._pieces.append(words)


def _refuse(*_declared: object) -> None:
    raise NotAnOfficeFile("declares what no office program does")
