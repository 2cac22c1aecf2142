"""What is taken out of a resident's words before a letter repeats them: links, addresses, numbers, abuse, hidden characters.

A letter may reach somebody who never wrote to us, so nothing in it may lead anywhere or tell where a person lives (design.md
section 4). Every pattern runs in linear time: each can begin only at the start of a run, or is bounded in length.
"""

from __future__ import annotations

import re

LEFT_OUT = "[we have left some words out]"
PLACES = ("[link]", "[email address]", "[phone number]", "[number]", "[postcode]", "[address]")

_EMAIL = re.compile(r"(?<![^\s<>()@,;:])[^\s<>()@,;:]++@[^\s<>()@,;]+")
_SCHEME = re.compile(
    r"(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{1,20}://|www\.|(?:mailto|tel|sms|javascript):(?=\S))[^\s<>\"]*", re.IGNORECASE
)
_DOMAIN = re.compile(
    r"(?<![\w.@-])(?:[\w-]++\.)+(?:(?:com|net|org|uk|info|biz|io|ly|co|eu|ru|cn|xyz|gov|edu|tv|tk|de|fr|pl|example)\b(?:[/?:#]\S*)?"
    r"|[a-z]{2,24}/\S*)",
    re.IGNORECASE,
)
_LEADS_AWAY = re.compile(r"[:.]\S")
_DIGIT = re.compile(r"\d")
_INNER_DOT = re.compile(r"\.\w")
_GLUED = re.compile(r"(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})")
_SMALL_WORDS = r"(?!(?:the|my|our|your|this|that|a|an|in|on|at|of|to|from|up|down|along|and|or|by|for|near)\b)"
_NUMBERED = re.compile(
    r"(?<![\w£])(?:"
    r"(?P<phone>(?:\+|\(?0|44 ?7)[\d ()\-]{7,20}\d(?!\w))"
    r"|(?P<number>(?:\d{9,}|(?:\d{4}[ -]){3}\d{4})(?!\w))"
    rf"|(?P<street>\d{{1,4}}[A-Za-z]?,? (?:(?i:(?:{_SMALL_WORDS}[a-z'’-]{{2,20}} ){{1,2}}"
    r"(?:road|rd|street|avenue|ave|lane|crescent|drive|terrace|gardens))"
    r"|(?:[A-Z][\w'’-]{1,20} ){1,3}(?:House|Court|Close|Place|Way|Walk|Square|Tower|Point|Mews|Grove|Hill|Rise|Row|Green|Park|View|Estate))(?!\w))"
    r"|(?P<postcode>[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}(?!\w))"
    r"|(?P<home>(?i:flat|apartment|apt|maisonette)\.? ?(?i:no\.? ?|number )?\d{1,4}[A-Za-z]?(?!\w),?))"
)
_PUT_FOR = {"number": "[number]", "street": "[address]", "postcode": "[postcode]", "home": "[address]"}
_FAR_APART = 9
"""Digits that a telephone number has at least; a date or a repair number has fewer."""

_ABUSE = re.compile(
    r"\b(?:(?:mother)?f+[u*@v]+[c*k]+k?\w*|f\*+\w*|s+h[i*1!]+t+\w*|bullsh\w*|c[u*][n*]ts?\b|twats?\b|wank\w*"
    r"|bast[a*]rds?\b|b[i*]tch(?:es|y)?\b|pricks?\b|(?:arse|ass)holes?\b|dick ?heads?\b|bollocks\b|piss off\b"
    r"|scum(?:bags?)?\b|morons?\b|idiots?\b|imbeciles?\b|retard\w*|spastics?\b|whores?\b|sluts?\b"
    r"|n[i*]gg(?:er|a)s?\b|pakis?\b|fagg?ots?\b|trann(?:y|ies)\b|wogs?\b|chinks?\b|gyppos?\b|pikeys?\b"
    r"|i(?:['’]?ll| will|['’]?m (?:going to|gonna)) (?:kill|stab|shoot|smash|batter|burn|hurt|find) (?:you|him|her|them)"
    r"|hope you (?:all )?(?:die|rot|burn)\b)"
)
"""Words in small letters; few, and strong: a mild curse is the resident's own way of speaking."""


def visible(text: str) -> str:
    """Leave out control, bidi and other characters that cannot be seen; every kind of line end becomes a newline."""
    lines = text.splitlines()
    if all(line.isprintable() for line in lines):
        return "\n".join(lines)
    return "\n".join("".join(_shown(char) for char in line) for line in lines)


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    return " " if char.isspace() else ""


def without_places(text: str) -> str:
    """Put ``[link]``, ``[phone number]`` and the like where the text would lead somewhere or tell where somebody lives."""
    if _LEADS_AWAY.search(text):
        text = _SCHEME.sub("[link]", text).replace("://", " [link] ")
    if "@" in text:
        text = _EMAIL.sub("[email address]", text)
    if _INNER_DOT.search(text):
        # Mail readers make a link of any "done.my": the words stay, the link goes.
        text = _GLUED.sub(". ", _DOMAIN.sub("[link]", text))
    return _NUMBERED.sub(_place_for, text) if _DIGIT.search(text) else text


def _place_for(match: re.Match[str]) -> str:
    if match.lastgroup != "phone":
        return _PUT_FOR[match.lastgroup or "number"]
    found = match.group()
    return "[phone number]" if sum(map(str.isdigit, found)) >= _FAR_APART else found


def is_abusive(words: str) -> bool:
    """Say whether the words abuse or threaten somebody, so that no letter of ours repeats them (law-since-2024 section 4)."""
    return _ABUSE.search(words.lower()) is not None
