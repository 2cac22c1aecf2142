"""The mail set: seeded, varied mails in fixed proportions, each with its own words, sender and Message-ID.

Of a hundred: 45 plain (2 KB), 30 HTML with plain (6 KB), 10 with a 200 KB PDF (280 KB on the wire), 15 replies to an
earlier mail of the same sender. Two of the plain ones are automatic mail. Sizes are of the whole mail on the wire.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Literal

from benchmarks import encoding, wording
from benchmarks.wording import Mixer, Person

Kind = Literal["plain", "html", "pdf", "reply", "automatic"]
SHARES: dict[Kind, float] = {"html": 0.30, "pdf": 0.10, "reply": 0.15, "automatic": 0.02}
"""The rest is plain."""
RECIPIENT = "housing@landlord.example"
PDF_BYTES = 200_000
LENGTHS: dict[Kind, int] = {"html": 1_200, "reply": 300}
"""Characters of new words where it is not 800."""
GAP = 100
"""A reply stands at least so many mails behind what it answers (fewer in small sets): nobody replies within a second."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """One mail as it goes over the wire: CRLF line ends, not dot-stuffed."""

    kind: Kind
    message_id: str
    sender: str
    recipient: str
    raw: bytes
    answers: str | None = None
    """Message-ID of the earlier mail which this one replies to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Earlier:
    person: Person
    message_id: str
    subject: str
    text: str


class MailSet:
    """``count`` mails; the same seed, count and start give the same bytes."""

    def __init__(
        self,
        count: int,
        *,
        seed: int = 1,
        start: datetime | None = None,
        corpus: Path = wording.CORPUS,
        attachments: bool = True,
    ) -> None:
        """Plan the kinds; the mails are made one by one when iterated, so that a large set takes no memory."""
        self.count = count
        self.seed = seed
        self.start = start or datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
        self._corpus = wording.load(corpus)
        self._shares = {kind: share for kind, share in SHARES.items() if attachments or kind != "pdf"}

    def __iter__(self) -> Iterator[Mail]:
        """Make the mails in order."""
        chance = random.Random(self.seed)
        mixer = Mixer(self._corpus, chance)
        earlier: list[_Earlier] = []
        gap = min(GAP, self.count // 10)
        for number, kind in enumerate(plan(self.count, gap, chance, self._shares)):
            person, parent = mixer.person(self.seed * 10_000_000 + number), None
            if kind == "reply":
                parent = earlier.pop(chance.randrange(max(1, len(earlier) - gap)))
                person = parent.person
            letter = _Letter(
                chance, mixer, person, f"{self.seed}.{number}.{chance.getrandbits(48):x}@{person.address.split('@')[1]}"
            )
            mail = letter.mail(kind, self.start + timedelta(seconds=number // 20), parent)
            if kind in ("plain", "html", "pdf"):
                earlier.append(_Earlier(person=person, message_id=mail.message_id, subject=letter.subject, text=letter.text))
            yield mail


def plan(count: int, gap: int, chance: random.Random, shares: dict[Kind, float]) -> list[Kind]:
    """Shuffle the kinds in their exact shares, with each reply behind at least ``gap`` mails it could answer."""
    kinds: list[Kind] = [kind for kind, share in shares.items() for _ in range(round(count * share))]
    kinds += ["plain"] * (count - len(kinds))
    chance.shuffle(kinds)
    first = gap + 1
    head = [kind for kind in kinds if kind not in ("reply", "automatic")][:first]
    rest = list(kinds)
    for kind in head:
        rest.remove(kind)
    chance.shuffle(rest)
    return head + _put_off(rest)


def _put_off(kinds: list[Kind]) -> list[Kind]:
    """Put off each reply until more than the gap's worth of mails (all of the head but one) can still be answered."""
    ordered: list[Kind] = []
    waiting, free = 0, 1
    for kind in kinds:
        if kind == "reply":
            waiting += 1
            continue
        ordered.append(kind)
        free += kind != "automatic"
        while waiting and free > 0:
            ordered.append("reply")
            waiting, free = waiting - 1, free - 1
    return ordered + ["reply"] * waiting


class _Letter:
    """Makes one mail: words, headers and body."""

    def __init__(self, chance: random.Random, mixer: Mixer, person: Person, message_id: str) -> None:
        self.chance, self.mixer, self.person = chance, mixer, person
        self.message_id = f"<{message_id}>"
        self.subject = ""
        self.text = ""

    def mail(self, kind: Kind, at: datetime, parent: _Earlier | None) -> Mail:
        """Return the mail of this kind, written at ``at``."""
        words = self.mixer.words(LENGTHS.get(kind, 800))
        if kind == "automatic":
            words = wording.away(words, self.chance)
        self.subject, self.text = words.subject, f"{words.text}\n\n{self.person.name}"
        body = self._body(kind, at, parent)
        headers = [*self._relays(at), *self._identity(at), *self._kind_headers(kind, parent)]
        raw = "\r\n".join(headers).encode("ascii") + b"\r\n" + body.wire
        return Mail(
            kind=kind,
            message_id=self.message_id,
            sender="" if kind == "automatic" else self.person.address,
            recipient=RECIPIENT,
            raw=raw,
            answers=parent.message_id if parent else None,
        )

    def _body(self, kind: Kind, at: datetime, parent: _Earlier | None) -> encoding.Part:
        mark = f"{self.chance.getrandbits(64):016x}"
        if parent is not None:
            self.subject = parent.subject if parent.subject.lower().startswith("re:") else f"Re: {parent.subject}"
            quoted = "\n".join(f"> {line}" for line in encoding.wrapped(parent.text).split("\n"))
            attribution = f"On {at:%a, %d %b %Y at %H:%M}, {self.person.name} wrote:"
            said = f"{encoding.wrapped(self.text)}\n\n{attribution}\n{quoted}"
            return encoding.text_part(said, "plain", self.chance)
        plain = encoding.text_part(encoding.wrapped(self.text), "plain", self.chance)
        if kind == "html":
            rich = encoding.text_part(encoding.html_of(self.text), "html", self.chance)
            return encoding.multipart("alternative", [plain, rich], mark)
        if kind == "pdf":
            return encoding.multipart("mixed", [plain, encoding.pdf_part(PDF_BYTES, f"scan {mark[:6]}.pdf", self.chance)], mark)
        return plain

    def _relays(self, at: datetime) -> list[str]:
        host = self.person.address.split("@")[1]
        hops = [("mx1.landlord.example", f"out{self.chance.randint(1, 9)}.{host}", 3), (f"out.{host}", f"smtp.{host}", 2)]
        hops.append((f"smtp.{host}", f"[192.0.2.{self.chance.randint(1, 254)}]", 1))
        lines = [
            f"Received: from {sent} ({sent})\r\n\tby {took} with ESMTPS id {self.chance.getrandbits(56):014x}\r\n"
            f"\tfor <{RECIPIENT}>; {format_datetime(at + timedelta(seconds=lag))}"
            for took, sent, lag in hops
        ]
        signed = (
            f"Authentication-Results: mx1.landlord.example; spf=pass smtp.mailfrom={host};\r\n\tdmarc=pass header.from={host}"
        )
        return [lines[0], signed, *lines[1:]]

    def _identity(self, at: datetime) -> list[str]:
        named = f"{encoding.words_in_header(self.person.name)} <{self.person.address}>"
        subject = encoding.words_in_header(self.subject)
        return [
            f"From: {named}",
            f"To: Housing Services <{RECIPIENT}>",
            f"Subject: {subject}",
            f"Date: {format_datetime(at)}",
            f"Message-ID: {self.message_id}",
            "MIME-Version: 1.0",
        ]

    def _kind_headers(self, kind: Kind, parent: _Earlier | None) -> list[str]:
        if parent is not None:
            return [f"In-Reply-To: {parent.message_id}", f"References: {parent.message_id}"]
        if kind == "automatic":
            return ["Auto-Submitted: auto-replied", "Precedence: bulk", "X-Auto-Response-Suppress: All"]
        return [f"X-Mailer: {self.chance.choice(('Post 16.0', 'iLetter 2.3', 'Quill Mobile'))}"]
