"""What stands in a WhatsApp message: words, files to be fetched by their id, a pressed button, or words for all else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from intake.chat import FileToFetch
from intake.meta.json_values import Json, items, part, short, words

FILES = ("image", "video", "audio", "document")
Contents = tuple[str, tuple[FileToFetch, ...], str | None, tuple[str, ...]]
"""Words, files, the payload of a pressed button, problems."""


def contents(message: Json, kind: str) -> Contents:
    """Return what a message of this type says; what no one here has heard of has neither words nor files, and a problem."""
    body = part(message, kind)
    if kind in FILES and body.get("id"):
        return words(body, "caption"), (_file(body),), None, ()
    if kind in PRESSES:
        text, pressed = PRESSES[kind](body)
        return text, (), pressed, () if text or pressed else (f"unsupported:{kind}",)
    text = DESCRIBED[kind](message) if kind in DESCRIBED else ""
    return text, (), None, () if text else (f"unsupported:{kind if kind.isidentifier() else 'message'}",)


def _file(body: Json) -> FileToFetch:
    return FileToFetch(
        reference=json.dumps({"id": str(body.get("id"))}), name=short(body, "filename"), type=short(body, "mime_type")
    )


def _choice(body: Json) -> tuple[str, str | None]:
    """Read a press on a button or a row of a list of ours."""
    reply = part(body, "button_reply") or part(body, "list_reply")
    return words(reply, "title"), words(reply, "id") or None


def _button(body: Json) -> tuple[str, str | None]:
    """Read a press on a button of a template."""
    return words(body, "text"), words(body, "payload") or None


def _text(message: Json) -> str:
    return words(part(message, "text"), "body")


def _place(message: Json) -> str:
    place = part(message, "location")
    at = f"{_number(place.get('latitude'))}, {_number(place.get('longitude'))}"
    return f"[location: {', '.join(filter(None, (at, short(place, 'name'), short(place, 'address'))))}]"


def _cards(message: Json) -> str:
    cards = [card for card in items(message, "contacts") if isinstance(card, dict)]
    return "\n".join(f"[contact: {_card(card)}]" for card in cards)


def _card(card: Json) -> str:
    phones = [short(phone, "phone") for phone in items(card, "phones") if isinstance(phone, dict)]
    return ", ".join(filter(None, (short(part(card, "name"), "formatted_name"), *phones))) or "without a name"


def _order(message: Json) -> str:
    return f"[order: {words(part(message, 'order'), 'text') or 'open it in the app'}]"


def _number(value: Any) -> str:
    return str(value) if isinstance(value, (int, float)) else "?"


PRESSES: dict[str, Callable[[Json], tuple[str, str | None]]] = {"interactive": _choice, "button": _button}
DESCRIBED: dict[str, Callable[[Json], str]] = {
    "text": _text,
    "location": _place,
    "contacts": _cards,
    "sticker": lambda _message: "[sticker]",
    "order": _order,
}
