"""The states that rows may be in; a new member needs no migration, as they are kept as plain text."""

from __future__ import annotations

from enum import StrEnum


class MessageState(StrEnum):
    """How far an arrival has come."""

    WAITING = "waiting"  # durable, to be claimed by triage
    HANDLED = "handled"  # T3 is done; see disposition
    SHUNTED = "shunted"  # three attempts failed, or it cannot be read: a person's quarantine queue


class Disposition(StrEnum):
    """What an arrival came to: with quarantine and refusals these add up to all arrivals."""

    CASE = "case"
    FOLLOW_UP = "follow_up"
    DUPLICATE = "duplicate"
    REPEAT = "repeat"
    AUTOMATIC = "automatic"
    QUARANTINED = "quarantined"
    PART = "part"  # by chat: read as one with an earlier message
    ACT = "act"  # by chat: an edit, a withdrawal, a pressed button, a receipt; no message of its own


class Stage(StrEnum):
    """The two stages of a complaint; there is no other (Code 5.3)."""

    ONE = "1"
    TWO = "2"


class CaseStatus(StrEnum):
    """Where a case stands."""

    TRIAGE = "triage"  # the machine was unsure: a person decides; the clock runs
    OPEN = "open"
    SIGNPOSTED = "signposted"  # told where else to go; a reply brings it back
    CLOSED = "closed"  # by a named person only


class FileState(StrEnum):
    """What the scanner found in a file."""

    NOT_SCANNED = "not_scanned"  # never kept: no row says so
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"


class OutboxState(StrEnum):
    """How far a letter has come."""

    DUE = "due"  # to be sent at next_at; a lease in the future means that a sender holds it
    SENT = "sent"
    FAILED = "failed"  # permanently, or tried too often: a task stands beside it
    UNCERTAIN = "uncertain"  # the link broke after the last byte: a person looks
    SUPPRESSED = "suppressed"  # a rule of manners held it back; its name is in ``rule``
