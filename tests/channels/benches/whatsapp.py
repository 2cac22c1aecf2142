"""The bench of ``whatsapp``: a number that residents with and without a username write to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from channels.bench import Update
from channels.meta_benches import MetaBench

NUMBER = "15550001111"


class WhatsAppBench(MetaBench):
    """One number."""

    kind = "whatsapp"
    account = "housing-line"
    own_id = "106540352242922"
    named = "phone_number_id"
    longest = 4096

    def user(self, number: int) -> str:
        return f"GB.Resident{number}"

    def batch(self, updates: Sequence[Update]) -> dict[str, Any]:
        value: dict[str, Any] = {"messaging_product": "whatsapp"}
        value["metadata"] = {"display_phone_number": NUMBER, "phone_number_id": self.own_id}
        for update in updates:
            for key, singles in update.body.items():
                value.setdefault(key, []).extend(singles)
        field = "smb_message_echoes" if "message_echoes" in value else "messages"
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "WABA1", "changes": [{"value": value, "field": field}]}],
        }

    def message(self, name: str, person: int, kind: str, body: Any, at: datetime | None = None, **more: Any) -> dict[str, Any]:
        """Return a message; whoever has an even number has a username, and so no telephone number."""
        user, phone = self.user(person), f"44770090{person:04}"
        contact = {"profile": {"name": f"Resident {person}"}, "user_id": user}
        single = {"id": name, "timestamp": str(int(self.seconds(at))), "type": kind, kind: body, "from_user_id": user}
        if person % 2:
            contact["wa_id"] = single["from"] = phone
        return {"contacts": [contact], "messages": [single | more]}

    def words(self, number: int, text: str, *, person: int = 1, at: datetime | None = None) -> Update:
        name = f"wamid.in{number}="
        return Update(external_id=name, body=self.message(name, person, "text", {"body": text}, at))

    def edit(self, number: int, text: str, *, person: int = 1) -> Update | None:
        first, at = f"wamid.in{number}=", self.now()
        edit = {"original_message_id": first, "message": {"type": "text", "text": {"body": text}}}
        body = self.message(f"wamid.edit{number}=", person, "edit", edit, at)
        return Update(external_id=f"{first}:edit:{int(at.timestamp())}", body=body)

    def withdrawal(self, number: int, *, person: int = 1) -> Update | None:
        first = f"wamid.in{number}="
        body = self.message(f"wamid.revoke{number}=", person, "revoke", {"original_message_id": first})
        return Update(external_id=f"{first}:withdrawn", body=body)

    def press(self, number: int, payload: str, *, person: int = 1) -> Update | None:
        name, reply = f"wamid.press{number}=", {"id": payload, "title": "A new problem"}
        body = self.message(name, person, "interactive", {"type": "button_reply", "button_reply": reply})
        return Update(external_id=name, body=body)

    def echo(self, number: int, text: str, *, person: int = 1) -> Update | None:
        name = f"wamid.echo{number}="
        single = {"from": NUMBER, "to_user_id": self.user(person), "to": f"44770090{person:04}", "id": name, "type": "text"}
        echo = single | {"timestamp": str(int(self.seconds(None))), "text": {"body": text}}
        return Update(external_id=f"echo:{name}", body={"message_echoes": [echo]})

    def file(self, number: int, content: bytes, *, person: int = 1, said_size: int | None = None) -> Update:
        media, name = f"90{number}", f"wamid.in{number}="
        self.meta.media[media] = (content, "image/jpeg")
        if said_size is not None:
            self.meta.said_sizes[media] = said_size
        image = {"id": media, "mime_type": "image/jpeg", "sha256": "not looked at"}
        return Update(external_id=name, body=self.message(name, person, "image", image))

    def unknown(self, number: int, *, person: int = 1) -> Update:
        name = f"wamid.in{number}="
        return Update(external_id=name, body=self.message(name, person, "hologram", {"of": "a boiler"}))

    def broken(self, number: int) -> Update:
        return Update(external_id="", body={"messages": [{"id": {"no": number}, "type": ["text"]}]})
