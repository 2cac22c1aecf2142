"""The kinds of letter that have facts of their own; a new one is a folder of ``letters/`` and a row here."""

from __future__ import annotations

from handlers.course import answer_letters, matters_letters, promise_letters, stage2_letters
from handlers.course.refusal_letters import KINDS_OF_REFUSAL
from handlers.course.time_letters import TIME_LETTERS
from handlers.data_rights.letters import KIND as DATA_RIGHTS
from handlers.handover.letter import KIND as HANDED_OVER
from handlers.hazards.letters import KINDS as HAZARDS
from handlers.more_facts import KindOfLetter
from handlers.people.restriction_letter import KINDS_OF_RESTRICTION
from handlers.surveys.letter import KIND as SURVEY
from handlers.withdrawn_letter import KIND as WITHDRAWN

OURS: tuple[KindOfLetter, ...] = (
    stage2_letters.KIND,
    *answer_letters.KINDS,
    *promise_letters.KINDS,
    *HAZARDS,
    DATA_RIGHTS,
    *KINDS_OF_RESTRICTION,
    WITHDRAWN,
    HANDED_OVER,
    *matters_letters.KINDS,
    *KINDS_OF_REFUSAL,
    SURVEY,
)
KINDS: dict[str, KindOfLetter] = {kind.name: kind for kind in (*OURS, *TIME_LETTERS)}
"""By the name of the folder."""
