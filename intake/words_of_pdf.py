"""Reads a PDF from standard input and writes its words to standard output: a program of its own, run by ``words_of_files``.

A PDF can be made to take hours or all memory, so it is read where the system ends whoever takes too much.
"""

from __future__ import annotations

import contextlib
import io
import logging
import sys

PAGES = 100
CHARACTERS = 200_000
SECONDS = 10
MEMORY = 1_000_000_000
"""Bytes of address space: Python and the library take about a fifth."""
LOCKED, BROKEN = 3, 4
"""Exit codes: a password is needed; it is no PDF that can be read."""


def limit() -> None:
    """Have the system end this process when it takes more than its share, or writes to a file."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # where there are no such limits, the caller's clock holds
        import resource  # noqa: PLC0415  # not on every system

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def words(content: bytes) -> tuple[str, int]:
    """Return the text of the first pages, and an exit code."""
    from pypdf import PdfReader  # noqa: PLC0415  # after the limits

    logging.disable()
    found: list[str] = []
    size = 0
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return "", LOCKED
        for page in reader.pages[:PAGES]:
            found.append(page.extract_text())
            size += len(found[-1])
            if size > CHARACTERS:
                break
    except Exception:  # noqa: BLE001  # the edge of the program: what was read before the fault is kept
        return "\n".join(found), BROKEN
    return "\n".join(found), 0


def main() -> int:
    """Read, write, and return the exit code."""
    limit()
    text, code = words(sys.stdin.buffer.read())
    sys.stdout.buffer.write(text[:CHARACTERS].encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
