"""Reads a kept update: words, sender, and what it does; again and again, as the bytes are kept."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from intake.chat import ChatFacts
from intake.identity import Identity
from intake.message import Reading, Sender
from intake.storable import one_line
from intake.telegram_bot.arrivals import MEDIA_TYPE, from_envelope, received
from intake.telegram_bot.files import files_of
from intake.telegram_bot.updates import CHANNEL, Update, update_of
from intake.telegram_bot.words import label_of, words_of

LONGEST_NAME = 200
ABOUT_IT = frozenset(
    [
        "message_id",
        "from",
        "chat",
        "date",
        "edit_date",
        "text",
        "entities",
        "caption",
        "caption_entities",
        "media_group_id",
        "reply_to_message",
        "quote",
        "external_reply",
        "reply_to_story",
        "forward_origin",
        "forward_date",
        "forward_from",
        "forward_from_chat",
        "forward_sender_name",
        "is_automatic_forward",
        "via_bot",
        "author_signature",
        "has_protected_content",
        "is_from_offline",
        "sender_boost_count",
        "sender_chat",
        "sender_tag",
        "message_thread_id",
        "is_topic_message",
        "show_caption_above_media",
        "has_media_spoiler",
        "link_preview_options",
        "effect_id",
        "reply_markup",
        "business_connection_id",
        "sender_business_bot",
        "is_paid_post",
        "paid_star_count",
        "direct_messages_topic",
        "reply_to_checklist_task_id",
        "suggested_post_info",
    ]
)
"""Fields of a message that are no content of their own."""
HOUSEKEEPING = frozenset(
    [
        "pinned_message",
        "message_auto_delete_timer_changed",
        "write_access_allowed",
        "chat_background_set",
        "boost_added",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
    ]
)
"""What the app writes into a chat by itself when somebody changes a setting: nobody waits for an answer to it."""
MOST_NAMED = 3


def read_update(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read an update in its envelope; raise ``ValueError`` where it has no known shape."""
    account, told = from_envelope(raw)
    update = update_of(told, account)
    text = _words(update)
    strange = _strange(update)
    is_house = bool(strange) and set(strange) <= HOUSEKEEPING
    has_something = bool(text.strip()) or bool(files_of(update.content)) or is_house
    is_said = update.act in {"message", "edit"}
    return Reading(
        message_id=update.external_id,
        in_reply_to=(update.about,) if update.about and update.act == "message" else (),
        sender=_sender(update, account),
        date=received(update.at, received_at) if received_at else _moment(update.at),
        text=text,
        new_text=text,
        new_ranges=((0, len(text)),) if text else (),
        media_type=MEDIA_TYPE,
        chat=_facts(update, is_machine=update.by.get("is_bot") is True or is_house),
        channel_kind="chat",
        content_key=_key(account, update),
        unreadable=is_said and not has_something,
        problems=_problems(strange) if is_said and not has_something else (),
    )


def _words(update: Update) -> str:
    if update.act == "back":
        return ""
    if update.pressed is not None:
        return label_of(update.content.get("reply_markup"), update.pressed)
    return words_of(update.content) or "".join(
        f"[{kind.replace('_', ' ')}]" for kind in _strange(update) if kind in HOUSEKEEPING
    )


def _strange(update: Update) -> list[str]:
    """Return the fields of a message that hold content of kinds which nobody here knows."""
    if update.pressed is not None:
        return []
    return [one_line(kind, LONGEST_NAME) for kind in update.content if kind not in ABOUT_IT]


def _problems(strange: list[str]) -> tuple[str, ...]:
    return tuple(f"unsupported:{kind}" for kind in strange[:MOST_NAMED]) or ("nothing_to_read",)


def _facts(update: Update, *, is_machine: bool) -> ChatFacts:
    return ChatFacts(
        act=update.act,
        conversation=str(update.talk),
        about=update.about,
        pressed=update.pressed,
        happened_at=_moment(update.at),
        machine=is_machine,
    )


def _sender(update: Update, account: str) -> Sender:
    user = update.by.get("id")
    # In a group we answer the group; who spoke there is somebody all the same.
    is_known = type(user) is int and abs(user) < 1 << 63
    who = Identity(channel=CHANNEL, account=account, user=str(user)) if is_known else update.talk
    return Sender(address=str(who), name=_name(update.by))


def _name(by: dict[str, Any]) -> str | None:
    parts = [told for key in ("first_name", "last_name") if isinstance(told := by.get(key), str)]
    username = by.get("username")
    if not parts and isinstance(username, str):
        parts = [f"@{username}"]
    return one_line(" ".join(parts), LONGEST_NAME) or None


def _moment(at: int | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(at, UTC) if at is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def _key(account: str, update: Update) -> str:
    return hashlib.sha256(f"{MEDIA_TYPE}\x00{account}\x00{update.external_id}".encode()).hexdigest()
