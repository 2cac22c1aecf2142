"""Whole lives of complaints, played from outside: mail and chat come in, staff act through the desk's pages, days go by.

``python -m tests.lives`` (with the root and ``tests`` on the path) writes the letters of the three lives into ``docs/letters``.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from chats import wrote
from desks import add_person, client_of, sign_in
from handlers.clock import LONDON
from houses import Postbag, arrive, house_in, mail, settle
from store.models import Case, OutboxEntry

START = datetime(2027, 2, 1, 9, 30, tzinfo=LONDON)
"""A Monday; the life that begins then has no bank holiday before Good Friday."""
ADA = "ada@resident.example"


@dataclass
class Life:
    """One case from its first message on, and everything that was sent about it."""

    folder: Path
    store_url: str
    at: datetime = START
    settings: dict = field(default_factory=dict)

    def __post_init__(self):
        """Open the house, with the people who work at it."""
        self.house = house_in(self.folder, self.store_url, at=self.at, **self.settings)
        self.bag, self.reference, self._client = Postbag(), "", client_of(self.house)
        for username, name, *roles in (
            ("olive", "Olive Oduya", "officer"),
            ("otis", "Otis Okafor", "officer"),
            ("mina", "Mina Mistry", "manager", "officer"),
            ("max", "Max Mbeki", "manager", "officer"),
        ):
            add_person(self.house, username, *roles, teams=("complaints",), name=name)

    def close(self):
        """Close the store."""
        self.house.store.close()

    def today(self) -> date:
        """Return the London date."""
        return self.house.clock.now().astimezone(LONDON).date()

    def writes(self, words: str, *, sender: str = ADA, **headers: str) -> int:
        """Let a mail come in, be settled and be answered."""
        number = arrive(self.house, mail(words, sender=sender, **headers), sender=sender)
        settle(self.house)
        self.send()
        return number

    def answers(self, words: str, letter: OutboxEntry, *, sender: str = ADA) -> int:
        """Let a mail come in that answers a letter of ours, as a mail program does."""
        return self.writes(words, sender=sender, In_Reply_To=letter.header_id, subject=f"Re: {letter.subject}")

    def says(self, words: str, **more: object) -> int:
        """Let a chat message come in, be settled and be answered."""
        number = wrote(self.house, words, **more)
        self.send()
        return number

    def send(self):
        """Let everything that is due leave."""
        outbox = self.house.outbox(self.bag)

        async def send() -> None:
            for _time in range(20):
                await outbox.once()

        asyncio.run(send())

    def days(self, number: int, *, hour: int = 10):
        """Let so many days go by, the sweep at work on each of them."""
        for _day in range(number):
            local = datetime.combine(self.today() + timedelta(days=1), time(hour), LONDON)
            self.house.clock.at = local
            self.house.sweep().once()
            self.send()

    def until(self, day: date, *, hour: int = 10):
        """Let days go by until a date."""
        self.days((day - self.today()).days, hour=hour)

    def case(self) -> Case:
        """Return the case as it stands."""
        with self.house.store.glance() as glance:
            found = glance.find(Case, reference=self.reference) if self.reference else glance.find(Case)
        self.reference = found[0].reference
        return found[0]

    def rows(self, table, **wanted):
        """Return rows of the store."""
        with self.house.store.glance() as glance:
            return glance.find(table, **wanted)

    def letters(self) -> list[OutboxEntry]:
        """Return every letter of the life, in the order in which they were written."""
        return self.rows(OutboxEntry)

    def letter(self, kind: str) -> OutboxEntry:
        """Return the latest letter of a kind."""
        return [letter for letter in self.letters() if re.sub(r"-\d+$", "", letter.kind) == kind][-1]

    # What staff do goes through the desk's pages.

    def page(self, path: str, by: str = "olive") -> str:
        """Return a page of the desk as somebody sees it."""
        answer = sign_in(self.house, self._client, by).get(path)
        assert answer.status_code == 200, (path, answer.status_code, shown(answer.text))
        return answer.text

    def act(self, name: str, by: str = "olive", *, of: object = "", **values: object) -> str:
        """Do an act of the case through its form; return what the desk says was done."""
        self.case()
        return self.form(f"/cases/{self.reference}/acts/{name}" + (f"?of={of}" if of else ""), by, **values)

    def refused(self, name: str, by: str = "olive", *, of: object = "", **values: object) -> str:
        """Try an act that must be refused; return what the desk says to it."""
        self.case()
        path = f"/cases/{self.reference}/acts/{name}" + (f"?of={of}" if of else "")
        page = self.page(path, by)
        if not LexborHTMLParser(page).css("form#form"):
            return shown(page)
        answer = self._client.post(path, data=filled(page, values), headers=FROM_HERE)
        assert answer.status_code in (409, 422), (name, answer.status_code)
        return shown(answer.text)

    def form(self, path: str, by: str = "olive", **values: object) -> str:
        """Fill in the form of a page and send it; return what the next page says was done."""
        page = self.page(path, by)
        answer = self._client.post(path, data=filled(page, values), headers=FROM_HERE)
        assert answer.status_code == 303, (path, answer.status_code, shown(answer.text))
        after = self.page(answer.headers["location"], by)
        self.send()
        notice = LexborHTMLParser(after).css_first(".desk-done, .govuk-notification-banner, .moj-alert")
        return notice.text(strip=True) if notice else ""


FROM_HERE = {"Origin": "http://127.0.0.1:8080"}


def shown(page: str) -> str:
    """Return the words of a page's main part, blanks single."""
    main = LexborHTMLParser(page).css_first("main")
    return " ".join((main.text(separator=" ") if main else page).split())


def filled(page: str, values: dict[str, object]) -> dict[str, object]:
    """Return what the form of a page would send with these values typed into it; a field that it does not have is an error."""
    sent: dict[str, object] = {}
    tree, names = LexborHTMLParser(page), set()
    assert tree.css("form#form, #form"), shown(page)
    for node in tree.css("#form input[name], #form textarea[name], #form select[name]"):
        name, value = node.attributes["name"], node.attributes.get("value") or ""
        names.add(name)
        if node.tag == "textarea":
            value = node.text().removeprefix("\n")
        elif node.tag == "select":
            options = node.css("option")
            value = next((o.attributes.get("value") for o in options if "selected" in o.attributes), None)
            value = (options[0].attributes.get("value") if options else "") if value is None else value
        elif node.attributes.get("type") in ("radio", "checkbox") and "checked" not in node.attributes:
            continue
        if node.attributes.get("type") == "checkbox":
            sent.setdefault(name, []).append(value)
        else:
            sent[name] = value
    for name, value in values.items():
        if isinstance(value, date):
            parts = {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}
            assert parts.keys() <= names, (name, sorted(names), shown(page))
            sent |= {part: str(number) for part, number in parts.items()}
        else:
            key = name if name in names else name.replace("_", "-")
            assert key in names, (name, sorted(names), shown(page))
            sent[key] = value
    return sent
