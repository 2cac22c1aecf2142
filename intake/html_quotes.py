"""Knows how mail programs mark a quotation in html: by a class, an id, a type, or a line above a header block."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

Attributes = dict[str, str | None]

SKIPPED = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe", "select", "datalist"}
)
"""Elements of which no reader sees the words."""

_QUOTING_CLASSES = re.compile(
    r"(?:^|[\s_])(?:gmail_quote|gmail_quote_container|gmail_attr|gmail_extra|yahoo_quoted|yahoo-quoted-begin|protonmail_quote|tutanota_quote"
    r"|moz-cite-prefix|zmail_extra|front-blockquote|hb_quote|sh-quote|wm-quote)(?:$|[\s_])|yahoo_quoted"
)
_QUOTING_IDS = re.compile(
    r"(?:x_)*(?:olk_src_body_section|reply-intro|\w*yahoo_quoted\w*|isreplycontent|tmjah_g_1299|quotedtext)"
)
_REST_IDS = re.compile(r"(?:x_)*(?:divrplyfwdmsg|appendonsend|mail-editor-reference-message-container|stopspelling|replysplit)")
_SIGNATURES = re.compile(
    r"(?:^|\s)(?:x_)*(?:gmail_signature|gmail_signature_prefix|moz-signature|protonmail_signature_block\S*|applemailsignature"
    r"|ms-outlook-mobile-signature|ymail_android_signature|signature)(?:$|\s)"
)
_BORDER_TOP = re.compile(r"border:\s*none;\s*border-top:\s*solid\s+(?:#[0-9a-f]{6}|\w+)\s+1\.0pt")
_NO_BORDER = re.compile(r"border(?:-left)?:\s*(?:none|0(?:px)?)\b|margin:\s*0(?:px)?\s+0(?:px)?\s+0(?:px)?\s+\d+px")
_PACKED = re.compile(
    r"(?:^|[\s_])(?:gmail_quote|gmail_quote_container|gmail_extra|protonmail_quote|tutanota_quote)(?:$|[\s_])|yahoo_quoted"
)
_ATTRIBUTION = re.compile(r"(?:^|[\s_])gmail_attr(?:$|[\s_])")
_LONGEST_ATTRIBUTION = 400
_ENDS_ATTRIBUTION = (":", "：")
NEAR = 20
"""Nodes among which the first words of an element are looked for."""
_HEADER_WORD = re.compile(r"^\s*[^\W\d_][\w .]{1,20}\s*[:：]")


def quotes(tag: str, attributes: Attributes, node: Any) -> bool:
    """Say whether this element is a quotation (or a signature, which is cut for the same reason)."""
    if tag == "blockquote":
        return not _is_indentation(attributes)
    if not attributes:
        return False
    names = (attributes.get("class") or "").lower()
    own = (attributes.get("id") or "").lower()
    # People begin to write in the line above the quotation, and their words become part of it.
    if "moz-cite-prefix" in names and _has_lines(node):
        return False
    if names and (_QUOTING_CLASSES.search(names) or _SIGNATURES.search(names)):
        return True
    if own and (_QUOTING_IDS.fullmatch(own) or _SIGNATURES.search(own)):
        return True
    return (attributes.get("name") or "") == "messageReplySection"


def first_quotation(attributes: Attributes, node: Any) -> Any | None:
    """Return the first quotation in an element that programs wrap around quotations and the answers between them.

    None where the element itself is the quotation, as in Gmail's older shape, in Yahoo's, and in what is forwarded.
    """
    if node.tag == "blockquote" or not _PACKED.search((attributes.get("class") or "").lower()):
        return None
    said = ""
    for count, below in enumerate(node.traverse(include_text=True)):
        if below.tag == "-text":
            said = (said + (below.text_content or "")[:_LONGEST_ATTRIBUTION]).rstrip()
        elif below.mem_id != node.mem_id:
            # A quotation that nobody is shown ends nothing.
            if below.tag in SKIPPED:
                return None
            if below.tag == "blockquote":
                return below if not said or said.endswith(_ENDS_ATTRIBUTION) else None
            if _ATTRIBUTION.search((below.attributes.get("class") or "").lower()):
                return _below_attribution(below)
        if count > 3 * NEAR or len(said) > _LONGEST_ATTRIBUTION:
            return None
    return None


def _below_attribution(attribution: Any) -> Any | None:
    """Return the attribution itself where a quotation follows beside it: between the two the writer may have written."""
    said = "".join(words.text_content or "" for words in _few(attribution) if words.tag == "-text").rstrip()
    beside = attribution.next
    for _ in range(NEAR):
        if beside is None or not said.endswith(_ENDS_ATTRIBUTION):
            return None
        if beside.tag == "blockquote":
            return attribution
        beside = beside.next
    return None


def _few(node: Any) -> list[Any]:
    return list(islice(node.traverse(include_text=True), 2 * NEAR))


def _has_lines(node: Any) -> bool:
    """Say whether words stand both above and below a line's end in this element."""
    above, ended = False, False
    for below in _few(node):
        if below.tag == "br":
            ended = above
        elif below.tag == "-text" and (below.text_content or "").strip():
            if ended:
                return True
            above = True
    return False


def quotes_rest(tag: str, attributes: Attributes, node: Any) -> bool:
    """Say whether from this element on everything is a quotation, as Outlook means it."""
    if not attributes:
        return False
    if _REST_IDS.fullmatch((attributes.get("id") or "").lower()):
        return True
    if tag != "div":
        return False
    style = (attributes.get("style") or "")[:500].lower()
    return (
        "border-top" in style and _BORDER_TOP.search(style) is not None and _HEADER_WORD.match(_first_words(node)) is not None
    )


def _is_indentation(attributes: Attributes) -> bool:
    """Say whether a blockquote only moves text to the right, as the indent button of Gmail and Apple Mail does."""
    marked = (attributes.get("type") or "").lower() == "cite" or _QUOTING_CLASSES.search(
        (attributes.get("class") or "").lower()
    )
    return not marked and _NO_BORDER.search((attributes.get("style") or "").lower()) is not None


def _first_words(node: Any) -> str:
    """Return the first text inside, without reading a deep tree again for each of its levels."""
    for count, below in enumerate(node.traverse(include_text=True)):
        if below.tag == "-text" and (below.text_content or "").strip():
            return str(below.text_content)
        if count > NEAR:
            break
    return ""
