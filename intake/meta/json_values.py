"""Takes values out of JSON that somebody else wrote: of the right type, or a ``ValueError`` that quotes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from intake.storable import one_line, storable

Json = Mapping[str, Any]
T = TypeVar("T")
LONGEST_ID = 400
LONGEST_NAME = 200
GREATEST_SIZE = 2**31 - 1
_ID = re.compile(r"[!-~]+")


def as_object(value: object) -> Json:
    """Return a JSON object; refuse anything else."""
    if not isinstance(value, dict):
        raise ValueError("a JSON object was expected")  # noqa: TRY004 - what is wrong is the value, not our call
    return value


def part(parent: Json, key: str) -> Json:
    """Return the object under a key, or an empty one where there is none."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def items(parent: Json, key: str) -> list[Any]:
    """Return the list under a key, empty where there is none; refuse what is there and is no list."""
    value = parent.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError("a JSON list was expected")  # noqa: TRY004 - as above
    return value


def lists_of(parent: Json, keys: Iterable[str]) -> tuple[list[tuple[str, Any]], list[str]]:
    """Return what stands in the lists under these keys, and the keys under which there is something that is no list."""
    broken = [key for key in keys if parent.get(key) is not None and not isinstance(parent[key], list)]
    return [(key, each) for key in keys if key not in broken for each in items(parent, key)], broken


def only(values: list[T]) -> T:
    """Return the one value of a list; refuse several, of which all but one would be passed over."""
    if len(values) != 1:
        raise ValueError("exactly one value was expected")
    return values[0]


def name_of(value: object) -> str:
    """Return an id as text: one word of printable ASCII, for ids become names for ever; refuse others."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if len(text) > LONGEST_ID or _ID.fullmatch(text) is None:
        raise ValueError("an id was expected")
    return text


def words(parent: Json, key: str) -> str:
    """Return the text under a key, storable; empty where there is none."""
    value = parent.get(key)
    return storable(value) if isinstance(value, str) else ""


def short(parent: Json, key: str) -> str | None:
    """Return a name or title under a key as one short line, or None."""
    value = parent.get(key)
    return (one_line(value, LONGEST_NAME) or None) if isinstance(value, str) else None


def size(parent: Json, key: str) -> int | None:
    """Return how large something says it is, in bytes, within what a database column holds."""
    value = parent.get(key)
    return min(value, GREATEST_SIZE) if isinstance(value, int) and value >= 0 else None


def instant(value: object, per_second: int = 1) -> datetime | None:
    """Return a Unix time, in seconds or in parts of them, as an instant; None where it is none."""
    try:
        return datetime.fromtimestamp(int(value) / per_second, UTC)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def load(raw: bytes) -> Json:
    """Return the JSON object that these bytes are, or raise ``ValueError``."""
    try:
        return as_object(json.loads(raw, parse_int=_whole))
    except RecursionError as error:
        raise ValueError("JSON that is nested too deep") from error


def _whole(digits: str) -> int | str:
    """Read a number; one beyond all bounds stays text, or it would make the whole batch unreadable."""
    return int(digits) if len(digits) <= LONGEST_ID else digits


def dump(value: Json) -> bytes:
    """Return JSON in plain ASCII, so that even half a character survives being kept."""
    return json.dumps(value, separators=(",", ":")).encode()
