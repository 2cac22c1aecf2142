"""Knows the line above a quotation ("On Monday Jane wrote:"), in the languages residents' mail programs speak.

An attribution ends in a colon and spreads over four lines at most. It is known by a verb of writing with a date or an
address; in a language that is not listed here, by date, time and address together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_LINES = 4
LONGEST = 600
"""Characters of an attribution, all its lines together; one line has at most half."""

# By the order of: English, Polish, Romanian, Portuguese, Spanish, French, Italian, Urdu, Bengali, Somali, Arabic, Lithuanian,
# Turkish, German, Dutch, Scandinavian, Finnish, Czech, Slovak, Hungarian, Albanian, Latvian, Estonian, Russian, Ukrainian, Bulgarian,
# Serbian and Croatian, Greek, Hebrew, Persian, Hindi, Vietnamese, Indonesian, Chinese, Japanese, Korean.
VERBS = (
    r"wrote|writes|written|said"
    r"|napisał\(?a?\)?|napisala?|pisze|pisał\(?a?\)?|użytkownik .{1,80} napisał"
    r"|a scris|scrie"
    r"|escreveu|escreve"
    r"|escribió|escribio|escribe|va escriure"
    r"|a écrit|a ecrit|écrit|ecrit|écrivait"
    r"|ha scritto|scrive"
    r"|نے لکھا|لکھا|تحریر کیا"
    r"|লিখেছেন|লিখেছে"
    r"|qoray|wuxuu qoray|waxay qortay"
    r"|كتب|كتبت"
    r"|rašė|parašė"
    r"|yazdı|yazmış|tarihinde"
    r"|schrieb|schreibt|geschrieben"
    r"|schreef|het volgende geschreven"
    r"|skrev|skrev följande"
    r"|kirjoitti"
    r"|napsal\(?a?\)?|napísal\(?a?\)?"
    r"|írta|ezt írta"
    r"|shkroi|ka shkruar"
    r"|rakstīja|kirjutas"
    r"|написала?|пишет|писал\(?а?\)?|написав|пише|написа"
    r"|je napisao|je napisala|napisao|piše"
    r"|έγραψε|γράφει"
    r"|כתבה?|מאת"
    r"|نوشت"
    r"|ने लिखा"
    r"|đã viết|viết"
    r"|menulis"
)
# These scripts put no blank between words.
_JOINED_VERBS = r"写道|寫道|写|寫|のメール|は書きました|작성"
_STARTS = (
    r"on|at|w dniu|dnia|în|pe|la|em|no dia|el|le|il|on this day|في|بتاريخ|am|op|den|på|dne|dňa|ke dni|le jour|vào|på dato|tarihinde|dana"
    r"|in message|in article|quoting|citando|selon|zitat von|citat|mensagem citada por|em \w+"
)
_WROTE = re.compile(rf"(?i)(?:(?<!\w)(?:{VERBS})|{_JOINED_VERBS})[^\n:：]{{0,60}}[:：]\W*$")
_WROTE_BARE = re.compile(rf"(?i)(?<!\w)(?:{VERBS})\W*$")
_STARTS_ONE = re.compile(rf"(?i)^[\W_]{{0,4}}(?:{_STARTS})\b")
_TRAILING = " \t\r\xa0*_>»”\"'\u200e\u200f-"
_ADDRESS = re.compile(
    r"[<(\[](?:mailto:)?[^\s<>()\[\]@]{1,80}@[^\s<>()\[\]]{1,120}[>)\]]|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,60}"
)
_TIME = re.compile(r"\b\d{1,2}[:.hH]\d{2}\b|[上下]午|\d时|\d時")
_DATE = re.compile(r"\b(?:19|20)\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}年|\b\d{1,2}[./]\d{1,2}\.")
_DAY = re.compile(
    r"(?i)\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}day\b|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b"
)
_QUOTING = re.compile(r"(?i)^\W{0,4}(?:quoting|citando|selon|zitat von|citat|mensagem citada por)\s.{1,200}[:：]\s*$")
_DATE_FIRST = re.compile(r"^\W{0,3}\d{2,4}[./-]\d{1,2}[./-]\d{1,4}\s.{0,120}<[^<>\s]+@[^<>\s]+>\s*[:：]?\s*$")
_ADDRESS_LAST = re.compile(r"@[^<>\s]+>\s*$")
_BROKEN_ADDRESS = re.compile(r"<\s?[^<>\s]*\s[^<>\s]*\s?>")
_SENTENCE_END = re.compile(r"[.!?]\s*$")


def attribution(lines: Sequence[str], last: int, *, above_quotation: bool) -> tuple[int, bool]:
    """Return how many lines ending with ``lines[last]`` are an attribution (0: none), and whether it is sure.

    Directly ``above_quotation`` it need not end in a colon. Sure means: so plainly a mail program's that what follows is old even when no line of it bears a quote mark.
    """
    line = lines[last]
    if len(line) > LONGEST // 2 or not _may_end(line.rstrip(_TRAILING), line, above_quotation=above_quotation):
        return 0, False
    longest = _reach(lines, last)
    for count in range(longest, 0, -1):
        text = _joined(lines, last, count)
        if _STARTS_ONE.match(text) and _is_written(text) and not _SENTENCE_END.search(lines[last - count + 1]):
            return count, _is_sure(text)
    for count in range(1, longest + 1):
        text = _joined(lines, last, count)
        if _is_known(text):
            return count, _is_sure(text)
    return 0, False


def _may_end(bare: str, line: str, *, above_quotation: bool) -> bool:
    if bare.endswith((":", "：")):
        return True
    return above_quotation and (_WROTE_BARE.search(bare[-40:]) is not None or _ADDRESS_LAST.search(line[-80:]) is not None)


def _reach(lines: Sequence[str], last: int) -> int:
    """Return how many lines above without a blank one between may belong to it."""
    count, size = 1, len(lines[last])
    while count < MOST_LINES and last - count >= 0 and lines[last - count].strip():
        size += len(lines[last - count])
        if size > LONGEST or lines[last - count].lstrip().startswith(">"):
            break
        count += 1
    return count


def _joined(lines: Sequence[str], last: int, count: int) -> str:
    """Join the lines, and the halves of an address that was broken between its brackets."""
    text = " ".join(line.strip() for line in lines[last - count + 1 : last + 1])
    return _BROKEN_ADDRESS.sub(lambda found: found[0].replace(" ", ""), text) if count > 1 else text


def _is_written(text: str) -> bool:
    """Say whether somebody wrote at some time, or from some address."""
    wrote = _WROTE.search(text) or _WROTE_BARE.search(text)
    return wrote is not None and (_dated(text) or _has_address(text))


def _has_address(text: str) -> bool:
    return "@" in text and _ADDRESS.search(text) is not None


def _dated(text: str) -> bool:
    return _DATE.search(text) is not None or _DAY.search(text) is not None or _TIME.search(text) is not None


def _is_known(text: str) -> bool:
    if _QUOTING.match(text) or _DATE_FIRST.match(text):
        return True
    address = _has_address(text)
    if _WROTE.search(text) and (address or (_DATE.search(text) and _TIME.search(text))):
        return True
    return address and _DATE.search(text) is not None and _TIME.search(text) is not None


def _is_sure(text: str) -> bool:
    has_address = _has_address(text)
    timed = _TIME.search(text) is not None and (_DATE.search(text) is not None or _DAY.search(text) is not None)
    return (has_address and (timed or _WROTE.search(text) is not None)) or (timed and _WROTE.search(text) is not None)
