"""A message cut into the sentences that say something: without greetings, sign-offs, names and address lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.redaction import PLACES

_GREETING = re.compile(
    r"\s*(?:(?:dear|to whom(?:soever)? it may concern)\b[^,.:!?]{0,60}(?:[,.:!]+|$)|to (?:the )?(?-i:[A-Z])[\w' -]{2,40}(?:[,:]|$)"
    r"|(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|greetings)\b"
    r"(?: (?:there|all|both|team|sir|madam|guys|everyone|council|again))?(?:[^,.:!?]{0,30}[,:!]+|[.]|$|(?= )))\s*",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"\s*(?:i remain,? )?(?:(?:kind(?:est)?|best|warm(?:est)?|many|with)\s+(?:kind\s+|best\s+|many\s+)?)?"
    r"(?:regards|wishes|thanks|thank you|thankyou|thx|cheers|yours (?:sincerely|faithfully|truly)|yours|sincerely|respectfully)"
    r"(?!.*\bnothing\b)\b.{0,30}$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\s*(?:tel|telephone|phone|mobile|mob|e-?mail|(?:full |first |last )?name|address|post ?code|tenan(?:t|cy)(?: (?:ref|reference|number|no))?"
    r"|rent (?:ref|account|reference)|(?:our |your |my )?ref(?:erence)?|account (?:no|number)|date(?: of birth)?|dob|re|subject|cc)\.?\s*[:#].{0,70}$"
    r"|\s*sent from my \w.{0,30}$",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\s*(?:[-–—~]\s*|from:?\s+)?(?:(?:Mr|Mrs|Ms|Miss|Dr|Cllr)\.?\s+)?[A-Z][\w'’.-]{0,20}(?:\s+[A-Z][\w'’.-]{0,20}){0,3}(?:\s+x{1,3})?"
    r"(?:\s*\(\w[\w ]{0,15}\))?(?:,\s*(?:\[|\d).{0,40})?\s*$"
)
_ITEM = re.compile(r"\s*(?:\(?\d{1,2}[.)]|[-*•·–]|\(?[a-h]\))\s+(?=\S)")
_END = re.compile(r"[.!?…][\"'”’)]*(?:\s+|$)")
_SAYS_NOTHING = re.compile(
    r"(?:i |we )?(?:hope (?:this|you|all)|look(?:ing)? forward)\b.{0,80}$|(?:many )?thank(?:s| you)\b(?!.*\bnothing\b).{0,40}$"
    r"|my name is\b.{0,60}$|(?:i|we) live (?:at|in) \[.{0,40}$|please (?:find|see) (?:the )?attach.{0,40}$|[\W_]*$",
    re.IGNORECASE,
)
_SHORT_LINE = 80
_SIGNATURE_LINES = 8
_ABOUT_A_PLACE = 3
"""Words which a line may have beside the places taken out of it and still be an address line."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; ``opens`` is true for the first of a paragraph, ``item`` for the first of a list item."""

    words: str
    opens: bool = False
    item: bool = False


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text whose places are already taken out, in order; none where it says nothing."""
    found: list[Sentence] = []
    for block, item in _blocks(_own_lines(text)):
        first = True
        for words in _cut(block):
            if words and not _SAYS_NOTHING.match(words):
                found.append(Sentence(words, opens=first, item=item and first))
                first = False
    return found


def _cut(block: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(block):
        yield block[start : end.end()].strip()
        start = end.end()
    yield block[start:].strip()


def _own_lines(text: str) -> list[str]:
    lines = _without_sign_off([" ".join(line.split()) for line in text.strip().split("\n")])
    greeting = _GREETING.match(lines[0]) if lines else None
    if greeting:
        lines[0] = lines[0][greeting.end() :]
    for back in (1, 2):
        if len(lines) > back and _NAME.match(lines[-back]) and not lines[-1].endswith((".", "!", "?")):
            del lines[-back:]
            break
    return [line for line in lines if not _LABEL.match(line) and not _is_place(line)]


def _without_sign_off(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines.pop()
    for back in range(1, min(len(lines), _SIGNATURE_LINES)):
        if _SIGN_OFF.match(lines[-back]) and all(len(line) <= _SHORT_LINE for line in lines[-back:]):
            return _without_sign_off(lines[:-back])
    return lines


def _is_place(line: str) -> bool:
    """Say whether a line is only an address: places taken out, and hardly a word beside them."""
    if "[" not in line:
        return False
    rest = line
    for place in PLACES:
        rest = rest.replace(place, " ")
    return rest != line and len(rest.split()) <= _ABOUT_A_PLACE and not line.endswith(("!", "?"))


def _blocks(lines: list[str]) -> list[tuple[str, bool]]:
    """Join the lines of each paragraph and of each list item; the flag says that it is a list item."""
    blocks: list[tuple[list[str], bool]] = []
    fresh = True
    for line in lines:
        mark = _ITEM.match(line)
        if not line:
            fresh = True
        elif mark:
            blocks.append(([line[mark.end() :]], True))
            fresh = False
        elif fresh or not blocks:
            blocks.append(([line], False))
            fresh = False
        else:
            blocks[-1][0].append(line)
    return [(" ".join(parts), item) for parts, item in blocks]
