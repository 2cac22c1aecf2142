"""How the desk says things: names of kinds, flags, categories and states, and dates as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from classifiers.taxonomy import TAXONOMY, Category, Flag, Reason
from desk.web import refusal_names
from handlers.clock import LONDON, london_day
from handlers.machine_reasons import language_name
from intake.loading import CHANNELS as CHANNELS_IN
from intake.loading import kinds, name_of

TASKS = {
    "triage": "Check what this is",
    "quarantine": "Could not be read",
    "possible_reply": "Possible reply",
    "confirm_definition": "Confirm the complaint",
    "undelivered_letter": "Letter not delivered",
    "unsent_letter": "Letter not sent",
    "unmatched_bounce": "Mail came back",
    "loop_stopped": "Letters stopped: a loop?",
    "spot_check": "Spot check",
    "update_due": "Update promised",
    "progress_update": "Write an update",
    "update_missed": "An update was missed",
    "deadline_near": "A date is near",
    "deadline_very_near": "A date is very near",
    "breach_cause": "Say why a date was missed",
    "extension_approval": "Agree to more time",
    "date_moved": "Tell the resident the new date",
    "office_check": "Check other offices' details",
    "service_request": "New request",
    "asb_report": "New ASB report",
    "petition": "Petition",
    "hazard_assess": "Assess a hazard",
    "hazard_stay": "Find somewhere safe to stay",
    "emergency": "Emergency",
    "safeguarding": "Safeguarding",
    "hazard": "Hazard",
    "data_protection": "Data protection complaint",
    "subject_access": "Asks for their own data",
    "information_request": "Asks for information",
    "building_safety": "Building safety",
    "stage2_request": "Asks for stage 2",
    "reply": "Reply from a resident",
    "also_service_request": "Also a request",
    "also_asb_report": "Also an ASB report",
    "also_out_of_scope": "Also something not for us",
    "stage2": "Asks for stage 2",
    "give_stage2": "Give stage 2 to somebody",
    "contribution": "Your part of an answer",
    "legal_claim": "Legal claim",
    "over_12_months": "Over 12 months old",
    "exhausted": "Already answered at stage 2",
    "anonymous": "Gives no name",
    "adjustment": "Needs an adjustment",
    "staff_conduct": "About our staff",
    "letter_by_hand": "Letter to print and carry",
    "adjustment_review": "Look at an adjustment again",
    "restriction_proposed": "Check a proposed restriction",
    "restriction_review": "Review a restriction",
    "call_resident": "Ring the resident",
    "contact_resident": "Contact the resident",
    "action_late": "Action is late",
    "action_late_still": "Action is late still",
    "remedy_approval": "Approve a remedy",
    "definition_correction": "Put the definition right",
    "definition_question": "Waits for an answer to our question",
    "new_matter": "A new matter in a complaint?",
    "representative": "Who speaks for whom?",
    "authority": "Authority was asked for",
    "group": "Several complain together",
    "ask_who": "Ask who they are",
    "same_matter": "May be the same matter",
    "file_missing": "A photo or file did not come",
    "infected_file": "Infected file",
    "wants_person": "Asks for a person",
    "route_closed": "Takes no messages any more",
    "reconciliation": "Something is missing",
}
TASKS |= refusal_names.TASKS
"""Every kind of task as the queue names it."""
ANSWERED_BY = refusal_names.ANSWERED_BY | {
    "new_matter": ("new-matter", "Decide what becomes of it"),
    "definition_correction": ("correct-definition", "Put it beside the definition"),
    "representative": ("authority", "Say who speaks for whom"),
    "authority": ("authority", "Settle it"),
    "group": ("group", "Make it a group"),
    "ask_who": ("complainant", "Say who they are"),
    "progress_update": ("progress", "Write it"),
    "update_missed": ("progress", "Write it now"),
    "breach_cause": ("missed-date", "Say why"),
    "extension_approval": ("more-time-answer", "Agree, or send it back"),
}
"""Kinds of task that an act of the case answers: its name in addresses, and what leads there."""
CATEGORIES = {str(entry.category): entry.name for entry in TAXONOMY}
SHORT: dict[str, str] = {
    Category.COMPLAINT: "Complaint",
    Category.ASB_REPORT: "ASB report",
    Category.SERVICE_REQUEST: "Service request",
    Category.OUT_OF_SCOPE: "Out of scope",
}
"""Categories where there is little room."""
SAYS_IT_ALL = (
    "emergency",
    "safeguarding",
    "hazard",
    "building_safety",
    "data_protection",
    "subject_access",
    "information_request",
    "service_request",
    "asb_report",
    "confirm_definition",
    "reply",
    "also_service_request",
    "also_asb_report",
    "also_out_of_scope",
)
"""Kinds of task of which the reason is always the same, so that the queue need not say it."""
REASONS: dict[str, str] = {
    Reason.OTHER_COUNCIL_SERVICE: "another council service",
    Reason.APPEAL_PROCESS: "has its own appeal",
    Reason.PETITION: "a petition",
    Reason.SURVEY: "answers a survey",
    Reason.NOT_OUR_HOME: "not one of our homes",
    Reason.GENERAL_FEEDBACK: "thanks or general feedback",
    Reason.NOT_FOR_US: "not for us at all",
    Reason.NO_CONTENT: "says nothing",
}
FLAGS: dict[str, str] = {
    Flag.STAGE2: "wants stage 2",
    Flag.BUILDING_SAFETY: "building safety",
    Flag.EMERGENCY: "emergency",
    Flag.DAMP_MOULD: "damp or mould",
    Flag.HAZARD: "hazard",
    Flag.SAFEGUARDING: "safeguarding",
    Flag.VULNERABLE: "vulnerable",
    Flag.ADJUSTMENT: "needs an adjustment",
    Flag.REPRESENTATIVE: "representative",
    Flag.GROUP: "several residents",
    Flag.ANONYMOUS: "anonymous",
    Flag.LEGAL_CLAIM: "legal claim",
    Flag.OVER_12_MONTHS: "over 12 months old",
    Flag.EXHAUSTED: "already answered at stage 2",
    Flag.ABUSIVE: "abusive words",
    Flag.PRIOR_REQUEST: "reported before",
    Flag.COMPENSATION: "asks for compensation",
    Flag.DISCRIMINATION: "discrimination",
    Flag.STAFF_CONDUCT: "about our staff",
}
DANGERS = (Flag.EMERGENCY, Flag.SAFEGUARDING, Flag.HAZARD, Flag.BUILDING_SAFETY)
"""Flags that are shown in red."""
STATUSES = {"triage": "waits for triage", "open": "open", "signposted": "signposted", "closed": "closed"}
NO_CHANNELS = {
    "import": "imported",
    "telephone": "telephone",
    "letter": "letter",
    "visit": "visit",
    "walkabout": "walkabout",
    "part": "part of another case",
    "ownpage": "their page of the case",
    "dm": "direct message",
}
"""Ways of coming in that are no file in ``intake/channels``."""


class ChannelNames(Mapping[str, str]):
    """What people call each way of coming in: a channel's own file says its name."""

    def __getitem__(self, kind: str) -> str:
        """Return a name, or raise ``KeyError``."""
        name = NO_CHANNELS.get(kind) or name_of(kind)
        if name is None:
            raise KeyError(kind)
        return name

    def __iter__(self) -> Iterator[str]:
        """Yield every kind that has a name."""
        yield from (*NO_CHANNELS, *kinds(CHANNELS_IN))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(list(iter(self)))


CHANNELS = ChannelNames()
WAYS = {"mail": "Email", "telephone": "Telephone", "post": "Post", "in_person": "In person"}
"""How a letter leaves."""
LETTERS = {
    "receipt": "Receipt",
    "complaint_acknowledged": "Acknowledgement of a complaint",
    "stage2_acknowledged": "Acknowledgement of stage 2",
    "service_request_logged": "Service request logged",
    "asb_report_logged": "Report of antisocial behaviour logged",
    "out_of_scope_signposted": "Signpost to another office",
    "officer_reply": "Reply by an officer",
    "extension_notice": "More time for an answer",
    "progress_update": "How a complaint stands",
    "joined_with_earlier": "Goes on under another reference",
    "matter_joined": "Added to the complaint",
    "definition_question": "A question about the complaint",
    "definition_corrected": "The complaint as it was put right",
    "part_apart": "A part goes on by itself",
    "authority_wanted": "Asks for authority to speak",
    "address_confirmation": "Whether an address is theirs",
    "restriction_notice": "How we stay in touch",
    "public_answer": "Invitation to write privately",
    "complaint_answered": "Answer to a complaint",
    "final_response": "Final response",
    "hazard_summary": "What was found about a hazard",
    "general_policy": "Handled under the general policy",
    "data_rights": "About data or information",
}
LETTERS |= refusal_names.LETTERS
"""Every kind of letter; a reply's own kind is followed by its draft's number."""


def said(names: Mapping[str, str], code: str | None) -> str:
    """Return a code in words; one that nobody has named yet is shown without its underscores."""
    return "" if code is None else names.get(code, str(code).replace("_", " "))


def day(at: datetime | date | None) -> str:
    """Return a date as people write it: "4 January 2027"; an instant's is its London date."""
    if at is None:
        return ""
    found = london_day(at) if isinstance(at, datetime) else at
    return f"{found.day} {found:%B %Y}"


def weekday(at: datetime | date | None) -> str:
    """Return a date with its day of the week, short: "Mon 4 Jan"."""
    if at is None:
        return ""
    found = london_day(at) if isinstance(at, datetime) else at
    return f"{found:%a} {found.day} {found:%b}"


def clock(at: datetime | None) -> str:
    """Return a London time: "5:30pm"."""
    if at is None:
        return ""
    local = at.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{local:%p}".lower()


def when(at: datetime | None) -> str:
    """Return a moment: "4 January 2027 at 5:30pm"."""
    return "" if at is None else f"{day(at)} at {clock(at)}"


VERY_LATE = 5
"""Days after which something is called very overdue."""


def due(at: datetime, now: datetime) -> str:
    """Return when something is due, from where we stand: "due today", "due Mon 4 Jan", "very overdue: Fri 4 Dec"."""
    local = at.astimezone(LONDON)
    time = "" if (local.hour, local.minute) == (23, 59) else f", {clock(at)}"
    late, today = (london_day(now) - london_day(at)).days, london_day(now)
    if at < now:
        return f"{'very overdue' if late > VERY_LATE else 'overdue'}: {weekday(at)}{time}"
    return f"due {'today' if london_day(at) == today else weekday(at)}{time}"


def language(code: str | None) -> str:
    """Return a language by its English name."""
    return "" if code is None else language_name(code)


def category(code: str | None) -> str:
    """Return a category in words."""
    return said(CATEGORIES, code)


CATEGORY_KEYS = {
    Category.COMPLAINT: "c",
    Category.SERVICE_REQUEST: "s",
    Category.ASB_REPORT: "b",
    Category.OUT_OF_SCOPE: "o",
}
"""The key that makes a message of this category on the review card."""

KEYS_EVERYWHERE = (("?", "this list"), ("/", "search"))
KEYS_QUEUE = (
    ("j", "next item"),
    ("k", "item before"),
    ("Enter", "open the item"),
    ("x", "tick the item, to do something with several"),
)
KEYS_REVIEW = (
    ("a", "accept what the machine said, and go to the next item"),
    ("c", "it is a complaint"),
    ("s", "it is a service request"),
    ("b", "it is a report of antisocial behaviour"),
    ("o", "it is out of scope: then a digit for where it belongs"),
    ("f", "flags: then the letter beside a flag"),
    ("t", "it also holds: then the letter of a category"),
    ("m", "take the item"),
    ("g", "open its case"),
    ("r", "read a message again that could not be read"),
    ("y", "join a possible reply to the case that it names, or the same matter to the earlier case"),
    ("p", "keep a possible reply, or what may be the same matter, as a case of its own"),
    ("n", "next item, leaving this one as it is"),
    ("u", "undo what you just did"),
)
