"""The letter that says a data protection complaint or a request for information is here, who has it, and by when (s.164A)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.landlord import Landlord
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More

LETTER = "data_rights"
TITLES = {
    "data_protection": "Your complaint about your data",
    "subject_access": "You asked for what we hold about you",
    "information_request": "You asked us for information",
}
WORDS = {
    "data_protection": "We have your complaint about how we use what we know about you.",
    "subject_access": "You asked to see what we hold about you. We have your request.",
    "information_request": "You asked us for information that we hold. We have your request.",
}
TASKS = {
    "data_protection": "a complaint about the use of personal data: acknowledge it, look into it, tell the outcome (s.164A)",
    "subject_access": "asks for their own data: answer within a month (UK GDPR Article 15)",
    "information_request": "asks for information: answer within 20 working days (FOI Act 2000, EIR 2004)",
}
"""Why each is a task for a person."""
IDENTITY = (
    "We may have to ask you who you are. This is to keep your data safe. If you only want some of it, please tell us what."
)
PLAIN = "If you can, tell us what you need most. Then we can send that first."


@dataclass(frozen=True, kw_only=True, slots=True)
class DataRights(More):
    """``promise`` is what happens by when; ``beside`` says that the message holds other matters too, which go on."""

    about_title: str
    about_words: str
    office_name: str
    promise: str
    ask_what_for: str | None = None
    beside: bool = True

    def must_say(self) -> tuple[str, ...]:
        """Return what is owed: that it is here, who has it, and what happens by when."""
        return (self.about_words, self.office_name, self.promise, "Information Commissioner")


def letter_of(kind: str, office: str, due_on: date, *, beside: bool = True) -> DataRights:
    """Return what the letter says of one kind; a data protection complaint has no day of answer in law, only no delay."""
    promise = (
        "We will look into it without delay. Then we will tell you what we found."
        if kind == "data_protection"
        else f"We will answer you by {day(due_on)}."
    )
    asks = {"subject_access": IDENTITY, "information_request": PLAIN}
    return DataRights(
        about_title=TITLES[kind],
        about_words=WORDS[kind],
        office_name=f"The {office}",
        promise=promise,
        ask_what_for=asks.get(kind),
        beside=beside,
    )


def _samples(landlord: Landlord) -> Mapping[str, More]:
    office, due_on = landlord.team_for("triage").name, date(2027, 1, 21)
    return {kind: letter_of(kind, office, due_on, beside=kind != "subject_access") for kind in TITLES}


KIND = KindOfLetter(name=LETTER, samples=_samples)
