"""How the page of a case's file says the rows of its sections: headings, names instead of user names, codes in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.commands.output import said
from desk.web.case_names import NOT_PEOPLE
from desk.web.hazard_words import LEVELS
from desk.web.refusal_words import ground_in_words
from handlers.case_acts import team_name
from handlers.course.answer_points import FINDINGS
from handlers.course.breaches import CAUSES
from handlers.course.groups import PERMISSIONS
from handlers.course.money import pounds
from handlers.course.order_kinds import KINDS as ORDERS
from handlers.course.order_kinds import offices
from handlers.course.remedies import KINDS as REMEDIES
from handlers.course.representatives import KINDS as SPEAKS
from handlers.handover.news import STATUSES
from handlers.hazards.building_words import LIMBS
from handlers.hazards.catalogue import hazards
from handlers.landlord import Landlord
from handlers.people.restriction_words import KINDS as LIMITS
from handlers.people.wishes import ADJUSTMENTS

TITLES = {
    "adjustments": "Adjustments that were agreed with the resident",
    "restrictions": "Restrictions on how they may be in touch",
    "authorities": "Who speaks for the resident, and by what authority",
    "group": "The group that complains together",
    "hazards": "Hazards in the home",
    "duty_calls": "Calls to the duty officer",
    "building_safety": "Safety of the building",
    "hand_overs": "Handed over to those who do the work, and what they said",
    "stages": "Stages",
    "who_worked_at_which_stage": "Who worked at which stage",
    "contributors": "Colleagues who were asked for a part of the answer",
    "answers": "Answers, point by point",
    "actions": "Actions that were promised",
    "remedies": "Remedies",
    "extensions": "More time for an answer",
    "updates": "Updates that were promised",
    "breaches": "Dates that were missed, and why",
    "refusals": "Refusals, proposed or made",
    "discretion": "Whether it was too old to be looked into",
    "orders": "What an ombudsman told us",
    "notes": "Notes of the office",
}
PEOPLE = ("by", "username", "owner", "agreed_with")
"""Columns that name somebody; so do all that end in ``_by``."""
UNSAID = (
    "id",
    "case_id",
    "lease",
    "key",
    "token",
    "next_at",
    "reasons_key",
    "task_id",
    "deadline_id",
    "warned_at",
    "raised_at",
)
"""Columns that tell a reader nothing: what the program itself keeps a row by. They stand in case.json."""
LABELS = {
    "pence": "amount",
    "message_id": "asked by message",
    "letter_id": "told by letter",
    "every_days": "days between updates",
    "taken_on": "looked into all the same",
    "clocks": "clocks of the law",
    "equality": "Equality Act 2010",
    "declared": "declared interests",
    "account": "how the resident could give their side",
    "agreed": "agreed with the resident",
    "agreed_how": "when and how it was agreed, or why not",
    "findings": "points that its letter answered",
    "username": "who",
    "at": "when",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of the page: its heading, and of each row its labels with what stands there, in lines."""

    title: str
    rows: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sections:
    """Says rows in this landlord's words and with its people's names."""

    names: Mapping[str, str]
    landlord: Landlord

    def of(self, course: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Section]:
        """Return a section of each table that has a row."""
        return [
            Section(title=TITLES[name], rows=tuple(tuple(self._row(name, row)) for row in rows))
            for name, rows in course.items()
            if rows
        ]

    def called(self, username: str) -> str:
        """Return a colleague's name with the user name that case.json has; what is no colleague as it is."""
        name = self.names.get(username)
        return f"{name} ({username})" if name and name != username and username not in NOT_PEOPLE else name or username

    def _row(self, section: str, row: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, value in row.items():
            if value not in (None, "", [], {}) and name not in UNSAID:
                yield LABELS.get(name, name.replace("_", " ")), tuple(self._lines(section, name, value))

    def _lines(self, section: str, name: str, value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            told = (
                f"{key.replace('_', ' ')}: {self._one(section, key, each)}"
                for key, each in value.items()
                if each and key != "number"  # its place in the list says it
            )
            yield "; ".join(told)
        elif isinstance(value, (list, tuple)) and any(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value, 1):
                yield f"{number}. {next(self._lines(section, name, each))}"
        elif isinstance(value, (list, tuple)):
            yield from (self._one(section, name, each) for each in value)
        else:
            yield self._one(section, name, value)

    def _one(self, section: str, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if name == "pence":
            return pounds(value)
        if isinstance(value, str):
            return self._word(section, name, value)
        return said(value)

    def _word(self, section: str, name: str, text: str) -> str:
        if name in PEOPLE or name.endswith("_by"):
            return team_name(self.landlord, text) if text in self.landlord.teams else self.called(text)
        if name == "ground":
            return ground_in_words(text)
        if name == "office":
            return getattr(offices(self.landlord).get(text), "name", text)
        words = CODES.get((section, name), {}).get(text)
        return words or (text.replace("_", " ") if name in ("kind", "state", "status", "way", "rule") else text)


CODES: dict[tuple[str, str], Mapping[str, str]] = {
    ("adjustments", "kind"): ADJUSTMENTS,
    ("restrictions", "kind"): LIMITS,
    ("authorities", "kind"): SPEAKS,
    ("group", "permission"): PERMISSIONS,
    ("hazards", "kind"): {kind: row.name for kind, row in hazards().items()},
    ("hazards", "level"): LEVELS,
    ("building_safety", "limb"): LIMBS,
    ("hand_overs", "status"): STATUSES,
    ("answers", "finding"): FINDINGS,
    ("extensions", "finding"): FINDINGS,
    ("remedies", "kind"): REMEDIES,
    ("breaches", "cause_kind"): CAUSES,
    ("orders", "kind"): ORDERS,
}
