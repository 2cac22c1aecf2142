"""What must hold of the HTML of every page, whoever looks and however."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import html5lib
from crawl import Answer

NAMING = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage", "aria-activedescendant")


def faults(answer: Answer) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with a page's markup."""
    yield from _unsound(answer.text)
    if answer.framed:
        return
    yield from _headings(answer)
    yield from _ids(answer)
    yield from _inline(answer)


def _unsound(text: str) -> Iterator[str]:
    parser = html5lib.HTMLParser()
    parser.parse(text)
    lines = text.splitlines()
    for (line, _), code, data in parser.errors:
        yield f"HTML: {code} {data or ''} near {lines[line - 1].strip()[:100] if line else ''!r}"


def _headings(answer: Answer) -> Iterator[str]:
    headings = [words(node.text()) for node in answer.tree.css("h1")]
    title = words(answer.tree.css_first("title").text()) if answer.tree.css_first("title") else ""
    if len(headings) != 1:
        yield f"{len(headings)} h1: {headings}"
    elif not headings[0]:
        yield "an empty h1"
    elif not title.removeprefix("Error: ").startswith(headings[0]):
        yield f"the title {title!r} does not begin with the h1 {headings[0]!r}"
    if answer.tree.css_first(".govuk-error-summary") and not title.startswith("Error: "):
        yield f"a page with an error summary is titled {title!r}"
    levels = [int(node.tag[1]) for node in answer.tree.css("h1, h2, h3, h4, h5, h6")]
    yield from (f"h{low} is followed by h{high}" for low, high in pairwise(levels) if high > low + 1)


def _ids(answer: Answer) -> Iterator[str]:
    ids = Counter(node.attributes["id"] for node in answer.tree.css("[id]"))
    yield from (f"{count} elements have the id {id_!r}" for id_, count in ids.items() if count > 1)
    for node in answer.tree.css("label[for], output[for]"):
        if node.attributes["for"] not in ids:
            yield f"a label is for {node.attributes['for']!r}, which is not there"
    for name in NAMING:
        for node in answer.tree.css(f"[{name}]"):
            missing = [id_ for id_ in (node.attributes[name] or "").split() if id_ not in ids]
            if missing or not node.attributes[name]:
                yield f"{name} names {missing}, which are not there"
    for node in answer.tree.css('a[href^="#"]'):
        if node.attributes["href"].removeprefix("#") not in ids:
            yield f"a link leads to {node.attributes['href']!r}, which is not there"
    for node in answer.tree.css("[form]"):
        if node.attributes["form"] not in ids:
            yield f"a field belongs to the form {node.attributes['form']!r}, which is not there"


def _inline(answer: Answer) -> Iterator[str]:
    """Yield what the content security policy would refuse."""
    for node in answer.tree.css("*"):
        names = [name for name in node.attributes if name == "style" or name.startswith("on")]
        if names or (node.attributes.get("href") or "").strip().lower().startswith("javascript:"):
            yield f"<{node.tag}> has {', '.join(names) or 'a javascript: address'}"
    for node in answer.tree.css("script:not([src])"):
        if "nonce" not in node.attributes:
            yield "a script stands in the page without its nonce"
    if answer.tree.css_first("style"):
        yield "a style stands in the page"


def words(text: str) -> str:
    """Return text with its blanks as a reader sees them."""
    return re.sub(r"\s+", " ", text).strip()
