"""The web form as it is being filled in: every field as its writer left it, and what is to be mended before it can be kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from starlette.datastructures import FormData

from intake.message import Attachment
from intake.public.once import Signer
from intake.told import ToldFacts
from intake.webform.document import HandedIn

PURPOSE = "form"
EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]]{1,64}@(?:[^\s@<>(),;:\"\[\].]{1,63}\.)+[^\s@<>(),;:\"\[\].]{2,63}")
LONGEST = {"words": 50_000, "home": 500}
"""Characters of the long fields; every other is one line."""
LINE = 250
NAMED = {"words": "What happened", "name": "Your name", "home": "Your address", "email": "Email address", "phone": "Telephone"}
TRAP = "the web form's hidden field was filled in, as machines do that fill in every field"
QUICK = "the web form came back sooner than anybody writes"
UNSIGNED = "the web form was not one that we gave out"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What stands in the form; ``page`` is the signed one-time name of the page, ``more`` a field that nobody sees."""

    page: str
    words: str = ""
    name: str = ""
    home: str = ""
    email: str = ""
    phone: str = ""
    more: str = ""

    @classmethod
    def new(cls, signer: Signer, now: datetime) -> Draft:
        """Return the empty form of a page."""
        return cls(page=signer.once(PURPOSE, now))

    @classmethod
    def read(cls, form: FormData) -> Draft:
        """Return what a form holds; a field that it lacks is empty."""
        texts = {field.name: form.get(field.name) for field in fields(cls)}
        return cls(**{"page": ""} | {name: _tidy(value) for name, value in texts.items() if isinstance(value, str)})

    def errors(self, files: Sequence[Attachment]) -> dict[str, str]:
        """Return what is to be mended: a sentence under each field."""
        found = {}
        if not self.words and not files:
            found["words"] = "Tell us what happened"
        if self.email and not EMAIL.fullmatch(self.email):
            found["email"] = "Write the email address like name@example.org, or leave it empty"
        for name, title in NAMED.items():
            most = LONGEST.get(name, LINE)
            if len(getattr(self, name)) > most:
                found[name] = f"{title}: write at most {most:,} characters here, and the rest in another message"
        return found

    def handed_in(self, account: str, signer: Signer, now: datetime, files: tuple[Attachment, ...]) -> HandedIn:
        """Return the form as it is kept; one without a name of ours is named by what it says."""
        known = signer.known_once(PURPOSE, self.page)
        once = known.name if known else signer.derived(PURPOSE, f"{self.page}\0{self.words}")
        facts = {name: " ".join(getattr(self, name).split()) or None for name in ("name", "home", "email", "phone")}
        return HandedIn(once=once, account=account, at=now, words=self.words, told=ToldFacts(**facts), files=files)

    def suspicion(self, signer: Signer, now: datetime, quickest: timedelta) -> str | None:
        """Return why a person should see first whether this is the work of a machine, if they should; it is kept all the same."""
        known = signer.known_once(PURPOSE, self.page)
        if self.more:
            return TRAP
        if known is None:
            return UNSIGNED
        # The name holds whole seconds only.
        return QUICK if now - known.given_at < quickest else None


def _tidy(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
