"""Whose case is this? A reference or a thread is a claim; only a party of the case may join it (design 2.8; mail rule C)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from handlers.references import find
from handlers.understanding import Understood

Joins = Literal["joins", "possible_reply", "none"]

SAYS_COMPLAINT = re.compile(
    r"\b(?:this|it)\s+(?:is|was)\s+(?:meant\s+(?:as|to\s+be)\s+)?(?:a|my)\s+(?:formal\s+)?complaint\b"
    r"|\b(?:treat|log|register|record|take)\s+(?:this|it)\s+as\s+(?:a|my)\s+(?:formal\s+)?complaint\b",
    re.IGNORECASE,
)
NOT_A_COMPLAINT = re.compile(r"\b(?:this|it)\s+(?:is|was)\s+not\s+(?:a|my)\s+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A case that a message says it belongs to, and how strong the saying is."""

    case_id: int
    joins: Joins
    why: str


def header_claims(understood: Understood) -> list[str]:
    """Return the Message-IDs this message answers, nearest first: In-Reply-To, then References from the right."""
    reading = understood.reading
    return list(dict.fromkeys((*reading.in_reply_to, *reversed(reading.references))))


def reference_claims(understood: Understood) -> list[str]:
    """Return the references in the subject, then in the new words: a quote is not the writer's (mail rule C4)."""
    reading = understood.reading
    found = (*find(_chosen(understood)), *find(reading.subject), *find(reading.new_text[:4000]))
    return list(dict.fromkeys(str(reference) for reference in found))


def _chosen(understood: Understood) -> str:
    """Return the reference that a colleague who logged the contact gave it, or the page it was written on; no letter holds one."""
    contact, chat = understood.reading.contact, understood.reading.chat
    return (contact.belongs_to if contact is not None else chat.belongs_to if chat is not None else None) or ""


def weigh(
    understood: Understood,
    threads: dict[str, tuple[int, bool]],
    references: dict[str, int],
    parties: dict[int, set[str]],
) -> Claim | None:
    """Decide whether the message joins a case, is a possible reply for a person, or claims nothing.

    A contact that a colleague gave to a case joins it. A thread needs a party; a bare reference needs a party *and* a sender whom our border found authentic, for a number
    can be guessed and a From can be forged.
    """
    address = (understood.reading.sender.address or "").lower()
    for header in header_claims(understood):
        if header in threads:
            case_id, _ours = threads[header]
            party = address in parties.get(case_id, set()) and understood.trust != "failed"
            why = "answers our letter or a message of the case" if party else "answers a case whose party the sender is not"
            return Claim(case_id=case_id, joins="joins" if party else "possible_reply", why=why)
    chosen = references.get(_chosen(understood))
    if chosen is not None and understood.reading.contact is not None:
        why = f"{understood.reading.contact.logged_by_name} found that it belongs to this case"
        return Claim(case_id=chosen, joins="joins", why=why)
    if chosen is not None:
        party = address in parties.get(chosen, set())
        why = "written on their own page of the case" if party else "written on a page of a case that they belong to no more"
        return Claim(case_id=chosen, joins="joins" if party else "possible_reply", why=why)
    for reference in reference_claims(understood) if references else ():
        if reference in references:
            case_id = references[reference]
            party = address in parties.get(case_id, set()) and understood.trust == "authentic"
            why = f"names {reference}" if party else f"names {reference}, which proves nothing by itself"
            return Claim(case_id=case_id, joins="joins" if party else "possible_reply", why=why)
    return None


def says_complaint(text: str) -> bool:
    """Tell whether the writer says outright that this is a complaint, as every letter of ours invites them to."""
    return SAYS_COMPLAINT.search(text) is not None and NOT_A_COMPLAINT.search(text) is None
