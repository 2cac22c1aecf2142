"""A mail's own page, cleaned so far that nothing in it can act, load or lead anywhere; for a sandboxed frame all the same.

Three fences, each enough by itself: nh3 keeps a short list of tags and no address at all, the page's own policy forbids
every load and script, and the sandbox takes scripts, forms, windows and the origin away.
"""

from __future__ import annotations

import html as markup
import re
from typing import Any, Final

import nh3
from selectolax.lexbor import LexborHTMLParser

from intake.html_bounds import bounded
from intake.storable import storable


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split())


POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
LONGEST: Final = 1_000_000
"""Characters of html that are shown."""
MOST_LINKS: Final = 500
LONGEST_ADDRESS: Final = 300

_TAGS: Final = _named(
    "p div span br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code table caption thead tbody tfoot tr td th center"
    " b strong i em u s strike del ins small big sub sup font a tt abbr address"
)
_DROPPED: Final = _named("script style head title template noscript svg math object iframe frame frameset embed applet select")
_STYLES: Final = _named(
    "color background-color font-weight font-style font-size text-decoration text-align display visibility opacity white-space"
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"style", "dir", "lang", "align"},
    "td": {"colspan", "rowspan", "bgcolor"},
    "th": {"colspan", "rowspan", "bgcolor"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor"},
    "font": {"color", "size"},
    "ol": {"start"},
}
_FUNCTION: Final = re.compile(r"(?i)url\s*\(|expression|image-set|@|\\|/\*")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\u202d\u202e]")
_PAGE: Final = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The message as it was sent</title><style>'
    "body{{margin:16px;background:#fff;color:#000;font:16px/1.4 sans-serif;overflow-wrap:anywhere}}"
    "pre{{white-space:pre-wrap;font:inherit}}table{{max-width:100%}}"
    "</style></head><body>{}</body></html>"
)


def clean_page(html: str | None, text: str) -> str:
    """Return a whole page that shows a mail's html, or its plain text where it has none."""
    body = cleaned(html) if html is not None else f"<pre>{markup.escape(_CONTROLS.sub('', text[:LONGEST]))}</pre>"
    return _PAGE.format(body)


def cleaned(html: str) -> str:
    """Return html with nothing but words and their looks; a link's address stands beside it as text."""
    told = _links_told(bounded(_CONTROLS.sub("", storable(html[:LONGEST]))))
    return nh3.clean(
        told,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_kept,
        filter_style_properties=set(_STYLES),
        url_schemes=set(),
        url_relative="deny",
        link_rel=None,
    )


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    return None if attribute == "style" and _FUNCTION.search(value) else value


def _links_told(html: str) -> str:
    """Write each link's address behind its words, for it matters where somebody would have been led; name the pictures."""
    tree = LexborHTMLParser(html)
    for link in tree.css("a[href]")[:MOST_LINKS]:
        address = " ".join((link.attributes.get("href") or "").split())[:LONGEST_ADDRESS]
        if address and address not in _words(link):
            link.insert_after(f" [{address}]")
    for picture in tree.css("img"):
        words = " ".join((picture.attributes.get("alt") or "").split())[:LONGEST_ADDRESS]
        picture.replace_with(f"[picture: {words}]" if words else "[picture]")
    return tree.html or ""


def _words(node: Any) -> str:
    return str(node.text() or "")
