"""What a resident says on a page of ours: words and files out of a form, under a one-time name, with what cannot be taken."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import HTTPException, Request

from intake.channel import InboxUnavailable
from intake.file_kinds import size_in_words
from intake.message import Attachment, InboundMessage
from intake.public.door import Door
from intake.public.file_types import ACCEPT
from intake.public.uploads import Taken, carried, files_of
from intake.web_pages import summary

LONGEST_WORDS = 20_000
"""Characters of one message: many times the longest complaint that we know of."""
TOO_MANY, WRONG, AWAY = 429, 422, 503
A_MINUTE = 60
DIGEST = 16
NOT_NOW = "We cannot keep your message at this moment. Send it again in a minute, or ring us"
NOTHING = "Write what you want to tell us, or choose a photo"
TOO_LARGE = "Your files are too large to send together. Choose fewer or smaller ones, and send the rest after"
CROWDED = "Your files do not come through at this moment. Send your words now, and the files after, one at a time"
TOO_LONG = f"Write {LONGEST_WORDS:,} characters or fewer. You can send the rest after"


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What came with a form; ``trouble`` says why it was not taken, and ``left_out`` which files were not."""

    words: str = ""
    files: tuple[Attachment, ...] = ()
    trouble: str | None = None
    left_out: str | None = None
    status: int = 200
    again_in: int = 0
    """After how many seconds to come again, where that is so."""


def brake(request: Request, door: Door) -> None:
    """Refuse who sends more than any household would, before anything of it is read."""
    if seconds := door.throttle.refused(request):
        raise HTTPException(TOO_MANY, headers={"Retry-After": str(seconds)})


def heard(found: Taken, door: Door, name: str = "words") -> Heard:
    """Return the words of this field and the files of a form; called from a thread."""
    words = field(found, name)
    if found.crowded:
        return Heard(words=words, trouble=CROWDED, status=AWAY, again_in=A_MINUTE)
    if not found.whole:
        return Heard(words=words, trouble=TOO_LARGE, status=WRONG)
    files = files_of(found.form, door.limits)
    if len(words) > LONGEST_WORDS:
        return Heard(words=words, files=files.kept, trouble=TOO_LONG, status=WRONG)
    # Files that cannot be taken keep nobody's words from us: what is good is kept, and the rest is told.
    trouble = None if words or files.kept else files.trouble or NOTHING
    return Heard(words=words, files=files.kept, trouble=trouble, left_out=files.trouble, status=WRONG if trouble else 200)


def counted(said: Heard, wait: int) -> Heard:
    """Return what was said; where its network has to ``wait`` so many seconds, with that trouble."""
    return replace(said, trouble=told_to_wait(wait), status=TOO_MANY, again_in=wait) if wait else said


def told_to_wait(seconds: int) -> str:
    """Return what somebody is told whose network sent too many messages."""
    minutes = math.ceil(seconds / 60)
    return f"Many messages came from your network. Send this again in {minutes} minute{'s' * (minutes > 1)}, or ring us"


def put(door: Door, said: Heard, *messages: InboundMessage) -> Heard:
    """Keep what was said; where it cannot be kept now, return it with that trouble, so that its page shows it again."""
    try:
        door.inbox.put(messages)
    except InboxUnavailable:
        return replace(said, trouble=NOT_NOW, status=AWAY, again_in=A_MINUTE)
    return said


def facts_of(door: Door, said: Heard | None, name: str = "words") -> dict[str, Any]:
    """Return what a page's form for words and files is shown with: again with all that stood in it where it was refused."""
    refused = said is not None and said.trouble is not None
    trouble = (said.trouble or said.left_out) if said is not None else None
    errors = {name if refused else "files": trouble} if trouble else {}
    return {
        "errors": errors,
        "summary": summary(errors),
        "words": said.words if said is not None and refused and name == "words" else "",
        "carried": carried(said.files) if said is not None and refused else [],
        "accept": ACCEPT,
        "most_files": door.limits.files,
        "most_bytes": size_in_words(door.limits.bytes_of_files),
    }


def field(found: Taken, name: str) -> str:
    """Return a text field with the line ends that people mean; "" where there is none."""
    value = found.form.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def once_again(door: Door, purpose: str, signed: str, said: Heard | None) -> str:
    """Return the one-time name that a page is given; what was not kept, as far as we know, goes on under the name that it has.

    A store that breaks off may have kept it all the same: sent again under the same name, it is one message.
    """
    refused = said is not None and said.trouble is not None
    known = refused and door.signer.known_once(purpose, signed) is not None
    return signed if known else door.signer.once(purpose, door.clock.now())


def once_for(door: Door, purpose: str, signed: str, words: str, files: Sequence[Attachment] = ()) -> str:
    """Return the name of what was said: sent twice from one page it is one, and with other words it is another.

    A page whose name we do not know (it may be years old) is named by what it says.
    """
    told = "\0".join((words, *(file.sha256 for file in files)))
    known = door.signer.known_once(purpose, signed)
    digest = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:DIGEST]
    return f"{known.name}-{digest}" if known is not None else door.signer.derived(purpose, told)
