"""The template at Notify: looked at now and then, since people there may change it without our knowing."""

from __future__ import annotations

from typing import Any

from intake.notify.words import BODY, FIELDS, REST, SUBJECT, WORDS


def trouble_with(template: dict[str, Any]) -> str | None:
    """Return what must be mended in the template, or None."""
    if template.get("type") != "email":
        return "template_id names no email template"
    subject, body = str(template.get("subject", "")), str(template.get("body", ""))
    places = {SUBJECT: subject, BODY: body, WORDS: body, REST: body}
    missing = [f"(({name}))" for name, place in places.items() if f"(({name}))" not in place]
    if missing:
        return f"the template lacks {', '.join(missing)}: its subject is ((subject)), its message holds the others in turn"
    order = [body.index(f"(({name}))") for name in (BODY, WORDS, REST)]
    if order != sorted(order):
        return "the template's message must hold ((body)), ((resident_words)) and ((rest)) in this order"
    asked = template.get("personalisation")
    others = sorted(set(asked) - set(FIELDS)) if isinstance(asked, dict) else []
    return f"the template asks for {others[0]!r}, which no letter has" if others else None
