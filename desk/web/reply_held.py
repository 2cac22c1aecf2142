"""What was typed when a sign-in had ended meanwhile: shown again, to be saved after the next sign-in, and never lost."""

from __future__ import annotations

import re

from fastapi import Request
from starlette.responses import Response

from desk.web.desk import Desk

SHORT = 40
"""Characters of a value that was likely chosen and not typed, unless it has several lines."""
_SECRET = re.compile(r".*password.*|code|totp.*|secret", re.IGNORECASE)
"""Names of fields whose values no page shows again."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def held(request: Request) -> Response | None:
    """Return a page with the words of a form that came without a sign-in, or None where nobody typed any."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(FORMS):
        return None
    form = await request.form()
    texts = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and not _SECRET.fullmatch(name)]
    words = [(name, value) for name, value in texts if _typed(value)]
    if not words:
        return None
    desk: Desk = request.app.state.desk
    facts = {
        "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "words": words,
        "carried": [(name, value) for name, value in texts if not _typed(value)],
        "files": any(not isinstance(value, str) for _name, value in form.multi_items()),
    }
    return desk.pages.page(request, "reply_held.html", status=401, **facts)


def _typed(value: str) -> bool:
    return len(value) > SHORT or "\n" in value.strip()
