"""How the line of time says what was done to a case: titles of events, and their details in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.web import chat_words, refusal_names, words
from desk.web.case_words import next_step
from desk.web.event_names import EVENTS
from handlers.case_acts import team_name
from handlers.closing import OUTCOMES
from handlers.course.answer_points import FINDINGS
from handlers.course.assessing import QUESTIONS
from handlers.course.complainants import KINDS as COMPLAINANTS
from handlers.course.new_matter import CHOICES as NEW_MATTER
from handlers.course.order_kinds import KINDS as ORDERS
from handlers.course.remedies import KINDS as REMEDIES
from handlers.landlord import Landlord
from handlers.parties import ROLES
from handlers.people.restriction_words import KINDS as LIMITS
from handlers.people.wishes import ADJUSTMENTS

SHOWN_AS_THINGS = (
    "received",
    "reply_received",
    "note_added",
    "letter_written",
    "letter_sent",
    "letter_suppressed",
    "letter_delivered",
    "letter_read",
    "restricted_read",
    "sealed",
)
"""Events whose message, letter or note stands in the timeline itself: shown again only where the whole history is asked for."""
TOLD_APART = (
    *refusal_names.TOLD_APART,
    *("definition", "before", "after", "changed", "header_id", "template", "note", "task"),
    *("message", "adjustment", "restriction", "version", "whole_case", "messages", "case"),
)
"""Details of events that are shown elsewhere, or mean nothing to a person."""
ROW_NUMBERS = ("action", "remedy", "refusal", "order", "hazard", "became", "handover", "extension", "contribution")
"""Details which, as numbers, name rows of the store."""
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?\+00:00", re.ASCII)
NAMED: dict[str, Mapping[str, str]] = {
    **refusal_names.DETAILS,
    "outcome": OUTCOMES,
    "role": ROLES,
    "flags": {str(flag): name for flag, name in words.FLAGS.items()},
    "channel": words.CHANNELS,
    "letter": words.LETTERS,
    "reason": words.REASONS,
    "masked": {"True": "yes"},
    "kind_of": {**ADJUSTMENTS, **LIMITS},
    "choice": {code: words_.split(":")[0] for code, words_ in NEW_MATTER.items()},
    "complainant": COMPLAINANTS,
    "complexity": QUESTIONS["complexity"],
    "vulnerability": QUESTIONS["vulnerability"],
    "risk": QUESTIONS["risk"],
    "remedy_kind": REMEDIES,
    "order_kind": ORDERS,
    "late": {"True": "yes", "False": "no"},
}


CATEGORIES_IN = ("category", "from", "to")
PEOPLE_IN = ("who", "let_in", "officer", "proposed_by")
TEAMS_IN = ("team", "old", "new", "owner")


def title_of(kind: str) -> str:
    """Return an event's kind as a title."""
    return EVENTS.get(kind) or kind.replace("_", " ").capitalize()


def details_of(text: str, names: Mapping[str, str], landlord: Landlord) -> list[str]:
    """Return what an event keeps beside its reason, each thing in a few words."""
    told: dict[str, Any] = json.loads(text)
    saying = Saying(names=names, landlord=landlord)
    changes = saying.changes(told.get("before"), told.get("after"))
    return [*changes, *(f"{_label(name)}: {said}" for name, value in told.items() if (said := saying.said(name, value)))]


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """Says the details of events in this landlord's words and its people's names."""

    names: Mapping[str, str]
    landlord: Landlord

    def changes(self, before: object, after: object) -> Iterator[str]:
        """Yield what was changed, as it was and as it is."""
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            for name, old in before.items():
                if old != after.get(name):
                    now = self.value(name, after.get(name)) or "nothing"
                    yield f"{_label(name)}: {self.value(name, old) or 'nothing'}, now {now}"

    def said(self, name: str, value: object) -> str:
        """Return a detail in words, or nothing where it is told elsewhere or says nothing."""
        numbers_a_row = name in ROW_NUMBERS and isinstance(value, int)
        return "" if name in TOLD_APART or numbers_a_row or value in (None, "", 0) else self.value(name, value)

    def value(self, name: str, value: object) -> str:
        """Return a detail's value in words."""
        if name == "found" and isinstance(value, Mapping):
            return ", ".join(f"point {number} {FINDINGS.get(str(one), str(one)).lower()}" for number, one in value.items())
        if isinstance(value, Mapping):
            return ", ".join(f"{next_step(str(key)).lower()} by {_dated(str(inner))}" for key, inner in value.items())
        if isinstance(value, list):
            return ", ".join(self._one(name, str(each)) for each in value)
        return f"{value:.0%}" if name == "confidence" and isinstance(value, float) else self._one(name, str(value or ""))

    def _one(self, name: str, text: str) -> str:
        if name in PEOPLE_IN:
            return self.names.get(text, text)
        if name in TEAMS_IN:
            return self.names.get(text) or team_name(self.landlord, text)
        if name == "rule":
            return next_step(text)
        if name in CATEGORIES_IN:  # of a category, or of whom something was taken and to whom it was given
            return self.names.get(text) or words.category(text)
        return NAMED.get(name, {}).get(text) or chat_words.address(_dated(text))


def _label(name: str) -> str:
    return {"who": "Who", "let_in": "Let in", "old": "Was", "new": "Is now"}.get(name) or name.replace("_", " ").capitalize()


def _dated(text: str) -> str:
    """Return an ISO date or time as people write it, and any other text as it is."""
    if DATE.fullmatch(text):
        return words.day(date.fromisoformat(text))
    if TIME.fullmatch(text):
        return words.when(datetime.fromisoformat(text))
    return text
