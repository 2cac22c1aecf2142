"""The categories, reasons and flags of ``docs/labelling-guide.md``: the one place to add one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What must the landlord do next? Earlier members win when a message does several things."""

    COMPLAINT = "complaint"
    ASB_REPORT = "asb_report"
    SERVICE_REQUEST = "service_request"
    OUT_OF_SCOPE = "out_of_scope"


class Reason(StrEnum):
    """Why a message is out of scope."""

    OTHER_COUNCIL_SERVICE = "other_council_service"
    APPEAL_PROCESS = "appeal_process"
    PETITION = "petition"
    SURVEY = "survey"
    NOT_OUR_HOME = "not_our_home"
    GENERAL_FEEDBACK = "general_feedback"
    NOT_FOR_US = "not_for_us"
    NO_CONTENT = "no_content"


class Flag(StrEnum):
    """Facts that change how a message is handled, whatever its category."""

    STAGE2 = "stage2"
    BUILDING_SAFETY = "building_safety"
    EMERGENCY = "emergency"
    DAMP_MOULD = "damp_mould"
    HAZARD = "hazard"
    SAFEGUARDING = "safeguarding"
    VULNERABLE = "vulnerable"
    ADJUSTMENT = "adjustment"
    REPRESENTATIVE = "representative"
    GROUP = "group"
    ANONYMOUS = "anonymous"
    LEGAL_CLAIM = "legal_claim"
    OVER_12_MONTHS = "over_12_months"
    EXHAUSTED = "exhausted"
    ABUSIVE = "abusive"
    PRIOR_REQUEST = "prior_request"
    COMPENSATION = "compensation"
    DISCRIMINATION = "discrimination"
    STAFF_CONDUCT = "staff_conduct"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A category as the office speaks of it."""

    category: Category
    name: str
    definition: str
    source: str


TAXONOMY: tuple[Entry, ...] = (
    Entry(
        category=Category.COMPLAINT,
        name="complaint",
        definition=(
            "An expression of dissatisfaction, however made, about the standard of service, actions or lack of action "
            "by the landlord, its own staff, or those acting on its behalf, affecting a resident or group of residents."
        ),
        source="Code 1.2",
    ),
    Entry(
        category=Category.ASB_REPORT,
        name="report of antisocial behaviour",
        definition="A report of antisocial behaviour or nuisance by another resident, their visitors or others on an estate.",
        source="policy 2.4",
    ),
    Entry(
        category=Category.SERVICE_REQUEST,
        name="service request",
        definition="A request from a resident to the landlord requiring action to be taken to put something right.",
        source="Code 1.4",
    ),
    Entry(
        category=Category.OUT_OF_SCOPE,
        name="out of scope",
        definition="A matter for another office, or one that asks nothing of the landlord's housing services.",
        source="policy 2.4",
    ),
)
