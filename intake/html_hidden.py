"""Knows what a reader of html cannot see: hidden elements, text of no size, and text in the colour of its ground."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

_GONE = re.compile(r"display:none|opacity:0(?:\.0+)?(?:;|!|$)|text-indent:-\d{3,}|(?:left|top):-\d{4,}")
_NO_ROOM = re.compile(r"(?:^|;)(?:max-height|max-width|height|width):0(?:px|pt|em|%)?(?:;|!|$)")
_VISIBILITY = re.compile(r"visibility:(hidden|collapse|visible)")
_FONT_SIZE = re.compile(r"font-size:([\d.]+)")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_GROUND = re.compile(r"background(?:-color)?:([^;!]+)")
_BRACE = re.compile(r"[{}]")
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})")
_NAMED = {"white": "ffffff", "black": "000000", "red": "ff0000", "blue": "0000ff", "green": "008000", "yellow": "ffff00"}
MOST_BRACES = 2_000
MOST_RULES = 60
"""Rules that are looked up in the tree: each walks the whole of it."""
LONGEST_STYLE = 2_000
"""Characters of a style that are read."""
_UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks here: a colour is six hex digits, or "" where it cannot be known (a picture, a class)."""

    gone: bool = False
    invisible: bool = False
    no_size: bool = False
    colour: str = "000000"
    ground: str = "ffffff"

    @property
    def hides(self) -> bool:
        """Say whether nobody sees text that looks so."""
        return self.gone or self.invisible or self.no_size or (self.colour == self.ground != _UNKNOWN)


def looked(before: Look, tag: str, attributes: dict[str, str | None], sheets: Painted, mem_id: int) -> Look:
    """Return how text looks inside this element, given how it looked around it."""
    if before.gone:
        return before
    if mem_id in sheets.grounds:
        before = replace(before, ground=_UNKNOWN)
    if mem_id in sheets.hidden or "hidden" in attributes or (tag == "input" and attributes.get("type") == "hidden"):
        return replace(before, gone=True)
    look = _attributes(before, tag, attributes)
    style = _squeezed(attributes.get("style") or "")
    return _styled(look, style) if style else look


def _attributes(look: Look, tag: str, attributes: dict[str, str | None]) -> Look:
    ground = attributes.get("bgcolor")
    if ground or attributes.get("background"):
        look = replace(look, ground=_hex(ground or _UNKNOWN))
    # A font may have become a span (see ``html_bounds``), and no other element has such an attribute.
    if tag in ("font", "span") and attributes.get("color"):
        look = replace(look, colour=_hex(attributes["color"] or ""))
    if tag == "a":
        look = replace(look, colour=_UNKNOWN)
    return look


def _styled(look: Look, style: str) -> Look:
    if (_may_be_gone(style) and _GONE.search(style)) or ("overflow:hidden" in style and _NO_ROOM.search(style)):
        return replace(look, gone=True)
    # A style is written out on each element of many mails; most say nothing of the kind.
    seen = _VISIBILITY.search(style) if "visibility:" in style else None
    size = _FONT_SIZE.search(style) if "font-size:" in style else None
    colour = _COLOUR.search(style) if "color:" in style else None
    grounds = _GROUND.findall(style) if "background" in style else None
    return Look(
        gone=look.gone,
        invisible=seen[1] != "visible" if seen else look.invisible,
        no_size=_is_tiny(size[1]) if size else look.no_size,
        colour=_hex(colour[1]) if colour else look.colour,
        ground=_ground(grounds[-1], look.ground) if grounds else look.ground,
    )


def _may_be_gone(style: str) -> bool:
    return "display:none" in style or "opacity:0" in style or ":-" in style


def _is_tiny(size: str) -> bool:
    try:
        return float(size) == 0
    except ValueError:
        return False


def _ground(value: str, around: str) -> str:
    return around if value.startswith(("transparent", "none", "inherit", "initial")) else _hex(value)


def _hex(value: str) -> str:
    text = value.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    rgb = _RGB.match(text.replace(" ", ""))
    if rgb:
        return "".join(f"{min(int(part), 255):02x}" for part in rgb.groups())
    found = _HEX.fullmatch(text)
    if found is None:
        return _UNKNOWN
    return found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])  # noqa: PLR2004


@dataclass(frozen=True, kw_only=True, slots=True)
class Painted:
    """What a mail's own style sheets do, as ids of nodes: those which they hide, and those whose ground they colour."""

    hidden: frozenset[int]
    grounds: frozenset[int]


def painted(tree: Any) -> Painted:
    """Read the style sheets of a mail."""
    hidden: set[int] = set()
    grounds: set[int] = set()
    for selector, declarations in islice(_telling(tree), MOST_RULES):
        # White alone hides nothing: another rule may well colour the ground.
        if _styled(Look(), _COLOUR.sub("", declarations)).hides:
            hidden |= _matching(tree, selector)
        else:
            grounds |= _matching(tree, selector)
    return Painted(hidden=frozenset(hidden), grounds=frozenset(grounds))


def _telling(tree: Any) -> Iterator[tuple[str, str]]:
    """Yield the rules that hide something or colour a ground."""
    for sheet in tree.css("style"):
        for selector, declarations in _rules(sheet.text() or ""):
            style = _squeezed(declarations)
            if _GROUND.search(style) or _styled(Look(), style).hides:
                yield selector, style


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selector and declarations of the rules that hold on every screen: what a telephone hides, others see."""
    depth, start, opened = 0, 0, 0
    selector = ""
    for count, brace in enumerate(_BRACE.finditer(sheet)):
        if count >= MOST_BRACES:
            return
        if brace[0] == "{":
            if depth == 0:
                selector, opened = sheet[start : brace.start()].strip(), brace.end()
            depth += 1
            continue
        depth = max(depth - 1, 0)
        if depth == 0:
            if not selector.startswith("@"):
                yield selector.rpartition(";")[2], sheet[opened : brace.start()]
            start = brace.end()


def _squeezed(style: str) -> str:
    return "".join(style[:LONGEST_STYLE].lower().split())


def _matching(tree: Any, selector: str) -> set[int]:
    plain = selector.strip()[:LONGEST_STYLE]
    if not plain or ":" in plain or plain in ("*", "body", "html"):
        return set()
    try:
        return {node.mem_id for node in tree.css(plain)}
    except Exception:  # noqa: BLE001 - the library raises what it likes on a selector that is none
        return set()
