"""Which messages of the labelled corpus a newcomer sees, and how each would have come: as mail, chat or a logged call."""

from __future__ import annotations

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from classifiers import examples as corpus
from classifiers.examples import Example, read_corpus
from classifiers.taxonomy import Category, Flag
from desk.demo_people import ACCOUNT, Invented, invented
from intake.message import JSON_LINE, Envelope, InboundMessage

CORPUS = Path(corpus.__file__).with_name("corpus")
SPAN = timedelta(days=5)
"""Over which the messages have come; the oldest are overdue, as in any office."""
SHORTEST, LONGEST = 40, 1_500
TURNS = (
    *(Category.COMPLAINT, Category.SERVICE_REQUEST, Category.ASB_REPORT, Category.COMPLAINT),
    *(Category.SERVICE_REQUEST, Category.OUT_OF_SCOPE),
)
"""Whose turn it is, again and again: about as an inbox has them."""
DANGER = {Flag.EMERGENCY, Flag.SAFEGUARDING, Flag.HAZARD}
DANGER_EACH, PHOTO_EACH, SCAN_EACH = 8, 7, 11
"""Every so manieth message is dangerous, has a photo, has a scanned page."""


def chosen(count: int) -> list[Example]:
    """Return so many messages, always the same: of every category and channel, some dangerous.

    Those held back from training come first: of them the machine is as unsure as of what residents will write.
    """
    waiting: dict[Category, list[Example]] = defaultdict(list)
    for example in sorted(_readable(), key=_lot):
        waiting[example.labels.category].append(example)
    found: list[Example] = []
    while len(found) < count and any(waiting.values()):
        turn = waiting[TURNS[len(found) % len(TURNS)]] or max(waiting.values(), key=len)
        wants_danger = len(found) % DANGER_EACH == 0
        at = next((at for at, example in enumerate(turn) if bool(example.labels.flags & DANGER) == wants_danger), 0)
        found.append(turn.pop(at))
    return found


def messages(examples: Sequence[Example], now: datetime, to: str) -> Iterator[InboundMessage]:
    """Yield the messages as they would have come in the last days, the oldest first, each from somebody else."""
    for number, example in enumerate(examples):
        at = now - SPAN * (len(examples) - number) / (len(examples) + 1)
        yield message(example, number, at, to)


def message(example: Example, number: int, at: datetime, to: str) -> InboundMessage:
    """Return one message: mail with its files, or what came by chat."""
    person = invented(number)
    told: dict[str, Any] = {"channel": "import", "account": ACCOUNT, "external_id": f"demo-{example.id}", "received_at": at}
    if example.text.channel != "email":
        line: dict[str, Any] = {
            "id": example.id,
            "channel": example.text.channel,
            "subject": example.text.subject,
            "text": example.text.text,
        }
        line |= {"sender": {"address": person.address, "name": person.name}, "received_at": at.isoformat()}
        return InboundMessage(raw=json.dumps(line).encode(), media_type=JSON_LINE, **told)
    mail = written(person, example.text.text, to=to, at=at, subject=example.text.subject or "", name=f"demo-{example.id}")
    if number % PHOTO_EACH == 0:
        mail.add_attachment(picture("Demo photo", "JPEG"), maintype="image", subtype="jpeg", filename="photo.jpg")
    if number % SCAN_EACH == 0:
        mail.add_attachment(picture("Demo page", "PDF"), maintype="application", subtype="pdf", filename="scanned letter.pdf")
    envelope = Envelope(mail_from=person.address, rcpt_to=(to,))
    return InboundMessage(raw=mail.as_bytes(), envelope=envelope, **told)


def written(person: Invented, words: str, *, to: str, at: datetime, subject: str, name: str) -> EmailMessage:
    """Return a mail of an invented person."""
    mail = EmailMessage()
    mail["From"] = f'"{person.name}" <{person.address}>'
    mail["To"] = to
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = at
    mail["Message-ID"] = f"<{name}@{person.address.partition('@')[2]}>"
    mail.set_content(words)
    return mail


def picture(words: str, kind: str) -> bytes:
    """Return a picture that says that it is none, as a photo or as a scanned page."""
    image = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    ImageDraw.Draw(image).text((30, 30), f"{words}: nothing real", fill="white", font_size=36)
    file = io.BytesIO()
    image.save(file, format=kind)
    return file.getvalue()


def _readable() -> Iterator[Example]:
    for example in read_corpus(CORPUS):
        if SHORTEST < len(example.text.text) < LONGEST and Flag.ABUSIVE not in example.labels.flags:
            yield example


def _lot(example: Example) -> tuple[bool, str]:
    return not example.held_back, hashlib.sha256(f"demo {example.id}".encode()).hexdigest()
