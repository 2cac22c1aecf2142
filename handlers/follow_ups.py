"""Whose case is this? A reference or a thread is a claim; only a party of the case may join it (design 2.8; mail rule C)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.addresses import comparable
from handlers.references import find
from handlers.tokens import MARK
from handlers.understanding import Understood

Joins = Literal["joins", "possible_reply", "none"]
Parties = dict[int, dict[str, str]]
"""Of each case, what everybody who belongs to it is to it, by their comparable address."""
UNCHECKED = "; nobody has checked that the sender's address is their own"

SAYS_COMPLAINT = re.compile(
    r"\b(?:this|it)\s+(?:is|was)\s+(?:meant\s+(?:as|to\s+be)\s+)?(?:a|my)\s+(?:(?:formal|new|separate)\s+)?complaint\b"
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
    role: str | None = None
    """What the sender is to the case, where mail was weighed; of a chat the platform says who it is."""


def header_claims(understood: Understood) -> list[str]:
    """Return the Message-IDs this message answers, nearest first: In-Reply-To, then References from the right."""
    reading = understood.reading
    named = (*reading.in_reply_to, *reversed(reading.references))
    # Some systems shout: ours are known in small letters too.
    small = (header.lower() for header in named if header.lower().startswith(f"<{MARK}."))
    return list(dict.fromkeys((*named, *small)))


def reference_claims(understood: Understood) -> list[str]:
    """Return the references in the subject, then in the new words: a quote is not the writer's (mail rule C4)."""
    reading = understood.reading
    own_words = "" if "whole_text_taken_as_new" in reading.problems else reading.new_text[:4000]
    found = (*find(_chosen(understood)), *find(reading.subject), *find(own_words))
    return list(dict.fromkeys(str(reference) for reference in found))


def _chosen(understood: Understood) -> str:
    """Return the reference that a colleague who logged the contact gave it, or the page it was written on; no letter holds one."""
    contact, chat = understood.reading.contact, understood.reading.chat
    return (contact.belongs_to if contact is not None else chat.belongs_to if chat is not None else None) or ""


def weigh(
    understood: Understood,
    threads: dict[str, tuple[int, bool]],
    references: dict[str, int],
    parties: Parties,
    answers: Sequence[int] = (),
) -> Claim | None:
    """Decide whether the message joins a case, is a possible reply for a person, or claims nothing.

    Everything needs a party of the case. What only we can have made and sent to them (the Message-ID of a letter of
    ours, the address for answers in it) proves enough unless our border found the sender forged. A resident's own Message-ID is in every copy of their mail, and a
    reference can be guessed: for these our border must have found the sender authentic. A contact that a colleague gave to a
    case joins it.
    """
    hits = [threads[header] for header in header_claims(understood) if header in threads]
    # A person may answer several mails at once: ours before others', and the case of theirs before any.
    ranked = [(case_id, True) for case_id in answers] + [hit for hit in hits if hit[1]] + [hit for hit in hits if not hit[1]]
    claims = [_of_thread(understood, case_id, parties.get(case_id, {}), ours=ours) for case_id, ours in ranked]
    if claims:
        return next((claim for claim in claims if claim.joins == "joins"), claims[0])
    return _of_chosen(understood, references, parties) or _of_reference(understood, references, parties)


def _of_thread(understood: Understood, case_id: int, people: dict[str, str], *, ours: bool) -> Claim:
    role = people.get(comparable(understood.reading.sender.address))
    if role is None:
        return Claim(case_id=case_id, joins="possible_reply", why="answers a case whose party the sender is not")
    if understood.trust == "authentic" or (ours and understood.trust == "unknown"):
        unchecked = UNCHECKED if understood.trust == "unknown" else ""
        return Claim(
            case_id=case_id,
            joins="joins",
            why=f"answers {'our letter' if ours else 'a message of the case'}{unchecked}",
            role=role,
        )
    why = "answers a mail of the case in the name of a party, and nothing proves that it is from them"
    return Claim(case_id=case_id, joins="possible_reply", why=why)


def _of_chosen(understood: Understood, references: dict[str, int], parties: Parties) -> Claim | None:
    chosen = references.get(_chosen(understood))
    if chosen is None:
        return None
    if understood.reading.contact is not None:
        why = f"{understood.reading.contact.logged_by_name} found that it belongs to this case"
        return Claim(case_id=chosen, joins="joins", why=why)
    party = comparable(understood.reading.sender.address) in parties.get(chosen, {})
    why = "written on their own page of the case" if party else "written on a page of a case that they belong to no more"
    return Claim(case_id=chosen, joins="joins" if party else "possible_reply", why=why)


def _of_reference(understood: Understood, references: dict[str, int], parties: Parties) -> Claim | None:
    for reference in reference_claims(understood) if references else ():
        if reference in references:
            case_id = references[reference]
            role = parties.get(case_id, {}).get(comparable(understood.reading.sender.address))
            proved = role is not None and understood.trust == "authentic"
            why = f"names {reference}" if proved else f"names {reference}, which proves nothing by itself"
            return Claim(case_id=case_id, joins="joins" if proved else "possible_reply", why=why, role=role)
    return None


def says_complaint(text: str) -> bool:
    """Tell whether the writer says outright that this is a complaint, as every letter of ours invites them to."""
    return SAYS_COMPLAINT.search(text) is not None and NOT_A_COMPLAINT.search(text) is None


def by_mailbox(parties: dict[int, dict[str, str]]) -> Parties:
    """Return the parties of each case by their comparable addresses."""
    return {case_id: {comparable(address): role for address, role in people.items()} for case_id, people in parties.items()}
