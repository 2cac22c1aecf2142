"""The document of a web form that was handed in: one JSON object that holds words, facts and files, kept like any message.

It says of itself what it is (``document``, ``version``), so that whoever finds it in twenty years can read it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from intake.chat import media_type_of
from intake.enclosed import enclosed
from intake.identity import Identity
from intake.message import Attachment, InboundMessage
from intake.told import ToldFacts

KIND = "webform"
DOCUMENT, VERSION = "council-intake web form", 1
DIGEST = 16
"""Characters of the digest by which the same page, handed in with other words, is another message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedIn:
    """A form as it was handed in; ``once`` is the one-time name that its page was given."""

    once: str
    account: str
    at: datetime
    words: str
    told: ToldFacts = field(default_factory=ToldFacts)
    files: tuple[Attachment, ...] = ()

    @property
    def id(self) -> str:
        """The name of the message: sent twice, a form is one message, and nothing is lost that was changed in between."""
        facts = [self.words, *asdict(self.told).values(), *(file.sha256 for file in self.files)]
        told = json.dumps(facts).encode()
        return f"{self.once}-{hashlib.sha256(told).hexdigest()[:DIGEST]}"

    @property
    def sender(self) -> str:
        """The address that an answer goes to: the mail address that was typed, or else a name that only this form has."""
        return self.told.email or str(Identity(channel=KIND, account=self.account, user=self.once))


def inbound(form: HandedIn, problem: str | None = None) -> InboundMessage:
    """Return the form as the door hands it to the inbox; ``problem`` says why a person should see it first."""
    return InboundMessage(
        channel=KIND,
        account=form.account,
        external_id=form.id,
        received_at=form.at,
        raw=document(form),
        media_type=media_type_of(KIND),
        problem=problem,
    )


def document(form: HandedIn) -> bytes:
    """Return the document of a form and its files."""
    told = {"document": DOCUMENT, "version": VERSION, "id": form.id, "account": form.account, "at": form.at.isoformat()}
    whole = told | {"sender": form.sender, "words": form.words, **asdict(form.told), "files": enclosed(form.files)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
