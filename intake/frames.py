"""Carries what is asked of the reader's own process and what it answers: JSON first, then the bytes of files, no pickle."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

_COUNT = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")
MOST_PIECES = 10_000
LONGEST = 500_000_000
"""Bytes of a frame: whoever says that there are more has gone mad."""


class BrokenFrame(ValueError):
    """What came is no frame: whoever wrote it is dead, or has gone mad."""


def frame(told: dict[str, Any], pieces: Sequence[bytes] = ()) -> list[bytes]:
    """Return the pieces to be written one after the other: JSON, and bytes as they are."""
    whole = [json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"), *pieces]
    head = _COUNT.pack(len(whole)) + b"".join(_LENGTH.pack(len(piece)) for piece in whole)
    return [head, *whole]


def read_frame(take: Callable[[int], bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Read one frame by ``take``, which returns exactly so many bytes or raises."""
    (count,) = _COUNT.unpack(take(_COUNT.size))
    if not 0 < count <= MOST_PIECES:
        raise BrokenFrame("too many pieces")
    lengths = [length for (length,) in _LENGTH.iter_unpack(take(_LENGTH.size * count))]
    if sum(lengths) > LONGEST:
        raise BrokenFrame("too long")
    told, *pieces = [take(length) for length in lengths]
    return json.loads(told), pieces


def exactly(stream: BinaryIO) -> Callable[[int], bytes]:
    """Return what takes exactly so many bytes of a stream; ``EOFError`` where it ends before."""

    def take(count: int) -> bytes:
        data = stream.read(count)
        if len(data) < count:
            raise EOFError
        return data

    return take
