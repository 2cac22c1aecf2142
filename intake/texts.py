"""Chooses the text of a mail: its plain words where they are all of it, else the words of its html."""

from __future__ import annotations

import html as markup
import re
from dataclasses import dataclass

from intake.aligning import Ranges, aligned
from intake.html_text import html_text
from intake.kept import Words

SHARE = 5
"""Plain text with fewer words than this fraction (1/5) of the html's stands in for it and is not the message."""
_PLACEHOLDER = re.compile(
    r"(?i)(?:this|your|the) (?:message|e-?mail|mail|reader|client)[^.\n]{0,80}(?:html|mime)"
    r"|(?:view|read|see) (?:this|the) (?:e-?mail|message)[^.\n]{0,40}(?:browser|online|html)|html[- ](?:only|capable|compatible|enabled)"
)
_LONGEST_PLACEHOLDER = 500
_MARKERS = (
    *("divrplyfwdmsg", "appendonsend", "moz-cite-prefix", "border-top:", "src_body_section", "messagereplysection"),
    *("reference-message-container", "stopspelling", "reply-intro", "signature"),
)
_QUOTE_MARKERS = ("<blockquote", "_quote", "-quote")


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """The whole text, the ranges of it that html marks as quoted, the html itself, and characters nobody could see."""

    text: str
    quoted: Ranges = ()
    html: str | None = None
    hidden: int = 0


def chosen(stretches: list[Words]) -> Body:
    """Put the stretches of a mail together in their order."""
    bodies = [_one(words) for words in stretches]
    if len(bodies) == 1:
        return bodies[0]
    text = ""
    quoted: list[tuple[int, int]] = []
    for body in bodies:
        if body.text.strip():
            text += ("\n" if text.endswith("\n") else "\n\n") if text else ""
            quoted += [(start + len(text), end + len(text)) for start, end in body.quoted]
            text += body.text
    html = "\n".join(body.html if body.html is not None else f"<pre>{markup.escape(body.text)}</pre>" for body in bodies)
    has_html = any(body.html is not None for body in bodies)
    return Body(text=text, quoted=tuple(quoted), html=html if has_html else None, hidden=sum(body.hidden for body in bodies))


def _one(words: Words) -> Body:
    if words.html is None:
        return Body(text=words.plain or "")
    plain = words.plain or ""
    if len(plain) * SHARE > len(words.html) and not _says_little(plain) and not _may_quote(words.html):
        return Body(text=plain, html=words.html)
    walked = html_text(words.html)
    if _stands_in(plain, walked.text):
        return Body(text=walked.text, quoted=walked.quoted, html=words.html, hidden=walked.hidden)
    quoted = aligned(plain, walked.text, walked.quoted)
    if quoted is None:
        return Body(text=walked.text, quoted=walked.quoted, html=words.html, hidden=walked.hidden)
    return Body(text=plain, quoted=quoted, html=words.html, hidden=walked.hidden)


def _may_quote(html: str) -> bool:
    """Say cheaply whether the html could mark a quotation."""
    lower = html.lower()
    markers = (*_QUOTE_MARKERS, *_MARKERS) if "quote" in lower else _MARKERS
    return any(marker in lower for marker in markers)


def _says_little(plain: str) -> bool:
    """Say whether the plain text is empty or a notice to use another program."""
    return not plain.strip() or (len(plain) < _LONGEST_PLACEHOLDER and _PLACEHOLDER.search(plain) is not None)


def _stands_in(plain: str, seen: str) -> bool:
    """Say whether the plain text is none of the message's own: empty, a notice, or a stump."""
    if not plain.strip() or (_says_little(plain) and bool(seen.strip())):
        return True
    enough = len(plain.split()) * SHARE
    # Every word but the last is followed by a blank: mostly there cannot be too many, and they need not be counted.
    return enough < (len(seen) + 1) // 2 and enough < len(seen.split())
