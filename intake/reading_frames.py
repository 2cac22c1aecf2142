"""Turns a reading into a frame and back: whatever its fields are, and the bytes of its files beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from intake.frames import frame
from intake.message import Attachment, Inside, Reading


@cache
def _readings() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


@cache
def _insides() -> TypeAdapter[Inside]:
    return TypeAdapter(Inside)


def inside_in(told: dict[str, Any]) -> Inside:
    """Return what was seen in a file, of what was told of it."""
    return _insides().validate_python({**told, "names": tuple(told["names"]), "marks": tuple(told["marks"])})


def from_reading(reading: Reading) -> list[bytes]:
    """Return the frame of a reading."""
    bare = tuple(replace(file, content=b"") for file in reading.attachments)
    told = _readings().dump_json(replace(reading, attachments=bare))
    return frame({}, [told, *(file.content for file in reading.attachments)])


def to_reading(pieces: list[bytes]) -> Reading:
    """Return the reading of a frame's pieces."""
    bare = _readings().validate_json(pieces[0])
    files = (replace(file, content=content) for file, content in zip(bare.attachments, pieces[1:], strict=True))
    return replace(bare, attachments=tuple(files))


def told_of(file: Attachment) -> dict[str, Any]:
    """Return what is said of a file beside its bytes."""
    return {"name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256, "inline": file.inline}


def attachment_of(told: dict[str, Any], content: bytes) -> Attachment:
    """Return a file of what was said of it, and its bytes."""
    return Attachment(content=content, **told)
