"""A house in a process of its own where much goes wrong, in words that quote the resident: what does it write in its log?

Run with the folder and the URL of a migrated store.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from pathlib import Path

from looking import later, send

from desk import logs
from houses import Judge, Postbag, arrive, house_in, mail

WORDS = "complaint! The nurse for my dialysis comes on Mondays."


class Quoting(Judge):
    """Fails in the very words of the mail, as a library's error may."""

    def classify(self, text):
        raise ValueError(f"cannot parse {text.text!r} in {text.subject!r}")


class Poisonous(Judge):
    """Gives a verdict that no database can hold, so that writing it down fails."""

    def classify(self, text):
        verdict = super().classify(text)
        object.__setattr__(verdict, "why", f"{text.text} \ud800")
        return verdict


def quoting(reply):
    raise RuntimeError(f"{reply.recipient} refused {reply.text}")


def main(folder, url):
    logs.set_up()
    for classifier in (Quoting(), Poisonous(), Judge()):
        house = house_in(Path(folder), url, classifier=classifier)
        raw = mail(f"{WORDS} {type(classifier).__name__}", subject="Yggdrasil", sender="zebedee@resident.example")
        arrive(house, raw.replace(b"Ada Resident", b"Zebedee"), sender="zebedee@resident.example")
        for _time in range(5):
            house.triage().once()
            house.sweep().once()
            later(house, minutes=2)
        send(house, Postbag(quoting))
        house.store.close()
    logging.getLogger("intake.somewhere").warning("the relay says: 450 <zebedee@resident.example> is busy")
    logging.getLogger("intake.somewhere").warning("as a library might say", extra={"sender": "zebedee@resident.example"})
    asyncio.run(falling())
    thread = threading.Thread(target=lambda: asyncio.run(fall()))
    thread.start()
    thread.join()
    raise UnicodeError(f"nobody caught this: {WORDS}") from KeyError(WORDS)


async def falling():
    """Leave a task's error for the loop itself to report."""
    task = asyncio.ensure_future(fall())
    await asyncio.wait([task])
    del task


async def fall():
    raise ValueError(f"nobody awaited this: {WORDS}")


if __name__ == "__main__":
    main(*sys.argv[1:])
