"""How the desk says things: names of kinds, flags, categories and states, and dates as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from classifiers.taxonomy import TAXONOMY, Category, Flag, Reason
from desk.web import refusal_names, task_words
from handlers.clock import LONDON, london_day
from handlers.machine_reasons import language_name
from intake.loading import CHANNELS as CHANNELS_IN
from intake.loading import kinds, name_of

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
TASKS = task_words.TASKS
SAYS_IT_ALL = task_words.SAYS_IT_ALL
CATEGORIES = {str(entry.category): entry.name for entry in TAXONOMY}
SHORT: dict[str, str] = {
    Category.COMPLAINT: "Complaint",
    Category.ASB_REPORT: "ASB report",
    Category.SERVICE_REQUEST: "Service request",
    Category.OUT_OF_SCOPE: "Out of scope",
}
"""Categories where there is little room."""
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
    "stage2_asked": "Taken as a request for stage 2",
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
    "restriction_ended": "A restriction is over",
    "complaint_withdrawn": "Took their complaint back",
    "handed_over": "Who has it now",
    "public_answer": "Invitation to write privately",
    "complaint_answered": "Answer to a complaint",
    "final_response": "Final response",
    "promise_changed": "A change to what was promised",
    "promise_late": "What was promised is late",
    "hazard_summary": "What was found about a hazard",
    "general_policy": "Handled under the general policy",
    "findings_shared": "What was found so far",
    "data_rights": "About data or information",
    "survey_invitation": "Invitation to a survey",
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
