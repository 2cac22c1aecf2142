"""What a newcomer is told: a line that sends a first complaint, and how to call the program from where it was started."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from desk.config import Settings

WORDS = (
    "From: Ada Resident <ada@resident.example>\\r\\nTo: housing@landlord.example\\r\\nSubject: Still no heating\\r\\n\\r\\n"
    "I reported the broken boiler on 2 November and was promised a visit on the 9th. Nobody came, nobody rang, and my "
    "calls are not returned. I am unhappy with how this has been handled. Please send an engineer this week.\\r\\n"
)


def first_complaint(settings: Settings) -> str | None:
    """Return a line to paste into a terminal which sends a complaint to the SMTP door; None where there is no such door."""
    door: Any = next((channel.own() for channel in settings.channels if channel.kind == "smtp"), None)
    if door is None:
        return None
    return (
        f'python3 -c \'import smtplib; smtplib.SMTP("{door.host}", {door.port}).sendmail('
        f'"ada@resident.example", ["housing@landlord.example"], "{WORDS}")\''
    )


def called() -> str:
    """Return how this program is called here: ``.venv/bin/intake`` where ``make run`` called it so."""
    name = sys.argv[0]
    return name if Path(name).name == "intake" and not Path(name).is_absolute() else "intake"
