"""Where there are no buttons, their labels stand under the letter as words to reply with, each once."""

from __future__ import annotations

import pytest

from intake.chat import Button
from intake.networks.choices import with_choices


@pytest.mark.parametrize(
    ("text", "labels", "whole"),
    [
        ("Hello.", [], "Hello."),
        ("Hello.\n", ["Talk to a person"], "Hello.\n\nYou can also reply with these words:\n- Talk to a person"),
        (
            "1: A new problem\nTo complain about us, reply: this is a complaint.",
            ["A new problem", "This is a complaint", "Talk to a person"],
            (
                "1: A new problem\nTo complain about us, reply: this is a complaint.\n\n"
                "You can also reply with these words:\n- Talk to a person"
            ),
        ),
        ("1: A new problem", ["A new problem"], "1: A new problem"),
    ],
)
def test_only_what_the_letter_does_not_say_is_added(text, labels, whole):
    buttons = [Button(label=label, payload=f"{number}") for number, label in enumerate(labels)]
    assert with_choices(text, buttons) == whole
