"""Choices for networks that have no buttons: they stand under the letter as lines, and the answer comes as words."""

from __future__ import annotations

from collections.abc import Sequence

from intake.chat import Button


def with_choices(text: str, buttons: Sequence[Button]) -> str:
    """Return the text with the labels of its buttons under it."""
    if not buttons:
        return text
    labels = "\n".join(f"- {button.label}" for button in buttons)
    return f"{text.rstrip()}\n\n{labels}"
