"""Looks into a file that came with a message: names in an archive, who wrote an attached mail, and what in it could act."""

from __future__ import annotations

from intake.active import RUNS, marks_of
from intake.addresses import addresses
from intake.archives import listed
from intake.file_kinds import ARCHIVE, OUTLOOK, type_of
from intake.headers import SHOWN, decoded
from intake.hollowing import hollow
from intake.mending import mend
from intake.message import Inside, Sender
from intake.outlook_files import NotAMail, outlook_mail
from intake.parts import parse_hollow

SHOWN_NAMES = 100
_HEAD = 65_536
_ENDS = (b"\r\n\r\n", b"\n\n", b"\r\r")


def inside_of(name: str, content: bytes) -> Inside:
    """Return what a file holds, as far as anything is worth telling."""
    kind = type_of(content)
    marks = marks_of(name, content)
    if kind == "message/rfc822":
        return _mail(content, marks)
    if kind == OUTLOOK:
        return _outlook(content, marks)
    listing = listed(content) if kind == ARCHIVE else None
    if listing is None:
        return Inside(marks=marks)
    runs = ("program_inside",) if any(RUNS.search(each) for each in listing.names) else ()
    return Inside(names=listing.names[:SHOWN_NAMES], count=listing.count, marks=(*marks, *listing.marks, *runs))


def _mail(content: bytes, marks: tuple[str, ...]) -> Inside:
    """Return who wrote an attached mail: its header alone is read."""
    head = content[:_HEAD]
    end = min((at for mark in _ENDS if (at := head.find(mark)) >= 0), default=len(head))
    root, _ = parse_hollow(hollow(mend(head[:end] + b"\r\n\r\n").raw))
    people = [person for value in root.values_of("from") for person in addresses(value)]
    subject = decoded(root.raw("subject"))[:SHOWN]
    return Inside(sender=people[0] if people else Sender(address=None), subject=subject, marks=marks)


def _outlook(content: bytes, marks: tuple[str, ...]) -> Inside:
    try:
        mail = outlook_mail(content)
    except NotAMail:
        return Inside(marks=(*marks, "mail_not_read"))
    names = mail.files
    return Inside(sender=mail.sender, subject=mail.subject, names=names, count=len(names), marks=marks)
