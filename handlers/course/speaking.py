"""Who of a case may be told anything of substance: not members of a group but its lead, nor whoever speaks without authority.

One place for both promises (Code 3.6; policy 2.7, 2.8): whatever writes to people of a case asks here first.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.case_acts import Refused
from store.models import Message, Party, Task
from store.people_models import Authority, GroupMember
from store.unit import Glance

SPEAKERS = frozenset({"representative", "councillor"})
"""Roles of people who speak for somebody else."""
SETTLED = frozenset({"held", "not_needed"})
ASKED_TASK = "representative"
"""The task that asks whether a writer speaks for somebody else; until it is answered nobody knows."""
NOT_THE_LEAD = "is a member of the group: letters go to its lead alone, and members are not named to one another (policy 6.2)"
NO_AUTHORITY = "speaks for somebody else, and their authority is not held yet: nothing of the case may go there (Code 3.6)"
NOT_KNOWN = "may speak for somebody else: say first what they are to the case, and what authority they have (Code 3.6)"


def not_to_be_told(glance: Glance, case_id: int) -> Mapping[str, str]:
    """Return the addresses of a case to which nothing of substance may go, each with the reason in words."""
    found: dict[str, str] = dict.fromkeys(_asked_about(glance, case_id), NOT_KNOWN)
    authorities = {row.address: row.state for row in glance.find(Authority, case_id=case_id)}
    speakers = {party.address for party in glance.find(Party, case_id=case_id) if party.role in SPEAKERS}
    found |= {address: NO_AUTHORITY for address in speakers if authorities.get(address) not in SETTLED}
    found |= {address: NO_AUTHORITY for address, state in authorities.items() if state not in SETTLED}
    settled = {address for address, state in authorities.items() if state in SETTLED}
    found = {address: why for address, why in found.items() if address not in settled}
    members = members_of(glance, case_id)
    leads = {row.address for row in members if row.is_lead}  # two of one home may share an address
    return found | {row.address: NOT_THE_LEAD for row in members if row.address and row.address not in leads}


def members_of(glance: Glance, case_id: int) -> list[GroupMember]:
    """Return who belongs to the group of a case now, its lead first."""
    rows = glance.find(GroupMember, case_id=case_id, left_at=None)
    return sorted(rows, key=lambda row: (not row.is_lead, row.id or 0))


def lead_of(glance: Glance, case_id: int) -> GroupMember | None:
    """Return the lead of the group of a case, where it has one."""
    return next((row for row in members_of(glance, case_id) if row.is_lead), None)


def others_named(glance: Glance, case_id: int, text: str, *, but: str = "") -> list[str]:
    """Return the members of the group whom a text names, by name, address or home, other than the one it is for."""
    words = _plain(text)
    named = []
    for row in glance.find(GroupMember, case_id=case_id):
        told = [row.name, row.address or "", row.home or ""]
        # A letter that people carry is the lead's, as every letter of a group is.
        own = (row.address or "").lower() == but.lower() if but else row.is_lead and row.left_at is None
        if not own and any(f" {_plain(one).strip()} " in words for one in told if _plain(one).strip()):
            named.append(row.name)
    return named


def names_no_member(glance: Glance, case_id: int, text: str, recipient: str) -> None:
    """Refuse a letter that names another member of the group to the one whom it is for (policy 6.2)."""
    named = others_named(glance, case_id, text, but=recipient)
    if named:
        raise Refused(
            f"The letter names {named[0]}, or their home, and members of a group are not named to one another: "
            "take that out of the words, or of the definition"
        )


def _plain(text: str) -> str:
    kept = "".join(char if char.isalnum() or char == "@" else " " for char in text.casefold())
    return f" {' '.join(kept.split())} "


def _asked_about(glance: Glance, case_id: int) -> list[str]:
    """Return the senders of messages of which a person has still to say whether they speak for somebody else."""
    tasks = glance.find(Task, case_id=case_id, kind=ASKED_TASK, closed_at=None)
    ids = [task.message_id for task in tasks if task.message_id is not None]
    messages = glance.find(Message, id=ids) if ids else []
    return [message.sender_address.lower() for message in messages if message.sender_address]
