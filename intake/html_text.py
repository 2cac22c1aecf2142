"""Turns html into the text that a reader would see, and says which of it stands in a quotation.

Blocks stand apart, words broken by inline tags stay whole, hidden text is left out and counted, and a tree of any
depth is walked, because the walk keeps its own stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from intake import html_quotes
from intake.html_bounds import bounded
from intake.html_hidden import Look, Painted, looked, painted
from intake.storable import storable

PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "pre", "table", "hr"})
BLOCKS = PARAGRAPHS | frozenset(
    {
        "div",
        "tr",
        "li",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "address",
        "center",
        "form",
    }
    | {"fieldset", "figure", "figcaption", "details", "summary", "caption", "thead", "tbody", "tfoot", "body", "html", "br"}
)
MOST_UNSEEN = 20_000
"""Characters of hidden words that are kept."""
_BLANKS = "\t\r\n\f\xa0"
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad\u034f\u180e]")
# Joiners mean something between letters of Persian or Urdu and within an emoji, and nothing elsewhere.
_JOINERS = re.compile("(?:(?<=[\\s\x21-\x7e])|^)[\u200c\u200d]++|(?<![\u200c\u200d])[\u200c\u200d]++(?=[\\s\x21-\x7e]|$)")
_HAS_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\u034f\u180e]")


@dataclass(frozen=True, kw_only=True, slots=True)
class HtmlText:
    """Visible text, the ranges of it (half-open, in characters) that a mail program marked as quoted, and how much was hidden."""

    text: str
    quoted: tuple[tuple[int, int], ...] = ()
    hidden: int = 0
    """Characters that a reader cannot see."""
    unseen: tuple[str, ...] = ()
    """The words that a reader cannot see, in order, as far as ``MOST_UNSEEN`` characters: for a person to look at."""


@dataclass(slots=True)
class _Writer:
    """Collects text; blanks and line ends are only owed until a word follows."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    lines_owed: int = 0
    blank_owed: bool = False
    quoted: list[tuple[int, int]] = field(default_factory=list)

    def line_end(self, count: int) -> None:
        self.lines_owed = max(self.lines_owed, count)

    def another_line(self) -> None:
        self.lines_owed += 1

    def write(self, text: str, *, quoted: bool) -> None:
        between = ""
        if self.lines_owed:
            between = "\n" * min(self.lines_owed, 2 if self.lines_owed < 3 else 3) if self.length else ""  # noqa: PLR2004
        elif self.blank_owed and self.length:
            between = " "
        self.lines_owed, self.blank_owed = 0, False
        self.pieces += (between, text)
        start = self.length + len(between)
        self.length = start + len(text)
        if quoted:
            self._quote(start)

    def _quote(self, start: int) -> None:
        if self.quoted and start - self.quoted[-1][1] <= 3:  # noqa: PLR2004 - no more than line ends between
            start = self.quoted.pop()[0]
        self.quoted.append((start, self.length))


@dataclass(frozen=True, slots=True)
class _State:
    """What a node inherits."""

    look: Look = field(default_factory=Look)
    pre: bool = False
    quoted: bool = False


def html_text(html: str) -> HtmlText:
    """Walk the html once; never raises on any input."""
    source = bounded(storable(html))
    tree = LexborHTMLParser(source)
    walk = _Walk(sheets=painted(tree, len(source)))
    if tree.root is not None:
        walk.over(tree.root)
    return HtmlText(
        text="".join(walk.writer.pieces),
        quoted=tuple(walk.writer.quoted),
        hidden=walk.unseen,
        unseen=tuple(walk.hidden_words),
    )


def _flat(text: str) -> str:
    """Put one blank for each run of them; most text has none but single ones, which a pattern would stop at one by one."""
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


@dataclass(slots=True)
class _Walk:
    sheets: Painted
    writer: _Writer = field(default_factory=_Writer)
    unseen: int = 0
    hidden_words: list[str] = field(default_factory=list)
    room: int = MOST_UNSEEN
    quoted_from_here: bool = False
    quoted_until: int = 0
    """The quotation that is waited for: what stands between it and the element around it introduces it."""

    def over(self, root: Any) -> None:
        stack: list[tuple[Any, _State, int]] = [(root, _State(), 0)]
        while stack:
            node, state, leaving = stack.pop()
            if leaving:
                self.writer.line_end(leaving)
                continue
            tag = node.tag or "-"  # a processing instruction has none
            if tag == "-text":
                self.words(node.text_content or "", state)
            elif not tag.startswith(("-", "!")) and tag not in html_quotes.SKIPPED:
                self.enter(node, tag, state, stack)

    def enter(self, node: Any, tag: str, state: _State, stack: list[tuple[Any, _State, int]]) -> None:
        if tag == "br":
            self.writer.another_line()
            return
        state = self.inherited(node, tag, state)
        lines = 2 if tag in PARAGRAPHS else 1 if tag in BLOCKS else 0
        if lines:
            self.writer.line_end(lines)
            stack.append((node, state, lines))
        elif tag in ("td", "th"):
            self.writer.blank_owed = True
        child = node.last_child
        while child is not None:
            stack.append((child, state, 0))
            child = child.prev

    def inherited(self, node: Any, tag: str, state: _State) -> _State:
        attributes: dict[str, str | None] = node.attributes
        if not attributes and not self.styles(node.mem_id):
            return replace(state, pre=True) if tag in ("pre", "textarea") else self.quoting(node, tag, attributes, state)
        look = looked(state.look, tag, attributes, self.sheets, node.mem_id)
        state = _State(look, state.pre or tag in ("pre", "textarea"), state.quoted)
        return self.quoting(node, tag, attributes, state)

    def styles(self, mem_id: int) -> bool:
        return mem_id in self.sheets.hidden or mem_id in self.sheets.grounds

    def quoting(self, node: Any, tag: str, attributes: dict[str, str | None], state: _State) -> _State:
        if node.mem_id == self.quoted_until:
            self.quoted_until = 0
        if state.quoted or self.quoted_from_here or not (attributes or tag == "blockquote"):
            return state
        if html_quotes.quotes_rest(tag, attributes, node):
            self.quoted_from_here = True
        elif (first := html_quotes.first_quotation(attributes, node)) is not None:
            self.quoted_until = first.mem_id
        elif html_quotes.quotes(tag, attributes, node):
            return replace(state, quoted=True)
        return state

    def words(self, text: str, state: _State) -> None:
        if not text.isascii() and _HAS_UNSEEN.search(text):
            seen = _JOINERS.sub("", _UNSEEN.sub("", text))
            self.unseen += len(text) - len(seen)
            text = seen
        if state.look.hides:
            self.hide(text.strip())
            return
        quoted = state.quoted or self.quoted_from_here or self.quoted_until > 0
        if state.pre:
            self.lines(text, quoted=quoted)
            return
        flat = _flat(text)
        if flat.startswith(" "):
            self.writer.blank_owed = True
        if shown := flat.strip(" "):
            self.writer.write(shown, quoted=quoted)
            self.writer.blank_owed = flat.endswith(" ")

    def hide(self, text: str) -> None:
        self.unseen += len(text)
        if text and self.room > 0:
            self.hidden_words.append(text[: self.room])
            self.room -= len(text)

    def lines(self, text: str, *, quoted: bool) -> None:
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if number:
                self.writer.another_line()
            if line.strip():
                self.writer.write(line.rstrip(), quoted=quoted)
