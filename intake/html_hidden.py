"""Knows what a reader of html cannot see: hidden elements, text of no size, and text in the colour of its ground."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from intake.html_selectors import Selectors

_GONE = re.compile(
    r"display:none|mso-hide:all|(?<![a-z-])opacity:(?:0*\.0[0-4]\d*|0+(?:\.0*)?|[0-4](?:\.\d*)?%)(?:;|!|$)|text-indent:-\d{3,}|(?:left|top):-\d{4,}"
    r"|scale(?:x|y|3d)?\((?:0+(?:\.0\d*)?|\.0\d*)[,)]|clip-path:(?:inset\((?:[5-9]\d|100)%\)|circle\(0)"
)
_CLIPPED = re.compile(r"(?<!-)clip:rect\((?:[01](?:px|pt|em)?,?){4}\)")
_LIFTED = ("position:absolute", "position:fixed")
_NO_ROOM = re.compile(r"(?:^|;)(?:max-height|max-width|height|width):(?:0(?:px|pt|em|%)?|1px)(?:;|!|$)")
_VISIBILITY = re.compile(r"visibility:(hidden|collapse|visible)")
_FONT_SIZE = re.compile(r"font-size:([\d.]+)(px|pt|r?em|%)?")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_GROUND = re.compile(r"background(?:-color)?:([^;!]+)")
_BRACE = re.compile(r"[{}]")
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
_HEX_CLEAR = re.compile(r"#([0-9a-f]{3})([0-9a-f])|#([0-9a-f]{6})([0-9a-f]{2})")
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})")
_HSL = re.compile(r"hsla?\((\d{1,3})(?:\.\d*)?(?:deg)?,(\d{1,3})(?:\.\d*)?%,(\d{1,3})(?:\.\d*)?%")
_ALPHA = re.compile(r"[a-z]{3}a?\([^,/)]+,[^,/)]+,[^,/)]+[,/]([\d.]{1,9})(%?)\)")
_NAMED = {"white": "ffffff", "black": "000000", "red": "ff0000", "blue": "0000ff", "green": "008000", "yellow": "ffff00"}
MOST_BRACES = 2_000
MOST_RULES = 60
"""Rules that are looked up in the tree: each walks the whole of it."""
LONGEST_STYLE = 2_000
"""Characters of a style that are read."""
_UNKNOWN = ""
NEAR = 0x18
"""What two colours may differ in red, green and blue, each, and no eye tells them apart."""
_DEFAULT = "000000"
_CLEAR = "clear"
"""A colour that lets nearly all of the ground through."""
_FAINT = 0.05
"""Opacity below which no eye sees a thing."""
_TINY = {"px": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1, "%": 5.0}
"""Sizes up to which text cannot be read; without a unit only nothing is one."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks here: a colour is six hex digits, or "" where it cannot be known (a picture, a class)."""

    gone: bool = False
    invisible: bool = False
    no_size: bool = False
    colour: str = _DEFAULT
    ground: str = "ffffff"

    @property
    def hides(self) -> bool:
        """Say whether nobody sees text that looks so."""
        return self.gone or self.invisible or self.no_size or _is_like(self.colour, self.ground)


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
    if (_may_be_gone(style) and _is_gone(style)) or ("overflow:hidden" in style and _NO_ROOM.search(style)):
        return replace(look, gone=True)
    # A style is written out on each element of many mails; most say nothing of the kind.
    seen = _VISIBILITY.search(style) if "visibility:" in style else None
    size = _FONT_SIZE.search(style) if "font-size:" in style else None
    colour = _COLOUR.search(style) if "color:" in style else None
    grounds = _GROUND.findall(style) if "background" in style else None
    return Look(
        gone=look.gone,
        invisible=seen[1] != "visible" if seen else look.invisible,
        no_size=_is_tiny(size[1], size[2]) if size else look.no_size,
        colour=_words_colour(colour[1], style) if colour else look.colour,
        ground=_ground(grounds[-1], look.ground) if grounds else look.ground,
    )


def _may_be_gone(style: str) -> bool:
    return any(sign in style for sign in ("display:none", "opacity:", ":-", "scale", "clip", "mso-hide"))


def _is_gone(style: str) -> bool:
    if _GONE.search(style):
        return True
    # Only what is lifted out of the page can be clipped so.
    return any(lifted in style for lifted in _LIFTED) and _CLIPPED.search(style) is not None


def _is_tiny(size: str, unit: str | None) -> bool:
    try:
        return float(size) <= _TINY.get(unit or "", 0.0)
    except ValueError:
        return False


def _is_like(colour: str, ground: str) -> bool:
    """Say whether words of this colour cannot be told from their ground."""
    if colour == _CLEAR:
        return True
    if _UNKNOWN in (colour, ground):
        return False
    # Words that say no colour may have one by a class: then only the very same is sure.
    if colour in (ground, _DEFAULT):
        return colour == ground
    return all(abs(one - other) < NEAR for one, other in zip(bytes.fromhex(colour), bytes.fromhex(ground), strict=True))


def _ground(value: str, around: str) -> str:
    if value.startswith(("transparent", "none", "inherit", "initial")):
        return around
    opacity = _opacity(value)
    if opacity < _FAINT:
        return around
    # What shines through half a ground is a third colour.
    return _hex(value) if opacity == 1 else _UNKNOWN


def _words_colour(value: str, style: str) -> str:
    """Return the colour of words; clear words over a picture cut to their shape are a fashion and can be read."""
    if value.startswith("transparent") or _opacity(value) < _FAINT:
        return _UNKNOWN if "background-clip:text" in style else _CLEAR
    return _hex(value)


def _opacity(value: str) -> float:
    """Return how much of a colour is seen, from 0 to 1."""
    digits = _HEX_CLEAR.fullmatch(value)
    if digits:
        return int(digits[2] * 2 if digits[2] else digits[4], 16) / 255
    found = _ALPHA.match(value)
    try:
        return float(found[1]) / (100 if found[2] else 1) if found else 1.0
    except ValueError:
        return 1.0


def _hex(value: str) -> str:
    text = value.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    clear = _HEX_CLEAR.fullmatch(text)
    if clear:
        text = "#" + (clear[1] or clear[3])
    hue = _HSL.match(text.replace(" ", ""))
    if hue:
        return _of_hue(int(hue[1]), int(hue[2]), int(hue[3]))
    rgb = _RGB.match(text.replace(" ", ""))
    if rgb:
        return "".join(f"{min(int(part), 255):02x}" for part in rgb.groups())
    found = _HEX.fullmatch(text)
    if found is None:
        return _UNKNOWN
    return found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])  # noqa: PLR2004


def _of_hue(hue: int, saturation: int, lightness: int) -> str:
    parts = colorsys.hls_to_rgb(hue % 360 / 360, min(lightness, 100) / 100, min(saturation, 100) / 100)
    return "".join(f"{round(part * 255):02x}" for part in parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Painted:
    """What a mail's own style sheets do, as ids of nodes: those which they hide, and those whose ground they colour."""

    hidden: frozenset[int]
    grounds: frozenset[int]


def painted(tree: Any, size: int) -> Painted:
    """Read the style sheets of a mail whose html is ``size`` characters long."""
    selectors = Selectors(tree=tree, size=size)
    hidden: set[int] = set()
    grounds: set[int] = set()
    for selector, declarations in islice(_telling(tree), MOST_RULES):
        # White alone hides nothing: another rule may well colour the ground.
        if _styled(Look(), _COLOUR.sub("", declarations)).hides:
            hidden |= selectors.matching(selector[:LONGEST_STYLE])
        else:
            grounds |= selectors.matching(selector[:LONGEST_STYLE])
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
