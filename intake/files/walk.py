"""Finds the files that hold messages, and says what kind each is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

Kind = Literal["mail", "mbox", "jsonl"]
Complain = Callable[[str], None]
_BY_ENDING: dict[str, Kind] = {".eml": "mail", ".mbox": "mbox", ".mbx": "mbox", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def files(paths: Iterable[Path], complain: Complain) -> Iterator[tuple[Path, Kind]]:
    """Yield every file of messages below these paths, in the order of their names, with its kind.

    A file that is named itself is taken whatever its ending; inside a folder only what is known is. What cannot be
    read is told to ``complain`` in one sentence, and the rest goes on.
    """
    for path in paths:
        try:
            yield from _below(path)
        except OSError as error:
            complain(f"{path} cannot be read: {error.strerror}")


def _below(path: Path) -> Iterator[tuple[Path, Kind]]:
    if not path.is_dir():
        yield path, _BY_ENDING.get(path.suffix.lower()) or _guess(path)
    elif is_maildir(path):
        for part in ("new", "cur"):
            yield from ((file, "mail") for file in sorted((path / part).iterdir()) if file.is_file())
        # Maildir++ keeps its folders beside, with a dot in front.
        for folder in sorted(path.glob(".*")):
            if is_maildir(folder):
                yield from _below(folder)
    else:
        for inner in sorted(path.iterdir()):
            if inner.name.startswith("."):
                continue
            if inner.is_dir():
                yield from _below(inner)
            elif inner.suffix.lower() in _BY_ENDING:
                yield inner, _BY_ENDING[inner.suffix.lower()]


def is_maildir(path: Path) -> bool:
    """Return whether this folder is a Maildir."""
    return (path / "new").is_dir() and (path / "cur").is_dir()


def _guess(path: Path) -> Kind:
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(b"From "):
        return "mbox"
    return "jsonl" if start.lstrip().startswith(b"{") else "mail"
