"""Whether an answer to our stage 1 answer says plainly that it is about something else, and whether it speaks of that answer.

Both may be so in one mail: then it is a complaint of its own, and asks for stage 2 too (Code 6.8, 6.10).
"""

from __future__ import annotations

import re

from handlers.references import find
from handlers.subjects import ANSWERS
from handlers.understanding import Understood
from store.models import Case, Message, OutboxEntry
from store.unit import Glance

MATTER = r"(?:complaints?|problems?|issues?|matters?|subjects?|grievances?|faults?|repairs?|defects?)"
NEW = re.compile(
    rf"\b(?:new|another|different|separate|unrelated)\s+(?:(?!and\b)[\w-]+\s+)?{MATTER}\b"
    r"|\b(?:about|with|is|wrong:?)\s+something\s+(?:else|new|different)\b",
    re.IGNORECASE,
)
"""What somebody says who brings something beside: "I have another problem", "this is a new complaint"."""
NOT_NEW = re.compile(
    r"\b(?:not|n['\u2019]t|no|never)\s+(?:\w+\s+){0,3}(?:a\s+|an\s+|any\s+)?(?:new|another|different|separate|unrelated)\b",
    re.IGNORECASE,
)
OF_THE_ANSWER = re.compile(
    r"\b(?:your|the|this|that)\s+(?:[\w-]+\s+){0,3}"
    r"(?:answer|response|reply|decision|findings?|letter|outcome|offer|apology|compensation|conclusions?|explanation)\b"
    r"|\b(?:disagree|(?:not|n['\u2019]t)\s+(?:agree|accept|good\s+enough)|look\s+(?:[\w-]+\s+){0,3}again|stage\s*(?:2|two)|escalate)"
    r"|\b(?:not|n['\u2019]t)\s+(?:[\w-]+\s+){0,2}(?:happy|satisfied|true|right|what\s+happened)\b|\b(?:unhappy|dissatisfied|untrue)\b",
    re.IGNORECASE,
)


def is_another(glance: Glance, case: Case, message: Understood) -> bool:
    """Tell whether words or subject say plainly that it is about something else; in doubt it is about the answer."""
    return says_another(message.reading.new_text) or _own_subject(glance, case, message)


def says_another(words: str) -> bool:
    """Tell whether words say plainly that they bring another matter."""
    return NEW.search(words) is not None and NOT_NEW.search(words) is None


def speaks_of_answer(message: Understood) -> bool:
    """Tell whether the message speaks of our answer, whatever else it brings."""
    return OF_THE_ANSWER.search(f"{message.reading.subject}\n{message.reading.new_text}") is not None


def _own_subject(glance: Glance, case: Case, message: Understood) -> bool:
    """Tell whether a mail in the case's thread has another subject line: one that nobody wrote on this case before."""
    subject = _plain(message.reading.subject)
    if not subject or ANSWERS.match(subject) or OF_THE_ANSWER.search(subject):
        return False
    if case.reference in {str(reference) for reference in find(message.reading.subject)}:
        return False
    written = [letter.subject for letter in glance.find(OutboxEntry, case_id=case.id)]
    received = [row.subject or "" for row in glance.find(Message, case_id=case.id)]
    # A mail program may put words of its own before the old subject, in any language.
    return not any(known in subject for known in map(_plain, [*written, *received]) if known)


def _plain(subject: str) -> str:
    return " ".join(subject.casefold().split())
