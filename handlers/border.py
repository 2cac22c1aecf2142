"""Which headers of a mail our own side wrote: those above the first ``Received`` of anybody else (RFC 8601 section 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handlers.headers import without_comments
from intake.message import Reading

BY = re.compile(r"\bby\s+([^\s;]+)", re.IGNORECASE)
RESULTS = "authentication-results"
LONGEST = 2_000
"""Characters of a ``Received`` that are read; its host stands near the beginning."""


def border_results(reading: Reading, border_hosts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the ``Authentication-Results`` that none but our own relays can have written, hop by hop, topmost first.

    A header is put on top of those that are there: what stands below the ``Received`` of somebody else, they or the sender
    may have written. ``border_hosts`` are names of ours, or their ends: ``.outlook.com``.
    """
    hosts = tuple(host.casefold() for host in border_hosts)
    written: list[str] = []
    for name, value in reading.trace or tuple((RESULTS, value) for value in reading.headers.get(RESULTS, ())):
        if name == RESULTS:
            written.append(value)
            continue
        yield tuple(written)
        written = []
        if not _is_ours(value, hosts):
            return
    yield tuple(written)


def _is_ours(received: str, hosts: tuple[str, ...]) -> bool:
    found = BY.search(without_comments(received[:LONGEST]))
    host = found[1].rstrip(".").casefold() if found else ""
    return any(host == ours or (ours.startswith(".") and host.endswith(ours)) for ours in hosts)
