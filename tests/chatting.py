"""A house with a chat for tests: an in-house system posts signed updates, and our letters come to it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from datetime import timedelta

from houses import Postbag, settle
from intake.channel import WebhookRequest
from store.models import OutboxEntry

ACCOUNT = "app"
ME = f"signed_json:{ACCOUNT}:ada"


def chat_in(folder, **settings):
    """Return the settings of a chat channel, whose secret lies in the folder."""
    secret = folder / "secret"
    secret.write_text("0123456789abcdef0123456789abcdef")
    told = {"kind": "signed_json", "account": ACCOUNT, "base_url": "http://127.0.0.1:9", "secret_file": str(secret)}
    return told | {"quiet_seconds": 5} | settings


class Chat:
    """A house, its chat, and a way out that keeps what it is given in the chat's place."""

    def __init__(self, house, folder):
        self.house = house
        self.door = next(door for door in house.doors() if getattr(door, "channel", "") == "signed_json")
        self.secret = (folder / "secret").read_bytes()
        self.bag = Postbag()
        self.numbers = iter(range(1, 10_000))

    def tell(self, *updates, person="ada"):
        """Post updates, signed, as one request; each gets an id and a type unless it has them."""
        whole = [{"id": f"u{next(self.numbers)}", "type": "message", "person": person, **update} for update in updates]
        body = json.dumps({"updates": whole}).encode()
        time = str(int(self.house.clock.now().timestamp()))
        signature = "sha256=" + hmac.new(self.secret, time.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = (("x-intake-timestamp", time), ("x-intake-signature", signature))
        answer = self.door.answer(WebhookRequest(method="POST", query=(), headers=headers, body=body))
        assert answer.status == 200
        return [update["id"] for update in whole]

    def say(self, text, **more):
        """Say something, and let triage settle it after the quiet window."""
        (id_,) = self.tell({"text": text, **more})
        self.wait()
        return id_

    def wait(self, **time):
        """Let time pass, so much or a quiet window, and settle what waits."""
        self.house.clock.at += timedelta(**(time or {"seconds": 6}))
        return settle(self.house)

    def send(self):
        """Send what is due, chat by the postbag; return what it was given, in order."""
        ways = {"mail": self.bag, f"signed_json:{ACCOUNT}": self.bag}
        outbox = self.house.outbox(self.bag)
        outbox._ways = ways
        while asyncio.run(outbox.once()):
            pass
        return self.bag.sent

    def all(self, table, **equals):
        """Return rows of a table."""
        with self.house.store.glance() as glance:
            return glance.find(table, **equals)

    def letter(self):
        """Return the newest letter."""
        return self.all(OutboxEntry)[-1]
