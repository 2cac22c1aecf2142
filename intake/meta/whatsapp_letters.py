"""What goes to WhatsApp: plain text in parts, buttons or a list under the last, an approved template outside the window."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from intake.channel import Reply
from intake.chat import Button
from intake.meta.json_values import Json
from intake.meta.page_letters import listed
from intake.meta.portions import portions
from intake.meta.sending import closed, words_of

LONGEST, LONGEST_WITH_BUTTONS = 4096, 1024
MOST_BUTTONS, MOST_ROWS = 3, 10
CHOOSE = "Choose an answer"
"""Opens the list; Meta allows 20 characters."""
_NUMBER = re.compile(r"\d{5,20}")


class Template(BaseModel):
    """A utility template that Meta has approved: fixed words, in which nothing of a complaint ever stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9_]{1,512}$")
    language: str = Field(default="en_GB", pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")
    takes_reference: bool = False
    """Whether its body has one parameter, which is the case's reference."""
    reference: str = r"\b[A-Z]{2,8}-\d{2}-[0-9A-HJKMNP-TV-Z]{6}-[0-9A-HJKMNP-TV-Z]{2}\b"
    """What a reference looks like in a letter's subject or words."""


def bodies(reply: Reply, user: str) -> list[Json]:
    """Return the requests of one letter inside the window."""
    if len(reply.buttons) > MOST_ROWS:
        return [_text(part, user) for part in portions(words_of(reply) + listed(reply.buttons), LONGEST)]
    texts = portions(words_of(reply), LONGEST)
    if not reply.buttons or not texts:
        return [_text(part, user) for part in texts]
    # The text above buttons must be shorter than other texts.
    *before, last = [*texts[:-1], *portions(texts[-1], LONGEST_WITH_BUTTONS)]
    return [*(_text(part, user) for part in before), _interactive(last, reply.buttons, user)]


def template_body(reply: Reply, user: str, template: Template) -> Json:
    """Return the request of the template; raise ``RouteClosed`` where it wants a reference and the letter has none."""
    told: dict[str, object] = {"name": template.name, "language": {"code": template.language}}
    if template.takes_reference:
        found = re.search(template.reference, f"{reply.subject}\n{words_of(reply)}")
        if found is None:
            raise closed()
        told["components"] = [{"type": "body", "parameters": [{"type": "text", "text": found[0]}]}]
    return _to(user) | {"type": "template", "template": told}


def _to(user: str) -> dict[str, object]:
    """Address a number as ``to`` and a business-scoped id as ``recipient``: such an id as ``to`` is taken, and reaches nobody."""
    address = {"to": user} if _NUMBER.fullmatch(user) else {"recipient": user}
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **address}


def _text(text: str, user: str) -> Json:
    return _to(user) | {"type": "text", "text": {"preview_url": False, "body": text}}


def _interactive(text: str, buttons: Sequence[Button], user: str) -> Json:
    told: dict[str, object] = {"type": "button", "body": {"text": text}, "action": {"buttons": [_button(b) for b in buttons]}}
    if len(buttons) > MOST_BUTTONS:
        rows = [{"id": button.payload, "title": button.label} for button in buttons]
        told = {
            "type": "list",
            "body": {"text": text},
            "action": {"button": CHOOSE, "sections": [{"title": CHOOSE, "rows": rows}]},
        }
    return _to(user) | {"type": "interactive", "interactive": told}


def _button(button: Button) -> Json:
    return {"type": "reply", "reply": {"id": button.payload, "title": button.label}}
