"""Knows what nobody wrote: gateway banners, disclaimers, list footers and the tags of telephones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from intake.openings import folded, opening

MOST_BANNER_LINES = 5
REACH = 160
"""Characters of a line in which a disclaimer must have begun to be one."""

_BANNER = re.compile(
    r"(?i)^\W{0,8}(?:"
    r"(?:caution|warning|alert|notice|attention|important)\W{1,4}(?:this (?:e-?mail|message|is an external)|external|the (?:sender|following)"
    r"|unverified|e-?mail from outside)"
    r"|(?:external|outside)(?: (?:e-?mail|sender|message))?\W{0,3}(?::|\*{2,}|\]|-|!|$)"
    r"|this (?:e-?mail|message|is an)(?: has| was| is)?(?: been)? ?(?:originated|sent|comes?|came|received|external)\b[^.]{0,40}\b"
    r"(?:outside|external|internet)"
    r"|(?:you don['’]t often get e-?mail from|some people who received this message don['’]t often get)"
    r"|\[external(?: e-?mail| sender)?\]\W*$"
    r"|\[?e-?mail sent from outside"
    r")"
)
_BANNER_MORE = re.compile(
    r"(?i)\b(?:do not|don['’]t|never|avoid) (?:click|open|reply|follow|provid)\w*[^.]{0,40}(?:link|attachment|password|information|sender|e-?mail|$)"
    r"|recogni[sz]e (?:the|this) sender|content is safe|learn why this is important|links (?:and|or) (?:open(?:ing)? )?attachments"
    r"|(?:outside|external to|outwith)(?: of)? (?:the|your|our|this) (?:organi[sz]ation|council|network|company|business|authority|association|trust|group)"
    r"|from (?:outside|an external|the internet)|report (?:it|this) to|(?:confirm|verify|check) the sender"
)
_BANNER_ALONE = re.compile(
    r"(?i)\W*(?:(?:caution|warning)\W+)?(?:external|outside)(?: (?:e-?mail|sender|message))?\W*|you don['’]t often get.*|some people who.*"
)
_WRITER = re.compile(r"(?i)\b(?:i|i['’](?:m|ve|d|ll)|my|me|mine|myself)\b")
_OURS = re.compile(
    r"(?i)\b(?:we(?! (?:accept|also|are not|advise|ask|believe|cannot|can not|check|collect|do not|exclude|hold|make|may|monitor|process"
    r"|recommend|record|reserve|scan|shall|store|strongly|take|use|will not|would)\b)|we['’](?:ve|re|ll|d)"
    r"|our(?! (?:behalf|council|customers|data|disclaimer|e-?mails?|employees|information|liability|network|newsletters?|offices?|organi[sz]ation|polic(?:y|ies)"
    r"|privacy|records|security|servers?|services?|staff|systems?|terms|website)\b)"
    r"|(?<!notify )(?<!contact )(?<!inform )(?<!advise )(?<!tell )(?<!let )(?<!to )us\b)"
)
_LEGAL = re.compile(
    r"(?i)intended|recipient|addressee|sender|confiden|privileg|disclos|distribut|unauthori[sz]|liab|virus|malware|e-?mail|message|transmission"
    r"|communication|attach|copyright|\bcop(?:y|ied|ying)|delet|destroy|in error|scanned|swept|mimecast|avast|\bavg\b|gcsx|\bpsn\b|opinion"
    r"|\bviews\b|registered|regulat|\bvat\b|www\.|https?:|\S@\S|privacy|data protection|freedom of information|monitor|binding|warrant|legal"
    r"|prohibited|government|receiving|environment|unsubscri|subscri|mailing list|protectively|destinat|messag|mensa|correo|courriel|vertraul|empfänger|nachricht"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LONGEST_TITLE = 50
LONGEST_SENTENCE = 600
MOST_LIST_LINES = 12
_LIST_SIGN = re.compile(r"(?i)mailing list|https?:|\S@\S")
_FOOTER = re.compile(
    r"(?i)(?:intended (?:solely|only|exclusively) for the (?:use of the )?(?:addressee|individual|person|named|recipient|attention|intended)"
    r"|(?:is|are) intended (?:solely|only) for|for the sole use of the (?:intended|addressee|individual)"
    r"|if you (?:are|were) not the (?:intended|named|correct) (?:recipient|addressee)|if you have received this (?:e-?mail|message|transmission)"
    r"[^.]{0,20} in error|received (?:it|this) in error"
    r"|th(?:is|e information (?:contained )?in this) (?:e-?mail|message|communication|transmission)[^.]{0,80}"
    r"\b(?:confidential|privileged|virus|scanned|swept|protectively marked)"
    r"|(?:mail|message|attachment|communication|transmission)s?[^.]{0,60}(?:has been|have been|was|were) (?:scanned|checked|swept)[^.]{0,40}(?:virus|malware|mimecast|messagelabs|sophos|symantec|mcafee|avast|avg)"
    r"|virus[- ]?free\.? *(?:www\.)?(?:avast|avg)|checked by avg|no virus found in this"
    r"|(?:consider|think (?:of|about)) the environment before (?:you )?print|(?:please (?:only |do not |don['’]t )|do you really (?:need to )?)print this e-?mail|please print this e-?mail only"
    r"|\bgcsx\b|\bpsn (?:network|e-?mail)|government (?:secure|connect)[^.]{0,30}(?:intranet|extranet|network|gcsx)"
    r"|cette (?:e-?mail|message|communication)[^.]{0,60}confidentiel|esta? (?:mensaje|mensagem|correo|e-?mail)[^.]{0,60}confidencial"
    r"|diese e-?mail (?:enthält|ist)[^.]{0,40}vertraulich"
    r"|to unsubscribe from this (?:group|list)|you(?: are receiving| received| are receiving) this (?:message|e-?mail) because you"
    r"(?:['’]re| are| were| have)? (?:a (?:member|sub)|currently|on |sub|sign|opt|reg|join|chose|request|elect)"
    r"|unsubscribe(?: from (?:this|these|our))?[^.]{0,40}(?:click|visit|https?:)|to (?:unsubscribe|stop receiving)[^.]{0,60}(?:click|visit|https?:|reply)"
    r"|\bmailing list\b.{0,10}$)"
)
# Each alternative above holds one of these, so that a text without any need not be searched line by line.
_FOOTER_WORDS = (
    *(
        "intended",
        "confiden",
        "vertraulich",
        "sole use",
        "in error",
        "virus",
        "malware",
        "scanned",
        "checked",
        "swept",
        "privileged",
    ),
    *("protectively", "environment", "print", "gcsx", "psn", "secure", "connect", "unsubscribe", "because you", "receiving"),
    *("mailing list", "______", "avast"),
)
# And one of these, in the two lines that are looked at together.
_FOOTER_SIGNS = (
    *("intended", "sole use", "not the ", "in error", "confiden", "privileged", "virus", "scanned", "checked", "swept"),
    *("protectively", "environment", "print this", "gcsx", "psn ", "government ", "vertraulich", "unsubscribe", "receiving"),
    *("because you", "mailing list"),
)
_BANNER_OPENINGS = frozenset(("ale", "att", "cau", "e-m", "ema", "ext", "imp", "not", "out", "som", "thi", "war", "you"))
_LIST_LINE = re.compile(r"^_{20,}\s*$")
_DEVICE = (
    r"(?:my |a |the |new )?(?:i-?phone|i-?pad|i-?pod|mac(?:book)?|blackberry|black berry|android|samsung|galaxy|huawei|nokia|htc|sony|lg|motorola|moto"
    r"|xperia|pixel|oneplus|xiaomi|redmi|oppo|honor|windows|mobile|cell|phone|smartphone|smart phone|tablet|handheld|wireless|verizon|t-mobile|palm"
    r"|outlook|yahoo|aol|gmail|mail|mailbox|hotmail|proton|thunderbird|spark|mailspring|btinternet|bt|sky|ee|vodafone|o2|three|talktalk|virgin|zte|kindle)"
)
_TAG = re.compile(
    rf"(?i)^\W{{0,4}}(?:"
    rf"(?:sent|written|typed|posted) (?:from|via|with|by|using|on) \[?{_DEVICE}\b.{{0,60}}"
    rf"|sent from my [\w' ()-]{{1,30}}"
    rf"|yahoo mail: .{{1,40}}"
    rf"|get (?:outlook|bluemail|aqua mail|boxer)\b.{{0,60}}"
    rf"|(?:download|get) the .{{1,30}} app\b.{{0,30}}"
    rf"|envoyé (?:de|depuis|à partir de|via) .{{1,50}}|télécharger outlook .{{0,50}}|obtenir outlook .{{0,50}}|obtenez outlook .{{0,50}}"
    rf"|(?:von meinem|gesendet (?:von|mit|aus)|diese nachricht wurde von meinem) .{{1,70}}"
    rf"|(?:enviado|enviada) (?:desde|do|de|a partir d|via|pelo|con) .{{1,50}}|obtener outlook .{{0,50}}|obter o outlook .{{0,50}}"
    rf"|inviato (?:da|dal|con) .{{1,50}}|scarica outlook .{{0,40}}"
    rf"|(?:verzonden|verstuurd) (?:vanaf|met|via|vanuit|door) .{{1,50}}"
    rf"|(?:sendt|skickat|skickades) (?:fra|från|via|med) .{{1,50}}"
    rf"|(?:wysłane|wysłano) (?:z|ze|za) .{{1,60}}|(?:pobierz|uzyskaj) aplikację outlook .{{0,40}}"
    rf"|(?:odesláno|odoslané|odoslané) (?:z|pomocí|zo) .{{1,50}}"
    rf"|trimis (?:de pe|de|din) .{{1,50}}|obțineți outlook .{{0,40}}"
    rf"|lähetetty .{{1,50}}|elküldve .{{1,50}}|išsiųsta iš .{{1,50}}|nosūtīts no .{{1,50}}"
    rf"|.{{1,40}}(?:['’]?(?:den|dan|dAn|ımdan|umdan)) gönderildi.{{0,20}}|gönderen .{{1,30}}"
    rf"|отправлено (?:с|из) .{{1,50}}|надіслано (?:з|із) .{{1,50}}|изпратено от .{{1,50}}"
    rf"|στάλθηκε από .{{1,50}}|أ?ُ?رسلت? من .{{1,50}}|تم الإرسال من .{{1,50}}|إرسال من .{{1,50}}|میرے .{{1,30}} سے بھیجا گیا"
    rf"|发自我?的? ?.{{1,30}}|從我的 .{{1,30}}|從我的.{{1,30}}傳送|.{{1,30}}から送信|나의 .{{1,30}}에서 보냄|.{{1,30}}에서 보냄"
    rf"|dërguar nga .{{1,50}}|poslano (?:s|iz|sa) .{{1,50}}|được gửi từ .{{1,50}}|dikirim dari .{{1,50}}"
    rf")$"
)
_PERHAPS_TAG = re.compile(
    r"(?i)^\W{0,4}(?:sent|written|typed) (?:from|via|with|by|using) (?:\w[\w.'’-]*\W{1,2}){1,6}$|^\W{0,4}from my \w+(?: \w+){0,2}\W*$"
    r"|^\s*\[(?:image|cid): ?[^\]\n]{1,80}\]\s*$"
)
_TAG_OPENINGS = (
    "die dik dow elk env fro ges get inv nos obt ode odo pob pos sca sen ski tri typ uzy ver von wri wys yah ima cid"
)
TAG_OPENINGS = frozenset(_TAG_OPENINGS.split())
"""How a tag that starts in ASCII begins (``intake.openings``); four languages put the verb last."""
_ENDINGS = ("ö", "Ö", "から送信", "에서 보냄")
LONGEST_TAG = 110
_FEW_FIRST = re.compile(r"(?i)^\W{0,4}[\w]")


def is_banner(line: str) -> bool:
    """Say whether a gateway put this line on top of a mail."""
    start = opening(line)
    return (start is None or start in _BANNER_OPENINGS) and _BANNER.match(line) is not None


def banner_length(lines: Sequence[str]) -> int:
    """Return how many lines of this paragraph a gateway wrote: a warning alone may be the writer's, so it needs a second sign."""
    if not is_banner(lines[0]) or _WRITER.search(lines[0]):
        return 0
    length = 1
    while length < min(len(lines), MOST_BANNER_LINES) and _goes_on(lines[length - 1], lines[length]):
        length += 1
    says = _BANNER_MORE.search(" ".join(line[:REACH] for line in lines[:length]))
    return length if says or _BANNER_ALONE.fullmatch(lines[0].strip()[:REACH]) else 0


def _goes_on(above: str, line: str) -> bool:
    """Say whether this line can be the next of a banner: it says more of one, or ends what the line above began."""
    if _WRITER.search(line):
        return False
    joined = above[-REACH:] + " " + line[:REACH]
    return any(found.end() > min(len(above), REACH) + 1 for found in _BANNER_MORE.finditer(joined))


def footer_length(lines: Sequence[str]) -> int:
    """Return how many of these lines a footer takes that begins in the first: it ends where the writer speaks."""
    for place, sentence in _sentences(lines):
        if not is_legal(sentence):
            return place
    return len(lines)


def is_list_footer(lines: Sequence[str]) -> bool:
    """Say whether this is what a list program adds below the line that it draws."""
    text = " ".join(line[:REACH] for line in lines[1:MOST_LIST_LINES])
    return is_list_line(lines[0]) and _LIST_SIGN.search(text) is not None and not _WRITER.search(text)


def is_legal(sentence: str) -> bool:
    """Say whether a sentence speaks of mail and its rules, and of no matter of the writer's."""
    return _LEGAL.search(sentence) is not None and not _WRITER.search(sentence) and not _OURS.search(sentence)


def _sentences(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each sentence with the line in which it begins."""
    began, said = 0, ""
    for place, line in enumerate(lines):
        for number, piece in enumerate(_SENTENCE.split(line.strip())):
            if said and (number or len(said) > LONGEST_SENTENCE or _begins_anew(lines[place - 1], piece)):
                yield began, said
                said = ""
            began = began if said else place
            said = f"{said} {piece}".strip()
    if said:
        yield began, said


def _begins_anew(above: str, piece: str) -> bool:
    return above.rstrip()[-1:] in tuple(".!?") or (len(above) < _LONGEST_TITLE and piece[:1].isupper())


def is_footer(line: str, following: str = "") -> bool:
    """Say whether a disclaimer or a list's notice starts in this line; its phrase may run on into the following one."""
    text = line[:REACH] + " " + following[:REACH]
    lower = folded(text)
    found = _FOOTER.search(text) if any(sign in lower for sign in _FOOTER_SIGNS) else None
    # Further in, the phrase stands behind words of the writer, which must not be cut with it.
    return found is not None and found.start() < min(REACH, len(line))


def may_have_footer(lines: Sequence[str]) -> bool:
    """Say cheaply whether any line could be a footer."""
    text = "\n".join(lines).lower()
    return any(word in text for word in _FOOTER_WORDS)


def is_list_line(line: str) -> bool:
    """Say whether this is the line that list programs draw above their footer."""
    return _LIST_LINE.match(line) is not None


def may_end_as_tag(line: str) -> bool:
    """Say cheaply whether this could be a tag in a language that puts its verb last."""
    return not line.isascii() and any(sign in line for sign in _ENDINGS)


def is_tag(line: str) -> bool:
    """Say whether a mail program signed here ("Sent from my iPhone")."""
    return len(line) <= LONGEST_TAG and _FEW_FIRST.match(line) is not None and _TAG.match(line.rstrip(" .\t\r")) is not None


def is_perhaps_tag(line: str) -> bool:
    """Say whether this would be a tag if nothing followed; in the midst of a text it may be the writer's own sentence."""
    return len(line) <= LONGEST_TAG and _PERHAPS_TAG.match(line.rstrip() + " ") is not None
