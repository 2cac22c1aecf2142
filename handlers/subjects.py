"""Subject words by which machines give themselves away; by themselves they decide nothing (mail rule A13)."""

from __future__ import annotations

import re
from typing import Literal

from handlers.references import find

SubjectWord = Literal["away", "undelivered", "receipt", "calendar"]

END = r"\s*(?:[:\-\u2013\u2014]|$)"
# The words must stand first and alone: "Out of office hours nobody answers" is a resident speaking.
WORDS: tuple[tuple[SubjectWord, re.Pattern[str]], ...] = (
    (
        "away",
        re.compile(
            r"\s*(?:automatic reply|automatic response|auto[- ]?reply|auto[- ]?response|out of (?:the )?office"
            r"(?: auto[- ]?reply| reply| message| notification)?|automatische antwort|abwesenheitsnotiz"
            r"|r[ée]ponse automatique|respuesta autom[áa]tica|resposta autom[áa]tica|risposta automatica"
            r"|automatyczna odpowied[zź]|odpowied[zź] automatyczna|r[ăa]spuns automat|automatisch antwoord|autosvar)" + END,
            re.IGNORECASE,
        ),
    ),
    (
        "undelivered",
        re.compile(
            r"\s*(?:undeliverable|undelivered mail returned to sender|returned mail|mail delivery (?:failed|failure|system)"
            r"|delivery status notification(?: \(\w+\))?|delivery failure|failure notice|message delivery failure)" + END,
            re.IGNORECASE,
        ),
    ),
    ("receipt", re.compile(r"\s*(?:read|not read|read receipt|delivered|relayed)\s*:", re.IGNORECASE)),
    ("calendar", re.compile(r"\s*(?:accepted|declined|tentative|tentatively accepted|new time proposed)\s*:", re.IGNORECASE)),
)

AWAY = re.compile(
    r"\s*(?:(?:i am|i'm|currently|on|away|from|my|mail|home|the|office|annual|sick|maternity|paternity|parental|holiday|holidays"
    r"|vacation|leave|absent|absence)\b[\s:,.!-]*){1,8}(?:(?:until|till|to|back|returning)\b[^.:;!?]{0,40})?$",
    re.IGNORECASE,
)
ABSENT = re.compile(r"\b(?:away|holidays?|vacation|leave|absent|absence)\b", re.IGNORECASE)


ANSWERS = re.compile(r"\s*(?:re|aw|antw|sv|odp|r)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
"""What mail programs put before the subject of the mail that is answered."""
SAYS_SOMETHING = 3
"""Words of a mail from which on its subject is not needed to know what it is about."""


def says_away(subject: str) -> bool:
    """Say whether a subject tells of an absence and of nothing else, as notes of older systems do."""
    return AWAY.match(subject) is not None and ABSENT.search(subject) is not None


def own_subject(subject: str, words: str) -> str:
    """Return a subject as far as it is its writer's: one that answers a letter of ours repeats our words and is nobody's else.

    "Re: Your stage 1 complaint ..." asks for no stage. A mail that says next to nothing beside it keeps it.
    """
    repeats_ours = ANSWERS.match(subject) is not None and bool(find(subject))
    return "" if repeats_ours and len(words.split()) >= SAYS_SOMETHING else subject


def subject_word(subject: str) -> SubjectWord | None:
    """Return what kind of automatic mail the subject's first words speak of, if any."""
    return next((word for word, pattern in WORDS if pattern.match(subject)), None)
