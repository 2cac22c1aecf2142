"""Answers of GeoReport v2 in XML, its required form: a list of elements, each with fields that are text.

A document that brings a DOCTYPE is refused before anything of it is read: so it can name no file, no address and no entity of
its own, and nothing in it can grow (XML bombs and external entities need one).
"""

from __future__ import annotations

from xml.parsers import expat  # every DOCTYPE is refused, and entities with it

DEEPEST = 20
ROW, FIELD = 2, 3
"""How deep the elements stand that are rows, and the fields in them."""


class _Refused(Exception):
    """The document is none of the specification's."""


def rows_of(body: bytes) -> list[dict[str, str]] | None:
    """Return the rows of an answer, fields without words left out; None where it is not the specification's XML."""
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.StartElementHandler = reading.begins
    parser.EndElementHandler = reading.ends
    parser.CharacterDataHandler = reading.says
    try:
        parser.Parse(body, True)  # the parser takes it by place alone
    except (expat.ExpatError, _Refused, ValueError, LookupError):
        return None
    return reading.rows


class _Reading:
    """Gathers the fields of rows as the parser meets them."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self._depth = 0
        self._words: list[str] = []

    def doctype(self, *_said: object) -> None:
        raise _Refused

    def begins(self, _name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Refused
        if self._depth == ROW:
            self.rows.append({})
        if self._depth <= FIELD:
            self._words = []

    def ends(self, name: str) -> None:
        if self._depth == FIELD and (words := "".join(self._words).strip()):
            self.rows[-1].setdefault(name, words)
        self._depth -= 1

    def says(self, words: str) -> None:
        if self._depth == FIELD:
            self._words.append(words)
