"""What one party may read of one case: laid out from what is kept, in words that residents know from our letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from classifiers.taxonomy import Category
from handlers.clock import london_day
from handlers.course.refusal_letters import REFUSED, TAKEN_ON
from handlers.course.sent import kind_of
from handlers.definition import Definition
from handlers.landlord import Landlord, Team
from handlers.letter_facts import LetterFacts, ombudsmen
from handlers.letter_words import TAKEN_FOR
from handlers.letter_words import link as web_address
from handlers.resident_next import joined_steps, next_steps
from handlers.rows import definition_of
from intake.public.residents import Ask, CasePage, GoesOn, Letter, Ombudsman, Owed, Point, Status, Wrote
from store.course_models import ProgressUpdate
from store.models import Case, CaseStatus, Deadline, Disposition, Message, OutboxEntry, Party, Stage

THEIRS = ("resident", "representative")
"""Roles of those whose case it is: they see what we understood, and may ask for all that a resident may ask for."""
OWED = {
    "acknowledge_1": "Tell you what we will look into",
    "respond_1": "Send you our full answer",
    "extend_1": "Send you our full answer, at the latest",
    "acknowledge_2": "Tell you what we will look at again",
    "respond_2": "Send you our final answer",
    "extend_2": "Send you our final answer, at the latest",
    "petition": "Answer your petition",
    "hazard_emergency": "Look at the danger and make it safe",
    "hazard_investigate": "Look into the danger in your home",
    "hazard_summary": "Send you what we found",
    "hazard_make_safe": "Make your home safe",
    "hazard_begin": "Begin further work",
    "data_protection": "Tell you who deals with your complaint about your data",
    "subject_access": "Send you what we hold about you",
    "information_request": "Answer your request for information",
}
"""What we do by the date of each rule; rules that are not here are the office's own affair."""
UPDATE = "Write to you how it stands"
ANSWERS = ("respond_1", "extend_1")
IF_COMPLAINT = ("acknowledge_1", "respond_1")
SAID_ALREADY = (Disposition.PART, Disposition.DUPLICATE)
"""What stands on the page already, with the message that it was read as one with, or that came before it."""
OURS = "We are responsible."
ABOUT_REFUSALS = frozenset({REFUSED, TAKEN_ON})
STATUSES: dict[CaseStatus, Status] = {
    CaseStatus.TRIAGE: "triage",
    CaseStatus.OPEN: "open",
    CaseStatus.SIGNPOSTED: "signposted",
    CaseStatus.CLOSED: "closed",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """All that is kept of a case and is this party's own: letters that were sent to them, messages that they wrote."""

    case: Case
    party: Party
    deadlines: Sequence[Deadline]
    letters: Sequence[OutboxEntry]
    messages: Sequence[Message]
    asked_stage2: bool
    updates: Sequence[ProgressUpdate]
    """What we promised to tell them meanwhile, and have not yet."""
    trusted: bool
    """Whether the message that opened the case was not forged, as far as we know: else none of its words is repeated."""
    may_be_told: bool = True
    """Whether this party may read more of the case than what they wrote, and what was written to them (Code 3.6)."""
    goes_on: GoesOn | None = None
    """Where the case goes on, if a person joined it to another."""


def laid(kept: Kept, link: str, landlord: Landlord) -> CasePage:
    """Lay out the page; a restricted case says what its letters say, for nobody knows who else sees this screen."""
    case, guarded = kept.case, kept.case.restricted
    theirs = kept.party.role in THEIRS and kept.may_be_told and not guarded
    definition = definition_of(case.definition) if theirs and kept.trusted else None
    team = landlord.teams.get(case.team) or landlord.team_for("triage")
    return CasePage(
        link=link,
        reference=case.reference,
        party=kept.party.address,
        received_on=london_day(case.received_at),
        status="joined" if kept.goes_on else STATUSES[case.status],
        guarded=guarded,
        kind=None if guarded or case.category is None else TAKEN_FOR[Category(case.category)],
        stage=_stage(case),
        team=team.name,
        team_phone=team.phone,
        points=_points(definition),
        outcomes=definition.outcomes if definition else (),
        question=definition.question if definition else None,
        checked=case.defined_at is not None,
        dates=_dates(kept, is_complaint=case.category == Category.COMPLAINT),
        letters=tuple(_letter(letter) for letter in kept.letters),
        wrote=() if guarded else tuple(_wrote(row) for row in kept.messages if row.disposition not in SAID_ALREADY),
        next_steps=_next(kept, team.name),
        offers=_offers(kept, definition, theirs=theirs),
        asked_stage2=kept.asked_stage2,
        answer_by=_answer_by(kept.deadlines),
        goes_on=kept.goes_on,
        ombudsmen=_ombudsmen(case, definition, team, landlord),
    )


def _stage(case: Case) -> Literal[1, 2] | None:
    if case.stage is None or case.category != Category.COMPLAINT:
        return None
    return 2 if case.stage == Stage.TWO else 1


def _points(definition: Definition | None) -> tuple[Point, ...]:
    return (
        tuple(Point(words=point.words, who=_who(point.responsibility, point.who)) for point in definition.points)
        if definition
        else ()
    )


def _who(responsibility: str, who: str | None) -> str:
    if responsibility == "ours":
        return OURS
    if responsibility == "not_ours":
        return f"We think that {who} is responsible, and not our housing service. A person will check this and tell you."
    return f"We are finding out if this is for us{f' or for {who}' if who else ''}. We will tell you what we find."


def _dates(kept: Kept, *, is_complaint: bool) -> tuple[Owed, ...]:
    """Return the dates as they were stored, in order; nothing is worked out anew (promise 7)."""
    shown = sorted((row for row in kept.deadlines if row.rule in OWED), key=lambda row: (row.due_at, row.rule))
    dates = [Owed(what=_owed(row.rule, is_complaint=is_complaint), on=row.due_on, done=row.met_at is not None) for row in shown]
    return tuple(dates + [Owed(what=UPDATE, on=row.due_on, done=False) for row in kept.updates[-1:]])


def _answer_by(deadlines: Sequence[Deadline]) -> date | None:
    """Return by when the answer of stage 1 is owed; None where it was given, or was never owed."""
    owed = [row for row in deadlines if row.rule in ANSWERS]
    return max((row.due_on for row in owed), default=None) if all(row.met_at is None for row in owed) else None


def _owed(rule: str, *, is_complaint: bool) -> str:
    """Return what is owed; while nobody has said what it is, a complaint's clock runs for what may be one."""
    return OWED[rule] if is_complaint or rule not in IF_COMPLAINT else f"{OWED[rule]}, if it is a complaint"


def _letter(letter: OutboxEntry) -> Letter:
    return Letter(subject=letter.subject, text=letter.text, sent_at=letter.sent_at or letter.created_at)


def _wrote(message: Message) -> Wrote:
    return Wrote(words=message.new_text or "", at=message.received_at, files=tuple(message.attachment_names))


def _next(kept: Kept, team: str) -> tuple[str, ...]:
    if kept.goes_on:
        return joined_steps(kept.goes_on.reference)
    return next_steps(kept.case, team, refused=_refused(kept.letters))


def _refused(letters: Sequence[OutboxEntry]) -> bool:
    """Say whether the party was told of a refusal, and not since that it is looked into after all."""
    kinds = [kind_of(letter.kind) for letter in sorted(letters, key=lambda one: one.id or 0)]
    about = [kind for kind in kinds if kind in ABOUT_REFUSALS]
    return bool(about) and about[-1] == REFUSED


def _offers(kept: Kept, definition: Definition | None, *, theirs: bool) -> frozenset[Ask]:
    offers: set[Ask] = {"words", "person"}
    if kept.goes_on is not None:
        return frozenset(offers)  # what else there is to ask for, is asked for where it goes on
    if not theirs and not (kept.case.restricted and kept.party.role in THEIRS):
        return frozenset(offers)
    if kept.case.category != Category.COMPLAINT:
        return frozenset({*offers, "complaint"})
    if definition is not None:
        offers.add("definition")
    if _stage(kept.case) == 1 and not _refused(kept.letters) and not kept.asked_stage2:
        offers.add("stage2")
    return frozenset(offers)


def _ombudsmen(case: Case, definition: Definition | None, team: Team, landlord: Landlord) -> tuple[Ombudsman, ...]:
    """Return who may look at it, chosen as our letters choose (Code 3.7)."""
    day = london_day(case.received_at)
    facts = LetterFacts(reference=case.reference, received_on=day, written_on=day, team=team, definition=definition)
    return tuple(
        Ombudsman(
            name=office.name, about=advice.about, phone=office.phone, website=office.website and web_address(office.website)
        )
        for advice in ombudsmen(facts, landlord)
        for office in (advice.office,)
    )
