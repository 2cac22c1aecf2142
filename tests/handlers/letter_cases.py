"""Cases for the tests of letters: every kind, every reason, every flag that changes a letter, words repeated and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from classifiers.taxonomy import Category, Flag, Reason
from handlers.definition import Definition, Point
from handlers.letter_facts import LetterFacts
from handlers.letter_kinds import KINDS
from tests.handlers.landlords import COMPLAINTS, CONTACT, COUNCIL_TAX, PRIVATE_HOMES, REPAIRS, SAFER, TRIBUNAL, northmere

REFERENCE = "NMH-26-4F7K2P-9D"

MIXED = Definition(
    points=(
        Point(words="The leak under my sink has been there since March.", responsibility="ours"),
        Point(words="I got a parking ticket by mistake.", responsibility="not_ours", who="Street Parking"),
        Point(words="The council tax on my flat was never put right.", responsibility="being_clarified", who="Council Tax"),
        Point(words="Nobody answered my homelessness letter.", responsibility="ours"),
    ),
    outcomes=("Please send a plumber.", "I would like an apology."),
)
PLAIN = Definition(
    points=(Point(words="Nobody came on Tuesday.", responsibility="ours"),),
    outcomes=(),
    question="What would you like us to do to put this right?",
)

COMPLAINT = LetterFacts(
    reference=REFERENCE,
    received_on=date(2026, 12, 22),
    written_on=date(2026, 12, 22),
    team=COMPLAINTS,
    category=Category.COMPLAINT,
    definition=PLAIN,
    acknowledge_by=date(2026, 12, 31),
    respond_by=date(2027, 1, 8),
    respond_by_if_extended=date(2027, 1, 22),
)
RECEIPT = replace(
    COMPLAINT, definition=None, team=CONTACT, look_by=date(2026, 12, 23), respond_by=None, respond_by_if_extended=None
)
JOINED = replace(COMPLAINT, definition=None, acknowledge_by=None, former="NMH-26-7H2K4M-9P")
REQUEST = replace(RECEIPT, category=Category.SERVICE_REQUEST, team=REPAIRS, acknowledge_by=None)
REPORT = replace(REQUEST, category=Category.ASB_REPORT, team=SAFER)
ELSEWHERE = replace(REQUEST, category=Category.OUT_OF_SCOPE, team=CONTACT, look_by=None)
REPLY = replace(
    REQUEST,
    look_by=None,
    is_automatic=False,
    officer="Olive Officer",
    subject="Your kitchen tap",
    words=(
        "Dear Ada,\n\nThank you for your message. We are sorry that nobody came on Tuesday.\nI have looked into it.\n\n"
        "This is what we do now:\n- a plumber comes on Friday 8 January 2027 (between 8am and 1pm)\n"
        "- we check the cupboard's floor & the pipe <behind it>\n\n1. Please empty the cupboard.\n2. Please be in.\n"
    ),
)
SIGNPOSTS = {
    Reason.OTHER_COUNCIL_SERVICE: COUNCIL_TAX,
    Reason.APPEAL_PROCESS: TRIBUNAL,
    Reason.NOT_OUR_HOME: PRIVATE_HOMES,
}

PROOF_PAGE = "https://contact.example.gov.uk/proof/same.abc.def"
OWN_PAGE = "https://contact.example.gov.uk/case/page.4711.abcdefghijklmnop.1.abcdefghijklmnop"
PLAIN_CASES: dict[str, LetterFacts] = {
    "receipt": RECEIPT,
    "complaint_acknowledged": COMPLAINT,
    "service_request_logged": REQUEST,
    "asb_report_logged": REPORT,
    "out_of_scope_signposted": replace(ELSEWHERE, reason=Reason.GENERAL_FEEDBACK),
    "officer_reply": REPLY,
    "joined_with_earlier": JOINED,
    "stage2_asked": replace(RECEIPT, category=Category.COMPLAINT, team=COMPLAINTS),
    "address_confirmation": replace(RECEIPT, category=None, page=PROOF_PAGE),
}
COURSE: dict[str, dict[str, LetterFacts]] = {
    kind: {
        name: replace(COMPLAINT, officer="Olive Officer", more=more, is_automatic=own.automatic)
        for name, more in own.samples(northmere()).items()
    }
    for kind, own in KINDS.items()
}
"""The kinds that have facts of their own, each with all its samples."""
FLAG_SETS: tuple[tuple[Flag, ...], ...] = (
    (Flag.EMERGENCY,),
    (Flag.BUILDING_SAFETY, Flag.HAZARD),
    (Flag.SAFEGUARDING,),
    (Flag.EMERGENCY, Flag.SAFEGUARDING, Flag.BUILDING_SAFETY, Flag.STAGE2),
)


def cases() -> Iterator[tuple[str, str, LetterFacts]]:
    """Yield every variation as its name, the kind of letter and the facts."""
    for kind, facts in PLAIN_CASES.items():
        yield f"{kind}: plain", kind, facts
        for flags in FLAG_SETS:
            yield f"{kind}: {' '.join(flags)}", kind, replace(facts, flags=flags)
        yield f"{kind}: more in it", kind, replace(facts, also=(Category.ASB_REPORT, Category.SERVICE_REQUEST))
        yield f"{kind}: sent by a person", kind, replace(facts, is_automatic=False)
    for kind in (
        "receipt",
        "complaint_acknowledged",
        "service_request_logged",
        "asb_report_logged",
        "joined_with_earlier",
        "stage2_asked",
    ):
        yield f"{kind}: page", kind, replace(PLAIN_CASES[kind], page=OWN_PAGE)
    for kind, found in COURSE.items():
        by = "" if KINDS[kind].automatic else " sent by a person"
        for name, facts in found.items():
            yield f"{kind}{by}: {name}", kind, facts
            if KINDS[kind].either:
                yield f"{kind}: {name}, by the sweep", kind, replace(facts, is_automatic=True, officer=None)
        first = next(iter(found.values()))
        yield f"{kind}{by}: danger, page", kind, replace(first, flags=FLAG_SETS[-1], page=OWN_PAGE)
    yield "receipt: nobody knows what it is", "receipt", replace(RECEIPT, category=None)
    yield "receipt: no clock", "receipt", replace(RECEIPT, acknowledge_by=None)
    for name, definition in (("mixed", MIXED), ("plain", PLAIN)):
        for repeat in (True, False):
            yield (
                f"complaint: {name}, repeat={repeat}",
                "complaint_acknowledged",
                replace(COMPLAINT, definition=definition, repeat_words=repeat),
            )
    yield "joined: stage 2", "joined_with_earlier", replace(JOINED, stage=2)
    yield "joined: answered already", "joined_with_earlier", replace(JOINED, respond_by=None)
    yield "complaint: on the last day", "complaint_acknowledged", replace(COMPLAINT, written_on=date(2026, 12, 31))
    for stage in (1, 2):
        told = replace(REPLY, category=Category.COMPLAINT, team=COMPLAINTS, stage=stage)
        yield f"reply sent by a person: complaint at stage {stage}", "officer_reply", told
    yield "reply sent by a person: nobody knows what it is", "officer_reply", replace(REPLY, category=None)
    yield "reply sent by a person: asked to be automatic", "officer_reply", replace(REPLY, is_automatic=True)
    for reason in Reason:
        told = replace(ELSEWHERE, reason=reason, respond_by=date(2027, 1, 8) if reason is Reason.PETITION else None)
        yield f"signpost: {reason}", "out_of_scope_signposted", told
        yield (
            f"signpost: {reason}, office known",
            "out_of_scope_signposted",
            replace(told, signpost=SIGNPOSTS.get(reason, COUNCIL_TAX)),
        )
