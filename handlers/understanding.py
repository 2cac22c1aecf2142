"""What one arrival says: read from its bytes, judged, and weighed by the rules of manners. No store, nothing raised."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import structlog

from classifiers.verdict import Classifier, Text, Verdict
from handlers.choices import pressed
from handlers.loops import WORDS, words_key
from handlers.manners import ANSWER_MARKS, OwnAddresses, automatic, opens_no_case, trust_of
from handlers.reply_addresses import ReplyAddresses
from handlers.senders import Senders
from handlers.subjects import own_subject
from intake.aligning import Ranges
from intake.contained import ContainedReader
from intake.identity import identity_of
from intake.message import Attachment, Envelope, Reading, Sender
from store.worklist import ATTEMPTS, ClaimedMessage

log = structlog.get_logger(__name__)

JUDGED = ("message", "edit", "public")
"""Acts by chat whose words say what somebody wants."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A claimed message: its row's facts and its bytes."""

    id: int
    channel: str
    account: str
    received_at: datetime
    media_type: str
    envelope: Envelope | None
    problem: str | None
    lease: str
    attempts: int = 1
    case_id: int | None = None
    """The case that it opened unread, where it is read again."""
    conversation: str | None = None
    act: str | None = None
    files: tuple[Attachment, ...] = ()
    """Files of a chat message that were fetched from its platform."""
    external_id: str = ""
    """What its door calls it; empty of what is remembered."""
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """An arrival with what was read from it; ``verdict`` is ``None`` where it could not be judged."""

    arrival: Arrival
    reading: Reading
    verdict: Verdict | None
    automatic: str | None
    no_case: str | None
    trust: Literal["authentic", "unknown", "failed"]
    repeat_key: str | None
    input_sha256: str
    shunted: str | None = None
    answers: tuple[int, ...] = ()
    """The cases of our own addresses to which it came: that it names them is proved, not who wrote it."""
    machine: Verdict | None = None
    """What the machine judged, where a colleague who logged the contact said otherwise and ``verdict`` is theirs."""
    file_missing: bool = False
    """By chat: whether a file that came with it is known not to be had."""
    parts: tuple[Understood, ...] = ()
    """By chat: the messages that were read as one with this, each as it stands by itself and not judged."""
    left_out: Ranges = ()
    """Where in its text words of ours stand that were taken out of the new ones (``handlers.earlier_words``)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Understanding:
    """Reads and judges arrivals with one classifier, for one landlord's addresses; mail is read by ``reader``."""

    classifier: Classifier
    own: OwnAddresses
    trusted_authservs: Sequence[str]
    reader: ContainedReader
    border_hosts: Sequence[str] = ()
    reply_addresses: ReplyAddresses | None = None
    senders: Senders = field(default_factory=Senders)

    def judged(self, found: Understood) -> Understood:
        """Judge what was read; what was judged together with others stays so."""
        return replace(found, verdict=self._judge(found.reading)) if not found.parts and self._to_judge(found) else found

    def _to_judge(self, found: Understood) -> bool:
        """Say whether there are words to judge: what is no message of its own by chat is judged by what it does."""
        chat = found.reading.chat
        foreign = chat is not None and chat.act == "press" and pressed(chat.pressed or "") is None
        return found.shunted is None and (chat is None or chat.act in JUDGED or (foreign and bool(found.reading.new_text)))

    def read(self, arrival: Arrival) -> Understood:
        """Read an arrival; whatever fails is a reason for a person to look, never an error."""
        reading = self.reader.read(arrival.body, arrival.media_type, arrival.received_at, arrival.files)
        if arrival.problem is not None or reading.unreadable:
            return self.unread(arrival, reading, arrival.problem or "; ".join(reading.problems) or "nothing could be read")
        trust, envelope = trust_of(reading, self.trusted_authservs, self.border_hosts), arrival.envelope
        if (filled_in := self.senders.of_form(reading, trust)) is not None:
            # The form is who it says; of the address that somebody typed into it nobody knows.
            reading, trust, envelope = filled_in, "unknown", None
        return Understood(
            arrival=arrival,
            reading=reading,
            verdict=None,
            automatic=automatic(reading, envelope, self.own) or self.senders.rule(reading),
            no_case=opens_no_case(reading, envelope, self.own),
            trust=trust,
            repeat_key=_repeat_key(reading),
            input_sha256=_digest(reading),
            answers=self.reply_addresses.cases(reading, arrival.envelope) if self.reply_addresses else (),
        )

    def together(self, arrivals: Sequence[Arrival]) -> Understood:
        """Understand messages that a resident wrote one right after the other as one matter, judged on all their words.

        The first stands for all of them; one that cannot be read is left to itself, so that it hides none of the others.
        """
        parts = tuple(self.read(arrival) for arrival in arrivals)
        readable = [part for part in parts if part.shunted is None]
        if not readable:
            return replace(parts[0], parts=parts)
        first, readings = readable[0], [part.reading for part in readable]
        words = "\n".join(reading.new_text for reading in readings if reading.new_text)
        files = tuple(file for reading in readings for file in reading.attachments)
        problems = tuple(dict.fromkeys(problem for reading in readings for problem in reading.problems))
        whole = replace(
            first.reading, text=words, new_text=words, new_ranges=((0, len(words)),), attachments=files, problems=problems
        )
        return replace(first, verdict=self._judge(whole), reading=whole, input_sha256=_digest(whole), parts=parts)

    def unread(self, arrival: Arrival, reading: Reading | None, why: str) -> Understood:
        """Stand in for a message that cannot be read: it waits for a person, with the sender the envelope names."""
        reading = reading if reading is not None and reading.sender.address else _from_envelope(arrival, why)
        return Understood(
            arrival=arrival,
            reading=reading,
            verdict=None,
            automatic=automatic(reading, arrival.envelope, self.own),
            no_case=None,
            trust=trust_of(reading, self.trusted_authservs, self.border_hosts),
            repeat_key=None,
            input_sha256=_digest(reading),
            shunted=why,
        )

    def _judge(self, reading: Reading) -> Verdict | None:
        subject = own_subject(reading.subject, reading.new_text) or None
        text = Text(channel=reading.channel_kind, subject=subject, text=reading.new_text)
        try:
            return self.classifier.classify(text)
        except Exception:
            # The edge of the loop: a broken classifier must leave a receipt and a place in the queue (design 2.5).
            log.exception("classifier failed", model=self.classifier.model)
            return None


def said_anew(message: Understood, reading: Reading) -> Understood:
    """Return the message, not yet judged, with other new words than it was read with."""
    return replace(message, reading=reading, repeat_key=_repeat_key(reading), input_sha256=_digest(reading))


def _from_envelope(arrival: Arrival, why: str) -> Reading:
    address = arrival.envelope.mail_from if arrival.envelope else ""
    if identity_of(address) is not None:  # nobody who writes mail is somebody of a chat
        address = ""
    return Reading(sender=Sender(address=address or None), unreadable=True, problems=(why,))


def _digest(reading: Reading) -> str:
    return hashlib.sha256(f"{reading.subject}\n{reading.new_text}".encode()).hexdigest()


def _repeat_key(reading: Reading) -> str | None:
    """Return the key of "same sender, same subject, same words" (mail rule D5); none for an empty text.

    "Please ring me" under "Kitchen leak" and under "He threatens me" are two matters: the subject is part of what is said.

    Nor is there one by chat and on pages of ours: what is said there is short and said again on purpose ("talk to a person"),
    and what comes twice by itself bears the same id.
    """
    words = " ".join(reading.new_text.split()).casefold()
    files = ",".join(sorted(attachment.sha256 for attachment in reading.attachments))
    if reading.chat is not None or not reading.sender.address or not (words or files):
        return None
    subject = " ".join(ANSWER_MARKS.sub("", reading.subject).split()).casefold()
    said = hashlib.sha256(f"{reading.sender.address.lower()}\n{subject}\n{words}\n{files}".encode()).hexdigest()
    # The words stand first, so that others who say the same are found by the same index.
    return words_key(words) + said[WORDS:]


def arrival_of(row: ClaimedMessage, lease: str, files: tuple[Attachment, ...] = ()) -> Arrival:
    """Make an arrival of a claimed row; a JSON import has no envelope.

    ``problem`` is the door's at the first attempt; later it says why the attempts before failed.
    """
    envelope = None
    if row.mail_from is not None:
        envelope = Envelope(mail_from=row.mail_from, rcpt_to=tuple(row.rcpt_to), peer=row.peer)
    return Arrival(
        id=row.id,
        channel=row.channel,
        account=row.account,
        received_at=row.received_at,
        media_type=row.media_type,
        envelope=envelope,
        problem=row.problem if row.attempts in (1, ATTEMPTS) else None,
        lease=lease,
        attempts=row.attempts,
        case_id=row.case_id,
        conversation=row.conversation,
        act=row.act,
        files=files,
        external_id=row.external_id,
        body=row.body,
    )
