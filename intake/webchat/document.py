"""The document of what a resident did on a page of ours: one JSON object with words, pressed button and files.

It is written by us alone, in the moment of the act, and kept like any message's bytes. What it says of the case and the
party was proved by the link or the cookie that the page was opened with; the words are the resident's own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from intake.chat import media_type_of
from intake.enclosed import enclosed
from intake.identity import Identity
from intake.message import Attachment, InboundMessage

KIND = "webchat"
PAGE, PAGE_ACCOUNT = "ownpage", "page"
"""The channel and account of what is written on a resident's own page of a case."""
DOCUMENT, VERSION = "council-intake web message", 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One act of a resident on a page; ``once`` is the page's one-time name for it, so that sent twice it is one.

    ``pressed`` is a button's payload, or on their own page what they ask for: ``definition``, ``complaint``, ``stage2`` or
    ``person``. ``about`` names the letter under which a button stood.
    """

    once: str
    at: datetime
    words: str = ""
    pressed: str | None = None
    about: str | None = None
    files: tuple[Attachment, ...] = ()
    left_out: str | None = None
    """What is said of files that came with it and could not be taken."""


def of_chat(said: Said, who: Identity, quiet: timedelta, problem: str | None = None) -> InboundMessage:
    """Return what somebody said in their web chat; words wait ``quiet`` whether more of them come, a button does not.

    ``problem`` says why a person should see it first.
    """
    act: Literal["message", "press"] = "press" if said.pressed is not None else "message"
    facts = {"place": "chat", "act": act, "conversation": str(who)}
    return InboundMessage(
        channel=KIND,
        account=who.account,
        external_id=f"{who.user}:{said.once}",
        received_at=said.at,
        raw=_document(said, **facts, id=f"{who.user}:{said.once}", account=who.account),
        media_type=media_type_of(KIND),
        conversation=str(who),
        act=act,
        quiet=quiet if act == "message" else timedelta(0),
        problem=problem,
    )


def of_page(said: Said, *, reference: str, party: str) -> InboundMessage:
    """Return what a party said on their own page of a case, which a signed link has opened; it is read by itself."""
    name = f"{reference}:{said.once}"
    facts = {"place": "page", "act": "message", "conversation": party, "belongs_to": reference}
    return InboundMessage(
        channel=PAGE,
        account=PAGE_ACCOUNT,
        external_id=name,
        received_at=said.at,
        raw=_document(said, **facts, id=name, account=PAGE_ACCOUNT),
        media_type=media_type_of(KIND),
        act="message",
    )


def _document(said: Said, **facts: str) -> bytes:
    told: dict[str, Any] = {"document": DOCUMENT, "version": VERSION, **facts, "at": said.at.isoformat(), "words": said.words}
    # Before the files, so that the beginning of the document says all but their content.
    told |= {
        "pressed": said.pressed,
        "about": said.about,
        "left_out": said.left_out,
        "names": [file.name for file in said.files],
    }
    told["files"] = enclosed(said.files)
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
