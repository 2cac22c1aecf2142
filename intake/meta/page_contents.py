"""What stands in a message of Messenger or Instagram: words, files to be fetched, and words for all that is neither."""

from __future__ import annotations

import json
from typing import Any

from intake.chat import FileToFetch
from intake.meta.json_values import Json, as_object, items, part, short, words

FETCHED = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/mp4", "file": None, "story_mention": None}
"""Attachments that are the resident's own files, and what they mostly are; all others are described in words."""


def contents(message: Json) -> tuple[str, tuple[FileToFetch, ...], tuple[str, ...]]:
    """Return words, files and problems."""
    said = [words(message, "text")]
    files: list[FileToFetch] = []
    problems: list[str] = []
    for attachment in items(message, "attachments"):
        _take(as_object(attachment), said, files)
    if part(message, "reply_to").get("story"):
        said.append("[in reply to a story of ours]")
    text = "\n".join(filter(None, said))
    if message.get("is_unsupported") or not (text or files):
        problems.append("unsupported:message")
    return text, tuple(files), tuple(problems)


def _take(attachment: Json, said: list[str], files: list[FileToFetch]) -> None:
    kind, payload = short(attachment, "type") or "attachment", part(attachment, "payload")
    url = words(payload, "url")
    if payload.get("sticker_id") or kind == "sticker":
        said.append("[sticker]")
    elif kind in FETCHED and url:
        name = short(payload, "title") or short(attachment, "title")
        files.append(FileToFetch(reference=json.dumps({"url": url}), name=name, type=FETCHED[kind]))
    elif kind == "location":
        said.append(_place(part(payload, "coordinates")))
    else:
        title = short(attachment, "title") or short(payload, "title")
        said.append(f"[{kind}: {' '.join(filter(None, (title, url or words(attachment, 'url')))) or 'open it in the app'}]")


def _place(coordinates: Json) -> str:
    return f"[location: {_number(coordinates.get('lat'))}, {_number(coordinates.get('long'))}]"


def _number(value: Any) -> str:
    return str(value) if isinstance(value, (int, float)) else "?"
