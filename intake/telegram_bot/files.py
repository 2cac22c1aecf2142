"""The files of a Telegram message, which stay with Telegram until they are fetched by their ids."""

from __future__ import annotations

import json
from typing import Any

from intake.chat import FileToFetch
from intake.storable import one_line

LONGEST_NAME = 200
Told = dict[str, Any]
KINDS = {
    "animation": ("video/mp4", "mp4"),
    "document": (None, None),
    "voice": ("audio/ogg", "ogg"),
    "audio": ("audio/mpeg", "mp3"),
    "video": ("video/mp4", "mp4"),
    "video_note": ("video/mp4", "mp4"),
}
"""Kinds of files with the type and the ending where the message tells neither; photos come apart, in several sizes."""


def files_of(message: Told) -> tuple[FileToFetch, ...]:
    """Return what is to be fetched; of a photo the largest size."""
    return tuple(_to_fetch(kind, told, message) for kind, told in _held(message))


def marks_of(message: Told) -> list[str]:
    """Return what tells these files from others, however often their ids change."""
    return [str(told.get("file_unique_id")) for _, told in _held(message)]


def _held(message: Told) -> list[tuple[str, Told]]:
    found = [(kind, message.get(kind)) for kind in KINDS if not (kind == "document" and "animation" in message)]
    sizes = message.get("photo")
    if isinstance(sizes, list):
        found.append(("photo", max((size for size in sizes if _is_file(size)), key=_pixels, default=None)))
    return [(kind, told) for kind, told in found if isinstance(told, dict) and _is_file(told)]


def _is_file(told: object) -> bool:
    return isinstance(told, dict) and isinstance(told.get("file_id"), str)


def _pixels(size: Told) -> int:
    return _whole(size.get("width")) * _whole(size.get("height"))


def _whole(told: object) -> int:
    return told if type(told) is int and told >= 0 else 0


def _to_fetch(kind: str, told: Told, message: Told) -> FileToFetch:
    usual, ending = KINDS.get(kind, ("image/jpeg", "jpg"))
    given, type_ = told.get("file_name"), told.get("mime_type")
    number = message.get("message_id")
    name = one_line(given, LONGEST_NAME) if isinstance(given, str) else ""
    return FileToFetch(
        reference=json.dumps({"file_id": told["file_id"]}),
        name=name or (f"{kind}-{number}.{ending}" if ending else f"{kind}-{number}"),
        type=one_line(type_, LONGEST_NAME) if isinstance(type_, str) else usual,
        size=_whole(told.get("file_size")) or None,
    )
