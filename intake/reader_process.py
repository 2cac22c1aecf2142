"""The reader's own process: it reads what it is given and can do nothing else, and the system ends it when it takes too much.

It opens no file and no socket, for it may have no descriptor beside those three it was started with.
"""

from __future__ import annotations

import contextlib
import encodings
import importlib
import logging
import pkgutil
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from intake.frames import exactly, frame, read_frame
from intake.html_text import html_text
from intake.inspecting import inside_of
from intake.reading import read
from intake.reading_frames import attachment_of, from_reading
from intake.words_of_files import words_of

READY = {"ready": True}
_MAIL = {"ask": "read", "media_type": "message/rfc822", "received_at": "2026-01-01T00:00:00+00:00"}
_HEAD = b"From: a@b.example\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
_FIRST: tuple[tuple[dict[str, Any], bytes], ...] = (
    (_MAIL, _HEAD + b"Content-Type: image/png\r\n\r\nx"),
    (_MAIL, _HEAD + b"Content-Type: text/html\r\n\r\n<style>p{color:red}</style><p>x<blockquote>y"),
    (_MAIL, _HEAD + b"Content-Type: message/rfc822\r\n\r\n" + _HEAD),
    (_MAIL, _HEAD + b"\r\n" + "Вода капает с потолка, помогите нам".encode("cp1251")),
    ({"ask": "page"}, b"<p>x"),
)
"""What every part of the reader is tried on before it is shut in."""
_LATER = ("olefile",)
"""Modules that else are loaded when a mail needs them."""
_DESCRIPTORS = 3


def limit(memory: int) -> None:
    """Take from this process all that reading does not need; ``memory`` is in bytes of address space."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # where there are no such limits, the caller's clock holds
        import resource  # noqa: PLC0415  # not on every system

        for name, most in (("FSIZE", 0), ("CORE", 0), ("NPROC", 0), ("NOFILE", _DESCRIPTORS), ("AS", memory)):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def load_all() -> None:
    """Load what is else loaded on its first use: later nothing can be opened."""
    for module in pkgutil.iter_modules(encodings.__path__):
        with contextlib.suppress(Exception):  # some are of other systems
            importlib.import_module(f"encodings.{module.name}")
    for name in _LATER:
        importlib.import_module(name)
    for asked, content in _FIRST:
        answer(asked, [content])


def answer(asked: dict[str, Any], pieces: list[bytes]) -> list[bytes]:
    """Do what is asked: ``read`` a mail, look at a ``page``, look ``inside`` a file, or find its ``words``."""
    if asked["ask"] == "read":
        moment = asked["received_at"]
        return from_reading(read(pieces[0], asked["media_type"], datetime.fromisoformat(moment) if moment else None))
    if asked["ask"] == "page":
        page = html_text(pieces[0].decode("utf-8", "replace"))
        return frame({"text": page.text, "quoted": page.quoted, "hidden": page.hidden, "unseen": page.unseen})
    if asked["ask"] == "inside":
        return frame(asdict(inside_of(asked["name"], pieces[0])))
    found = words_of(attachment_of(asked["file"], pieces[0]))
    return frame({"text": found.text, "problem": found.problem})


def serve(take: Callable[[int], bytes], give: Callable[[list[bytes]], None], seconds: int) -> None:
    """Answer one question after the other until nobody asks any more."""
    give(frame(READY))
    while True:
        try:
            asked, pieces = read_frame(take)
        except EOFError:
            return
        # Whoever asked ends a slow reader; where they are gone themselves, the system does.
        if hasattr(signal, "alarm"):
            signal.alarm(seconds)
        found = answer(asked, pieces)
        give(found)
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        del asked, pieces, found


def main() -> None:
    """Serve on standard input and output; the arguments are bytes of memory and seconds for one answer."""
    memory, seconds = int(sys.argv[-2]), int(sys.argv[-1])
    # A house that is asked to stop still finishes what it has in hand, and ends this process by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.disable()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr

    def give(pieces: list[bytes]) -> None:
        for piece in pieces:
            target.write(piece)
        target.flush()

    load_all()
    limit(memory)
    with contextlib.suppress(BrokenPipeError):
        serve(exactly(source), give, seconds)
