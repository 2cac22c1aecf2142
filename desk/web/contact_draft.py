"""A contact as it is being typed: every field as its writer left it, so that a refused form gives all of it back."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, fields

from starlette.datastructures import FormData

NAME = re.compile(r"[0-9a-f]{24}")
"""The one-time name of a contact; a browser sends back the one that the first page gave it."""
LONGEST = {"words": 100_000, "late_why": 1_000}
"""Characters of the long fields; every other is one line."""
LINE = 300
LABELS = {
    "name": "Name",
    "phone": "Telephone",
    "email": "Email",
    "home": "Home address",
    "behalf": "On whose behalf",
    "reference": "Reference",
    "late_why": "Why it is logged only now",
    "words": "What was said or written",
}


def new_id() -> str:
    """Return the one-time name of another contact."""
    return secrets.token_hex(12)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What stands in the form; ``whole`` says whether it is the second page, with all fields.

    ``belongs`` is "new" or a reference, once the colleague was asked about open cases of the same person.
    """

    id: str
    whole: bool = False
    way: str = ""
    words: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    home: str = ""
    behalf: str = ""
    reference: str = ""
    belongs: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""
    late_why: str = ""
    late_ok: str = ""
    category: str = ""
    reason: str = ""
    flags: tuple[str, ...] = ()

    @classmethod
    def read(cls, form: FormData) -> Draft:
        """Return what a form holds; a field that it lacks is empty."""
        texts = {f.name: form.get(f.name) for f in fields(cls) if f.name not in ("id", "whole", "flags")}
        given = form.get("id")
        return cls(
            id=given if isinstance(given, str) and NAME.fullmatch(given) else new_id(),
            whole=form.get("page") == "whole",
            flags=tuple(flag for flag in form.getlist("flags") if isinstance(flag, str)),
            **{name: _tidy(value) for name, value in texts.items() if isinstance(value, str)},
        )


def _tidy(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\x00", "").strip()
