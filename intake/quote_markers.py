"""Gives each line of a text its class; the pattern of classes then decides what is new (``intake.quoting``).

Classes: ``e`` empty, ``q`` quoted, ``a`` attribution (``A`` when sure), ``d`` delimiter or header block of an older mail,
``w`` mark or header block of a forward, ``s`` start of a signature (``S`` perhaps), ``m`` a mail program's tag (``M`` perhaps), ``n`` notice,
``t`` text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake import header_lines, notices
from intake.attributions import VERBS, attribution
from intake.openings import opening

_QUOTED = re.compile(r"^[ \t\xa0]{0,3}(?:[A-Z]{1,3})?[>＞]")
_MBOX_ESCAPE = re.compile(r"^>+From ")
_SIGNATURE = re.compile(r"^[ \t]{0,2}(?:--|__|—|–)[ \t\xa0]*$")
_SIGNATURE_RULE = re.compile(r"^[ \t]{0,2}(?:-{3,40}|—{2,40}|–{2,40}|\*{3,40})[ \t]*$")
_RULE = re.compile(r"^\s{0,3}[_=*-]{10,}\s{0,20}$")
_PGP = re.compile(r"^-----(?:BEGIN|END) PGP [A-Z ]{5,30}-----|^Hash: [A-Z0-9-]{3,10}\s{0,20}$")
_DELIMITER = re.compile(
    r"(?i)^[\s>]{0,4}[-–—_=*+#\[]{0,60}\s{0,20}(?:original[- ]?(?:message|appointment|e-?mail)|ursprüngliche (?:nachricht|mail|e-mail)|original-?nachricht"
    r"|message (?:d['’]origine|original|initial)|mail original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|origineel bericht"
    r"|oprindelig (?:meddelelse|besked)|opprinnelig melding|opprinnelig (?:e-post|beskjed)|ursprungligt meddelande|originalmeddelande|alkuperäinen viesti"
    r"|původní (?:zpráva|e-mail)|pôvodná správa|(?:oryginalna wiadomość|wiadomość oryginalna)|eredeti üzenet|mesaj original|mesajul original"
    r"|исходное сообщение|пересылаемое сообщение|вихідне повідомлення|оригинално съобщение|orijinal (?:mesaj|ileti|e-?posta)|özgün (?:ileti|mesaj)"
    r"|الرسالة الأصلية|پیغام اصل|اصل پیغام|mesazhi origjinal|originalus (?:laiškas|pranešimas)|(?:pradinis|originali) (?:pranešimas|žinutė)"
    r"|মূল বার্তা|originalna poruka|izvorna poruka|izvorno sporočilo|αρχικό μήνυμα|ההודעה המקורית|הודעה מקורית|tin nhắn gốc|thư gốc|pesan asli"
    r"|原始邮件|邮件原件|原始郵件|原邮件|オリジナル ?メッセージ|元のメッセージ|원본 메시지|원본메시지|fariinta asalka ah|sākotnējā ziņa|algne kiri)"
    r"\s{0,20}[-–—_=*+:\]]{0,60}\s{0,20}$"
)
_WITH_HEADER = re.compile(r"(?i)^\s{0,3}-{4,20}\s?original message\s?-{4,20}\s{0,3}from:")
_WITH_WORDS = re.compile(
    rf"(?i)^\W{{0,3}}[^@<]{{0,60}}\d[:.h]\d\d[^@<]{{0,120}}<[^<>\s@]{{1,64}}@[^<>\s@]{{1,120}}>\s?(?:{VERBS})[:：]\s{{1,9}}\S"
)
_ABOVE = re.compile(
    r"(?i)^\W{0,40}(?:please )?(?:type your reply|write your reply|reply|respond|answer|write) above this line\W{0,40}(?:$|[a-z ]{0,60}\W{0,20}$)"
)
_DASHED = re.compile(rf"(?i)^\s{{0,3}}[-–—_=*]{{3,}}\s?[^-–—_=*\n].{{1,120}}\b(?:{VERBS})\s{{0,20}}[-–—_=*]{{3,}}\s{{0,20}}$")
_FORWARD = re.compile(
    r"(?i)^[\s>]{0,4}[-–—_=*>]{0,60}\s{0,20}(?:(?:begin )?forwarded (?:message|mail|e-?mail)|forwarded by .{1,80}"
    r"|(?:début du )?(?:message|courriel|e-?mail) (?:transféré|réexpédié|transmis)"
    r"|(?:anfang der )?weitergeleitete (?:nachricht|mail|e-?mail)|mensaje reenviado|inicio del mensaje reenviado|mensagem (?:encaminhada|reencaminhada)"
    r"|(?:inizio )?messaggio inoltrato|(?:begin )?doorgestuurd bericht|videresend(?:t|te) (?:meddelelse|besked|melding)|(?:vidarebefordrat|vidarebefordrade) .{0,30}"
    r"|välitetty viesti|(?:początek )?przekazan(?:a|ej) wiadomoś(?:ć|ci)|(?:wiadomość|treść) przekazana|přeposlaná zpráva|preposlaná správa"
    r"|továbbított (?:üzenet|levél)|mesaj redirecționat|mesaj transmis mai departe|пересланное сообщение|переслане повідомлення|препратено съобщение"
    r"|(?:iletilen|yönlendirilen) (?:ileti|mesaj|e-?posta)|رسالة معاد توجيهها|رسالة مُعاد توجيهها|بھیجا گیا پیغام|ফরোয়ার্ড করা বার্তা|persiųst(?:as|a) .{1,20}"
    r"|προωθημένο μήνυμα|הודעה שהועברה|转发的邮件|轉寄郵件|转发邮件|転送メッセージ|転送された?メッセージ|전달된 메시지|thư chuyển tiếp|pesan terusan)"
    r"\s{0,20}[-–—_=*:<>]{0,60}\s{0,20}$"
)

# How each phrase above that starts in ASCII begins (``intake.openings``).
_PHRASES = (
    "alg alk anf ans beg cou doo e-m ema end ere far for has ile ini izv mai men mes oor opp opr ori ory per pes ple poc pra pre"
    " prz rep res tin tov tre typ urs vid wei wia wri"
)
_OPENINGS = notices.TAG_OPENINGS | frozenset(_PHRASES.split())
_RULES = frozenset("-–—_=*")

_ALONE = (
    ("d", _DELIMITER.match),
    ("d", _ABOVE.match),
    ("d", _WITH_HEADER.match),
    ("d", _DASHED.match),
    ("s", _SIGNATURE.match),
    ("n", _PGP.match),
    ("S", _SIGNATURE_RULE.match),
    ("m", notices.is_tag),
    ("M", notices.is_perhaps_tag),
)


def classes(lines: Sequence[str], hinted: Sequence[bool], *, forwarded: bool) -> str:
    """Return one class for each line; ``hinted`` tells which lines html marks as quoted."""
    found = [_alone(line, marked=marked) for line, marked in zip(lines, hinted, strict=True)]
    _unmark_escapes(lines, found, hinted)
    if "w" in found:
        _unmark_inner_forwards(lines, found)
    _blocks(lines, found, forwarded=forwarded)
    _attributions(lines, found)
    _notices(lines, found)
    return "".join(found)


def _unmark_escapes(lines: Sequence[str], found: list[str], hinted: Sequence[bool]) -> None:
    """Take a line that a mail program escaped (``>From`` for ``From``, RFC 4155) for what the writer wrote."""
    for place, line in enumerate(lines):
        if found[place] == "q" and line.startswith(">") and not hinted[place] and _MBOX_ESCAPE.match(line):
            around = (*found[max(place - 1, 0) : place], *found[place + 1 : place + 2])
            if "q" not in around:
                found[place] = "t"


def _unmark_inner_forwards(lines: Sequence[str], found: list[str]) -> None:
    """Take back the mark of a forward that somebody quoted: one below an attribution, or deep in a quotation."""
    before, line_before = "e", ""
    for place, kind in enumerate(found):
        if kind == "w" and before == "q" and (_QUOTED.match(lines[place]) or line_before.rstrip().endswith(":")):
            found[place] = "q"
        if kind != "e":
            before, line_before = found[place], lines[place]


def _alone(line: str, *, marked: bool) -> str:
    """Class what one line says by itself: the first of these which it is."""
    text = line.strip()
    if not text:
        return "e"
    is_phrase = _may_be_phrase(text)
    if is_phrase and _FORWARD.match(line):
        return "w"
    start = text[:4]
    if marked or ((">" in start or "＞" in start) and _QUOTED.match(line)):
        return "q"
    if not is_phrase and text[0] not in _RULES:
        return "t"
    return next((kind for kind, says in _ALONE if says(line)), "t")


def _may_be_phrase(text: str) -> bool:
    """Say cheaply whether a line could be one of the phrases above or a tag."""
    start = opening(text)
    return start is None or start in _OPENINGS or notices.may_end_as_tag(text)


def _blocks(lines: Sequence[str], found: list[str], *, forwarded: bool) -> None:
    kinds: list[str | None] = [None] * len(lines)
    named = [place for place, line in enumerate(lines) if header_lines.may_be_one(line)]
    for place in named:
        kinds[place] = header_lines.kind_of(lines[place])
    after = 0
    for place in named:
        if place >= after:
            after = place + _block(lines, place, kinds, found, forwarded=forwarded)


def _block(lines: Sequence[str], place: int, kinds: Sequence[str | None], found: list[str], *, forwarded: bool) -> int:
    """Mark the header block that starts here, if any; return how many lines were dealt with."""
    if found[place] not in "tq" or (found[place] == "q" and not forwarded and not _after_forward(found, place)):
        return 1
    length = header_lines.block_length(lines, place, kinds)
    if length:
        mark = "w" if forwarded or _after_forward(found, place) else "d"
        found[place : place + length] = [mark] * length
        _rule_above(lines, place, found, mark)
    return length or 1


def _after_forward(found: Sequence[str], place: int) -> bool:
    before = next((kind for kind in reversed(found[max(0, place - 4) : place]) if kind != "e"), "")
    return before == "w"


def _rule_above(lines: Sequence[str], place: int, found: list[str], mark: str) -> None:
    """Count a line of underscores above a header block as part of it."""
    for above in range(place - 1, max(place - 3, -1), -1):
        if _RULE.match(lines[above]):
            found[above] = mark
        if found[above] != "e":
            return


def _attributions(lines: Sequence[str], found: list[str]) -> None:
    for last, line in enumerate(lines):
        if found[last] == "t" and ">" in line and "@" in line and _WITH_WORDS.match(line):
            found[last] = "d"
        # Above no quotation, an attribution ends in a colon.
        if found[last] == "t" and (":" in line or "：" in line or "q" in found[last + 1 : last + 4]):
            _attribute(lines, last, found)


def _attribute(lines: Sequence[str], last: int, found: list[str]) -> None:
    following = next((kind for kind in found[last + 1 : last + 4] if kind != "e"), "e")
    count, sure = attribution(lines, last, above_quotation=following == "q")
    if count and all(kind in "tmM" for kind in found[last - count + 1 : last + 1]):
        found[last - count + 1 : last + 1] = ["A" if sure else "a"] * count


def _notices(lines: Sequence[str], found: list[str]) -> None:
    """Mark the banners at the head of a mail and the footers of each paragraph, line by line, for both are wrapped anywhere."""
    may_have_footer = notices.may_have_footer(lines)
    start, at_head = 0, True
    while start < len(lines):
        if found[start] not in "tmM":
            at_head = found[start] in "dwA" or (at_head and found[start] in "ensS")
            start += 1
            continue
        end = start
        while end < len(lines) and found[end] in "tmM":
            end += 1
        if at_head:
            length = notices.banner_length(lines[start:end])
            found[start : start + length] = ["n"] * length
            at_head = start + length == end
        if may_have_footer:
            _footer(lines, start, end, found)
        start = end


def _footer(lines: Sequence[str], start: int, end: int, found: list[str]) -> None:
    place = start
    while place < end:
        length = 0
        if notices.is_footer(lines[place], lines[place + 1] if place + 1 < end else ""):
            length = notices.footer_length(lines[place:end])
        elif place + 1 < end and notices.is_list_footer(lines[place:end]):
            length = end - place
        found[place : place + length] = ["n"] * length
        place += length or 1
