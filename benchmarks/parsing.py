"""``python -m benchmarks.parsing``: mails a second and core, read and trimmed, beside the standard library in the same run.

The mails are ordinary ones of about 10 kB: plain words and html of the same, every other a reply with its quotation.
The standard library only decodes: it trims nothing and reads no html. Seconds are of the processor, the best of several.
"""

from __future__ import annotations

import base64
import email
import email.policy
import quopri
import random
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence

from intake.contained import ContainedReader
from intake.message import MAIL
from intake.mime import read_mail

NUMBER = 10
WORDS, OLD_WORDS = 540, 180
ROUNDS = 5
SECONDS = 1.0
_SAID = (
    "the kitchen wall is wet again and the boiler has been off since the weekend my son has asthma we rang and nobody came "
    "please send somebody to look at it because water runs into the socket and it was to be mended in May"
)
_WROTE = "On Mon, 16 Nov 2026 at 10:11, Housing <housing@council.example> wrote:"


def mails(seed: int = 1, number: int = NUMBER) -> list[bytes]:
    """Return the mails, the same for the same seed."""
    chance = random.Random(seed)
    return [_mail(chance, place) for place in range(number)]


def _paragraphs(chance: random.Random, words: int) -> list[str]:
    return [" ".join(chance.choices(_SAID.split(), k=60)).capitalize() + "." for _ in range(words // 60)]


def _mail(chance: random.Random, place: int) -> bytes:
    new, old = _paragraphs(chance, WORDS), _paragraphs(chance, OLD_WORDS) if place % 2 else []
    plain = "\n\n".join(textwrap.fill(each, 72) for each in new) + "\n\nKind regards\nAnn\n"
    html = "".join(f'<p style="margin:0 0 8px;font-family:Calibri">{each}</p>' for each in new) + "<p>Kind regards<br>Ann</p>"
    if old:
        plain += f"\n{_WROTE}\n" + "\n>\n".join(textwrap.indent(textwrap.fill(each, 70), "> ") for each in old) + "\n"
        inner = "".join(f"<p>{each}</p>" for each in old)
        html += f'<div class="gmail_quote"><div class="gmail_attr">{_WROTE}</div><blockquote>{inner}</blockquote></div>'
    page = f"<html><head><style>p{{margin:0}}.x{{color:#222}}</style></head><body>{html}</body></html>"
    parts = (_part("plain", plain, place), _part("html", page, place))
    return b"".join([_head(place), *(b"--b\r\n" + part + b"\r\n" for part in parts), b"--b--\r\n"])


def _head(place: int) -> bytes:
    return (
        "Received: from mail.resident.example ([192.0.2.7]) by mx.council.example with ESMTPS; Sun, 22 Nov 2026 10:00:00 +0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=resident.example; s=s1; h=from:to; bh=" + "A" * 44 + "; b=" + "B" * 300 + "\r\n"
        "MIME-Version: 1.0\r\nFrom: Ann =?utf-8?Q?M=C3=BCller?= <ann@resident.example>\r\nTo: Housing <housing@council.example>\r\n"
        f"Subject: Damp in the kitchen, again ({place})\r\nDate: Sun, 22 Nov 2026 09:59:00 +0000\r\n"
        f"Message-ID: <{place}@resident.example>\r\nReferences: <a@council.example>\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    ).encode()


def _part(kind: str, text: str, place: int) -> bytes:
    encoded, name = (base64.encodebytes, "base64") if place % 3 == 0 else (quopri.encodestring, "quoted-printable")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {name}\r\n\r\n".encode()
    return head + encoded(text.encode()).replace(b"\n", b"\r\n")


def _default(raw: bytes) -> None:
    made = email.message_from_bytes(raw, policy=email.policy.default)
    _ = made["from"], made["subject"]
    body = made.get_body(("plain", "html"))
    if body is not None:
        body.get_content()


def _compat32(raw: bytes) -> None:
    for part in email.message_from_bytes(raw).walk():
        part.get_payload(decode=True)


def rate(read: Callable[[bytes], object], raws: Sequence[bytes], clock: Callable[[], float], seconds: float = SECONDS) -> float:
    """Return how many mails a second ``read`` reads, at its best."""
    best = 0.0
    for _ in range(ROUNDS):
        count, start = 0, clock()
        while clock() - start < seconds / ROUNDS:
            for raw in raws:
                read(raw)
            count += len(raws)
        best = max(best, count / (clock() - start))
    return best


def lines(raws: Sequence[bytes], seconds: float = SECONDS) -> Iterator[str]:
    """Yield a table of all ways to read."""
    fresh, replies = raws[::2], raws[1::2]
    contained = ContainedReader()
    mean = sum(map(len, raws)) / len(raws) / 1_000
    yield f"{len(raws)} mails of {mean:.1f} kB on average, mails a second and core:\n"
    yield "| Way | All | New mails | Replies |\n|---|---|---|---|"
    ways: dict[str, tuple[Callable[[bytes], object], Callable[[], float]]] = {
        "decoded and trimmed": (read_mail, time.process_time),
        "the same in its own process (by the clock)": (lambda raw: contained.read(raw, MAIL), time.perf_counter),
        "standard library, policy.default, decoded only": (_default, time.process_time),
        "standard library, compat32, decoded only": (_compat32, time.process_time),
    }
    for name, (read, clock) in ways.items():
        rates = " | ".join(f"{rate(read, some, clock, seconds):,.0f}" for some in (raws, fresh, replies))
        yield f"| {name} | {rates} |"
    contained.close()


if __name__ == "__main__":
    for line in lines(mails()):
        sys.stdout.write(f"{line}\n")
