"""What tasks, letters, events and their details about refusals and ombudsmen are called at the desk."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.course.order_kinds import KINDS
from handlers.course.refusal_grounds import GROUNDS

TASKS = {
    "refusal_check": "Check a proposal to refuse",
    "refusal_sent_back": "Proposal to refuse sent back",
    "refusals_alike": "Two refusals with the same words",
    "taken_on_again": "Taken on after all",
    "ombudsman_order": "Ombudsman's order",
    "ombudsman_overdue": "Ombudsman's order is overdue",
}
ANSWERED_BY = {
    "refusal_check": ("check-refusal", "Agree, or send it back"),
    "over_12_months": ("discretion", "Consider whether it is too old"),
    "ombudsman_order": ("order-done", "It is done"),
    "ombudsman_overdue": ("order-done", "It is done"),
}
LETTERS = {
    "complaint_refused": "Why it is not taken on",
    "not_reopened": "Why it is not looked at again",
    "taken_on_again": "Taken on after all",
}
EVENTS = {
    "refusal_proposed": "Refusal proposed",
    "refusal_agreed": "Refused by two people",
    "refusal_sent_back": "Proposal to refuse sent back",
    "refusal_withdrawn": "Proposal to refuse withdrawn",
    "refusal_told": "The letter about the refusal left",
    "refusals_alike": "Another refusal has the same words",
    "deadlines_superseded": "Dates no longer owed",
    "discretion_considered": "Considered whether it is too old",
    "taken_on_again": "Taken on after all",
    "answer_opened_again": "The answer is to be written anew",
    "ombudsman_told": "An ombudsman told us something",
    "ombudsman_order_done": "Done, as the Ombudsman said",
    "ombudsman_order_overdue": "An ombudsman's order is overdue",
}
_YES = {"True": "yes", "False": "no"}
DETAILS: dict[str, Mapping[str, str]] = {
    "ground": {str(ground): told.label for ground, told in GROUNDS.items()},
    "order_kind": KINDS,
    "source": {"ombudsman": "an ombudsman", "evidence": "something new", "ourselves": "ourselves"},
    "late": _YES,
    "over_12_months": _YES,
}
TOLD_APART = ("refusal", "order", "letter_number")
