"""Makes of an update what an inbox keeps: the update alone in its envelope, under its name, with the time it has."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from intake.chat import media_type_of
from intake.message import InboundMessage
from intake.telegram_bot.files import files_of
from intake.telegram_bot.updates import CHANNEL, UnknownShape, Update, update_of

ALBUM = timedelta(seconds=2)
"""The pictures of an album come one by one with no mark at the end."""
OLDEST = timedelta(days=30)
MEDIA_TYPE = media_type_of(CHANNEL)


def arrival_of(told: object, account: str, now: datetime, quiet: timedelta) -> InboundMessage:
    """Return the message that this update is; one that nobody can make sense of names its problem and waits for a person."""
    raw = in_envelope(told, account)
    try:
        return _arrival(update_of(told, account), account, raw, now, quiet)
    except UnknownShape as error:
        return _unread(raw, told, account, now, f"an update that could not be read: {error}")
    except Exception as error:  # noqa: BLE001 - one odd update must not keep the others of its batch out, whatever is wrong with it
        return _unread(raw, told, account, now, f"an update that could not be read: {type(error).__name__}")


def _arrival(update: Update, account: str, raw: bytes, now: datetime, quiet: timedelta) -> InboundMessage:
    return InboundMessage(
        channel=CHANNEL,
        account=account,
        external_id=update.external_id,
        received_at=received(update.at, now),
        raw=raw,
        media_type=MEDIA_TYPE,
        conversation=str(update.talk),
        act=update.act,
        quiet=_quiet(update, quiet),
        # What people show each other in a group is not ours to collect.
        files=files_of(update.content) if update.act in {"message", "edit"} else (),
    )


def unreadable(body: bytes, account: str, now: datetime) -> InboundMessage:
    """Return the message for bytes that are no JSON, or none that can be written again; they are kept as they are."""
    problem = "an update that could not be read: no JSON"
    return _message(body, hashlib.sha256(body).hexdigest(), account, now, problem)


def in_envelope(told: object, account: str) -> bytes:
    """Return the bytes that are kept: the update as JSON beside the account it came to, which it does not name itself.

    What is nested too deep to be written again raises ``UnknownShape``.
    """
    try:
        return json.dumps({"account": account, "update": told}, separators=(",", ":")).encode()
    except RecursionError as error:
        raise UnknownShape("nested too deep") from error


def from_envelope(raw: bytes) -> tuple[str, Any]:
    """Return account and update of kept bytes, or raise ``UnknownShape``."""
    try:
        envelope = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UnknownShape("no JSON") from error
    if not isinstance(envelope, dict) or not isinstance(envelope.get("account"), str):
        raise UnknownShape("an update without its envelope")
    return envelope["account"], envelope.get("update")


def received(at: int | None, now: datetime) -> datetime:
    """Return Telegram's time where it is plausible, else that of arrival: a strange clock must not move a deadline."""
    try:
        told = datetime.fromtimestamp(at, UTC) if at is not None else now
    except (ValueError, OverflowError, OSError):
        return now
    return told if now - OLDEST <= told <= now else now


def _quiet(update: Update, quiet: timedelta) -> timedelta:
    if update.act != "message":
        return timedelta(0)
    return max(quiet, ALBUM) if "media_group_id" in update.content else quiet


def _unread(raw: bytes, told: object, account: str, now: datetime, problem: str) -> InboundMessage:
    # Without its number, which changes when Telegram tells of the same thing again.
    same = {key: value for key, value in told.items() if key != "update_id"} if isinstance(told, dict) else told
    try:
        content = json.dumps(same, sort_keys=True).encode()
    except RecursionError:
        content = raw
    return _message(raw, hashlib.sha256(content).hexdigest(), account, now, problem)


def _message(raw: bytes, digest: str, account: str, now: datetime, problem: str) -> InboundMessage:
    return InboundMessage(
        channel=CHANNEL,
        account=account,
        external_id=f"unread:{digest[:32]}",
        received_at=now,
        raw=raw,
        media_type=MEDIA_TYPE,
        problem=problem,
    )
