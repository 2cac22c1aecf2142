"""What a status says: who wrote it to whom, as plain words, with what files. Everything in it is the writer's claim.

An update is a notification as the server gives it, ``{"edited": status}`` for a status that now reads otherwise, or
``{"deleted": id, "account": ...}`` for one that is no longer there.
"""

from __future__ import annotations

import json
import mimetypes
import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from intake.chat import FileToFetch
from intake.html_text import html_text
from intake.identity import Identity
from intake.networks.told import Told
from intake.networks.walking import at, believed, many, moment, words
from intake.storable import one_line

PRIVATE = "direct"
_MEDIA = frozenset({"image", "gifv", "video", "audio", "unknown"})
_LONGEST_NAME = 200


def understand(envelope: Any) -> Told:
    """Make out one kept update; raises ``ValueError`` for what is of no known shape."""
    update, own = at(envelope, "update"), at(envelope, "own")
    if at(update, "edited") is not None:
        return _edit(at(update, "edited"), own)
    if at(update, "deleted") is not None:
        return _withdrawal(update)
    return _mention(update, own)


def _mention(notification: Any, own: Any) -> Told:
    status = at(notification, "status")
    private = words(status, "visibility") == PRIVATE
    return Told(
        external_id=_id(status),
        act="message" if private else "public",
        arrived_at=_arrived(moment(status, "created_at"), moment(notification, "created_at")),
        about=words(status, "in_reply_to_id") or None,
        **_content(status, own),
    )


def _arrived(posted: datetime | None, told: datetime | None) -> datetime | None:
    """Return when it reached us: servers may be slow to tell each other, and that delay is not the resident's."""
    return posted if told is None else believed(posted, told)


def _edit(status: Any, own: Any) -> Told:
    id_, edited = _id(status), words(status, "edited_at")
    if not edited:
        raise ValueError("a status that was not edited")
    return Told(
        external_id=f"{id_}:edit:{edited}",
        act="edit",
        arrived_at=moment(status, "edited_at"),
        about=id_,
        **_content(status, own),
    )


def _withdrawal(update: Any) -> Told:
    id_, account = words(update, "deleted"), at(update, "account")
    if not id_:
        raise ValueError("nothing was deleted")
    return Told(external_id=f"{id_}:deleted", act="withdrawal", about=id_, person=person_of(account), name=name_of(account))


def _content(status: Any, own: Any) -> dict[str, Any]:
    account = at(status, "account")
    files, notes, unsupported = _media(many(status, "media_attachments"))
    return {
        "person": person_of(account),
        "name": name_of(account),
        "written_at": moment(status, "created_at"),
        "text": "\n\n".join(filter(None, (*_said(status, own), *notes))),
        "files": files,
        "machine": at(account, "bot") is True,
        "unsupported": unsupported,
    }


def person_of(account: Any) -> str:
    """Return the number by which our server knows somebody, whatever they call themselves."""
    id_ = words(account, "id")
    # Raises ValueError for what could not stand in an identity.
    return Identity(channel="mastodon", account="any", user=id_).user


def name_of(account: Any) -> str | None:
    """Return the name that somebody shows, with their address on the network."""
    shown, address = (one_line(words(account, key), _LONGEST_NAME) for key in ("display_name", "acct"))
    return f"{shown} (@{address})" if shown and address else shown or (f"@{address}" if address else None)


def _id(status: Any) -> str:
    id_ = words(status, "id")
    if not id_ or len(id_) > _LONGEST_NAME or not id_.isascii() or not id_.isprintable() or " " in id_:
        raise ValueError("a status without an id")
    return id_


def _said(status: Any, own: Any) -> list[str]:
    said = [words(status, "spoiler_text").strip(), without_greeting(html_text(words(status, "content")).text, own)]
    choices = [words(option, "title") for option in many(status, "poll", "options")]
    if choices:
        said.append(f"[poll: {' / '.join(choices)}]")
    if quoted := words(status, "quote", "quoted_status", "url"):
        said.append(f"[quotes {quoted}]")
    return said


def without_greeting(text: str, own: Any) -> str:
    """Return the text without our own name at its beginning, which addresses it to us and says nothing."""
    name = words(own, "acct").partition("@")[0]
    if not name:
        return text.strip()
    return re.sub(rf"\A(?:\s*@{re.escape(name)}(?:@[\w.-]+)?(?![\w@.-]*\w)[\s,:]*)+", "", text, flags=re.IGNORECASE).strip()


def _media(attachments: list[Any]) -> tuple[tuple[FileToFetch, ...], list[str], tuple[str, ...]]:
    files: list[FileToFetch] = []
    notes: list[str] = []
    unsupported: list[str] = []
    for one in attachments:
        kind = one_line(words(one, "type"), 40) or "attachment"
        if description := words(one, "description").strip():
            notes.append(f"[{kind}: {description}]")
        if url := words(one, "url"):
            files.append(_file(url, kind))
        elif remote := words(one, "remote_url"):
            notes.append(f"[a file that our server did not take over: {remote}]")
        if kind not in _MEDIA or not (url or words(one, "remote_url")):
            unsupported.append(kind)
    return tuple(files), notes, tuple(unsupported)


def _file(url: str, kind: str) -> FileToFetch:
    name = one_line(PurePosixPath(unquote(urlsplit(url).path)).name, _LONGEST_NAME) or kind
    return FileToFetch(reference=json.dumps({"url": url}), name=name, type=mimetypes.guess_type(name)[0])
