"""Gathers from the store what ``routes_out`` weighs: addresses, conversations, letters that did not arrive, signs of life."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from handlers.addresses import OwnAddresses
from handlers.course.speaking import not_to_be_told
from handlers.people.known import wishes_of_case
from handlers.routes_out import Known, Route, Talk, Trouble, routes_out
from intake.identity import MAIL, Identity, identity_of, way_of
from intake.loading import window_of
from store.chat_models import Conversation
from store.chat_rows import conversations
from store.identity_rows import linked_with, open_on
from store.models import Case, Disposition, Message, OutboxState, Party
from store.reply_rows import Written, letters_of, machine_mail_of, messages_of
from store.unit import Glance

LATELY = timedelta(days=90)
"""How long a letter that did not arrive speaks against its address."""
NOT_ANSWERED = (Disposition.AUTOMATIC, Disposition.DUPLICATE, Disposition.ACT, Disposition.PART)
HUMAN_WINDOW = timedelta(days=7)
"""How long Messenger and Instagram take what a person wrote, where Meta gave the permission for it (``human_agent``)."""


def answerable(glance: Glance, case_id: int) -> list[Message]:
    """Return the messages of a case that a reply may answer, in the order they came: those that a person may have written."""
    return [message for message in messages_of(glance, case_id) if message.disposition not in NOT_ANSWERED]


def ways_of(
    glance: Glance,
    case: Case,
    message: Message,
    own: OwnAddresses,
    now: datetime,
    *,
    windows: Mapping[str, timedelta] | None = None,
    untold: Mapping[str, str] | None = None,
) -> tuple[Route, ...]:
    """Return the ways by which an answer to a message can leave, the best first.

    Nothing goes to whom the case may not be told, by default those of ``handlers.course.speaking``; what only asks them who
    they speak for gives ``untold`` as empty.

    ``windows`` is for how long a person's letter is taken after somebody's last words, by way (``whatsapp:housing``), where
    that is other than what the channel's own file says.
    """
    case_id = case.id or 0
    parties = {party.address: party.name for party in glance.find(Party, case_id=case_id) if not own.hold(party.address)}
    address = case.resident_address if case.resident_address and not own.hold(case.resident_address) else None
    came_from = _came_from(message, address, parties)
    own_ones = sorted({one.lower() for one in (address, came_from) if one})
    linked = [one for one in linked_with(glance, own_ones, open_on(case_id)) if not own.hold(one)]
    addresses = sorted({*parties, *own_ones, *linked})
    letters = letters_of(glance, case_id, addresses, now - LATELY)
    untold = not_to_be_told(glance, case_id) if untold is None else untold
    if came_from and came_from.lower() in untold:
        came_from = None  # what they wrote is answered to whose case it is
    return routes_out(
        Known(
            came_by=message.channel,
            came_from=came_from,
            name=case.resident_name,
            address=address,
            phone=case.resident_phone,
            home=case.home,
            parties=parties,
            linked=linked,
            troubles=_troubles(letters, _returned(glance, case_id), now - LATELY),
            heard=_heard(answerable(glance, case_id)),
            talks=_talks(glance, addresses, now, windows or {}),
            unproven=message.trust == "failed",
            untold=untold,
            wishes=wishes_of_case(glance, case),
        )
    )


def _came_from(message: Message, address: str | None, parties: Collection[str]) -> str | None:
    """Return the address to answer at: that of the conversation; by mail the resident's own, or a party's who wrote it."""
    if message.conversation:
        return message.conversation.lower()
    if address is None or way_of(address) != MAIL:
        return message.sender_address if message.sender_address in parties else address
    return address


def _talks(glance: Glance, addresses: Sequence[str], now: datetime, windows: Mapping[str, timedelta]) -> dict[str, Talk]:
    identities = {address: identity for address in addresses if (identity := identity_of(address))}
    known = conversations(glance, identities)
    return {address: _talk(identity, known.get(address), now, windows) for address, identity in identities.items()}


def _talk(identity: Identity, row: Conversation | None, now: datetime, windows: Mapping[str, timedelta]) -> Talk:
    window = windows.get(identity.way) or window_of(identity.channel)
    until = row.heard_at + window if row is not None and window is not None else None
    if row is not None and row.closed_at is not None:
        return Talk(until=until, closed=row.closed_why or "they take no messages of ours there any more")
    if window is not None and (until is None or now >= until):
        hours = int(window.total_seconds()) // 3600
        return Talk(until=until, closed=f"letters are taken there only within {hours} hours of what they last wrote")
    return Talk(until=until)


def _returned(glance: Glance, case_id: int) -> dict[str, Trouble]:
    """Return the letters of a case that came back for good, by Message-ID."""
    found = {}
    for event in machine_mail_of(glance, case_id):
        details = json.loads(event.details)
        if details.get("permanent"):
            found[details["header_id"]] = Trouble(at=event.at, answer=f"it came back ({details.get('status') or 'no status'})")
    return found


def _troubles(letters: Sequence[Written], returned: dict[str, Trouble], since: datetime) -> dict[str, Trouble]:
    found: dict[str, Trouble] = {}
    for letter in letters:
        failed = letter.state is OutboxState.FAILED
        trouble = Trouble(at=letter.at, answer=letter.answer or "refused") if failed else returned.get(letter.header_id or "")
        if trouble is not None and letter.address and trouble.at >= since:
            found[letter.address] = trouble
    return found


def _heard(messages: Sequence[Message]) -> dict[str, datetime]:
    """Return when each address last wrote; a sender who could not be shown to be the true one proves nothing."""
    return {one.sender_address: one.received_at for one in messages if one.sender_address and one.trust != "failed"}
