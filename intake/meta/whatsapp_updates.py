"""Takes the webhooks of the WhatsApp Cloud API apart (``entry`` times ``changes`` times messages or statuses), and reads each.

A resident is known by the business-scoped user id where Meta gives it, for whoever has taken a username has no number here;
else by the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from intake.chat import Progress
from intake.meta.json_values import Json, as_object, instant, items, lists_of, name_of, only, part, short, words
from intake.meta.updates import Piece, Update
from intake.meta.whatsapp_contents import contents

LISTS = ("messages", "statuses", "message_echoes", "user_id_update")
STATES: dict[str, Progress] = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
CODES = {"131047": "window", "131026": "gone"}
"""Errors of letters that were taken first and failed later; others are kept as their own number."""


def unpack(batch: Json) -> Iterator[Piece]:
    """Yield each message and status of a batch, alone in its envelope; what is broken comes whole."""
    for entry in items(batch, "entry"):
        try:
            yield from list(_changes(batch, as_object(entry)))
        except ValueError:
            yield _alone(batch, None, entry)


def _alone(batch: Json, owner: str | None, entry: Any) -> Piece:
    return Piece(owner=owner, envelope={"object": batch.get("object"), "entry": [entry]})


def _changes(batch: Json, entry: Json) -> Iterator[Piece]:
    around = {key: value for key, value in entry.items() if key != "changes"}
    changes = items(entry, "changes")
    if not changes:
        raise ValueError("an entry without changes")
    for change in changes:
        try:
            singles = list(_singly(as_object(change)))
        except ValueError:
            singles = [(None, change)]
        for owner, single in singles:
            yield _alone(batch, owner, {**around, "changes": [single]})


def _singly(change: Json) -> Iterator[tuple[str | None, Json]]:
    value = as_object(change.get("value"))
    owner = name_of(part(value, "metadata").get("phone_number_id"))
    around = {key: each for key, each in value.items() if key not in (*LISTS, "contacts")}
    people = _people(value)
    singles, broken = lists_of(value, LISTS)
    if not singles and not broken:
        raise ValueError("a change without messages or statuses")
    for key in broken:
        yield None, {**change, "value": {**around, key: value[key]}}
    for key, each in singles:
        person = _person(each, people)
        known = {} if person is None else {"contacts": [person]}
        yield owner, {**change, "value": {**around, **known, key: [each]}}


def _people(value: Json) -> dict[str, Any]:
    contacts = _contacts(value)
    return {str(contact[key]): contact for key in ("wa_id", "user_id") for contact in contacts if contact.get(key)}


def _contacts(value: Json) -> list[Json]:
    """Return the contacts; they hold names and second-best ids, and what is wrong with them must not cost the messages."""
    told = value.get("contacts")
    return [contact for contact in told if isinstance(contact, dict)] if isinstance(told, list) else []


def _person(single: Any, people: dict[str, Any]) -> Any:
    """Return the contact that a message or status is of: a batch has those of all."""
    ids = ("from_user_id", "recipient_user_id", "from", "recipient_id")
    named = [str(single.get(key)) for key in ids] if isinstance(single, dict) else []
    return next((people[name] for name in named if name in people), None)


def understand(envelope: Json) -> Update:
    """Say what the one message or status in an envelope is; raise ``ValueError`` where it has no known shape."""
    entry = as_object(only(items(envelope, "entry")))
    value = as_object(as_object(only(items(entry, "changes"))).get("value"))
    contact = next(iter(_contacts(value)), {})
    key, single = only([(key, as_object(single)) for key in LISTS for single in items(value, key)])
    return READERS[key](single, contact, instant(single.get("timestamp")))


def _user(single: Json, contact: Json, scoped: str, number: str) -> str:
    return name_of(single.get(scoped) or contact.get("user_id") or single.get(number) or contact.get("wa_id"))


def _message(message: Json, contact: Json, at: datetime | None) -> Update:
    user, kind = _user(message, contact, "from_user_id", "from"), short(message, "type") or "message"
    name, own = short(part(contact, "profile"), "name"), name_of(message.get("id"))
    if kind in ACTS:
        return ACTS[kind](message, user, at)
    text, files, pressed, problems = contents(message, kind)
    return Update(
        external_id=own,
        act="press" if pressed else "message",
        user=user,
        at=at,
        text=text,
        files=files,
        name=name,
        about=words(part(message, "context"), "id") or None,
        pressed=pressed,
        problems=problems,
    )


def _edit(message: Json, user: str, at: datetime | None) -> Update:
    edit = part(message, "edit")
    first, changed = name_of(edit.get("original_message_id")), part(edit, "message")
    text = contents(changed, short(changed, "type") or "text")[0]
    name = f"{first}:edit:{name_of(message.get('timestamp'))}"
    return Update(external_id=name, act="edit", user=user, at=at, text=text, about=first)


def _revoke(message: Json, user: str, at: datetime | None) -> Update:
    first = name_of(part(message, "revoke").get("original_message_id"))
    return Update(external_id=f"{first}:withdrawn", act="withdrawal", user=user, at=at, about=first)


def _reaction(message: Json, user: str, at: datetime | None) -> Update:
    reaction = part(message, "reaction")
    sign, about = words(reaction, "emoji") or "none", name_of(reaction.get("message_id"))
    # Nobody is answered for a heart: it is kept like a receipt, and says nothing of how far a letter came.
    return Update(
        external_id=name_of(message.get("id")), act="receipt", user=user, at=at, text=f"[reaction: {sign}]", about=about
    )


def _system(message: Json, user: str, at: datetime | None) -> Update:
    told = part(message, "system")
    text, own = f"[WhatsApp: {words(told, 'body')}]", name_of(message.get("id"))
    if "changed_number" in words(told, "type") or "changed_user_id" in words(told, "type"):
        # The old number will be somebody else's: nothing more may be sent to it.
        return Update(external_id=own, act="blocked", user=user, at=at, text=text, code="gone")
    return Update(external_id=own, act="receipt", user=user, at=at, text=text)


def _status(status: Json, contact: Json, at: datetime | None) -> Update:
    about, state = name_of(status.get("id")), name_of(status.get("status"))
    errors = [error for error in items(status, "errors") if isinstance(error, dict)]
    code = str(errors[0].get("code", ""))[:20] if errors else None
    return Update(
        external_id=f"receipt:{about}:{state}",
        act="receipt",
        user=_user(status, contact, "recipient_user_id", "recipient_id"),
        at=at,
        about=about,
        progress=STATES.get(state),
        code=CODES.get(code, code) if code else None,
    )


def _echo(message: Json, contact: Json, at: datetime | None) -> Update:
    """Read what a colleague wrote in the WhatsApp Business app on the same number."""
    own = name_of(message.get("id"))
    text, files, _, problems = contents(message, short(message, "type") or "message")
    user = _user(message, contact, "to_user_id", "to")
    return Update(external_id=f"echo:{own}", act="echo", user=user, at=at, text=text, files=files, about=own, problems=problems)


def _moved(update: Json, _contact: Json, at: datetime | None) -> Update:
    """Read that somebody has a new business-scoped id, as with a new number: what goes to the old one reaches nobody."""
    ids = part(update, "user_id")
    old, new = name_of(ids.get("previous")), name_of(ids.get("current"))
    text = f"[WhatsApp: this person's id changed; the new one is {new}]"
    return Update(external_id=f"user_id:{old}:{new}", act="blocked", user=old, at=at, text=text, code="gone")


READERS: dict[str, Callable[[Json, Json, datetime | None], Update]] = {
    "messages": _message,
    "statuses": _status,
    "message_echoes": _echo,
    "user_id_update": _moved,
}
ACTS: dict[str, Callable[[Json, str, datetime | None], Update]] = {
    "edit": _edit,
    "revoke": _revoke,
    "reaction": _reaction,
    "system": _system,
}
