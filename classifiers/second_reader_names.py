"""Names of people in a text that leaves the house: where somebody says who they are, greets, signs, or speaks of somebody.

Capital letters are the only sign of most names, so a first name in small letters amid a sentence may stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from classifiers.gazetteers import ordinary_words

MONTHS: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    "|dec(?:ember)?"
)
CALENDAR: Final = (
    rf"(?i:{MONTHS}|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weeks?|months?|years?|days?|hours?|minutes?|times?|pm|am)"
)
SMALL_WORDS: Final = (
    "the|my|our|your|his|her|their|its|this|that|these|those|a|an|in|on|at|of|to|from|up|down|along|and|or|by|for|near|no|not|i"
    "|we|you|he|she|it|they|is|are|was|were|am|im|be|been|have|has|had|do|does|did|can|could|will|would|should|please|there|here"
    "|who|what|when|where|why|how|if|but|so|because|as|with|about|again|just|very|all|any|some|since|after|before|still|now|then"
    "|also|once|one|two|yes|nobody|someone|somebody|everyone|every|each|another|no one|re|fw|fwd"
)
"""Words that are no part of a name, and end one."""
_ORDINARY: Final = (
    "writing|emailing|contacting|calling|complaining|reporting|asking|waiting|living|trying|going|having|getting|being|looking"
    "|hoping|struggling|suffering|sorry|afraid|aware|unable|able|sure|happy|unhappy|angry|sick|ill|tired|fed|worried|concerned"
    "|disappointed|disgusted|frustrated|annoyed|upset|appalled|shocked|scared|frightened|stressed|disabled|elderly|pregnant"
    "|currently|really|extremely|absolutely|completely|too|quite|only|always|never|pleased|grateful|interested|entitled|told"
    "|left|stuck|without|out|off|over|under|deaf|blind|housebound|retired|unemployed|homeless|tenant|leaseholder|resident"
    "|ready|available|due|like|getting|freezing|urgent|ridiculous|unacceptable|disgusting|terrible|awful|complaint|regarding"
)
_OFFICE: Final = (
    "council|borough|housing|homes|association|trust|ombudsman|police|water|gas|electric|energy|team|office|officer|department"
    "|service|services|centre|manager|repairs?|complaints?|boiler|heating|leak|leaking|damp|mould|lift|door|roof|kitchen|bathroom"
    "|rent|noise|antisocial|behaviour|neighbours?|estate|block|house|flat|stage|urgent|help|request|report|reported|problem|issue"
    "|broken|water|pest|mice|rats|bins?|rubbish|parking|tax|benefit|benefits|credit|universal|english|british|christmas|easter"
    "|sir|madam|hi|hello|dear|thanks|thank|regards|kind|best|yours|sincerely|faithfully|good|morning|afternoon|evening"
    "|street|road|court|avenue|lane|close|walk|way|address|name|number|date"
)
_LATIN: Final = "".join(map(chr, (*range(0x41, 0x250), *range(0x1E00, 0x1F00))))
UPPER: Final = "".join(letter for letter in _LATIN if letter.isupper())
"""Letters that a name may begin with: those of Ömer, Şule and Łukasz too."""
GAP: Final = r"(?: ?\n ?| )"
"""Between two words: a blank, or a mail's line end; several blanks have become one before."""
_LINE_END: Final = r" ?\n ?"
_NO_WORD: Final = rf"(?:{SMALL_WORDS}|{_ORDINARY})\b"
_LETTERS: Final = r"[^\W\d_](?:[\w'’.-]{0,30}\w)?"
_CAPITAL: Final = rf"(?!(?i:{SMALL_WORDS}|{_ORDINARY}|{_OFFICE}|{CALENDAR})\b)[{UPPER}][\w'’-]{{1,30}}"
_INITIALS: Final = rf"(?:(?!I\b)[{UPPER}](?:\. ?|{GAP})){{1,3}}"
_CAPITALS: Final = rf"(?:{_INITIALS})?{_CAPITAL}(?:{GAP}(?:{_INITIALS})?{_CAPITAL}){{0,3}}"
_WORD: Final = rf"(?:(?-i:{_INITIALS}{_CAPITAL})|(?!{_NO_WORD}){_LETTERS})"
_MORE: Final = rf"(?: (?!{_NO_WORD}){_LETTERS}|{_LINE_END}(?-i:{_CAPITAL}))"
"""A further word of a name: on the next line only with a capital, for there another sentence may begin."""
_GREETED: Final = rf"(?!(?:{SMALL_WORDS}|{_ORDINARY}|{_OFFICE})\b){_LETTERS}"
_ENDS: Final = rf"(?= ?[,.!;:\n]| ?$| (?:{SMALL_WORDS})\b)"
_AMONG_PEOPLE: Final = (
    "son|daughter|child|wife|husband|partner|girlfriend|boyfriend|mother|mum|mam|father|dad|brother|sister|baby|gran|nan|aunt"
    "|uncle|friend|carer|cousin|neighbour|officer|manager|caretaker|plumber|engineer|surveyor|electrician|contractor|operative"
    "|tenant|advisor|adviser|named|called|to|with|by|from|contacted|emailed|phoned|rang|told|asked|saw|met|says|said|behalf of"
)
NAME_MASKS: Final = tuple(
    (re.compile(rf"(?P<keep>{before}){name}", flags), r"\g<keep>[NAME]")
    for before, name, flags in (
        (
            r"\b(?:full |first |last |sur)?name(?:['’]?s| is|)?\s{0,3}[:=-]?\s{1,3}",
            rf"{_WORD}{_MORE}{{0,3}}",
            re.IGNORECASE,
        ),
        (
            rf"\b(?:i am|i['’]m|im|it['’]?s|this is|they call me){GAP}",
            rf"{_WORD}{_MORE}{{0,2}}{_ENDS}",
            re.IGNORECASE | re.MULTILINE,
        ),
        (rf"\b(?:[Ii] am|[Ii]['’]m|[Tt]his is){GAP}", _CAPITALS, 0),
        (
            r"\b(?:dear|hi|hiya|hello|hey|good (?:morning|afternoon|evening))[ ,]{1,3}",
            rf"{_GREETED}(?: {_GREETED}){{0,2}}{_ENDS}",
            re.IGNORECASE | re.MULTILINE,
        ),
        (rf"\b(?:[Dd]ear|[Hh]i|[Hh]ello|[Hh]ey|DEAR|HI|HELLO){GAP}", _CAPITALS, 0),
        (
            r"\b(?:regards|sincerely|faithfully|truly|thanks|thank you|thankyou|cheers|wishes|signed|yours|love)[ ,.!-]{0,4}\n{0,3} ?",
            rf"{_WORD}(?: {_WORD}){{0,3}} ?[.,]?(?=\n|$|\Z)",
            re.IGNORECASE | re.MULTILINE,
        ),
        (r"\b(?:[Rr]egards|[Ss]incerely|[Ff]aithfully|[Tt]hanks|[Cc]heers)[ ,.!-]{0,4}\n{0,3} ?", _CAPITALS, 0),
        (rf"\b(?i:mr|mrs|ms|mx|dr|prof|rev|cllr)\b\.?{GAP}", rf"(?i:{_WORD})(?:{GAP}{_CAPITAL}){{0,2}}", 0),
        (rf"\b(?:Miss|Sir|Lady|Lord|Councillor|Officer|PC|Sgt|Nurse|Sister|Father|Imam|Pastor){GAP}", _CAPITALS, 0),
        (rf"\b(?i:{_AMONG_PEOPLE}),?{GAP}", _CAPITALS, 0),
    )
)
"""What stands before a name stays, and the name does not; in small letters too where nothing but a name can follow."""
_PIECE: Final = rf"[{UPPER}](?:\.(?= ?[{UPPER}])|[\w'’-]{{0,30}})"
_RUN = re.compile(rf"(?<![\w\[]){_PIECE}(?:{GAP}{_PIECE})+")
_BETWEEN = re.compile(rf"({GAP})")
_SPEAKS = re.compile(rf"{_CAPITAL}(?= (?:said|says|told|promised|assured|refused|answered|replied|admitted)\b)")
_NO_MARKS: Final = {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i"}
"""Letters that Unicode does not take apart."""
_NO_NAME = re.compile(rf"(?:{SMALL_WORDS}|{_ORDINARY}|{_OFFICE}|{CALENDAR})", re.IGNORECASE)
_LAST_LINE = re.compile(rf"\n *+{_CAPITALS} *+[.,]?\s*+\Z")


def known_names(known: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """Yield what finds these names, each of their words by itself, however it is written, with marks or without."""
    alike = _alike()
    words = {word.casefold() for name in known for word in re.findall(r"[^\W_]{2,}", unicodedata.normalize("NFKC", name))}
    for word in sorted(words):
        spelled = "".join(f"[{alike[plain]}]" if (plain := _plain(letter)) in alike else re.escape(letter) for letter in word)
        yield re.compile(rf"(?<![^\W_]){spelled}(?![^\W_])", re.IGNORECASE)


def lone_names(text: str) -> str:
    """Mask two capital words in a row that nothing speaks against, who says something, and a last line of nothing else."""
    ordinary = ordinary_words()
    text = _SPEAKS.sub("[NAME]", _RUN.sub(lambda run: _named(run, ordinary), text))
    return _LAST_LINE.sub("\n[NAME]", text)


def _alike() -> dict[str, str]:
    """Return, for each plain letter, all the letters that it stands for where marks are left out."""
    found: dict[str, str] = {}
    for letter in filter(str.isalpha, _LATIN):
        found[_plain(letter)] = found.get(_plain(letter), "") + letter
    return found


def _plain(letter: str) -> str:
    return _NO_MARKS.get(letter, unicodedata.normalize("NFKD", letter)[0]).lower()


def _named(run: re.Match[str], ordinary: frozenset[str]) -> str:
    """Mask the words of a run that may be a name; one alone, between the office's words, is as often a place or a firm."""
    pieces = _BETWEEN.split(run[0])
    words, gaps = pieces[::2], ["", *pieces[1::2]]
    ends = [number for number, word in enumerate(words) if _ends_name(word, gaps[number], ordinary)]
    kept = ""
    for start, end in zip([-1, *ends], [*ends, len(words)], strict=True):
        name = range(start + 1, end)
        if sum(len(words[number].rstrip(".")) > 1 for number in name) and len(name) > 1:
            kept += f"{gaps[name[0]]}[NAME]"
        else:
            kept += "".join(gaps[number] + words[number] for number in name)
        kept += "".join(gaps[number] + words[number] for number in range(end, min(end + 1, len(words))))
    return kept


def _ends_name(word: str, gap: str, ordinary: frozenset[str]) -> bool:
    """Tell whether a word is no part of a name; capitals say little where all shout, or where a line begins."""
    if len(word.rstrip(".")) == 1:
        return word == "I"
    capital_by_chance = word.isupper() or "\n" in gap
    return bool(_NO_NAME.fullmatch(word)) or (capital_by_chance and word.lower() in ordinary)
