"""What becomes of a letter on its way to another service, and what bots answer to it."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

MARKS = ("Auto-Submitted", "X-Auto-Response-Suppress")
THREADING = ("X-Loop", "In-Reply-To", "References")
WORDS = ("lift", "door", "damp", "mould", "boiler", "roof", "noise", "window", "light", "drain", "stairs", "heating")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A mail under way: reverse path, recipient, content."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Passing:
    """What a gateway between two services takes out of letters, and whether it sends them on in the name of their From."""

    name: str
    stripped: tuple[str, ...] = ()
    renamed: bool = False
    one_council: bool = False
    message_id_domain: str | None = None

    def along(self, mail: Mail) -> Mail:
        """Return the letter as the gateway hands it on."""
        letter = email.message_from_bytes(mail.content, policy=email.policy.SMTP)
        for name in self.stripped:
            del letter[name]
        sender = str(letter["From"].addresses[0].addr_spec) if self.renamed else mail.sender
        return Mail(sender=sender, recipient=mail.recipient, content=letter.as_bytes() if self.stripped else mail.content)


ALL = (*MARKS, *THREADING, "Message-ID")
SHARED = "letters.north.example"
PASSED_ON = (
    Passing(name="all headers kept"),
    Passing(name="Auto-Submitted and X-Auto-Response-Suppress stripped", stripped=MARKS),
    Passing(name="the same, and sent on in the name of its From", stripped=MARKS, renamed=True),
    Passing(name="all marks, threading and Message-ID stripped, in the name of its From", stripped=ALL, renamed=True),
    Passing(name="two services of one council, all headers kept", one_council=True),
    Passing(name="the same under one Message-ID domain", one_council=True, message_id_domain=SHARED),
    Passing(
        name="the same, marks and threading stripped, in the name of its From",
        stripped=(*MARKS, *THREADING),
        renamed=True,
        one_council=True,
        message_id_domain=SHARED,
    ),
)

Says = Callable[[EmailMessage, int], tuple[str, str, bool]]
"""Returns subject and words of an answer, and whether it names our letter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A bot that answers every letter, each time from another address."""

    name: str
    says: Says

    def to(self, mail: Mail, number: int, address: str) -> Mail:
        """Return its answer, without any mark of a machine."""
        letter = email.message_from_bytes(mail.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        subject, words, threaded = self.says(letter, number)
        sender = f"bot@robots{number}.example"
        told = {"In-Reply-To": str(letter["Message-ID"])} if threaded else {}
        return Mail(sender=sender, recipient=address, content=written(sender, address, subject, words, **told))


def _spelt(number: int) -> str:
    """Return words that are others for every number, without a digit."""
    found = []
    while number:
        number, place = divmod(number, len(WORDS))
        found.append(WORDS[place])
    return " ".join(found)


def _named(letter: EmailMessage, number: int) -> tuple[str, str, bool]:
    return f"Re: {letter['Subject']}", f"We have it: {_spelt(number)}.", False


def _in_thread(_letter: EmailMessage, number: int) -> tuple[str, str, bool]:
    return f"Your {_spelt(number)}", f"We have it: {_spelt(number)}.", True


def _fixed(_letter: EmailMessage, _number: int) -> tuple[str, str, bool]:
    return "Thank you", "Thank you for your message. We will come back to you.", False


def _ticket(_letter: EmailMessage, number: int) -> tuple[str, str, bool]:
    return f"Ticket {number} received", f"Your ticket is LIFT-{number}. We answer within 3 days.", False


def _fresh(_letter: EmailMessage, number: int) -> tuple[str, str, bool]:
    return f"About the {_spelt(number)}", f"Somebody wrote about the {_spelt(number)}.", False


BOTS = (
    Answer(name="names our Message-ID, other words each time", says=_in_thread),
    Answer(name="names our reference in the subject, other words each time", says=_named),
    Answer(name="the same words each time, names nothing", says=_fixed),
    Answer(name="its own ticket number each time, names nothing", says=_ticket),
    Answer(name="other words under another subject each time, names nothing", says=_fresh),
)


def first_mail(*, sender: str, to: str) -> Mail:
    """Return the mail that begins it all."""
    words = "The lift has been out of order for three weeks and nobody answers me."
    return Mail(
        sender=sender, recipient=to, content=written(sender, to, "The lift", words, **{"Message-ID": "<first@x.example>"})
    )


def written(sender: str, to: str, subject: str, words: str, **headers: str) -> bytes:
    """Return a plain mail."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, to, subject, "Mon, 23 Nov 2026 09:00:00 +0000"
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(words)
    return mail.as_bytes()
