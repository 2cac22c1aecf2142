"""What goes to Messenger and Instagram: plain text in parts, quick replies under the last, a tag where a person wrote late."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from intake.channel import PermanentFailure, Reply
from intake.chat import Button
from intake.meta.json_values import Json
from intake.meta.page_comments import in_public, recipient
from intake.meta.page_updates import MARK
from intake.meta.portions import portions
from intake.meta.sending import HUMAN_WINDOW, WINDOW, age_of, closed, too_late, words_of

MOST_BUTTONS = 13


def bodies(reply: Reply, user: str, longest: int, length: Callable[[str], int], kind: Json, *, marked: bool) -> list[Json]:
    """Return the requests of one letter; ``kind`` says as what it is sent, ``marked`` puts our mark into its echo."""
    texts = portions(_with_choices(reply), longest, length)
    made: list[Json] = []
    for number, text in enumerate(texts, start=1):
        message: dict[str, object] = {"text": text}
        if marked:
            message["metadata"] = f"{MARK}{hashlib.sha256(reply.message_id.encode()).hexdigest()[:16]}"
        if number == len(texts) and 0 < len(reply.buttons) <= MOST_BUTTONS:
            message["quick_replies"] = [_quick_reply(button) for button in reply.buttons]
        made.append({"recipient": recipient(user), **kind, "message": message})
    if len(made) > 1 and in_public(user):
        raise PermanentFailure("a comment can be answered by one message only, and this letter is longer")
    return made


def sent_as(reply: Reply, user: str, now: datetime, *, human_agent: bool) -> Json:
    """Return as what a letter may go now; raise ``RouteClosed`` where the window has closed for it.

    The tag is for what a person wrote within seven days, where Meta has given the permission, and for nothing else.
    """
    age = age_of(reply, now)
    if not too_late(age, HUMAN_WINDOW if in_public(user) else WINDOW):
        return {"messaging_type": "RESPONSE"}
    if human_agent and not reply.automatic and not too_late(age, HUMAN_WINDOW):
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    raise closed()


def _quick_reply(button: Button) -> Json:
    return {"content_type": "text", "title": button.label, "payload": button.payload}


def _with_choices(reply: Reply) -> str:
    return words_of(reply) + (listed(reply.buttons) if len(reply.buttons) > MOST_BUTTONS else "")


def listed(buttons: Sequence[Button]) -> str:
    """Return choices as words, for where there are more than a platform has buttons for."""
    return "\n\nYou can answer with:\n" + "\n".join(f"- {button.label}" for button in buttons)
