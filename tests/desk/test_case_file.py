"""The file of a case: whole, byte for byte, readable without anything else, and the same whenever it is made."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import html5lib
import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from all_commands import app
from desk.case_file import case_file
from desk.case_file_words import TITLES
from desk.config import EXAMPLE, load_settings
from desk.web.rights import Person, Role
from desk.wiring import House
from desks import add_person
from handlers.case_work import add_note
from handlers.clock import FixedClock
from handlers.defining import save
from handlers.definition import Definition
from handlers.rows import definition_of
from houses import READER, Judge, arrive, mail, settle
from store.course_models import (
    Action,
    Answer,
    Breach,
    Contributor,
    Discretion,
    Extension,
    OmbudsmanOrder,
    ProgressUpdate,
    Refusal,
    Remedy,
    StageRecord,
    StageWork,
)
from store.handover_models import Handover, HandoverNews
from store.hazard_models import BuildingConcern, Hazard, Page
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry
from store.people_models import Adjustment, Authority, GroupMember, Restriction
from store.rows import columns, core
from store.schema import migrate

HOSTILE = "complaint! Nobody came. <script>alert(1)</script> {{ 7 * 7 }} Please mend the boiler."


class Office:
    def __init__(self, folder):
        self.config, self.out = folder / "config.toml", folder / "out.zip"
        self.config.write_text(
            EXAMPLE.read_text().replace('"var/', f'"{folder}/').replace("sqlite:///var/", f"sqlite:///{folder}/")
        )
        migrate(f"sqlite:///{folder}/intake.db")
        self.raw = mail(HOSTILE)
        with self.house().store:
            house = self.house()
            arrive(house, self.raw)
            settle(house)
            add_note(house.acts, 1, "olive", "Rang: <b>no</b> answer")
            with house.store.glance() as glance:
                self.reference = glance.find(Case)[0].reference

    def house(self):
        house = House(settings=load_settings(self.config))
        house.__dict__.update(classifier=Judge(), reader=READER)
        return house

    def run(self, *words):
        return CliRunner().invoke(app, [*words, "--config", str(self.config)])

    def opened(self):
        done = self.run("case", self.reference, "--file", str(self.out))
        assert done.exit_code == 0, done.output
        return zipfile.ZipFile(io.BytesIO(self.out.read_bytes()))


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_the_file_holds_originals_letters_decisions_and_the_chain(office):
    archive = office.opened()
    assert archive.read("originals/message-1.eml") == office.raw
    tree = json.loads(archive.read("case.json"))
    with office.house().store as store, store.glance() as glance:
        (letter,) = glance.find(OutboxEntry)
        events = glance.find(CaseEvent)
    assert letter.text in archive.read(f"letters/letter-{letter.id}-{letter.kind}.txt").decode()
    assert archive.read(f"letters/letter-{letter.id}-{letter.kind}.html").decode() == letter.html
    assert [event["hash"] for event in tree["events"]] == [event.hash for event in events]
    assert tree["about_this_file"]["chain"] == "as it was written"
    assert (tree["verdicts"][0]["model"], tree["verdicts"][0]["why"]) == ("judge-1", "sure")
    assert tree["notes"][0]["text"] == "Rang: <b>no</b> answer"


def test_every_file_stands_in_the_manifest_with_its_sum(office):
    archive = office.opened()
    sums = json.loads(archive.read("manifest.json"))["sha256"]
    assert set(sums) == set(archive.namelist()) - {"manifest.json"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in sums.items())


def test_the_page_is_read_without_anything_else_and_runs_nothing(office):
    page = office.opened().read("timeline.html").decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    for words in ("which is day 0. Working days: 1", "judge-1", "Rang: &lt;b&gt;no", "Logged as a complaint", "Code 6.2"):
        assert words in page, words
    archive = office.opened()
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert {link.get("href") for link in tree.iter("a")} <= set(archive.namelist())


def test_a_changed_event_is_told_in_the_file_itself(office):
    with office.house().store.unit("desk") as unit:
        unit.run(update(core(CaseEvent)).where(columns(CaseEvent).number == 2).values(why="another reason"))
        unit.commit()
    archive = office.opened()
    assert "event 2 was changed" in archive.read("timeline.html").decode()
    assert office.run("verify").exit_code == 1


def test_the_same_case_makes_the_same_bytes(office):
    house = office.house()
    house.clock = FixedClock(house.clock.now())
    with house.store.glance() as glance:
        first, second = (case_file(glance, 1, house).zipped() for _ in range(2))
    assert first == second


def test_a_place_where_nothing_can_be_written_is_named(office):
    office.out = office.out.parent / "missing" / "out.zip"
    done = office.run("case", office.reference, "--file", str(office.out))
    assert done.exit_code != 0
    assert "cannot be written" in str(done.exception)


def everything_on(house, case_id):
    """Keep a row of everything that can hang on a complaint; return the tables' names in the file."""
    now = house.clock.now()
    told = {
        "address": "ada@resident.example",
        "case_id": case_id,
        "by": "mina",
        "at": now,
        "kind": "large_print",
        "words": "Letters in 16 point",
        "disability": "Macular degeneration",
        "agreed_on": now.date(),
        "agreed_with": "Ada",
        "review_on": now.date() + timedelta(days=365),
    }
    with house.store.unit("T6") as unit:
        message, deadline = unit.find(Message)[0].id, unit.find(Deadline)[0]
        samples = {
            Adjustment: told,
            Restriction: {
                "address": "ada@resident.example",
                "kind": "in_writing",
                "state": "active",
                "incidents": [{"on": "2026-11-01", "what": "Shouted at Olive"}],
                "reasons": "Three calls of an hour",
                "proportion": "Writing is easier for both",
                "equality": "Large print is kept",
                "starts_on": now.date(),
                "review_on": now.date() + timedelta(days=90),
                "ends_on": now.date() + timedelta(days=180),
                "proposed_by": "olive",
                "proposed_at": now,
                "approved_by": "mina",
            },
            Authority: {"address": "son@r.example", "kind": "representative", "state": "held", "by": "olive", "at": now},
            GroupMember: {"name": "Ben Next-door", "permission": "given", "added_at": now, "added_by": "olive"},
            Hazard: {
                "message_id": message,
                "kind": "damp_and_mould",
                "level": "significant",
                "tenure": "tenant",
                "reasons": "Black mould over a cot",
                "aware_at": now,
                "by": "olive",
                "at": now,
            },
            Page: {
                "message_id": message,
                "words": "EMERGENCY: a ceiling came down",
                "made_at": now,
                "due_at": now,
                "taken_by": "mina",
                "taken_at": now,
            },
            BuildingConcern: {"building": "Tall House", "limb": "fire", "by": "olive", "at": now},
            Handover: {
                "partner": "repairs",
                "way": "mail",
                "state": "with_partner",
                "key": "repairs/1",
                "summary": {"reference": "R", "danger": [], "what": "Mend the boiler"},
                "made_at": now,
                "by": "olive",
            },
            StageRecord: {"stage": "1", "received_at": now, "begun_at": now, "begun_by": "machine"},
            StageWork: {"stage": "1", "username": "olive", "what": "wrote the answer", "at": now},
            Contributor: {
                "stage": "1",
                "username": "mina",
                "part": "What the surveyor saw",
                "asked_by": "olive",
                "asked_at": now,
                "due_on": now.date(),
            },
            Answer: {
                "stage": "1",
                "points": [{"point": 1, "finding": "partly", "reasons": "We came late", "reference": "Repairs policy 3"}],
                "decision": "We should have come sooner",
                "by": "olive",
                "at": now,
            },
            Action: {
                "stage": "1",
                "what": "Mend the boiler for good",
                "owner": "olive",
                "due_on": now.date(),
                "set_at": now,
                "set_by": "olive",
            },
            Remedy: {
                "stage": "1",
                "kind": "money",
                "impact": "Nine days of cold",
                "what": "For the cold",
                "pence": 15_050,
                "offered_at": now,
                "by": "olive",
                "approved_by": "mina",
            },
            Extension: {
                "stage": "1",
                "deadline_id": deadline.id,
                "state": "stands",
                "old_due_on": deadline.due_on,
                "new_due_on": deadline.due_on + timedelta(days=7),
                "reason": "A part has to be made",
                "by": "olive",
                "at": now,
                "every_days": 5,
            },
            ProgressUpdate: {"stage": "1", "due_on": deadline.due_on, "every_days": 5, "set_at": now},
            Breach: {
                "deadline_id": deadline.id,
                "rule": deadline.rule,
                "due_on": deadline.due_on,
                "noticed_at": now,
                "cause_kind": "contractor",
                "cause": "The part came late",
                "cause_by": "olive",
            },
            Refusal: {
                "stage": "1",
                "ground": "other_service",
                "reasons": "It is about council tax",
                "reasons_key": "k",
                "evidence": "The bill",
                "facts": {"what": "your council tax"},
                "state": "sent_back",
                "proposed_by": "olive",
                "proposed_at": now,
            },
            Discretion: {
                "occurred_on": now.date(),
                "aware_on": now.date(),
                "taken_on": True,
                "reasons": "It goes on still",
                "by": "olive",
                "at": now,
            },
            OmbudsmanOrder: {
                "office": "housing_ombudsman",
                "kind": "order",
                "told_on": now.date(),
                "what": "Pay within four weeks",
                "by": "mina",
                "at": now,
            },
        }
        for table, row in samples.items():
            unit.add(table, [{"case_id": case_id} | row])
        news = {"handover_id": unit.find(Handover)[0].id, "at": now, "status": "done", "words": "Boiler runs"}
        unit.add(HandoverNews, [news])
        unit.commit()
    return samples


SAID = (
    "Letters in 16 point",
    "Shouted at Olive",
    "Writing is easier for both",
    "Friend, relative, adviser or attorney",
    "Ben Next-door",
    "Black mould over a cot",
    "a ceiling came down",
    "Mina Manager (mina)",
    "Tall House",
    "Mend the boiler",
    "Boiler runs",
    "wrote the answer",
    "What the surveyor saw",
    "finding: Partly upheld",
    "Repairs policy 3",
    "Mend the boiler for good",
    "£150.50",
    "A part has to be made",
    "The part came late",
    "We waited for a contractor or another office",
    "It is about a service that is not ours as a landlord",
    "It goes on still",
    "Housing Ombudsman",
    "Pay within four weeks",
    "Olive Officer (olive)",
)


@pytest.fixture
def full(office):
    """Return a house whose case has all that a case can have."""
    house = office.house()
    for username, role, name in (("olive", "officer", "Olive Officer"), ("mina", "manager", "Mina Manager")):
        add_person(house, username, role, name=name)
    everything_on(house, 1)
    yield house
    house.store.close()


def test_the_file_has_a_section_of_all_that_can_hang_on_a_case(full):
    with full.store.glance() as glance:
        made = case_file(glance, 1, full)
    page, tree = made.parts["timeline.html"].decode(), json.loads(made.parts["case.json"])
    html5lib.HTMLParser(strict=True).parse(page)
    words = " ".join(html5lib.parse(page, namespaceHTMLElements=False).itertext())
    for said in SAID:
        assert said in words, said
    assert not [name for name in TITLES if not tree[name]], "a section that nothing was kept in"
    assert set(TITLES.values()) <= {h.text for h in html5lib.parse(page, namespaceHTMLElements=False).iter("h2")}
    assert tree["hand_overs"][0]["news"][0]["words"] == "Boiler runs"
    # Nothing on the page is the bare way in which a program writes a value.
    assert not re.search(r"\{'|\[\{|None\b|datetime\.", words)


def test_what_was_told_of_a_disability_is_in_the_file_of_those_alone_who_may_read_it(full):
    roles = {"mina": Role.MANAGER, "audrey": Role.AUDITOR}
    with full.store.glance() as glance:
        takers = [Person(staff_id=1, session_id=1, username=who, name=who, roles=frozenset({r})) for who, r in roles.items()]
        manager, auditor, nobody = (case_file(glance, 1, full, taker).parts for taker in (*takers, None))
    assert b"Macular degeneration" in manager["timeline.html"]
    for parts in (auditor, nobody):
        assert not any(b"Macular degeneration" in part for part in parts.values())
        assert b"is not in this file" in parts["timeline.html"]
        assert b"Letters in 16 point" in parts["timeline.html"]


def test_every_version_of_the_definition_stands_in_the_file(full):
    with full.store.glance() as glance:
        before = case_file(glance, 1, full).parts["timeline.html"].decode()
        point = definition_of(glance.get(Case, 1).definition).points[0]
    assert "Every version of that" not in before
    after = Definition(points=(replace(point, words="The boiler has been off since May"),), outcomes=("A boiler that runs",))
    save(full.acts, 1, "mina", 0, after, why="As Ada said on the telephone")
    with full.store.glance() as glance:
        page = case_file(glance, 1, full).parts["timeline.html"].decode()
    assert page.count("Nobody came") >= 2
    for words in ("version 1", "version 0", "As Ada said on the telephone", "drafted from the resident&#39;s words"):
        assert words in page, words
