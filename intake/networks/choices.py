"""Choices for networks that have no buttons: they stand under the letter as lines, and the answer comes as words."""

from __future__ import annotations

from collections.abc import Sequence

from intake.chat import Button


def with_choices(text: str, buttons: Sequence[Button]) -> str:
    """Return the text with the labels of its buttons under it; what it says already is not said again."""
    said = text.casefold()
    labels = [f"- {button.label}" for button in buttons if button.label.casefold() not in said]
    return "\n".join([f"{text.rstrip()}\n", "You can also reply with these words:", *labels]) if labels else text
