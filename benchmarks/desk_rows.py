"""A landlord's store after some years: open work and closed cases, with the rows that the system would have written.

Words are mixed from the labelled corpus, so that search has real words to look for, common and rare. Residents write
again: a third of the cases are of somebody who has had another. Events are chained as the system chains them.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks.wording import BUILDINGS, CORPUS, STREETS, Mixer, Words, load
from handlers import references
from store.chain import opening_events
from store.desk_models import Staff, StaffSession
from store.engine import Store
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, Party, RawContent, Task, Verdicting

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BATCH = 2_000
LONG = 200
"""Messages, and letters, of the long case."""
RARE = "peristeronic"
"""A word that stands in three messages only."""
KINDS = {
    "triage": 34, "confirm_definition": 25, "service_request": 15, "asb_report": 6, "possible_reply": 6, "spot_check": 5,
    "update_due": 4, "undelivered_letter": 3, "petition": 1, "contact_resident": 1,
}  # fmt: skip
"""Kinds of open task, by their share of a hundred."""
TEAMS = ("complaints", "repairs", "asb", "contact")
OFFICERS = tuple(f"officer{number}" for number in range(30))
FLAGS = ("damp_mould", "vulnerable", "prior_request", "compensation", "adjustment", "hazard")
LETTER = "We have your message and will write again by the date below. Please keep your reference. " * 20
Rows = dict[Any, list[dict[str, Any]]]


@dataclass(kw_only=True)
class Filling:
    """Makes the rows; the same seed gives the same store."""

    open: int
    closed: int
    seed: int = 1
    corpus: Path = CORPUS
    references: list[str] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        words = load(self.corpus)
        self._categories = list(words)
        self._weights = [len(words[name]) for name in self._categories]
        self._mixers = {name: Mixer({name: found}, self._chance) for name, found in words.items()}
        self._drawn: set[str] = set()
        self._ids: dict[Any, int] = defaultdict(int)

    def batches(self) -> Iterator[Rows]:
        """Yield rows by table, in an order in which they may go in."""
        rows: Rows = defaultdict(list)
        for number in range(self.open + self.closed):
            # Open work lies evenly among the closed cases: cases come to their end in no fixed order.
            share = self.open / (self.open + self.closed)
            self._case(rows, number, is_open=int(number * share) != int((number + 1) * share))
            if len(rows[Case]) >= BATCH:
                yield rows
                rows = defaultdict(list)
        self._long(rows)
        yield rows

    def _new(self, table: Any) -> int:
        self._ids[table] += 1
        return self._ids[table]

    def _person(self) -> tuple[str, str]:
        if self.people and self._chance.random() < 0.34:
            return self._chance.choice(self.people)
        mixer = self._mixers[self._categories[0]]
        found = mixer.person(len(self.people))
        self.people.append((found.name, found.address))
        return self.people[-1]

    def _reference(self) -> str:
        while (found := str(references.new("EBC", 26, self._chance.randrange))) in self._drawn:
            pass
        self._drawn.add(found)
        self.references.append(found)
        return found

    def _case(self, rows: Rows, number: int, *, is_open: bool) -> None:
        chance = self._chance
        category = chance.choices(self._categories, self._weights)[0]
        words = self._mixers[category].words(chance.choice((200, 600, 1_500)))
        if number in (7, self.closed // 2, self.closed - 3):
            words = Words(subject=words.subject, text=f"{words.text}\n\nThe {RARE} noise goes on.")
        age = timedelta(minutes=chance.randint(1, 15 * 1_440) if is_open else chance.randint(15 * 1_440, 1_000 * 1_440))
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0] if is_open else "confirm_definition"
        complaint = category == "complaint" and kind != "triage"
        case = self._opened(NOW - age, words, category=None if kind == "triage" else category, complaint=complaint)
        case |= {"status": "triage" if kind == "triage" else "open" if is_open else "closed", "team": chance.choice(TEAMS)}
        case["assigned_to"] = chance.choice(OFFICERS) if chance.random() < 0.6 else None
        case["restricted"] = chance.random() < 0.01
        message = self._message(rows, case, words, category)
        self._dates(rows, case, met=not is_open)
        self._letter(rows, case, message, 0)
        self._task(rows, case, message, kind, is_open=is_open)
        self._events(rows, case, 0 if is_open else 3)

    def _opened(self, at: datetime, words: Words, *, category: str | None, complaint: bool) -> dict[str, Any]:
        name, address = self._person()
        return {
            "id": self._new(Case), "reference": self._reference(), "category": category, "stage": "1" if complaint else None,
            "flags": [flag for flag in FLAGS if self._chance.random() < 0.06], "resident_name": name, "resident_address": address,
            "home": f"{self._chance.randint(1, 199)} {self._chance.choice(STREETS)} {self._chance.choice(BUILDINGS)}",
            "channel_kind": "email", "subject": words.subject or "(no subject)", "received_at": at, "opened_at": at,
            "logged_at": at if complaint else None, "acknowledged_at": at if complaint else None,
            "definition": {"points": [{"words": words.text[:300], "responsibility": "ours", "who": None}], "outcomes": [], "question": "What would you like us to do?"},
        }  # fmt: skip

    def _message(self, rows: Rows, case: dict[str, Any], words: Words, category: str) -> int:
        id_, at = self._new(Message), case["received_at"]
        raw = (
            f"From: {case['resident_address']}\r\nTo: housing@landlord.example\r\nSubject: {words.subject}\r\n"
            f"Message-ID: <m.{id_}@post.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words.text}\r\n"
        ).encode()
        digest = hashlib.sha256(raw).hexdigest()
        rows[Message].append({
            "id": id_, "channel": "smtp", "account": "benchmark", "external_id": f"bench-{id_}", "media_type": "message/rfc822",
            "received_at": at, "accepted_at": at, "raw_sha256": digest, "raw_size": len(raw), "due_at": at, "attempts": 1,
            "mail_from": case["resident_address"], "rcpt_to": ["housing@landlord.example"], "state": "handled",
            "disposition": "case", "disposition_why": "opened a case", "case_id": case["id"],
            "sender_address": case["resident_address"], "sender_name": case["resident_name"], "header_id": f"<m.{id_}@post.example>",
            "subject": words.subject, "new_text": words.text, "repeat_key": digest, "trust": "unknown",
        })  # fmt: skip
        rows[RawContent].append({"message_id": id_, "body": raw})
        score = round(self._chance.uniform(0.4, 0.99), 3)
        rows[Verdicting].append({
            "id": self._new(Verdicting), "message_id": id_, "case_id": case["id"], "at": at, "by": "machine", "model": "benchmark",
            "input_sha256": digest, "category": category, "confidence": score, "scores": {category: score, "out_of_scope": 1 - score},
            "route": "triage" if score < 0.7 else "auto", "why": "unsure: too near a complaint" if score < 0.7 else "sure",
            "evidence": [{"start": n, "end": n + 6, "weight": 0.3, "words": words.text[n : n + 6], "for": category} for n in (0, 20, 40)],
        })  # fmt: skip
        return id_

    def _dates(self, rows: Rows, case: dict[str, Any], *, met: bool) -> None:
        day = case["received_at"].date()
        for rule, days in (("acknowledge_1", 7), ("respond_1", 14)):
            due = day + timedelta(days=days)
            at = datetime(due.year, due.month, due.day, 23, 59, 59, tzinfo=UTC)
            rows[Deadline].append({
                "id": self._new(Deadline), "case_id": case["id"], "rule": rule, "provision": "Code 6.2", "due_on": due, "due_at": at,
                "counted_from": day, "counted": [str(day + timedelta(days=n + 1)) for n in range(days)], "calendar": "benchmark",
                "set_at": case["received_at"], "met_at": case["received_at"] if met or rule == "acknowledge_1" else None,
            })  # fmt: skip

    def _letter(self, rows: Rows, case: dict[str, Any], message: int, number: int) -> None:
        id_, at = self._new(OutboxEntry), case["received_at"] + timedelta(hours=number)
        rows[OutboxEntry].append({
            "id": id_, "case_id": case["id"], "message_id": message, "kind": "complaint_acknowledged", "template": "benchmark",
            "way": "mail", "recipient": case["resident_address"], "subject": f"Your complaint {case['reference']}", "text": LETTER,
            "header_id": f"<l.{id_}@landlord.example>", "in_reply_to": f"<m.{message}@post.example>", "state": "sent",
            "created_at": at, "next_at": at, "sent_at": at, "answer": "250 taken", "attempts": 1,
        })  # fmt: skip

    def _task(self, rows: Rows, case: dict[str, Any], message: int, kind: str, *, is_open: bool) -> None:
        at = case["received_at"]
        due = NOW + timedelta(minutes=self._chance.randint(-3 * 1_440, 15 * 1_440)) if is_open else at + timedelta(days=5)
        closed = (
            {}
            if is_open
            else {"closed_at": at + timedelta(days=4), "closed_by": self._chance.choice(OFFICERS), "outcome": "confirmed"}
        )
        rows[Task].append({
            "id": self._new(Task), "kind": kind, "case_id": case["id"], "message_id": message, "team": case["team"],
            "why": "unsure: too near a complaint", "danger": is_open and self._chance.random() < 0.02, "opened_at": at, "due_at": due,
            **closed,
        })  # fmt: skip

    def _events(self, rows: Rows, case: dict[str, Any], more: int) -> None:
        kinds = ["received", "judged", "logged_as_complaint", "letter_written", "letter_sent"]
        kinds += ["task_done", "recategorised", "closed"][:more] if more <= 3 else ["note"] * more
        plain = [
            {
                "case_id": case["id"],
                "at": case["received_at"] + timedelta(minutes=n),
                "by": "machine",
                "kind": kind,
                "why": "as it came",
            }
            for n, kind in enumerate(kinds)
        ]
        events, end = opening_events(case["id"], plain)
        rows[CaseEvent] += events
        rows[Case].append(case | end)
        for role, address in (("resident", case["resident_address"]), ("copied", "housing@landlord.example")):
            rows[Party].append({"case_id": case["id"], "address": address, "name": case["resident_name"], "role": role})

    def _long(self, rows: Rows) -> None:
        """Add one case with hundreds of messages, letters and events: the last of all."""
        words = [self._mixers["complaint"].words(600) for _ in range(LONG)]
        case = self._opened(NOW - timedelta(days=20), words[0], category="complaint", complaint=True)
        case |= {"status": "open", "team": "complaints", "assigned_to": OFFICERS[0]}
        for number, each in enumerate(words):
            self._letter(rows, case, self._message(rows, case, each, "complaint"), number)
        self._dates(rows, case, met=False)
        self._task(rows, case, 1, "confirm_definition", is_open=True)
        self._events(rows, case, 2 * LONG)


ORDER = (Case, Message, RawContent, Verdicting, Deadline, OutboxEntry, CaseEvent, Party, Task)


def fill(store: Store, filling: Filling) -> None:
    """Put all the rows in; the store must be empty."""
    for rows in filling.batches():
        with store.unit("T3") as unit:
            for table in ORDER:
                unit.add(table, rows[table])
            unit.commit()


def settle(url: str) -> None:
    """Move PostgreSQL's sequences on, and let it count the rows as its own upkeep would have by then."""
    engine = create_engine(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in (*ORDER, Staff, StaffSession):
                if "id" in table.__table__.c:
                    name = table.__table__.name
                    connection.execute(
                        text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
                    )
            connection.execute(text("ANALYZE"))
    engine.dispose()
