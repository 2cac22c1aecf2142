"""Knows the header block that mail programs put above a quoted or forwarded mail, in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

FROM, DATE, OTHER = "from", "date", "other"
REACH = 12
"""Lines over which one header block may spread, wrapped recipients included."""
_MOST_STRANGE = 3
_ENOUGH = 3

_WORDS = {
    FROM: (
        "from|von|de|da|van|från|fra|lähettäjä|od|nadawca|feladó|expediteur|expéditeur|remitente|mittente|afzender|от|від|кой|"
        "från|gönderen|kimden|من|از|از طرف|منجانب|از:|nuo|saatja|no|από|מאת|发件人|寄件者|寄件人|差出人|보낸 사람|发件者|"
        "de la|ارسال کردہ|প্রেরক|থেকে|प्रेषक|ਵੱਲੋਂ|અનુસાર|அனுப்புநர்|nga|từ|dari|од|šalje|absender|ka|desde|送信元|送信者|fråga"
    ),
    DATE: (
        "sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviada|enviado el|enviada em|fecha|data|inviato|verzonden|skickat|"
        "sendt|dato|lähetetty|päivämäärä|päiväys|odesláno|odoslané|dátum|elküldve|küldve|wysłano|trimis|trimisă|отправлено|дата|надіслано|"
        "gönderildi|tarih|gönderme tarihi|التاريخ|تاريخ الإرسال|تم الإرسال|إرسال|تاریخ|ارسال|išsiųsta|nosūtīts|saadetud|kuupäev|ημερομηνία|"
        "στάλθηκε|תאריך|נשלח|发送时间|发送日期|寄件日期|日期|時間|时间|日時|送信日時|날짜|보낸 날짜|তারিখ|poslano|poslato|изпратено|ngày|đã gửi|"
        "data trimiterii|تاریخ ارسال|بھیجا گیا|পাঠানো হয়েছে|পাঠানো|भेजा गया|दिनांक|ਮਿਤੀ|તારીખ|தேதி|la diray|tanggal|dikirim|la trimitere|dërguar|taariikh"
    ),
    OTHER: (
        "to|cc|bcc|subject|reply-to|reply to|an|betreff|kopie|à|a|pour|objet|cci|para|asunto|assunto|oggetto|aan|onderwerp|till|til|kopia|"
        "ämne|emne|kopi|vastaanottaja|aihe|komu|předmět|predmet|kopie|címzett|tárgy|másolatot kap|do|dw|udw|temat|către|subiect|кому|копия|тема|"
        "kime|bilgi|konu|إلى|الى|الموضوع|الموضوع|نسخة|به|موضوع|بنام|kam|tema|kopija|kellele|teema|προς|θέμα|κοιν|אל|נושא|עותק|收件人|主题|主旨|主題|"
        "抄送|宛先|件名|받는 사람|제목|참조|প্রতি|প্রাপক|বিষয়|प्रति|विषय|ਵਿਸ਼ਾ|વિષય|பொருள்|mawduuca|ku|za|naslov|до|относно|tới|đến|chủ đề|kepada|perihal|për|subjekti|importance|priority|"
        "wichtigkeit|attachments|anlagen|resent-from|message-id|organization|reply_to"
    ),
}
_KINDS = {word.casefold(): kind for kind in (OTHER, DATE, FROM) for word in _WORDS[kind].split("|")}
_LINE = re.compile(
    r"^[\s*_|\u200e\u200f]{0,6}([^\W\d_](?:[\w .'’-]|[\u0900-\u0dff\u0e31-\u0e4e\u0610-\u065f]){0,24}?)[\s*_]{0,4}[:：][*_]{0,3}(?!//)"
)
_COLON_BEFORE = 36
"""Characters in which the colon must stand for ``_LINE`` to match: blanks, a name of 25, and blanks."""
_BY_MACHINE = re.compile(r"\S@\S|[<\[][^>\]]|\d[:：.h]\d\d|\d ?[時时시]|(?i:\b[ap]m\b)")
_INDENT = 10
_MOST_BETWEEN = 300
_ONE_LINE = ("from: ", " sent: ", " to: ", " subject: ")


def may_be_one(line: str) -> bool:
    """Say cheaply whether this could be a header line, or a whole block on one line."""
    start = line[:_COLON_BEFORE]
    return ":" in start or "：" in start


def kind_of(line: str) -> str | None:
    """Return which kind of header line this is, None when it is none."""
    found = _LINE.match(line)
    return _KINDS.get(found[1].strip().casefold()) if found else None


def block_length(lines: Sequence[str], first: int, kinds: Sequence[str | None]) -> int:
    """Return how many lines from ``first`` on are the header block of another mail; 0 when none starts here.

    ``kinds`` holds ``kind_of`` of every line. A block names its sender, its date and at least one thing more.
    """
    if _is_all_on_one_line(lines[first]):
        return 1
    if kinds[first] is None:
        return 0
    seen: set[str] = set()
    end, strange, count = first, 0, 0
    for place in range(first, min(first + REACH, len(lines))):
        kind = kinds[place]
        if kind is not None:
            seen.add(kind)
            count += 1
            end, strange = place + 1, 0
        elif not lines[place].strip():
            # Web programs put a blank line between each two fields; a text that follows has no field behind it.
            if not any(kinds[place + 1 : place + 2]):
                break
        else:
            strange += 1
            if strange > _MOST_STRANGE:
                break
    is_block = FROM in seen and count >= _ENOUGH and len(seen) == len(_WORDS)
    return end - first if is_block and not _is_letterhead(lines[first:end]) else 0


def _is_letterhead(block: Sequence[str]) -> bool:
    """Say whether a person wrote this over a letter: no mail program leaves out both every address and the time of day."""
    dated = any(line.strip().lower().startswith("date") for line in block)  # "Sent" is a program's word
    return dated and not any(_BY_MACHINE.search(line) for line in block)


def _is_all_on_one_line(line: str) -> bool:
    place, end = 0, _INDENT
    for word in _ONE_LINE:
        place = line.lower().find(word, place, end)
        if place < 0:
            return False
        end = place + _MOST_BETWEEN
    return True
