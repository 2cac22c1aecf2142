"""A public door for tests: an inbox that keeps everything in a list, residents that answer what they were told to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from starlette.testclient import TestClient

from intake.channel import InboxUnavailable
from intake.identity import Identity
from intake.message import Receipt
from intake.public.app import application
from intake.public.door import Door, LandlordFacts
from intake.public.residents import Chat, Talk

ORIGIN = "http://127.0.0.1:8090"
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LANDLORD = LandlordFacts(
    name="Harbour Council",
    service_name="Harbour Council Housing",
    phone="020 7946 0000",
    emergency_phone="020 7946 0999",
    emergency_hours="at any time of day or night",
    website="https://harbour.example",
    privacy_url="https://harbour.example/privacy",
    policy_url="https://harbour.example/complaints",
    post="Harbour Council, 1 Quay Street, London SE1 0AA",
    email="housing@harbour.example",
    accessible_formats="large print, Braille or another language",
    data_protection_contact="dpo@harbour.example",
    ombudsman_name="Housing Ombudsman Service",
    ombudsman_phone="0300 111 3000",
    ombudsman_website="https://www.housing-ombudsman.org.uk",
)


@dataclass
class StillClock:
    """A clock that moves only when it is told to."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def pass_(self, **time) -> None:
        self.at += timedelta(**time)


@dataclass
class ListInbox:
    """An inbox that keeps each message once, as the store's unique key does, or is away."""

    kept: dict = field(default_factory=dict)
    puts: int = 0
    away: bool = False

    def put(self, messages):
        if self.away:
            raise InboxUnavailable("the store is away")
        self.puts += 1
        return [self._keep(message) for message in messages]

    def _keep(self, message) -> Receipt:
        key = message.channel, message.account, message.external_id
        fresh = key not in self.kept
        self.kept.setdefault(key, message)
        return Receipt(message_id=list(self.kept).index(key) + 1, fresh=fresh)

    @property
    def messages(self) -> list:
        return list(self.kept.values())

    def position(self, account, folder):
        return None

    def heard(self, channel, account, error=None):
        pass

    def hold(self, account, holder, seconds):
        return True


@dataclass
class NoResidents:
    """A house that knows what became of the messages which a test told it of."""

    became: dict = field(default_factory=dict)
    asked: int = 0

    def posted(self, channel, account, external_id):
        self.asked += 1
        return self.became.get((channel, account, external_id))

    def page(self, link):
        return None

    def opened(self, page):
        pass

    def new_chat(self, account):
        return Chat(identity=Identity(channel="webchat", account=account, user="nobody"), cookie="cookie", back="back")

    def chat(self, account, cookie):
        return self.new_chat(account) if cookie == "cookie" else None

    def chat_again(self, account, link):
        return self.new_chat(account) if link == "back" else None

    def talk(self, chat):
        return Talk()

    def begun(self, chat):
        return False

    def stamp(self, chat):
        return "0"

    def shown(self, chat, letters):
        pass


def door_of(**more) -> Door:
    """Return a door with all that a test does not bring itself."""
    given = {
        "inbox": ListInbox(),
        "clock": StillClock(),
        "residents": NoResidents(),
        "landlord": LANDLORD,
        "url": ORIGIN,
        "key": b"k" * 32,
    }
    return Door(**(given | more))


def client_of(door: Door, address: str = "192.0.2.1", **more) -> TestClient:
    """Return a browser's stand-in at the door, from this network address; it follows no redirects by itself."""
    settings = {"base_url": ORIGIN, "follow_redirects": False, "client": (address, 50000)} | more
    return TestClient(application(door), **settings)


def page_of(client: TestClient) -> str:
    """Return the one-time name that a fresh form carries."""
    return re.search(r'name="page" value="([^"]+)"', client.get("/form").text)[1]


def hand_in(client: TestClient, *, files=(), **fields):
    """Fill in a fresh form as a person does, who takes a while, and send it."""
    fields.setdefault("page", page_of(client))
    client.app.state.door.clock.pass_(minutes=2)
    return client.post("/form", data=fields, files=[("files", file) for file in files] or [("files", ("", b""))])
