"""Whole lives of complaints, played from outside: mail and chat come in, staff act through the desk's pages, days go by.

``python -m tests.lives`` (with the root and ``tests`` on the path) writes the letters of the three lives into ``docs/letters``.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from chats import wrote
from desks import add_person, client_of, sign_in
from handlers.clock import LONDON
from houses import Postbag, arrive, house_in, mail, settle
from store.desk_models import StaffSession
from store.hazard_models import Hazard
from store.models import Case, OutboxEntry, Task

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
        del self.house.__dict__["classifier"]  # these people's words are judged by the model that is served
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
        answer = self._signed_in(by).get(path)
        assert answer.status_code == 200, (path, answer.status_code, shown(answer.text))
        return answer.text

    def _signed_in(self, by: str):
        """Return the browser of somebody who signed in today."""
        client, now = sign_in(self.house, self._client, by), self.house.clock.now()
        with self.house.store.unit("desk") as unit:
            for session in unit.find(StaffSession):
                unit.update(StaffSession, session.id, started_at=now, seen_at=now)
            unit.commit()
        return client

    def act(self, name: str, by: str = "olive", *, of: object = "", **values: object) -> str:
        """Do an act of the case through its form; return what the desk says was done."""
        self.case()
        return self.form(f"/cases/{self.reference}/acts/{name}" + (f"?of={of}" if of else ""), by, **values)

    def confirm(self, by: str = "olive", **values: object) -> str:
        """Confirm the definition on its page, put right where values say so."""
        self.case()
        return self.form(f"/cases/{self.reference}/definition", by, do="confirm", **values)

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
        kept = sent.get(name)
        several = node.attributes.get("type") == "checkbox" or kept is not None
        # A table of rows has each of its columns many times; the server takes them in order.
        sent[name] = [*(kept if isinstance(kept, list) else [kept] if kept is not None else []), value] if several else value
    for name, value in values.items():
        if isinstance(value, date):
            parts = {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}
            assert parts.keys() <= names, (name, sorted(names), shown(page))
            sent |= {part: str(number) for part, number in parts.items()}
        else:
            key = name if name in names else name.replace("_", "-")
            assert key in names or key == "do", (name, sorted(names), shown(page))
            sent[key] = value
    return sent


def points(life: Life, *words: str) -> dict[str, object]:
    """Return what the definition's page is sent for these points, all of them ours; rows left over are emptied."""
    page = LexborHTMLParser(life.page(f"/cases/{life.reference}/definition"))
    rows = len(page.css("#form textarea[name='words']"))
    return {"words": [*words, *[""] * (rows - len(words))]}


def upheld_at_stage_1(life: Life) -> None:
    """Play a complaint that is upheld: cold rooms and a rude answer, a hazard beside it, what was promised done, closed."""
    life.writes(
        "The radiator in my daughter's bedroom has been cold since 4 January. A plumber was booked for the 12th and again for "
        "the 19th and nobody came either time.\n\nWhen I rang to ask, I was told to stop ringing.\n\n"
        "I would like the radiator mended and an apology.\n\nAda Obi",
        subject="No heating and nobody comes",
    )
    life.act("assess", complexity="ordinary", vulnerability="some", risk="high")
    life.act("officer", "mina", officer="olive")
    life.act(
        "hazard",
        level="significant",
        kind="excess_cold",
        tenure="tenant",
        reasons="A child sleeps in a room without heating in winter.",
    )
    life.days(1)
    cold = "The radiator in my daughter's bedroom has been cold since 4 January. A plumber was booked twice and nobody came."
    life.confirm(
        **points(life, cold, "When I rang to ask, I was told to stop ringing."),
        outcomes="Mend the radiator.\nAn apology.",
        why="two matters, put apart",
    )
    life.answers(
        "It was the 12th and the 26th, not the 19th. All else is right. Thank you, Ada", life.letter("complaint_acknowledged")
    )
    (task,) = [task for task in life.rows(Task, closed_at=None) if task.kind == "definition_reply"]
    life.act("correct-definition", of=task.message_id, choice="take")
    life.until(date(2027, 2, 4))
    hazard = life.rows(Hazard)[0].id
    life.act(
        "hazard-looked",
        of=hazard,
        on=life.today(),
        outcome="danger",
        found="The valve of the radiator is stuck and must be replaced.",
    )
    life.act(
        "hazard-summary",
        of=hazard,
        found="The valve of the radiator in the small bedroom is stuck. The room was 14 degrees.",
        doing="- a heater was brought today\n- a new valve is fitted on 8 February 2027",
    )
    life.act("action", what="Fit a new valve to the radiator in the small bedroom", owner="repairs", due=date(2027, 2, 8))
