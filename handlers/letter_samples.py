"""Made-up cases to look at letters with: they read like real ones, and no resident's fact is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from classifiers.taxonomy import Category, Flag, Reason
from handlers.definition import Definition, Point
from handlers.landlord import Landlord
from handlers.letter_facts import LetterFacts
from handlers.letter_kinds import KINDS
from handlers.references import Reference

_DAY = date(2026, 9, 30)
_POINTS = (
    Point(words="My kitchen tap has been dripping since March.", responsibility="ours"),
    Point(words="A plumber was to come on Tuesday and nobody came.", responsibility="ours"),
)
PROOF_PAGE = "https://contact.example.gov.uk/proof/same.pfzwc3lqnrss4.mnxw45dbmn2a.1795348800.1.abcdefghijklmnop"
OWN_PAGE = "https://contact.example.gov.uk/case/page.4711.abcdefghijklmnop.1.abcdefghijklmnop"
CATEGORIES = {
    "complaint_acknowledged": Category.COMPLAINT,
    "service_request_logged": Category.SERVICE_REQUEST,
    "asb_report_logged": Category.ASB_REPORT,
    "out_of_scope_signposted": Category.OUT_OF_SCOPE,
    "handed_over": Category.SERVICE_REQUEST,
}
"""What a letter's sample case is; other letters are shown with a complaint."""


def samples(landlord: Landlord, kind: str) -> dict[str, LetterFacts]:
    """Return made-up cases to look at a letter with, by name, the ordinary one first; no resident's fact is in them."""
    plain = _sample(landlord, CATEGORIES.get(kind, Category.COMPLAINT))
    if kind in KINDS:
        own = KINDS[kind]
        return {name: replace(plain, more=more, is_automatic=own.automatic) for name, more in own.samples(landlord).items()}
    if kind == "address_confirmation":
        return {"plain": replace(plain, page=PROOF_PAGE)}
    if kind == "officer_reply":
        plain = replace(plain, is_automatic=False, category=Category.SERVICE_REQUEST, definition=None)
    found = {"plain": plain, "danger": replace(plain, flags=(Flag.EMERGENCY, Flag.SAFEGUARDING, Flag.BUILDING_SAFETY))}
    if kind == "complaint_acknowledged":
        asked = Definition(points=_POINTS, outcomes=(), question="What would you like us to do to put this right?")
        found["question"] = replace(plain, definition=asked)
        found["withheld"] = replace(plain, repeat_words=False)
    elif kind == "joined_with_earlier":
        found["stage_2"] = replace(plain, stage=2)
    elif kind == "receipt":
        found["unsure"] = replace(plain, category=None)
    elif kind == "officer_reply":
        found["complaint"] = replace(plain, category=Category.COMPLAINT)
    elif kind == "out_of_scope_signposted":
        found |= {str(reason): replace(plain, reason=reason, signpost=landlord.signposts.get(reason)) for reason in Reason}
    else:
        found["more"] = replace(plain, also=(Category.ASB_REPORT, Category.SERVICE_REQUEST))
    return found


def _sample(landlord: Landlord, category: Category) -> LetterFacts:
    service = next(iter(landlord.services.values()), landlord.council_complaints)
    points = (*_POINTS, Point(words=f"Something about {service.name} too.", responsibility="not_ours", who=service.name))
    return LetterFacts(
        reference=str(Reference(prefix=landlord.reference_prefix, year="26", body="7H2K4M")),
        received_on=_DAY,
        written_on=_DAY,
        team=landlord.team_for(category),
        category=category,
        definition=Definition(points=points, outcomes=("Please send a plumber this week.",)),
        look_by=_DAY + timedelta(days=1),
        acknowledge_by=_DAY + timedelta(days=7),
        respond_by=_DAY + timedelta(days=21),
        respond_by_if_extended=_DAY + timedelta(days=35),
        reason=Reason.OTHER_COUNCIL_SERVICE,
        signpost=service,
        page=OWN_PAGE,
        former=str(Reference(prefix=landlord.reference_prefix, year="26", body="4F7K2P")),
        officer="Sam Sample",
        subject="Your kitchen tap",
        words=(
            "Dear Alex Example,\n\nThank you for your message. We are sorry that nobody came on Tuesday.\n\n"
            "This is what happens now:\n- a plumber comes on Friday, between 8am and 1pm\n- he phones you before he comes\n"
        ),
    )
