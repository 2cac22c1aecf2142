"""What it means for a complaint that a letter has gone: a deadline is met, a stage acknowledged or answered.

Only a letter that left counts, whatever was decided: what is on its way, held back or lost meets no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from handlers.course import answer_sent, petitions, stage2_letters, stage2_sent
from handlers.course.refusal_sent import ON_SENT as REFUSAL_SENT
from handlers.course.time_sent import SENT as TIME_SENT
from handlers.data_rights.acting import letter_went
from handlers.data_rights.letters import LETTER as DATA_RIGHTS
from handlers.hazards.letters import SUMMARY as HAZARD_SUMMARY
from handlers.hazards.sent import summary_went
from handlers.rows import Row
from store.unit import Unit

OnSent = Callable[[Unit, int, int, datetime], list[Row]]
"""Told the unit, the case, the letter and when it went; returns the events that this makes."""
ON_SENT: dict[str, OnSent] = {
    HAZARD_SUMMARY: summary_went,
    DATA_RIGHTS: letter_went,
    stage2_letters.LETTER: stage2_sent.acknowledged,
}
"""What follows when a letter of a kind has gone."""
ON_SENT |= TIME_SENT
ON_SENT |= answer_sent.ON_SENT
ON_SENT |= REFUSAL_SENT
ON_SENT["officer_reply"] = petitions.answered
_NUMBER = re.compile(r"(?:-\d+)+$")


def kind_of(letter: str) -> str:
    """Return the kind of a letter from the name it has on its case, where a number may tell several apart."""
    return _NUMBER.sub("", letter)


def went(unit: Unit, letter: str, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Do what follows from a letter that has gone; nothing for most kinds."""
    then = ON_SENT.get(kind_of(letter))
    return then(unit, case_id, letter_id, at) if then is not None else []
