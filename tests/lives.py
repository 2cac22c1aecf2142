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

from chats import update, updates
from desks import add_person, client_of, sign_in
from handlers.clock import LONDON
from houses import Postbag, arrive, house_in, mail, settle
from store.course_models import Action, Refusal, Remedy
from store.desk_models import StaffSession
from store.hazard_models import Hazard
from store.models import Case, OutboxEntry, Task
from store.schema import migrate

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
        self.house.__dict__["talking"] = {"telegram:housing-bot": Postbag()}
        self._said = 0
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

    def says(self, words: str, *, name: str = "Ben") -> None:
        """Let a chat message come in by Telegram, be settled and be answered."""
        self._said += 1
        writer = {"id": 12345, "is_bot": False, "first_name": name}
        updates(self.house, update(self.house, self._said, text=words, **{"from": writer}))
        self.send()

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

    def decide(self, code: str, by: str = "olive"):
        """Say on its review card what the message is that waits for triage."""
        (task,) = [task for task in self.rows(Task, closed_at=None) if task.kind == "triage"]
        to = f"/tasks/{task.id}/decide"
        forms = LexborHTMLParser(self.page(f"/tasks/{task.id}", by)).css("form")
        form = next(form for form in forms if (form.attributes.get("action") or "").startswith(to))
        seen = {field.attributes["name"]: field.attributes["value"] or "" for field in form.css("input[type=hidden]")}
        answer = self._client.post(form.attributes["action"], data=seen | {"as": code}, headers=FROM_HERE)
        assert answer.status_code == 303, (answer.status_code, shown(answer.text))
        self.house.clock.at += timedelta(minutes=2)
        self.send()

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
    (task,) = [task for task in life.rows(Task, closed_at=None) if task.kind == "definition_correction"]
    life.act(
        "correct-definition",
        of=task.id,
        choice="take",
        points=f"{cold} The visits were for the 12th and the 26th.\nWhen I rang to ask, I was told to stop ringing.",
    )
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
    life.act(
        "action",
        what="Fit a new valve to the radiator in the small bedroom",
        owner="repairs",
        due=date(2027, 2, 8),
        agreed="no",
        agreed_how="It was settled within our teams.",
    )
    life.until(date(2027, 2, 9))
    valve = life.rows(Action)[0].id
    life.act("action-done", of=valve, outcome="The plumber fitted it on 8 February and the room was warm at noon.")
    life.act("hazard-safe", of=hazard, on=date(2027, 2, 8), clock="12:00", how="A new valve was fitted.", works="no")
    life.act(
        "remedy",
        kind="apology",
        impact="A child slept in a cold room for five weeks, and her mother waited in vain on two days.",
        what="We apologise for the cold weeks and for how we spoke to you",
    )
    life.act(
        "remedy",
        kind="money",
        impact="Five weeks of an electric heater, and two days off work.",
        what="We pay you for the electricity and for the two days that you waited",
        amount="120",
        due=date(2027, 2, 26),
    )
    life.act(
        "action",
        what="Talk with the repairs line about how to speak to residents who wait",
        owner="contact",
        due=date(2027, 2, 26),
        agreed="no",
        agreed_how="It was settled within our teams.",
    )
    life.act(
        "answer",
        **finding(
            1,
            "upheld",
            "Our record shows both visits. The plumber was sent to another job each time, and nobody told you.",
            "Our repairs policy, section 3: a home without heating in winter is mended within 24 hours",
        ),
        **finding(
            2,
            "upheld",
            "We listened to the call. You were told to stop ringing, and that was wrong.",
            "Our promise to residents: we treat you with respect",
        ),
        decision="You were right on both points. We are sorry.",
        evidence="Your message of 1 February 2027\nThe plumber's diary\nThe recording of your call of 26 January",
        interest="none",
        account="They wrote to us on 1 February 2027, and could say more at any time.",
    )
    life.act("issue-answer", clear=["yes"])
    life.until(date(2027, 2, 26))
    for action in life.rows(Action):
        if action.done_at is None:
            life.act("action-done", of=action.id, outcome="All seven who answer the telephone were in it on 25 February.")
    for remedy in life.rows(Remedy):
        life.act(
            "remedy-given",
            of=remedy.id,
            outcome="It stands in the answer." if remedy.kind == "apology" else "Paid on 25 February 2027.",
        )
    life.act("close", outcome="answered", why="Answered, and all that was promised is done")


def apologise(life: Life, by: str, impact: str, what: str) -> None:
    """Offer an apology, which the answer itself gives."""
    life.act("remedy", by, kind="apology", impact=impact, what=what)


def finding(number: int, found: str, reasons: str, reference: str) -> dict[str, str]:
    """Return what the answer's form is sent for a point."""
    return {f"finding-{number}": found, f"reasons-{number}": reasons, f"reference-{number}": reference}


def extended_and_escalated(life: Life) -> None:
    """Play a complaint by chat that needs more time, is not settled by its answer, and goes to stage 2 by one line."""
    life.says(
        "The lift in Larch House has broken down nine times since Christmas. I use a wheelchair and live on the fifth floor. "
        "I have complained to the caretaker each time and nothing changes. I want the lift replaced.",
    )
    life.decide("complaint")
    life.act("assess", complexity="complex", vulnerability="high", risk="medium")
    life.act("officer", "mina", officer="olive")
    life.days(1)
    life.confirm(
        **points(
            life,
            "The lift in Larch House has broken down nine times since Christmas, and I use a wheelchair on the fifth floor.",
            "I told the caretaker each time and nothing changed.",
        ),
        outcomes="Replace the lift.",
        why="two matters, put apart",
    )
    life.act(
        "adjust",
        kind="no_telephone",
        words="Write to him: he does not hear well on the telephone.",
        agreed_with="Ben Boateng",
        review_on=date(2027, 8, 2),
    )
    life.until(date(2027, 2, 12))
    life.act(
        "more-time",
        new_on=date(2027, 3, 1),
        reason="The lift engineer tests the motor on 22 February. We need what he finds to answer you.",
        every_days="7",
        can_say="The caretaker's book shows nine faults. You were right about that.",
    )
    life.until(date(2027, 2, 19))
    life.act("progress", words="The engineer has the parts for his test. He comes on Monday 22 February, as planned.")
    life.until(date(2027, 2, 26))
    life.act("progress", words="The engineer found a worn door lock. We are writing our answer, and you have it by Monday.")
    life.act(
        "action",
        what="Fit a new door lock to the lift",
        owner="repairs",
        due=date(2027, 3, 19),
        agreed="no",
        agreed_how="It was settled within our teams.",
    )
    apologise(
        life, "olive", "He could not leave his home on 31 days.", "We apologise for the days that you could not leave your home"
    )
    life.act(
        "answer",
        **finding(
            1,
            "upheld",
            "The lift stood still for 31 days in all. Each time only the door lock was reset.",
            "Our lift policy, section 2: three faults in a month lead to a full test",
        ),
        **finding(
            2,
            "partly",
            "The caretaker passed on six of nine reports. Three were not passed on.",
            "Our caretaker's handbook, page 4",
        ),
        decision="You were right about the lift. The caretaker did most of what he should, and not all of it.",
        evidence="Your message of 1 February 2027\nThe caretaker's book\nThe engineer's report of 22 February",
        interest="none",
        account="They wrote to us on 1 February 2027, and could say more at any time.",
    )
    life.act("issue-answer", clear=["yes"])
    life.until(date(2027, 3, 3))
    life.says("not happy, stage 2 please")
    if life.case().stage != "2":
        life.act("stage2", "mina")
    life.act("officer", "mina", officer="otis")
    life.confirm("otis")
    life.until(date(2027, 3, 16))
    lock = life.rows(Action)[0].id
    life.act("action-done", "otis", of=lock, outcome="Fitted on 11 March. The lift has run since.")
    life.act(
        "action",
        "otis",
        what="Replace the lift's motor and doors",
        owner="repairs",
        due=date(2027, 6, 30),
        agreed="no",
        agreed_how="It was settled within our teams.",
    )
    life.act(
        "remedy",
        "otis",
        kind="money",
        impact="On 31 days he could not leave his home, and missed two visits to hospital.",
        what="We pay you for the days that you could not leave your home",
        amount="240",
        due=date(2027, 4, 9),
    )
    for remedy in life.rows(Remedy):
        if remedy.approved_at is None:
            life.act("remedy-approve", "mina", of=remedy.id)
    life.act(
        "answer",
        "otis",
        **finding(
            1,
            "upheld",
            "We looked at it all again. Nine faults in eight weeks should have led to a full test in January.",
            "Our lift policy, section 2, and the Equality Act 2010, section 20",
        ),
        **finding(
            2,
            "upheld",
            "Three reports were not passed on, and nobody told you. That is not what we promise.",
            "Our caretaker's handbook, page 4",
        ),
        decision="You were right on both points. The lift gets a new motor and new doors by 30 June 2027.",
        evidence="The answer at stage 1\nThe engineer's report of 22 February\nThe caretaker's book",
        interest="none",
        account="They wrote to us on 1 February 2027, and could say more at any time.",
    )
    life.act("issue-answer", "otis", clear=["yes"])


def refused_and_reopened(life: Life) -> None:
    """Play a complaint that two people refuse as too old, that the Ombudsman tells the landlord to take on, and its answer."""
    life.writes(
        "I am writing to complain about how my kitchen was fitted in the summer of 2024. The worktop was cut too short and "
        "nobody ever came back to finish it, although I asked three times.\n\nI want it finished.\n\nCarol Chen",
        sender="carol@resident.example",
        subject="My kitchen",
    )
    life.act("assess", complexity="ordinary", vulnerability="none_known", risk="low")
    life.days(1)
    life.confirm()
    life.act(
        "discretion",
        occurred_on=date(2024, 8, 30),
        aware_on=date(2024, 8, 30),
        taken_on="no",
        reasons="She saw the gap on the day it was fitted. The firm that fitted it has closed, and its papers are gone.",
    )
    life.act(
        "refuse",
        ground="over_12_months",
        reasons="Your kitchen was fitted in August 2024 and you saw the gap then. The firm has closed and left no papers, so we "
        "can no longer find out what was agreed.",
        evidence="The order of 12 June 2024; the firm's entry in the register, closed in May 2026",
    )
    proposal = life.rows(Refusal)[0].id
    life.act("check-refusal", "mina", of=proposal, answer="agree")
    life.until(date(2027, 3, 1))
    life.act(
        "ombudsman",
        "mina",
        kind="take_on",
        told_on=date(2027, 2, 26),
        what="The landlord should accept the complaint. The resident reported the fault three times within twelve months.",
    )
    if any(refusal.state == "refused" for refusal in life.rows(Refusal)):
        life.act("take-on", "mina", why="The Ombudsman told us to")
    life.act("officer", "mina", officer="otis")
    life.until(date(2027, 3, 10))
    life.act(
        "action",
        "otis",
        what="Fit a new worktop of the right length",
        owner="repairs",
        due=date(2027, 4, 2),
        agreed="no",
        agreed_how="It was settled within our teams.",
    )
    apologise(
        life,
        "otis",
        "Two years with half a worktop.",
        "We apologise that your kitchen was never finished, and for turning you away",
    )
    life.act(
        "answer",
        "otis",
        **finding(
            1,
            "upheld",
            "Our own record shows your three reports of September 2024 to January 2025. Nobody acted on them.",
            "Our repairs policy, section 5: unfinished work is finished within 28 days",
        ),
        decision="You were right. We should have finished your kitchen in 2024.",
        evidence="Your message of 1 February 2027\nThe record of your calls\nPhotos of the worktop",
        interest="none",
        account="They wrote to us on 1 February 2027, and could say more at any time.",
    )
    life.act("issue-answer", "otis", clear=["yes"])


LIVES = {
    "upheld-at-stage-1": upheld_at_stage_1,
    "extended-and-escalated": extended_and_escalated,
    "refused-and-reopened": refused_and_reopened,
}


DOCS = Path(__file__).resolve().parents[1] / "docs" / "letters"
SHOWN_AS = "LBL-27-4F7K2P-9D"
"""The reference that the letters in the docs bear, whatever the case was called."""


def letters_of(life: Life) -> dict[str, str]:
    """Return the letters of a life as they are kept in the docs, by file name."""
    found = {}
    for number, letter in enumerate(life.letters(), 1):
        day = letter.created_at.astimezone(LONDON)
        kind = re.sub(r"-\d+$", "", letter.kind)
        way = "by hand" if letter.recipient is None else "by mail" if "@" in letter.recipient else "by chat"
        head = f"{day:%A} {day.day} {day:%B %Y}, {way}, {letter.state}\nSubject: {letter.subject}\n"
        by_chat = (
            f"\n--- as it went by chat ---\n\n{letter.short}\n\n--- the whole letter, as kept ---\n" if letter.short else ""
        )
        text = re.sub(r"LBL-\d\d-[0-9A-Z]{6}-[0-9A-Z]{2}", SHOWN_AS, f"{head}{by_chat}\n{letter.text}")
        text = re.sub(r"(/case/page)\.[\w.]+", r"\1.of-this-resident", text)
        found[f"{number:02}-{kind}.txt"] = text
    return found


def main() -> None:
    """Play every life, and write its letters down."""
    for name, play in LIVES.items():
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/intake.db"
            migrate(url)
            life = Life(Path(folder), url)
            play(life)
            shutil.rmtree(DOCS / name, ignore_errors=True)
            (DOCS / name).mkdir(parents=True)
            for file, text in letters_of(life).items():
                (DOCS / name / file).write_text(text, encoding="utf-8")
            life.close()


if __name__ == "__main__":
    main()
