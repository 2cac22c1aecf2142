"""The words of a Telegram message: text or caption as they stand, and words for what is neither text nor a file.

Markup is left alone: entities say where text is bold or a link, and the text itself is whole without them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intake.storable import one_line, storable

LONGEST_WORD = 200
Told = dict[str, Any]


def words_of(message: Told) -> str:
    """Return all words of a message, storable; "" where there are none."""
    parts = ["[forwarded]"] if "forward_origin" in message else []
    parts += [message[key] for key in ("text", "caption") if isinstance(message.get(key), str)]
    parts += [_said(kind, told) for kind, told in _others(message)]
    return storable("\n".join(part for part in parts if part)) if parts != ["[forwarded]"] else ""


def label_of(markup: object, pressed: str) -> str:
    """Return what stood on the button with this payload; "" where the letter no longer shows it."""
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    for row in rows if isinstance(rows, list) else []:
        for button in row if isinstance(row, list) else []:
            if isinstance(button, dict) and button.get("callback_data") == pressed:
                return _short(button.get("text"))
    return ""


def _others(message: Told) -> list[tuple[str, Told]]:
    found = [(kind, message[kind]) for kind in _SAID if isinstance(message.get(kind), dict)]
    # A venue comes with its bare location beside it, which says nothing more.
    return [(kind, told) for kind, told in found if not (kind == "location" and "venue" in message)]


def _said(kind: str, told: Told) -> str:
    said = _SAID[kind](told)
    return f"[{kind}: {said}]" if said else f"[{kind}]"


def _short(told: object) -> str:
    return one_line(told, LONGEST_WORD) if isinstance(told, str) else ""


def _place(told: Told) -> str:
    where = [told.get("latitude"), told.get("longitude")]
    return ", ".join(str(number) for number in where if isinstance(number, int | float))


def _venue(told: Told) -> str:
    place = told.get("location")
    where = _place(place) if isinstance(place, dict) else ""
    return ", ".join(part for part in (_short(told.get("title")), _short(told.get("address")), where) if part)


def _contact(told: Told) -> str:
    name = " ".join(part for key in ("first_name", "last_name") if (part := _short(told.get(key))))
    return ", ".join(part for part in (name, _short(told.get("phone_number"))) if part)


def _poll(told: Told) -> str:
    options = told.get("options")
    answers = [_short(one.get("text")) for one in options if isinstance(one, dict)] if isinstance(options, list) else []
    return " / ".join(part for part in (_short(told.get("question")), *answers) if part)


def _checklist(told: Told) -> str:
    tasks = told.get("tasks")
    lines = [_short(one.get("text")) for one in tasks if isinstance(one, dict)] if isinstance(tasks, list) else []
    return " / ".join(part for part in (_short(told.get("title")), *lines) if part)


def _dice(told: Told) -> str:
    value = told.get("value")
    return " ".join(part for part in (_short(told.get("emoji")), str(value) if type(value) is int else "") if part)


_SAID: dict[str, Callable[[Told], str]] = {
    "location": _place,
    "venue": _venue,
    "contact": _contact,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
    "sticker": lambda told: _short(told.get("emoji")),
    "game": lambda told: _short(told.get("title")),
    "story": lambda _: "",
}
"""Kinds of content without text, with what is said of each."""
