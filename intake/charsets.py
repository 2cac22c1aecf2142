"""Turns bytes into text whatever their label says, and says which charset was used.

The order of trust: byte order mark, ISO-2022 escapes, UTF-8 where the label claims no more than ASCII or Latin-1, the
label as browsers read it (WHATWG Encoding Standard, section 4.2), UTF-8 with a few foreign bytes, a guess from the bytes,
and Windows-1252, which takes anything. Nothing here raises.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

GUESS_FROM = 12
"""High bytes that a guess needs: with fewer, guessers see Greek and Mac everywhere."""
FEW = 0.05
"""Share of broken characters up to which a label is still believed."""
_GUESS_BYTES = 16_384

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Left: how Python names the label's codec; right: the wider charset that mail under this label is really written in.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
}
_ALIASES = {
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-sjis": "shift_jis",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "euc_kr",
    "ks_c_5601": "euc_kr",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "x-cp1252": "cp1252",
    "x-user-defined": "cp1252",
}
_CHARSETS = re.compile(
    r"(?:utf-(?:7|8|16|32)|iso8859|iso2022|cp\d|koi8|gb|hz$|big5|euc|shift|mac|tis|johab|ascii|ptcp154|kz1048|hp-roman8)"
)
_ESCAPES = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b(?:\$[@B]|\$\([@A-D]|\([BIJ])"), "iso2022_jp_ext"),
)
_LABEL = re.compile(r"[\w.:+-]+")
_MULTIBYTE = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
_BROKEN_RUN = re.compile("[\udc80-\udcff]+")
_CUT = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")
"""The first bytes of a character in UTF-8, at the very end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """Text, the charset that gave it, and whether the label had to be overruled or characters replaced."""

    text: str
    charset: str
    mended: bool = False


def decode(data: bytes, label: str | None = None) -> Decoded:
    """Decode ``data``, believing ``label`` only as far as the bytes bear it out."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _sure(data, name) or _windows(data)
    codec = codec_for(label)
    if data.isascii() and not _beyond_ascii(codec, data):
        return _escaped(data) or Decoded(text=data.decode("ascii"), charset="ascii")
    return _by_escapes_or_utf8(data, codec) or _by_label(data, codec) or _by_guess(data, codec)


def codec_for(label: str | None) -> str | None:
    """Return Python's name of the charset meant by the label, or None where it names none that text may have."""
    found = _LABEL.search(label or "")
    if found is None or not found[0].isascii():
        return None
    name = found[0].lower()
    try:
        known = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return known if _CHARSETS.match(known) else None


def _beyond_ascii(codec: str | None, data: bytes) -> bool:
    """Say whether the label names a charset in which bytes below 128 mean more than ASCII, and the bytes agree."""
    if codec is None:
        return False
    return codec.startswith(("utf-7", "iso2022", "hz")) or (codec.startswith(("utf-16", "utf-32")) and b"\x00" in data)


def _sure(data: bytes, codec: str) -> Decoded | None:
    try:
        return Decoded(text=data.decode(codec), charset=codec)
    except (UnicodeError, ValueError):
        return None


def _escaped(data: bytes) -> Decoded | None:
    if b"\x1b" not in data:
        return None
    for escape, codec in _ESCAPES:
        if escape.search(data):
            return _sure(data, codec)
    return None


def _by_escapes_or_utf8(data: bytes, codec: str | None) -> Decoded | None:
    escaped = _escaped(data)
    if escaped is not None:
        return escaped
    return _sure(data, "utf-8") if codec in (None, "ascii", "iso8859-1", "cp1252") else None


def _by_label(data: bytes, codec: str | None) -> Decoded | None:
    if codec is None or codec == "ascii":
        return None
    wider = _WIDER.get(codec, codec)
    return _sure(data, wider) or (_sure(data, codec) if wider != codec else None)


def _by_guess(data: bytes, codec: str | None) -> Decoded:
    utf8 = _sure(data, "utf-8") or _cut_utf8(data, codec) or _mostly_utf8(data)
    if utf8 is not None:
        return Decoded(text=utf8.text, charset=utf8.charset, mended=True)
    if codec not in (None, "ascii", "utf-8"):
        replaced = data.decode(_WIDER.get(codec, codec), "replace")
        if replaced.count("\ufffd") <= FEW * len(replaced):
            return Decoded(text=replaced, charset=codec, mended=True)
    return _guessed(data) or _windows(data)


def _cut_utf8(data: bytes, codec: str | None) -> Decoded | None:
    """Read UTF-8 that was cut within its last character, where the label or another character says that it is UTF-8."""
    cut = _CUT.search(data, max(len(data) - 3, 0))
    whole = _sure(data[: cut.start()], "utf-8") if cut else None
    if whole is None or (codec != "utf-8" and whole.text.isascii()):
        return None
    return Decoded(text=f"{whole.text}\ufffd", charset="utf-8", mended=True)


def _mostly_utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 with a few foreign bytes, such as a footer in Windows-1252 below a UTF-8 text."""
    text = data.decode("utf-8", "surrogateescape")
    good = len(_MULTIBYTE.findall(text))
    broken = _BROKEN_RUN.findall(text)
    if good == 0 or len(broken) > good or sum(map(len, broken)) > FEW * len(text):
        return None
    return Decoded(text=_BROKEN_RUN.sub(_foreign, text), charset="utf-8", mended=True)


def _foreign(run: re.Match[str]) -> str:
    # A lone byte is a foreign letter, such as a pound sign; several in a row are a character cut in two.
    data = run[0].encode("utf-8", "surrogateescape")
    return data.decode("cp1252", "replace") if len(data) == 1 else "\ufffd"


def _guessed(data: bytes) -> Decoded | None:
    sample = data[:_GUESS_BYTES]
    if sum(byte > 0x7F for byte in sample) < GUESS_FROM:  # noqa: PLR2004 - the last byte of ASCII
        return None
    import chardet  # noqa: PLC0415 - slow to import, and needed for one mail in a hundred

    name = chardet.detect(sample)["encoding"]
    codec = codec_for(name)
    found = _sure(data, _WIDER.get(codec, codec)) if codec else None
    return Decoded(text=found.text, charset=found.charset, mended=True) if found else None


def _windows(data: bytes) -> Decoded:
    try:
        return Decoded(text=data.decode("cp1252"), charset="cp1252", mended=True)
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; browsers read them as Latin-1 does.
        text = "".join(_one_byte(piece) for piece in re.split(rb"([\x81\x8d\x8f\x90\x9d])", data))
        return Decoded(text=text, charset="cp1252", mended=True)


def _one_byte(piece: bytes) -> str:
    return "\ufffd" if len(piece) == 1 and piece in b"\x81\x8d\x8f\x90\x9d" else piece.decode("cp1252")
