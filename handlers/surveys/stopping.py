"""Somebody wants no more invitations to surveys: they say so in answer to one, or a person keeps it for them (policy 10.2)."""

from __future__ import annotations

import re

from handlers.case_acts import Acts, Refused, reasoned
from handlers.casework import Pages
from handlers.course.people import require_person
from handlers.people.known import key_of, person_of
from handlers.rows import MACHINE, event_row
from handlers.surveys.letter import LETTER
from handlers.understanding import Understood
from store.models import Case, OutboxEntry
from store.people_models import SurveyStop
from store.survey_rows import cases_of_person
from store.unit import Glance, Unit

STOPPED, ALLOWED = "survey_stopped", "survey_allowed"
WHY = "they asked for no more surveys"
NO_MORE = "asks for no more surveys: they are invited to none now. Read it, and see that it says nothing else"
LONGEST = 200
_ASKS = re.compile(
    r"\b(?:stop|unsubscribe|opt(?:ing)? (?:me )?out|no(?: more| further)? (?:surveys?|questionnaires?|invitations?)|no more"
    r"|(?:do not|dont|never|not) (?:want|wish|send|invite|contact|ask|interested)|remove me|take me off|leave me alone)\b"
)
_BESIDE = frozenset(
    [
        "a",
        "again",
        "all",
        "am",
        "an",
        "and",
        "any",
        "anymore",
        "anything",
        "are",
        "ask",
        "asking",
        "at",
        "be",
        "by",
        "cheers",
        "contact",
        "contacting",
        "dear",
        "do",
        "dont",
        "email",
        "emails",
        "ever",
        "fill",
        "for",
        "from",
        "further",
        "get",
        "getting",
        "good",
        "hello",
        "hi",
        "i",
        "id",
        "in",
        "interested",
        "invitation",
        "invitations",
        "invite",
        "invited",
        "inviting",
        "kind",
        "kindly",
        "later",
        "like",
        "list",
        "mailing",
        "me",
        "message",
        "messages",
        "more",
        "my",
        "never",
        "no",
        "not",
        "of",
        "off",
        "on",
        "one",
        "ones",
        "opt",
        "opting",
        "out",
        "please",
        "questionnaire",
        "questionnaires",
        "receive",
        "receiving",
        "regards",
        "remove",
        "request",
        "requests",
        "send",
        "sending",
        "sent",
        "so",
        "sorry",
        "stop",
        "such",
        "survey",
        "surveys",
        "take",
        "text",
        "texts",
        "thank",
        "thanks",
        "that",
        "the",
        "them",
        "these",
        "they",
        "this",
        "those",
        "to",
        "unsubscribe",
        "us",
        "want",
        "wish",
        "with",
        "would",
        "yes",
        "you",
        "your",
        "im",
        "leave",
        "alone",
        "morning",
        "afternoon",
        "team",
        "sir",
        "madam",
        "best",
        "many",
    ]
)
"""Words beside which nothing is said but that no more surveys are wanted."""


def says_stop(words: str | None, name: str | None = None) -> bool:
    """Say whether somebody asks for no more surveys, and says nothing beside it; their ``name`` may stand below."""
    plain = re.sub(r"['’`]", "", (words or "").lower())
    said = re.findall(r"[^\W_]+", plain)
    known = _BESIDE | set(re.findall(r"[^\W_]+", (name or "").lower()))
    return len(plain) <= LONGEST and known.issuperset(said) and _ASKS.search(" ".join(said)) is not None


def asks_to_stop(unit: Unit, case: Case, message: Understood) -> bool:
    """Say whether a message asks for nothing but no more surveys, where its resident was invited to one."""
    return says_stop(message.reading.new_text, case.resident_name) and _was_invited(unit, case)


def keep_stop(unit: Unit, case: Case, message: Understood, pages: Pages) -> None:
    """Keep the wish of such a message for its resident, once; the message itself goes its way as ever."""
    if standing(unit, case):
        return
    number = message.arrival.id
    row = {"address": key_of(case), "case_id": case.id, "message_id": number, "by": MACHINE, "at": pages.now}
    unit.insert(SurveyStop, [row])
    pages.events.append(event_row(case.id or 0, STOPPED, WHY, pages.now, MACHINE, message=number))


def standing(glance: Glance, case: Case) -> list[SurveyStop]:
    """Return what stands of the wish of a case's resident to be invited no more, by whichever address they said it."""
    return glance.find(SurveyStop, address=sorted(set(person_of(glance, case))), ended_at=None)


def settle(acts: Acts, case_id: int, by: str, wish: str, *, why: str) -> int:
    """Keep for the resident of a case that they want no more surveys (``stop``), or that they may be invited (``again``)."""
    require_person(by)
    if wish not in ("stop", "again"):
        raise Refused("Choose whether they may be invited", "wish")
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        found = standing(act.unit, act.case)
        if bool(found) is (wish == "stop"):
            raise Refused("It stands so already, and nothing was changed", "wish")
        if wish == "stop":
            act.unit.insert(SurveyStop, [{"address": key_of(act.case), "case_id": case_id, "by": by, "at": act.now}])
            act.tell(STOPPED, why)
            return act.done("Kept. They are invited to no survey any more.")
        for row in found:
            act.unit.update(SurveyStop, row.id, ended_at=act.now, ended_by=by)
        act.tell(ALLOWED, why)
        return act.done("Kept. They may be invited to surveys again.")


def _was_invited(glance: Glance, case: Case) -> bool:
    numbers = {case.id or 0, *(one.id or 0 for one in cases_of_person(glance, person_of(glance, case)))}
    return bool(glance.find(OutboxEntry, case_id=sorted(numbers), kind=LETTER))
