"""Keeps html small enough to be parsed: a few kilobytes of tags can ask a parser for millions of nodes, or for hours.

Two things grow with the square of what was written. Each block inside a block is looked for up the whole tree (HTML
Standard, 13.2.4.2), so elements beyond a depth become ``span``, which nothing is looked for. And open formatting elements
are made anew in every block that follows (13.2.4.3), so where there are many they become ``span``, too. No word is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

FEW = 300
"""Tags that can do no harm whatever they are."""
MOST_COPIES = 40_000
"""Formatting elements times other tags: about the nodes that they could become."""
DEEPEST = 1_000
_FORMATTING = re.compile(r"(?i)<(/?)(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s/>])")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")
_WALLS = frozenset({"td", "th", "table", "caption", "object", "marquee", "applet", "template"})
_ALONE = frozenset("area br col embed hr img input link meta param source track wbr p li dt dd tr".split())  # noqa: SIM905


def bounded(html: str) -> str:
    """Return html of the same words that a parser takes a time for which grows with its length alone."""
    tags = html.count("<")
    if tags <= FEW:
        return html
    formatting = sum(1 for found in _FORMATTING.finditer(html) if not found[1])
    if formatting * tags > MOST_COPIES:
        html = _FORMATTING.sub(r"<\1span", html)
    return "".join(_shallow(html)) if tags > DEEPEST else html


def _shallow(html: str) -> Iterator[str]:
    """Yield the html in pieces, with the name of each tag that would open too deep an element replaced."""
    opened = _Opened()
    last = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in _ALONE or name == "span":
            continue
        if found[1]:
            opened.close(name)
        elif len(opened.names) < DEEPEST:
            opened.open(name)
        else:
            yield html[last : found.start()]
            yield "<span"
            last = found.end()
    yield html[last:]


@dataclass(slots=True)
class _Opened:
    """The elements that are open, and where among them each name and each wall stands."""

    names: list[str] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    walls: list[int] = field(default_factory=list)

    def open(self, name: str) -> None:
        place = len(self.names)
        self.names.append(name)
        self.places.setdefault(name, []).append(place)
        if name in _WALLS:
            self.walls.append(place)

    def close(self, name: str) -> None:
        """Close the innermost element of this name, and all inside it, as a parser would: no end tag reaches out of a cell."""
        places = self.places.get(name)
        if not places or (self.walls and self.walls[-1] > places[-1]):
            return
        place = places[-1]
        while len(self.names) > place:
            self.places[self.names.pop()].pop()
        while self.walls and self.walls[-1] >= place:
            self.walls.pop()
