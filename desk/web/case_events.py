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

EVENTS = {
    "received": "A message came in",
    "judged": "Judged by the machine",
    "logged_as_complaint": "Logged as a complaint",
    "recategorised": "Category changed",
    "awaits_triage": "Left for a person to check",
    "opened": "Case opened",
    "noted": "Noted",
    "also_arrived": "Came again by another way",
    "repeated": "Sent again",
    "reply_received": "A reply came in",
    "automatic_mail": "Automatic mail came in",
    "contact_logged": "A contact was logged",
    "letter_written": "Letter written",
    "letter_sent": "Letter sent",
    "letter_suppressed": "Letter held back",
    "letter_delayed": "Letter not yet delivered",
    "letter_failed": "Letter could not be delivered",
    "letter_uncertain": "Letter may not have arrived",
    "letter_late": "Letter is late",
    "definition_changed": "Definition corrected",
    "definition_confirmed": "Definition confirmed",
    "note_added": "Note added",
    "update_promised": "Update promised",
    "update_set": "An update is owed",
    "update_written": "Update written",
    "update_sent": "Update sent",
    "update_missed": "An update was missed",
    "warned": "A date is near",
    "deadline_missed": "A date was missed",
    "breach_explained": "Why a date was missed",
    "extended": "More time taken",
    "extension_proposed": "More time asked for",
    "extension_sent_back": "More time not agreed",
    "extension_lapsed": "More time not agreed in time",
    "extension_told": "More time told in time",
    "extension_told_late": "More time told too late",
    "deadline_moved": "A date was counted anew",
    "team_changed": "Given to another team",
    "closed": "Case closed",
    "reopened": "Case opened again",
    "party_added": "Person added",
    "party_changed": "Person's details changed",
    "party_removed": "Person taken out",
    "resident_corrected": "Resident's details changed",
    "linked": "Linked with another case",
    "unlinked": "No longer linked",
    "restricted": "Case restricted",
    "restriction_lifted": "Restriction lifted",
    "let_in": "Somebody let in",
    "put_out": "Case closed to somebody",
    "barred": "Named as never to be given it",
    "unbarred": "May be given it again",
    "restricted_read": "Restricted case opened",
    "undone": "Undone",
    "assigned": "Given to somebody",
    "identity_linked": "Two addresses linked as one resident's",
    "identity_unlinked": "Addresses no longer linked",
    "same_matter_offered": "May be the same matter as another case",
    "same_matter_joined": "Another case was found to be the same matter",
    "same_matter_parted": "Taken apart again from another case",
    "kept_apart": "Kept as a case of its own",
    "logged_apart": "A reply was logged as a case of its own",
    "came_from": "Logged apart from another case",
    "joined_to": "Joined to another case",
    "reply_joined": "A reply was joined",
    "new_matter_decided": "Decided about a new matter",
    "resident_asked": "The resident was asked",
    "definition_kept": "Definition left as it is",
    "taken_out": "A part goes on as a case of its own",
    "assessed": "Assessed",
    "complainant_said": "What they are to us was said",
    "told_earlier": "They had told one of us before",
    "authority_asked": "Authority to speak was asked for",
    "authority_settled": "Authority to speak was settled",
    "group_made": "Made a group",
    "group_changed": "Group changed",
    "message_withdrawn": "The resident took a message back",
    "message_edited": "The resident changed a message",
    "answered": "The resident chose an answer",
    "letter_delivered": "Letter delivered",
    "letter_read": "Letter read",
    "letter_rerouted": "Letter goes another way",
    "acknowledgement_not_delivered": "The acknowledgement did not arrive",
    "route_closed": "Takes no messages any more",
    "route_open": "Takes messages again",
    "written_elsewhere": "Written from our account elsewhere",
    "page_opened": "Opened their page of the case",
    "file_arrived": "A photo or file came after all",
    "file_missing": "A photo or file did not come",
    "infected_file": "A file was found infected",
    "infected_file_taken": "An infected file was downloaded",
    "scan_asked": "A file is scanned again",
    "second_reader": "A second reader was asked",
    "file_taken": "The whole file was taken",
    "members_taken": "The list of the members was taken",
    "stage2_asked": "Stage 2 was asked for",
    "stage2_proposed": "May be disagreement with our answer",
    "stage2_can_begin": "Stage 2 can begin",
    "stage2_begun": "Stage 2 began",
    "contribution_asked": "A colleague was asked for a part",
    "contribution_signed": "A part was signed",
    "answer_saved": "Answer saved as a draft",
    "answer_issued": "Answer issued",
    "stage_answered": "The full answer left",
    "action_added": "Action added",
    "action_done": "Action done",
    "action_dropped": "Action dropped",
    "action_moved": "Action has another day",
    "action_late": "A promise is late",
    "action_late_still": "A promise is late still",
    "remedy_offered": "Remedy added",
    "remedy_pointed": "Which points a remedy is for",
    "part_left_out": "Answered without a part",
    "remedy_approved": "Remedy approved",
    "remedy_done": "Remedy given",
    "remedy_withdrawn": "Remedy withdrawn",
    "complaint_withdrawn": "The resident took the complaint back",
    "deadline_set": "A date was set",
    "deadline_met": "A date was met",
    "adjustment_agreed": "An adjustment was agreed",
    "adjustment_reviewed": "An adjustment was looked at again",
    "adjustment_ended": "An adjustment was ended",
    "adjustments_read": "Disabilities were read out of the register",
    "review_asked": "Time to look again",
    "limit_proposed": "A restriction was proposed",
    "limit_approved": "A restriction was approved",
    "limit_sent_back": "A proposed restriction was sent back",
    "limit_reviewed": "A restriction was reviewed and kept",
    "limit_lifted": "A restriction was lifted",
    "limit_ended": "A restriction came to its end",
    "call_asked": "Somebody is to ring the resident",
    "resident_rung": "The resident was rung",
    "letter_by_hand": "A letter is to be carried by hand",
    "hazard_assessed": "A hazard was assessed",
    "hazard_changed": "A hazard has changed",
    "hazard_investigated": "A hazard was looked into",
    "hazard_made_safe": "A hazard was made safe",
    "hazard_works_begun": "Works on a hazard began",
    "hazard_cannot_be_safe": "Cannot be made safe in time",
    "hazard_moved_out": "They have somewhere else to stay",
    "hazard_summary_written": "The written summary was written",
    "hazard_summary_given": "The written summary was given",
    "hazard_ended": "A hazard is dealt with",
    "deadline_ended": "A date is owed no more",
    "duty_called": "The duty officer was called",
    "duty_not_reached": "The duty officer could not be called",
    "duty_taken": "Somebody has the emergency",
    "building_safety_set": "Taken for building safety",
    "building_safety_off": "No longer taken for building safety",
    "findings_shared": "What was found was shared",
    "data_rights_acknowledged": "Told who deals with it and when",
    "data_rights_answered": "A question of data or information was answered",
    "handed_over": "Handed over",
    "handover_sent": "The team was told",
    "handover_numbered": "The team gave it a number",
    "handover_news": "The team said something",
    "handover_silent": "The team said nothing",
    "handover_failed": "The team could not be told",
    "handover_back": "Taken back from the team",
    "handover_checked": "Checked what the team did",
    "data_rights_none": "Was no question of data or information",
    "sealed": "What was written was sealed",
}
EVENTS |= refusal_names.EVENTS
"""Every kind of event as a title; one that nobody has named yet is shown without its underscores."""
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
