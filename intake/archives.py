"""Lists what an archive holds without unpacking it, and says what is odd about it (mail rule H2).

Only a zip's directory and a tar's heads are read, both in bounds; of other archives nothing but their kind is known.
"""

from __future__ import annotations

import io
import re
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from intake.names import safe_name

MOST_ENTRIES = 1_000
MOST_RATIO = 100
"""How often larger than itself an archive may become."""
SMALL = 1_000_000
"""Bytes up to which nobody minds how well something was packed."""
LARGEST_DIRECTORY = 1_000_000
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LOOKED_BACK = 66_000
_LOCKED = 0x1
_PACKED = (b"Rar!", b"7z", b"\x1f\x8b")
_NESTED = re.compile(r"(?i)\.(?:zip|7z|rar|tar|gz|tgz|bz2|xz|zst|cab|iso|img|jar|arj|lzh|ace)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Names as they stand in the archive, how many there are, and what is odd."""

    names: tuple[str, ...] = ()
    count: int = 0
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    size: int
    packed: int
    is_locked: bool = False


def listed(content: bytes) -> Listing | None:
    """Return what an archive holds; None where it is none, ``archive_not_listed`` where nobody can say."""
    try:
        if content.startswith(b"PK"):
            return _listing(list(_zip_entries(content)), len(content))
        is_packed = content.startswith(_PACKED)
        return None if is_packed else _listing(list(_tar_entries(content)), len(content))
    except Exception:  # noqa: BLE001  # whatever is wrong with an archive, its mail is read
        return Listing(marks=("archive_not_listed",))


def _listing(entries: list[_Entry], size: int) -> Listing:
    """Return the listing of what was found; an archive inside another is named as such by its name."""
    files = [entry for entry in entries if not entry.name.endswith("/")]
    whole = sum(entry.size for entry in files)
    packed = max(min(sum(entry.packed for entry in files), size), 1)
    odd = {
        "archive_many": len(entries) > MOST_ENTRIES,
        "archive_ratio": whole > SMALL and whole > packed * MOST_RATIO,
        "archive_locked": any(entry.is_locked for entry in files),
        "archive_nested": any(_NESTED.search(entry.name) for entry in files),
    }
    names = tuple(safe_name(entry.name) or "file without a name" for entry in files[:MOST_ENTRIES])
    return Listing(names=names, count=len(files), marks=tuple(mark for mark, is_odd in odd.items() if is_odd))


def has_short_directory(content: bytes) -> bool:
    """Say whether a zip's directory is short enough to be read: the library reads all of it at once; raises where there is none."""
    at = content.rfind(_END_MARK, max(len(content) - _LOOKED_BACK, 0))
    if at < 0:
        raise zipfile.BadZipFile("no directory")
    return bool(_END.unpack_from(content, at)[5] <= LARGEST_DIRECTORY)


def _zip_entries(content: bytes) -> Iterator[_Entry]:
    """Yield the entries of a zip's directory, at most one more than are listed."""
    if not has_short_directory(content):
        yield from (_Entry("", 0, 0) for _ in range(MOST_ENTRIES + 1))
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist()[: MOST_ENTRIES + 1]:
            yield _Entry(entry.filename, entry.file_size, entry.compress_size, bool(entry.flag_bits & _LOCKED))


def _tar_entries(content: bytes) -> Iterator[_Entry]:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        for entry, _ in zip(archive, range(MOST_ENTRIES + 1), strict=False):
            yield _Entry(entry.name + ("/" if entry.isdir() else ""), entry.size, entry.size)
