"""Mail bytes by hand: header lines, charsets and transfer encodings, as residents' programs write them."""

from __future__ import annotations

import base64
import html
import quopri
import random
import textwrap
from dataclasses import dataclass
from email.header import Header

WAYS = (
    ("us-ascii", "7bit"),
    ("utf-8", "8bit"),
    ("utf-8", "quoted-printable"),
    ("utf-8", "base64"),
    ("iso-8859-1", "8bit"),
    ("iso-8859-1", "quoted-printable"),
    ("iso-8859-1", "base64"),
)
"""Charset and transfer encoding together, each as common as the next."""
STYLE = (
    "<style><!-- p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; font-family:'Calibri',sans-serif;} "
    "a:link {color:#0563C1; text-decoration:underline;} .MsoChpDefault {font-size:10.0pt;} "
    "@page WordSection1 {size:612.0pt 792.0pt; margin:72.0pt 72.0pt 72.0pt 72.0pt;} div.WordSection1 {page:WordSection1;} --></style>"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One MIME part: its header lines (without the empty line) and its body, both with CRLF ends."""

    headers: bytes
    body: bytes

    @property
    def wire(self) -> bytes:
        """Return headers, empty line and body."""
        return self.headers + b"\r\n" + self.body


def text_part(text: str, subtype: str, chance: random.Random) -> Part:
    """Encode words in one of the usual ways; what a charset lacks makes it utf-8, as mail programs do."""
    charset, way = chance.choice(WAYS)
    try:
        raw = text.encode(charset)
    except UnicodeEncodeError:
        charset, way = "utf-8", way if way != "7bit" else "quoted-printable"
        raw = text.encode(charset)
    headers = f'Content-Type: text/{subtype}; charset="{charset}"\r\nContent-Transfer-Encoding: {way}\r\n'
    return Part(headers=headers.encode("ascii"), body=_transfer(raw, way))


def html_of(text: str) -> str:
    """Wrap paragraphs as a desktop mail program does, with its style sheet and spans."""
    paragraphs = "\n".join(
        f'<p class="MsoNormal"><span style="font-family:Calibri">{wrapped(html.escape(one))}</span><o:p></o:p></p>'
        for one in text.split("\n\n")
    )
    return f'<html><head>{STYLE}</head>\n<body lang="EN-GB"><div class="WordSection1">\n{paragraphs}\n</div></body></html>'


def wrapped(text: str) -> str:
    """Fold long lines at 72 characters, and leave paragraphs apart."""
    return "\n".join(textwrap.fill(line, 72) if len(line) > 72 else line for line in text.split("\n"))


def multipart(kind: str, parts: list[Part], mark: str) -> Part:
    """Join parts under a boundary made of ``mark``."""
    fence = f"=_{mark}"
    body = b"".join(f"--{fence}\r\n".encode() + part.wire + b"\r\n" for part in parts) + f"--{fence}--\r\n".encode()
    return Part(headers=f'Content-Type: multipart/{kind};\r\n\tboundary="{fence}"\r\n'.encode(), body=body)


def pdf_part(size: int, name: str, chance: random.Random) -> Part:
    """Attach a PDF-shaped file of ``size`` bytes whose content no other mail has; 37 % more on the wire."""
    content = b"%PDF-1.4\n" + chance.randbytes(size - 15) + b"\n%%EOF"
    headers = (
        f'Content-Type: application/pdf; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n'
    )
    return Part(headers=headers.encode("ascii"), body=_transfer(content, "base64"))


def words_in_header(text: str) -> str:
    """Encode a header's words by RFC 2047 where they are not plain ASCII; one line."""
    if text.isascii():
        return text
    return Header(text, "utf-8", maxlinelen=900).encode()


def _transfer(raw: bytes, way: str) -> bytes:
    if way == "base64":
        raw = base64.encodebytes(raw)
    elif way == "quoted-printable":
        raw = quopri.encodestring(raw)
    lines = raw.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    return b"\r\n".join(lines) + b"\r\n"
