"""JSON lines for ``intake classify`` and ``intake score``: what comes in, what goes out, and where evidence stands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from classifiers.verdict import Span, Text, Verdict
from intake.quoting import NewText, split_reply

AT_ONCE: Final = 65_536
"""Bytes taken from standard input at most in one go; a line is judged as soon as it is whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a file: a message's fields, or the sentence that says what is wrong with it."""

    fields: dict[str, Any]
    problem: str | None = None


def read_lines(files: Iterable[Path]) -> Iterator[Line]:
    """Yield the lines of each file in turn, "-" or no file at all being standard input; blank lines are passed over."""
    for path in list(files) or [Path("-")]:
        name = "standard input" if str(path) == "-" else str(path)
        try:
            opened: AbstractContextManager[Iterable[bytes]] = _standard_input() if str(path) == "-" else path.open("rb")
        except OSError as error:
            yield Line(fields={}, problem=f"{name}: cannot be read: {error.strerror}")
            continue
        with opened as lines:
            yield from chain.from_iterable(_line(raw, f"{name}, line {at}") for at, raw in enumerate(lines, start=1))


@contextmanager
def _standard_input() -> Iterator[Iterator[bytes]]:
    """Lend the lines of standard input, which stays open as it is not ours."""
    yield _lines_of_standard_input()


def _lines_of_standard_input() -> Iterator[bytes]:
    # Read past Python's own buffer: a thread that waits in that holds a lock without which the program cannot end.
    source: Any = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
    begun = bytearray()
    while chunk := source.read(AT_ONCE):
        first, *more = chunk.split(b"\n")
        begun += first
        for line in more:
            yield bytes(begun)
            begun[:] = line
    yield bytes(begun)


def _line(raw: bytes, place: str) -> Iterator[Line]:
    if not raw.strip():
        return
    try:
        fields = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        yield Line(fields={}, problem=f"{place}: is not one JSON object in UTF-8")
        return
    yield (
        Line(fields=fields, problem=None)
        if _is_message(fields)
        else Line(fields={}, problem=f'{place}: needs a JSON object with a "text", and "subject" and "channel" as text or null')
    )


def _is_message(fields: object) -> bool:
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        return False
    return all(isinstance(fields.get(name), (str, type(None))) for name in ("subject", "channel"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked of the classifier, and how its words stand in the text that came."""

    text: Text
    whole: str
    split: NewText


def question(fields: dict[str, Any]) -> Question:
    """Leave quotes and signatures out of a line's text; what UTF-8 cannot hold becomes a question mark."""
    whole = fields["text"].encode("utf-8", "replace").decode("utf-8")
    split = split_reply(whole)
    text = Text(channel=fields.get("channel") or "email", subject=fields.get("subject"), text=split.new_text)
    return Question(text=text, whole=whole, split=split)


def verdict_line(identity: object, asked: Question, verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as the contract prints it; offsets are those of the text that came, quotes and signature included."""
    places = _places(asked)
    return {
        "id": identity,
        "category": verdict.category.value,
        "also": [one.value for one in verdict.also],
        "flags": [one.value for one in verdict.flags],
        "reason": None if verdict.reason is None else verdict.reason.value,
        "confidence": verdict.confidence,
        "scores": {category.value: score for category, score in verdict.scores.items()},
        "route": verdict.route,
        "why": verdict.why,
        "evidence": [_evidence(span, asked, places) for span in verdict.evidence],
        "language": verdict.language,
        "model": verdict.model,
    }


def _evidence(span: Span, asked: Question, places: dict[int, int] | None) -> dict[str, Any]:
    start, end, text = span.start, span.end, span.text
    if places is not None and start in places and end - 1 in places:
        start, end = places[start], places[end - 1] + 1
        text = asked.whole[start:end]
    return {"start": start, "end": end, "text": text, "for": span.speaks_for}


def _places(asked: Question) -> dict[int, int] | None:
    """Find where each visible character of the new words stands in the whole text, or None where that cannot be told."""
    new, whole = asked.text.text, asked.whole
    if new == whole:
        return None
    here = [place for place, mark in enumerate(new) if not mark.isspace()]
    ranges = (range(start, end) for start, end in asked.split.new_ranges)
    there = [place for place in chain.from_iterable(ranges) if not whole[place].isspace()]
    same = len(here) == len(there) and all(new[one] == whole[other] for one, other in zip(here, there, strict=True))
    return dict(zip(here, there, strict=True)) if same else None
