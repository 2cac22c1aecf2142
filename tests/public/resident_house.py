"""A public door before a real house: what residents say there is kept, understood and answered as it would be."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

from starlette.testclient import TestClient

from desk.public_wiring import door_of
from handlers.reception import Reception
from houses import Postbag, arrive, mail, settle
from intake.public.app import application
from store.errors import StoreUnavailable
from store.models import Case, CaseEvent, Message, OutboxEntry, Party, Task

ORIGIN = "http://127.0.0.1:8090"
ADA = "ada@resident.example"
COMPLAINT = "complaint! The lift in our block is broken and nobody has come for three weeks. Please repair it."


def browser(house, address="192.0.2.1") -> TestClient:
    """Return a browser's stand-in at the door of a house; it follows no redirects by itself."""
    app = application(door_of(house))
    return TestClient(app, base_url=ORIGIN, follow_redirects=False, client=(address, 50000))


class Away:
    """A store that cannot be reached: nothing is kept in it and nothing is read from it."""

    def glance(self):
        raise StoreUnavailable("away")

    def unit(self, _moment):
        raise StoreUnavailable("away")


def take_away(client) -> None:
    """Let the store behind a browser's door be away."""
    take_away_from(client.app.state.door)


def take_away_from(door) -> None:
    """Let the store behind a door be away."""
    door.__dict__["inbox"] = Reception(Away(), door.clock)
    door.__dict__["residents"] = replace(door.residents, store=Away())


def away(house) -> TestClient:
    """Return a browser at the door of a house whose store is away."""
    client = browser(house, "192.0.2.9")
    take_away(client)
    return client


def rows(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, **equals)


def work(house):
    """Let everything happen that happens by itself: time passes, messages are settled, letters leave."""
    house.clock.at += timedelta(seconds=40)
    settle(house)
    bag = Postbag()
    asyncio.run(house.outbox(bag).once())
    settle(house)
    return bag.sent


def case_by_mail(house, words=COMPLAINT, *, sender=ADA, **headers) -> Case:
    """Return the case that a mail opened, its letter sent."""
    number = arrive(house, mail(words, sender=sender, **headers), sender=sender)
    work(house)
    (message,) = rows(house, Message, id=number)
    return rows(house, Case, id=message.case_id)[0]


def link_of(house, case, address=ADA) -> str:
    """Return the path of a party's page, as our letters name it."""
    return house.correspondence.page_of(case.id, address).removeprefix(ORIGIN)


def once_in(text: str) -> str:
    return re.search(r'name="once" value="([^"]+)"', text)[1]


def ask(client, path, what, *, once=None, files=(), **fields):
    """Do something on a page as a browser would: with the one-time name of the page that was shown."""
    fields["once"] = once or once_in(client.get(path).text)
    if files:
        return client.post(f"{path}/{what}", data=fields, files=[("files", file) for file in files])
    return client.post(f"{path}/{what}", data=fields)


def say(client, words, *, files=(), once=None):
    """Say something in the web chat."""
    once = once or once_in(client.get("/chat").text)
    return client.post("/chat", data={"words": words, "once": once}, files=[("files", file) for file in files] or None)


def press(client, label):
    """Press the button with this label under the latest letter, or the one that always stands."""
    text = client.get("/chat").text
    form = re.search(r'<form class="chat-choices".*?</form>', text, re.DOTALL)
    found = re.search(rf'value="([^"]+)">{re.escape(label)}</button>', form[0]) if form else None
    if found is None:
        return client.post("/chat/press", data={"press": "person", "once": once_in(text)})
    letter = re.search(r'name="letter" value="(\d+)"', form[0])[1]
    return client.post("/chat/press", data={"press": found[1], "letter": letter})


__all__ = [
    "ADA",
    "COMPLAINT",
    "ORIGIN",
    "Case",
    "CaseEvent",
    "Message",
    "OutboxEntry",
    "Party",
    "Task",
    "arrive",
    "ask",
    "away",
    "browser",
    "case_by_mail",
    "link_of",
    "mail",
    "once_in",
    "press",
    "rows",
    "say",
    "settle",
    "take_away",
    "take_away_from",
    "work",
]
