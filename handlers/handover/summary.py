"""What a partner is told of a case: what is to be done, where, and whom to ask; nobody's name where they publish it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.case_acts import Refused, reasoned
from handlers.clock import london_day
from handlers.handover.partners import Partner
from handlers.handover.stripping import for_publishing
from handlers.handover.unmarked import has_complained, refuse_marks
from handlers.letter_words import day
from store.models import Case, Message, Party
from store.reply_rows import messages_of
from store.unit import Glance

DESCRIPTION = 3_900
"""Characters that an Open311 description holds beside our key: what is longer would be cut off unseen."""
LONGEST = 3_500
"""Characters of what is to be done: an Open311 description holds 4,000 with all that stands around it."""
KINDS = {"service_request": "service request", "asb_report": "report of antisocial behaviour", "out_of_scope": "matter"}
DANGERS = {
    "emergency": "Somebody may be in danger: treat as an emergency.",
    "hazard": "There may be a hazard in the home.",
    "damp_mould": "There may be damp or mould.",
    "building_safety": "It may touch the safety of the building.",
}
PRIVATE = {
    "safeguarding": "Somebody may need protection: ring the housing office before you visit.",
    "vulnerable": "Somebody may be vulnerable.",
}
NEVER_PUBLISHED = frozenset({"safeguarding", "vulnerable", "discrimination", "staff_conduct", "legal_claim", "group"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What an officer says of a hand-over: what and where, how to get in, and whether the partner may ring the resident."""

    what: str
    where: str
    access: str = ""
    contact: bool = True
    consent: str = ""
    """How the resident agreed that a matter which is not ours goes to whoever deals with it (policy 1.3, 2.4e)."""
    consented_on: date | None = None


def words_of(glance: Glance, case: Case) -> str:
    """Return the resident's own words to begin with; of a complaint none, for those are not the partner's to read."""
    if case.category == "complaint":
        return ""
    message = next(iter(messages_of(glance, case.id or 0)), None)
    return ((message.new_text if message else None) or case.subject)[:LONGEST]


def summary_of(glance: Glance, case: Case, partner: Partner, asked: Asked, today: date) -> dict[str, Any]:
    """Return the summary as it is kept and sent; refuse what must not be published or says too little."""
    if partner.publishes:
        _may_be_public(case, partner)
    messages = messages_of(glance, case.id or 0)
    parties = glance.find(Party, case_id=case.id)
    kind = next(kind for kind in (case.category, *case.also) if kind in partner.takes)
    consent = _agreed(asked, today) if kind == "out_of_scope" else {}
    told: dict[str, Any] = {
        "reference": case.reference,
        "kind": KINDS[str(kind)],
        "category": kind,
        "reported": day(london_day(case.received_at)),
        "what": asked.what.strip(),
        "where": asked.where.strip(),
        "access": asked.access.strip(),
    }
    if partner.publishes:
        known = people_of(case, parties, messages)
        homes = [case.home] if case.home else []
        told |= {name: for_publishing(told[name], known, homes) for name in ("what", "where", "access")}
    else:
        # What a complaint's files are called may tell of it.
        names = [] if has_complained(case) else [name for message in messages for name in message.attachment_names]
        told |= {"contact": _contact(case) if asked.contact else "", "files": names}
    flags = DANGERS if partner.publishes else DANGERS | PRIVATE
    told["danger"] = [words for flag, words in flags.items() if flag in case.flags]
    for name in ("what", "where", "access"):
        _says_something(told, name)
        refuse_marks(case, name, told[name])
    if partner.way == "open311" and len(as_text(told)) > DESCRIPTION:
        raise Refused(f"Make it shorter: with where and how to get in, {partner.name} take {DESCRIPTION:,} characters", "what")
    return told | consent


def _agreed(asked: Asked, today: date) -> dict[str, Any]:
    """Return the resident's consent as it is kept with what was told, and never sent; refuse where there is none."""
    if not asked.consent.strip():
        raise Refused("Say how the resident agreed: a matter that is not ours goes nowhere without it (policy 2.4e)", "consent")
    if asked.consented_on is None or asked.consented_on > today:
        raise Refused("Say on which day they agreed, today or before", "consented_on")
    return {"consent": reasoned(asked.consent, "consent"), "consented_on": asked.consented_on.isoformat()}


def people_of(case: Case, parties: Sequence[Party], messages: Sequence[Message]) -> set[str]:
    """Return every name, address and number that is known of the people of a case."""
    found = {case.resident_name, case.resident_address, case.resident_phone}
    found |= {value for party in parties for value in (party.name, party.address)}
    found |= {value for message in messages for value in (message.sender_name, message.sender_address)}
    return {value for value in found if value}


def _may_be_public(case: Case, partner: Partner) -> None:
    private = case.category != "service_request" or case.restricted or not NEVER_PUBLISHED.isdisjoint(case.flags)
    if private:
        raise Refused(
            f"{partner.name} publish what they are given, and this case is nobody else's to read: choose another partner",
            "partner",
        )


def _says_something(told: Mapping[str, Any], name: str) -> None:
    if not told[name] and name != "access":
        raise Refused({"what": "Say what is to be done", "where": "Say where, or they cannot go there"}[name], name)
    if len(told[name]) > LONGEST:
        raise Refused(f"Make it {LONGEST:,} characters or fewer; it has {len(told[name]):,}", name)


def _contact(case: Case) -> str:
    return ", ".join(filter(None, (case.resident_name, reach_of(case))))


def reach_of(case: Case) -> str:
    """Return the telephone number and the email address at which the resident of a case is reached; nothing where there is neither."""
    mail = case.resident_address if "@" in (case.resident_address or "") and ":" not in (case.resident_address or "") else None
    return ", ".join(filter(None, (case.resident_phone, mail)))


LABELS = {
    "kind": "Kind",
    "reported": "Reported on",
    "what": "What is to be done",
    "where": "Where",
    "access": "Getting in",
    "contact": "Whom to ask",
}


def as_text(summary: Mapping[str, Any]) -> str:
    """Return the summary in lines for people."""
    lines = [*summary["danger"], f"Reference: {summary['reference']}"]
    lines += [f"{label}: {summary[name]}" for name, label in LABELS.items() if summary.get(name)]
    if summary.get("files"):
        lines.append(f"Files that we hold, ask us for them: {', '.join(summary['files'])}")
    return "\n\n".join(lines)
