"""What a resident asks for, in the resident's own words: the outcomes sought of Code 5.6."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers.redaction import LEFT_OUT

MOST_OUTCOMES = 5
LONGEST_OUTCOME = 300
_SHORT_ENOUGH = 160

_ASKING = (
    r"(?:please|pls|plz|(?:can|could|would|will) (?:you|u|someone|somebody|we|i)|would it be possible|could (?:the|this|it|that|my) [\w' ]{1,40}? be"
    r"|(?:i|we)(?:'d| would) (?:really |also |just )?(?:like|appreciate|be grateful)"
    r"|(?:i|we) (?:(?:just|really|only|also|now|simply|do|would) )*(?:want|expect|demand|request|ask)|(?:i|we)'d (?:also )?ask"
    r"|(?:i|we)(?:'m| am|'re| are) (?:asking|requesting|seeking|looking for|hoping)"
    r"|all (?:i|we) (?:want|need|ask)|what (?:i|we) (?:want|need|would like)"
    r"|(?:i|we) (?:(?:just|really|also|now) )*need (?:you|someone|somebody|this|it|that|an answer|a (?:date|response|reply|repair|visit|call|new|working|proper)))\b"
)
_NOT_ASKING = re.compile(
    r"(?:please|pls|plz) (?:find|see|note|be (?:aware|advised)|forgive|excuse|accept|bear|understand|(?:do not|don't) hesitate)\b"
    r"|(?:can|could|would|will) (?:you|u|we) (?:believe|imagine)\b|(?:can|could|would|will) i\b(?! (?:please|have|get|be|ask|request))|would i\b"
    r"|(?:i|we)(?:'d| would)? (?:(?:just|really|also|now|do) )*(?:want|like) to (?:formally )?(?:complain|make|raise|report|log|register|lodge|submit|put in|express|inform|tell you|let you know|say)\b"
    r"|(?:i|we)(?:'d| would) (?:really |also |just )?like to (?:formally )?(?:complain|make|raise|report|log|register|lodge|submit|put in|express|inform|tell you|let you know|say)\b"
    r"|(?:i|we) (?:do )?(?:expect|ask) (?:i|we|you|it|that|they|nothing|myself|ourselves|so)\b(?! to)|(?:i|we) want (?:to cry|nothing)\b",
)
_AT_START = re.compile(rf"(?:(?:and|so|but|also|now|ok|again|therefore|finally)[, ]+)*(?P<asks>{_ASKING})")
_INSIDE = re.compile(rf"(?:[,;:–—-] ?|\b(?:and|so|but) )(?P<asks>{_ASKING})")
_ORDERS = re.compile(
    r"(?:just )?(?:fix|send (?:someone|somebody|a|the|me)|sort|repair|replace|refund|compensate|get (?:it|this|someone|somebody|me|your)|come (?:and|out|back)"
    r"|tell me|let me know|call me|ring me|move (?:me|us)|do your job|arrange|escalate)\b",
)


def requests_in(told: Iterable[str]) -> tuple[str, ...]:
    """Return what the sentences ask for, at most five, each at most 300 characters, no two alike."""
    found: dict[str, str] = {}
    for words in told:
        asked = _request(words)
        if asked:
            found.setdefault(asked.lower().rstrip(" .!?"), asked)
        if len(found) == MOST_OUTCOMES:
            break
    return tuple(found.values())


def _request(words: str) -> str | None:
    if words == LEFT_OUT:
        return None
    low = words.lower().replace("’", "'")
    if len(low) != len(words):
        low = words
    if _asks(_AT_START.match(low), low) or _ORDERS.match(low):
        return _short(words)
    for inside in _INSIDE.finditer(low):
        if _asks(inside, low):
            return _short(words[inside.start("asks") :])
    if "please" in low and len(words) <= _SHORT_ENOUGH and not _NOT_ASKING.match(low, low.index("please")):
        return words
    return None


def _asks(match: re.Match[str] | None, low: str) -> bool:
    return match is not None and not _NOT_ASKING.match(low, match.start("asks"))


def _short(words: str) -> str:
    if len(words) <= LONGEST_OUTCOME:
        return words
    return f"{words[: LONGEST_OUTCOME - 1].rsplit(' ', 1)[0]}…"
