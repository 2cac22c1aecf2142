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
    r"\b(?:(?:mother)?f+[u*@v]+(?:c+k|k|\*+k?|c+\*)\w*|f\*+\w*|s+h[i*1!]+ts?\b|s+h[i*1!]+t(?:ty|ting|e|hole|head)s?\b|bullsh\w*"
    r"|c[u*][n*]ts?\b|twats?\b|wank(?:ers?|ing)?\b|bast[a*]rds?\b|b[i*]tch(?:es|y)?\b|pricks?\b|(?:arse|ass)holes?\b|dick ?heads?\b"
    r"|bollocks\b|piss off\b|scumbags?\b|you(?: \w+)? scum\b|morons?\b|idiots\b|you(?: \w+)? idiot\b|imbeciles?\b|retard(?:s|ed)?\b"
    r"|spaz\w*|whores?\b|sluts?\b|n[i*]gg(?:er|a)s?\b|pakis?\b|fagg?ots?\b|trann(?:y|ies)\b|wogs?\b|chinky\b|gyppos?\b|pikeys?\b)"
)
"""Words in small letters; few and strong. A mild curse is the resident's own way of speaking, "retardant" is fire safety."""
_THREAT = re.compile(
    r"\b(?:i(?:['’]?ll| will|['’]?m (?:going to|gonna)) (?:kill|stab|shoot|smash|batter|burn|hurt|find) (?:you|him|her|them)"
    r"|hope you (?:all )?(?:die|rot|burn)\b)"
)
_CLAUSE = re.compile(r"(?<=[,;])\s+|\s+(?=(?:and|but|so|because)\b)")


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
    small = words.lower()
    return bool(_ABUSE.search(small) or _THREAT.search(small))


def without_abuse(sentence: str) -> str:
    """Put one mark in the place of the clauses that abuse somebody, or of the whole sentence where it threatens."""
    small = sentence.lower()
    if _THREAT.search(small):
        return LEFT_OUT
    if not _ABUSE.search(small):
        return sentence
    # People swear in the same breath as they say what is wrong: what is wrong must stay in the definition.
    kept: list[str] = []
    for clause in _CLAUSE.split(sentence):
        words = LEFT_OUT if is_abusive(clause) else clause
        if not (words == LEFT_OUT and kept and kept[-1] == LEFT_OUT):
            kept.append(words)
    return " ".join(kept)
