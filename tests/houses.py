"""A whole house for tests: real store, real letters, real rules; a judge of our own port where the words are not the point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import pytest

from classifiers.taxonomy import Category, Flag, Reason
from classifiers.verdict import Classifier, Text, Verdict
from desk.config import EXAMPLE, Settings, load_settings
from desk.wiring import House
from handlers.calendar import WorkingCalendar
from handlers.clock import FixedClock
from handlers.letters import LetterBook
from intake.channel import Reply, Sent
from intake.contained import ContainedReader
from intake.message import Envelope, InboundMessage

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday with no bank holiday near."""
READER = ContainedReader()
"""Starting its process takes half a second: houses share it."""
BOOKS: dict[str, LetterBook] = {}
"""Letters by the settings that they are made from."""
CALENDARS: dict[str, WorkingCalendar] = {}
"""Calendars, which never change, by the settings that they are made from."""


class Judge:
    """Judges by the first word of the text, so that a test says outright what the verdict is: ``complaint! words``.

    ``category?`` is unsure; a flag in brackets is set: ``complaint! [emergency] words``.
    """

    model = "judge-1"

    def classify(self, text: Text) -> Verdict:
        """Read the verdict off the text; anything without one is an unsure complaint."""
        head = text.text.split(maxsplit=1)[0] if text.text.strip() else ""
        sure = head.endswith("!")
        name = head.rstrip("!?") if head.rstrip("!?") in set(Category) else "complaint"
        category = Category(name)
        flags = tuple(flag for flag in Flag if f"[{flag}]" in text.text)
        return Verdict(
            category=category,
            flags=flags,
            reason=Reason.OTHER_COUNCIL_SERVICE if category is Category.OUT_OF_SCOPE else None,
            confidence=0.98 if sure else 0.5,
            scores={category: 0.98 if sure else 0.5},
            route="auto" if sure else "triage",
            why="sure" if sure else "unsure: too near a complaint",
            model=self.model,
        )


class Broken:
    """A classifier that is down."""

    model = "broken-1"

    def classify(self, text: Text) -> Verdict:
        """Fail, as a missing model file would."""
        raise OSError("model file is gone")


class Postbag:
    """A way out that keeps what it is given; ``fail`` may raise for a reply."""

    def __init__(self, fail: Callable[[Reply], None] = lambda reply: None) -> None:
        self.sent: list[Reply] = []
        self._fail = fail

    async def send(self, reply: Reply) -> Sent:
        """Take the reply, unless it is to fail."""
        self._fail(reply)
        self.sent.append(reply)
        return Sent(answer="250 taken")

    async def close(self) -> None:
        """Nothing is kept open."""


@cache
def example() -> Settings:
    """Return the example's settings, read once."""
    return load_settings(EXAMPLE)


def settings_in(folder: Path, store_url: str, **changes: object) -> Settings:
    """Return the example's settings with the store and all files in a folder."""
    tree = example().model_dump()
    tree["desk"]["spot_check_percent"] = 0.0  # a test that is about the draw asks for it: no other may depend on a lot
    tree |= {
        "store_url": store_url,
        "key_file": folder / "intake.key",
        "outgoing": {"kind": "maildir", "path": str(folder / "sent")},
    }
    return Settings(**(tree | changes))


def house_in(
    folder: Path, store_url: str, *, at: datetime = NOON, classifier: Classifier | None = None, **changes: object
) -> House:
    """Return a house that stands at a fixed time; the database must be migrated."""
    house = House(settings=settings_in(folder, store_url, **changes), clock=FixedClock(at))
    house.__dict__["classifier"] = classifier or Judge()
    house.__dict__["reader"] = READER
    days = house.settings.calendar.model_dump_json()
    house.__dict__["calendar"] = CALENDARS.get(days) or CALENDARS.setdefault(days, house.calendar)
    if house.settings.letters_dir is None:
        # Compiling and trying all letters takes a quarter of a second: houses of the same landlord share the book.
        key = house.settings.model_dump_json(include={"landlord", "routing", "teams", "offices", "services", "signposts"})
        house.__dict__["letters"] = BOOKS.get(key) or BOOKS.setdefault(key, house.letters)
    return house


@pytest.fixture
def house_of(tmp_path: Path, migrated_url: str) -> Iterator[Callable[..., House]]:
    """Yield a function which opens a house on the test's database; all are closed at the end."""
    opened: list[House] = []

    def open_house(**given: object) -> House:
        opened.append(house_in(tmp_path, migrated_url, **given))
        return opened[-1]

    yield open_house
    for house in opened:
        if "store" in house.__dict__:
            house.store.close()


def mail(
    words: str,
    *,
    sender: str = "ada@resident.example",
    subject: str = "My home",
    message_id: str | None = "auto",
    to: str = "housing@landlord.example",
    **headers: str,
) -> bytes:
    """Return an ordinary mail; ``headers`` use underscores for dashes."""
    made = EmailMessage()
    made["From"] = f"Ada Resident <{sender}>"
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = "Mon, 23 Nov 2026 11:58:00 +0000"
    if message_id == "auto":
        message_id = f"<{abs(hash((words, sender, subject))):x}@resident.example>"
    if message_id is not None:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return made.as_bytes()


def arrive(house: House, raw: bytes, *, to: str = "housing@landlord.example", sender: str = "ada@resident.example") -> int:
    """Put a mail in by SMTP at the house's present time; return the message's number."""
    now = house.clock.now()
    message = InboundMessage(
        channel="smtp",
        account="test",
        external_id=f"{now.timestamp()}-{abs(hash(raw)):x}-{to}-{len(house.__dict__.setdefault('_arrivals', []))}",
        received_at=now,
        raw=raw,
        envelope=Envelope(mail_from=sender, rcpt_to=(to,)),
    )
    house.__dict__["_arrivals"].append(message.external_id)
    return house.reception.put([message])[0].message_id


def settle(house: House) -> int:
    """Let triage settle all that waits; return how many messages it took up."""
    triage, taken = house.triage(), 0
    while count := triage.once():
        taken += count
    return taken
