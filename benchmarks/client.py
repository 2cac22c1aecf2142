"""The load client: a process of its own that offers a mail set by SMTP, without pipelining, and notes the times.

It prints ``{"ready": N}`` when the mails are made, waits for ``go PORT``, and prints a summary when all are answered:
``{"offered", "accepted", "first_ns", "last_ns", "failures"}``. The particulars are in its notes file, a line a mail with
tabs between: Message-ID, kind, offered, accepted (monotonic nanoseconds), reply code. It ends when its input closes.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from benchmarks import wording
from benchmarks.load import ClosedLoop, Load, Note, OpenLoop, Order, arrivals
from benchmarks.mailset import Mail, MailSet

END = b"\r\n.\r\n"


def orders(mails: MailSet) -> list[Order]:
    """Make every mail ready to write: envelope lines and dot-stuffed bytes (RFC 5321 section 4.5.2)."""
    return [order(mail) for mail in mails]


def order(mail: Mail) -> Order:
    """Make one mail ready to write."""
    wire = mail.raw.replace(b"\r\n.", b"\r\n..")
    body = "" if mail.raw.isascii() else " BODY=8BITMIME"
    return Order(
        message_id=mail.message_id,
        kind=mail.kind,
        mail_from=f"MAIL FROM:<{mail.sender}> SIZE={len(mail.raw)}{body}\r\n".encode("ascii"),
        rcpt_to=f"RCPT TO:<{mail.recipient}>\r\n".encode("ascii"),
        data=wire.removesuffix(b"\r\n") + END,
    )


async def run(load: Load, port: int) -> list[Note]:
    """Offer everything and return what became of it."""
    await load.run("127.0.0.1", port)
    return load.notes


def write_notes(notes: Sequence[Note], path: Path) -> None:
    """Keep the particulars for the reckoning."""
    lines = (f"{note.message_id}\t{note.kind}\t{note.offered_ns}\t{note.accepted_ns}\t{note.code}\n" for note in notes)
    path.write_text("".join(lines), encoding="ascii")


def read_notes(path: Path) -> list[Note]:
    """Read the particulars back."""
    rows = (line.split("\t") for line in path.read_text(encoding="ascii").splitlines())
    return [
        Note(message_id=name, kind=kind, offered_ns=int(offered), accepted_ns=int(accepted), code=int(code))
        for name, kind, offered, accepted, code in rows
    ]


def summary(notes: Sequence[Note], offered: int) -> dict[str, object]:
    """Say how many were offered and taken, when the first was offered and the last taken, and what failed."""
    taken = [note for note in notes if note.code == 250]
    return {
        "offered": offered,
        "accepted": len(taken),
        "first_ns": min((note.offered_ns for note in notes), default=0),
        "last_ns": max((note.accepted_ns for note in taken), default=0),
        "failures": Counter(str(note.code) for note in notes if note.code != 250),
    }


def main() -> None:
    """Run the client from the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--notes", type=Path, required=True)
    asked.add_argument("--messages", type=int, default=1_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--start", type=datetime.fromisoformat)
    asked.add_argument("--corpus", type=Path, default=wording.CORPUS)
    asked.add_argument("--sessions", type=int, default=20, help="connections; with --rate, the most that may be open")
    asked.add_argument("--rate", type=float, help="open loop: mails a second, whatever the server does")
    asked.add_argument("--no-attachments", action="store_true", help="plain mails in place of those with a file")
    asked.add_argument("--spacing", choices=("poisson", "fixed"), default="poisson")
    chosen = asked.parse_args()
    mails = orders(
        MailSet(
            chosen.messages, seed=chosen.seed, start=chosen.start, corpus=chosen.corpus, attachments=not chosen.no_attachments
        )
    )
    load: Load = ClosedLoop(mails, sessions=chosen.sessions)
    if chosen.rate:
        load = OpenLoop(mails, at=arrivals(len(mails), chosen.rate, chosen.spacing, chosen.seed), most=chosen.sessions)
    gc.freeze()
    print(json.dumps({"ready": len(mails)}), flush=True)
    port = int(sys.stdin.readline().split()[1])
    notes = asyncio.run(run(load, port))
    write_notes(notes, chosen.notes)
    print(json.dumps(summary(notes, len(mails))), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
