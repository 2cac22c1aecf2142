"""Data protection complaints, subject access and freedom of information, found by words inside any message; tuned for recall.

What is found is a task for a person, who says whether it is one: a wrong find costs a look, a missed one a legal time limit.
"""

from __future__ import annotations

import re

from handlers.data_rights.other_tongues import other_tongues

_DATA = r"(?:personal )?(?:data|information|details|records?|file)"
_MINE = r"(?:my|our|his|her|their|your tenants'?)"
_HOLD = r"(?:hold|held|have|keep|kept|store|stored|got|possess|process)"
_SPREAD = (
    r"(?:shar(?:e|ed|ing)|pass(?:ed|ing)? on|gave|given|giv(?:e|ing)|leak(?:ed|ing)?|sen[dt]|sending|disclos(?:e|ed|ing)"
    r"|sold|selling|lost|losing|told|show(?:n|ed)|publish(?:ed)?|post(?:ed)?|email(?:ed)?)"
)
_NOT_I = r"(?<!\bi )(?<!\bi've )(?<!\bi have )(?<!\bi had )(?<!\bi already )(?<!\bwe )(?<!\bwe have )(?<!\bwe've )"
"""What somebody passed on themselves is no complaint."""
_PATTERNS: dict[str, tuple[str, ...]] = {
    "data_protection": (
        r"\b(?:tak(?:e|en)|remove\w*|get|wiped?|delet\w+)\b.{0,60}\b(?:off|from) (?:my|our|your) (?:file|system|records?|mailing list)\b",
        r"\bunder (?:the )?(?:gdpr|data protection)\b|\basked for (?:it|this|that) to be (?:kept )?confidential\b",
        r"\b(?:my|our) (?:data|details) (?:\w+ )?(?:in|part of) (?:the|a|your) (?:breach|leak|hack)\b",
        (
            r"\bdata (?:protection )?(?:breach|leak|complaint)|\bbreach(?:ed|es|ing)? (?:of )?(?:my |our |the |all )?"
            r"(?:(?:personal )?data|privacy|gdpr|confidential|confidentiality|data protection)"
        ),
        r"\b(?:gdpr|data protection(?: act)?|privacy (?:law|rights?))\b.{0,80}\b(?:breach|broke|broken|broke[n]?|against|violat|illegal|complain|unhappy|wrong)",
        r"\b(?:breach|broke|against|violat\w*|complain\w*|unhappy|illegal\w*)\b.{0,80}\b(?:gdpr|data protection|privacy)\b",
        (
            rf"{_NOT_I}\b{_SPREAD}\b.{{0,25}}\b{_MINE} (?:personal |private |medical |contact |bank )*(?:{_DATA}|address|phone number|number|email)\b"
            r".{0,60}\b(?:to|with|without|on|online|neighbour\w*|contractor\w*|landlord|ex|everyone|somebody|someone|other people)\b"
        ),
        rf"\b(?:without|no) (?:my |our )?(?:consent|permission)\b.{{0,80}}\b{_MINE} (?:personal |private )*{_DATA}\b",
        rf"\b{_MINE} (?:personal |private )*{_DATA}\b.{{0,80}}\b(?:without|no) (?:my |our )?(?:consent|permission)\b",
        r"\b(?:information commissioner|\bico\b).{0,80}\b(?:complain|report|refer)|\b(?:complain|report|refer)\w*.{0,60}\b(?:information commissioner|the ico)\b",
        r"\b(?:someone|somebody) else'?s? (?:personal )?(?:letter|data|details|information)\b.{0,60}\b(?:sent|received|got)\b",
        r"\b(?:sent|received|got|gave)\b.{0,40}\b(?:another|other|somebody else'?s|someone else'?s) (?:tenant|resident|person|people)?'?s? ?(?:letter|data|details|information)\b",
        rf"\b(?:delete|erase|remove|correct|rectify|stop (?:using|processing))\b.{{0,30}}\b(?:all )?(?:of )?{_MINE} (?:personal )?data\b",
        r"\bmisus(?:e|ed|ing)\b.{0,40}\b(?:data|information|details)\b|\bconfidential\w*\b.{0,40}\b(?:broken|breach\w*|leak\w*|shared)\b",
    ),
    "subject_access": (
        r"\bsubject access\b|\bdsars?\b|\bsars?\b(?= request| under|\b.{0,20}\bdata protection)|\b(?:make|making|submit\w*|this is) an? sar\b",
        (
            rf"\b(?:copy|copies|see|send|provide|give|access|request\w*|want|get|obtain|show)\b.{{0,40}}\b(?:all|any|everything|every|the|of)?\b"
            rf".{{0,30}}\b{_DATA}\b.{{0,30}}\b(?:you|the council|the landlord|that (?:is|are)) ?(?:\w+ )?{_HOLD}\b.{{0,25}}\b(?:about|on|of|for) (?:me|us|my|our)\b"
        ),
        rf"\b(?:everything|all|what(?:ever)?|anything)\b.{{0,25}}\b(?:you|the council|they)(?:'ve| have)? ?(?:\w+ )?{_HOLD}\b.{{0,25}}\b(?:about|on) (?:me|us|my family|my tenancy)\b",
        rf"\b(?:copy|copies|access)\b.{{0,25}}\b(?:of|to) (?:all )?(?:of )?{_MINE} (?:own |housing |tenancy |repairs? |full |complete |personal )*(?:{_DATA}|notes|history|case file|recordings?)\b",
        r"\b(?:article 15|right of access)\b|\b(?:recordings?|notes|transcripts?) of (?:my|our) (?:phone )?calls?\b",
    ),
    "information_request": (
        r"\bfreedom of information\b|\bfoia?\b(?:'?s)?(?= |\.|,|$)|\benvironmental information\b|\beirs?\b(?= request)",
        r"\b(?:under|using) the (?:freedom|foi|environmental|eir)\w*",
        (
            r"\b(?:please|can you|could you|i would like|i'd like|i want|i request|we request|requesting)\b.{0,60}\b(?:how much|how many)\b.{0,60}\b"
            r"(?:council|borough|you) (?:spen[dt]|paid|pay|has|have|received|holds?|employ\w*)\b"
        ),
        (
            r"\b(?:copy|copies) of (?:the |all |any )?(?:fire risk assessments?|asbestos (?:register|survey|report)s?|structural (?:survey|report)s?"
            r"|fra\b|cladding (?:survey|report)s?|contracts? with|minutes of|stock condition survey)"
        ),
    ),
}
KINDS: tuple[str, ...] = tuple(_PATTERNS)
_FOUND = {kind: re.compile("|".join(f"(?:{one})" for one in patterns)) for kind, patterns in _PATTERNS.items()}
LONGEST = 20_000
"""Characters of a message that are looked through."""


def asks_for(subject: str, text: str) -> tuple[str, ...]:
    """Return which of the kinds a message may hold, in their order; nothing for most messages."""
    said = f"{subject}. {text}"[:LONGEST]
    words = " ".join(said.lower().replace("’", "'").split())
    elsewhere = other_tongues().found(said)
    return tuple(kind for kind in KINDS if kind in elsewhere or _FOUND[kind].search(words))
