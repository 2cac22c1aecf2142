"""Files are scanned behind everybody's back: by what is in them, once, without stopping or losing a word of a message."""

from __future__ import annotations

import asyncio
import hashlib
from email.message import EmailMessage

import pytest

from chatting import ACCOUNT, Chat, chat_in
from desk.health import look
from desk.roles import Bell, work
from desk.scanner_wiring import scanning_of
from handlers.fetching import Fetching
from handlers.infected_files import ask_again
from handlers.quarantine import read_again
from handlers.scanner_state import PATIENCE
from handlers.scanning import BATCH, MANY, NEXT_TRY, TRIES, Scanning
from houses import arrive, mail, settle
from intake.chat import FetchedFile
from intake.clamd import TOO_LARGE, Clamd, address_of
from intake.contact import attachment
from intake.webform.document import HandedIn, inbound
from standins.clamd import EVIL, NAME, VERSION
from standins.clamd import Clamd as Scanner
from store.chain import verify_chain
from store.models import Case, CaseEvent, Message, MessageState, OutboxEntry, RawContent, Task
from store.scan_models import FileScan

PDF, BAD = b"%PDF-1.7 a letter", b"%PDF-1.7 " + EVIL


@pytest.fixture
def scanner():
    with Scanner() as standing:
        yield standing


@pytest.fixture
def house(house_of, scanner):
    return house_of(scanning={"clamd": scanner.setting, "answer_seconds": 5, "largest": 900_000})


def with_files(*contents, words="complaint! the wall is damp", sender="ada@resident.example"):
    made = EmailMessage()
    made["From"], made["Subject"] = f"Ada Resident <{sender}>", "Damp"
    made.set_content(words)
    for number, content in enumerate(contents, start=1):
        made.add_attachment(content, maintype="application", subtype="pdf", filename=f"letter-{number}.pdf")
    return made.as_bytes()


def come(house, raw, sender="ada@resident.example"):
    number = arrive(house, raw, sender=sender)
    settle(house)
    return number


def rows(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, **equals)


def state(house, content):
    found = rows(house, FileScan, sha256=hashlib.sha256(content).hexdigest())
    return (str(found[0].state), found[0].told) if found else ("not_scanned", "")


def to_scan(house):
    return look(house).figures["scanned_files"]["messages_to_scan"]


def test_each_file_and_the_mail_around_it_are_scanned_once(house, scanner):
    raw = with_files(PDF, b"%PDF other")
    come(house, raw)
    scanning = scanning_of(house)
    assert scanning.once() is False
    assert scanner.seen == [raw, PDF, b"%PDF other"]
    assert {state(house, content) for content in (PDF, b"%PDF other", raw)} == {("clean", "")}
    (first, *_) = rows(house, FileScan)
    assert (first.engine, first.at) == (VERSION, house.clock.now())
    assert to_scan(house) == 0 and rows(house, Task, kind="infected_file") == []
    scanning.once()
    come(house, with_files(PDF, words="complaint! again", sender="eve@r.example"), "eve@r.example")
    scanning.once()
    assert len(scanner.seen) == 4, "the same bytes are not asked about again, only the mail around them"


def test_an_infected_file_is_a_task_and_an_event_and_the_message_is_answered_and_kept(house):
    raw = with_files(PDF, BAD)
    number = come(house, raw)
    letters = [letter.kind for letter in rows(house, OutboxEntry)]
    assert letters == ["complaint_acknowledged"]
    scanning_of(house).once()
    (task,) = rows(house, Task, kind="infected_file")
    (case,) = rows(house, Case)
    assert (task.case_id, task.message_id, task.team) == (case.id, number, case.team)
    assert task.why.startswith(f"file 2 is infected ({NAME})")
    (event,) = rows(house, CaseEvent, kind="infected_file")
    assert NAME in event.details and VERSION in event.details
    assert rows(house, RawContent)[0].body == raw
    assert [letter.kind for letter in rows(house, OutboxEntry)] == letters
    assert rows(house, Message)[0].new_text.startswith("complaint! the wall is damp")
    with house.store.glance() as glance:
        assert verify_chain(glance) == []


def test_every_case_with_the_same_infected_file_is_told_of_once(house):
    for sender in ("ada@r.example", "eve@r.example"):
        come(house, with_files(BAD, words=f"complaint! {sender} has damp", sender=sender), sender)
    scanning = scanning_of(house)
    scanning.once()
    with house.store.unit("T6") as unit:
        for message in unit.find(Message):
            unit.update(Message, message.id, files_scanned_at=None)
        unit.commit()
    scanning.once()
    assert sorted(task.case_id for task in rows(house, Task, kind="infected_file")) == [1, 2]
    assert len(rows(house, CaseEvent, kind="infected_file")) == 2


def test_a_mail_without_files_needs_no_scanner(house, scanner):
    for number in range(BATCH + 2):
        come(house, mail(f"complaint! damp {number}", sender=f"t{number}@r.example"), f"t{number}@r.example")
    scanning_of(house).once()
    assert scanner.questions == [] and to_scan(house) == 0


def test_new_mail_comes_before_old_and_residents_before_files(house, scanner):
    for number in range(BATCH + 1):
        come(house, with_files(b"%%PDF %d" % number, words=f"complaint! damp {number}", sender=f"t{number}@r.example"))
    for number in range(MANY + 1):
        arrive(house, mail(f"complaint! cold {number}", sender=f"w{number}@r.example"), sender=f"w{number}@r.example")
    scanning = scanning_of(house)
    assert scanning.once() is False
    assert scanner.questions == [], "more wait to be understood"
    settle(house)
    assert scanning.once() is True
    assert b"%PDF 5" in scanner.seen and b"%PDF 0" not in scanner.seen
    assert scanning.once() is False
    assert b"%PDF 0" in scanner.seen


def test_a_scanner_that_is_away_is_a_trouble_after_a_while_and_stops_nothing(house, scanner):
    scanner.stop()
    number = come(house, with_files(PDF))
    scanning = scanning_of(house)
    assert scanning.once() is False
    assert not [trouble for trouble in look(house).troubles if "scanner" in trouble]
    house.clock.at += PATIENCE
    scanning.once()
    (trouble,) = [trouble for trouble in look(house).troubles if "scanner" in trouble]
    assert trouble.startswith("scanner clamd: nobody answers at tcp:127.0.0.1:")
    assert rows(house, Message, id=number)[0].case_id is not None and rows(house, OutboxEntry)
    assert state(house, PDF) == ("not_scanned", "") and to_scan(house) == 1
    with Scanner() as back:
        clamd = Clamd(address_of(back.setting))
        # As after a restart: what stood before is taken away by the first answer, whoever hears it.
        again = Scanning(house.store, clamd, house.clock, house.reader, "triage")
        again.once()
    assert state(house, PDF) == ("clean", "")
    assert not [trouble for trouble in look(house).troubles if "scanner" in trouble]


def test_what_was_said_before_the_scanner_went_away_is_kept(house, scanner):
    raw = with_files(PDF, BAD)
    come(house, raw)
    said = []

    class Going:
        version = staticmethod(Clamd(address_of(scanner.setting)).version)

        def scan(self, content):
            if said:
                scanner.stop()
            said.append(content)
            return Clamd(address_of(scanner.setting)).scan(content)

    Scanning(house.store, Going(), house.clock, house.reader, "triage").once()
    assert said == [raw, PDF] and [scan.state for scan in rows(house, FileScan)] == ["clean"]
    assert to_scan(house) == 1


def test_a_file_that_ends_the_scanner_again_and_again_is_unscannable_and_keeps_no_other_waiting(house, scanner):
    come(house, with_files(PDF, words="complaint! older", sender="eve@r.example"), "eve@r.example")
    come(house, with_files(BAD))
    scanner.say = lambda content: None if EVIL in content else b"stream: OK\0"
    scanning, asked = scanning_of(house), []
    for wait in (*NEXT_TRY, *NEXT_TRY):
        scanning.once()
        scanning.once()
        asked.append(sum(content == BAD for content in scanner.seen))
        assert state(house, PDF) == ("clean", "")
        house.clock.at += wait
    assert asked == [1, 2, TRIES, TRIES]
    assert state(house, BAD) == ("unscannable", f"the scanner said nothing, {TRIES} times")
    assert to_scan(house) == 0 and rows(house, Task, kind="infected_file") == []


def test_a_restart_of_the_scanner_costs_one_try_and_no_verdict(house, scanner):
    come(house, with_files(PDF))
    scanner.faults = [b"stream: OK\0", None]
    scanning = scanning_of(house)
    scanning.once()
    assert state(house, PDF) == ("not_scanned", "") and to_scan(house) == 1
    house.clock.at += NEXT_TRY[0]
    scanning.once()
    assert state(house, PDF) == ("clean", "") and to_scan(house) == 0


def test_what_is_too_large_is_unscannable_with_its_reason(house, scanner):
    large = b"%PDF" + b"0" * 950_000
    come(house, with_files(large, PDF))
    scanning_of(house).once()
    assert state(house, large) == ("unscannable", TOO_LARGE) and state(house, PDF) == ("clean", "")
    assert scanner.seen == [PDF] and to_scan(house) == 0


def test_a_message_that_cannot_be_read_is_scanned_as_it_came_and_its_files_once_it_can(house, scanner):
    number = come(house, with_files(PDF))
    with house.store.unit("T6") as unit:
        unit.update(Message, number, state=MessageState.SHUNTED, attachment_names=[])
        unit.insert(Task, [{"kind": "quarantine", "message_id": number, "case_id": 1, "team": "triage", "why": "x",
                            "opened_at": house.clock.now(), "due_at": house.clock.now()}])  # fmt: skip
        unit.commit()
    scanning = scanning_of(house)
    scanning.once()
    assert len(scanner.seen) == 2 and to_scan(house) == 0
    (task,) = rows(house, Task, kind="quarantine")
    read_again(house.acts, task.id, "mina")
    assert scanning.once() is False and to_scan(house) == 0, "it waits to be read first"
    settle(house)
    assert to_scan(house) == 1
    scanning.once()
    assert to_scan(house) == 0


def test_a_message_that_breaks_the_reader_keeps_no_other_from_being_scanned(house, scanner):
    come(house, with_files(PDF, words="complaint! older", sender="eve@r.example"), "eve@r.example")
    bad = come(house, with_files(BAD))

    class Breaking:
        def read(self, raw, media_type, received_at=None, files=()):
            if EVIL in raw or b"bW91bGQ" in raw:
                raise MemoryError
            return house.reader.read(raw, media_type, received_at, files)

    scanning = Scanning(house.store, Clamd(address_of(scanner.setting)), house.clock, Breaking(), "triage")
    scanning.once()
    assert state(house, PDF) == ("clean", "")
    assert [message.id for message in rows(house, Message, files_scanned_at=None)] == [bad], "nobody takes it for looked at"


def test_a_file_is_scanned_again_only_when_a_person_asks(house, scanner):
    number = come(house, with_files(BAD))
    scanning = scanning_of(house)
    scanning.once()
    scanner.say = lambda _content: b"stream: OK\0"
    scanning.once()
    assert state(house, BAD)[0] == "infected"
    (message,) = rows(house, Message, id=number)
    with house.store.unit("T6") as unit:
        ask_again(unit, message, 1, [hashlib.sha256(BAD).hexdigest()], by="mina", now=house.clock.now())
        unit.commit()
    assert state(house, BAD) == ("not_scanned", "")
    scanning.once()
    assert state(house, BAD) == ("clean", "")
    assert [event.by for event in rows(house, CaseEvent, kind="scan_asked")] == ["mina"]


PHOTOS = {"a.jpg": b"\xff\xd8\xff clean", "b.jpg": b"\xff\xd8\xff " + EVIL}


class Platform:
    """A platform that holds the photos."""

    async def fetch(self, file):
        return FetchedFile(content=PHOTOS[file.name], name=file.name, type=file.type)


@pytest.fixture
def chat(house_of, scanner, tmp_path):
    """A chat in which somebody sent two photos, of which the first has come."""
    chat = Chat(house_of(channels=(chat_in(tmp_path),), scanning={"clamd": scanner.setting}), tmp_path)
    files = [{"id": name, "name": name, "type": "image/jpeg", "size": 9} for name in PHOTOS]
    chat.tell({"text": "complaint! Look at this mould, nobody comes.", "files": files})
    assert fetch(chat) == 1
    chat.wait(seconds=30)
    return chat


def fetch(chat):
    fetching = Fetching(chat.house.store, {f"signed_json:{ACCOUNT}": Platform()}, chat.house.clock, "triage team")
    return asyncio.run(fetching.once(1))


def test_files_by_chat_are_scanned_when_they_have_come_however_late(chat, scanner):
    scanning = scanning_of(chat.house)
    scanning.once()
    assert scanner.seen == [PHOTOS["a.jpg"]] and to_scan(chat.house) == 0
    assert fetch(chat) == 1
    assert to_scan(chat.house) == 1, "another file came since"
    scanning.once()
    assert scanner.seen == list(PHOTOS.values())
    (task,) = chat.all(Task, kind="infected_file")
    assert task.why.startswith("file 2 is infected") and task.case_id is not None


def test_a_file_that_comes_while_another_is_scanned_is_not_passed_over(chat, scanner):
    clamd = Clamd(address_of(scanner.setting))

    class Slow:
        version = staticmethod(clamd.version)

        def scan(self, content):
            if content == PHOTOS["a.jpg"]:
                assert fetch(chat) == 1
            return clamd.scan(content)

    scanning = Scanning(chat.house.store, Slow(), chat.house.clock, chat.house.reader, "triage")
    scanning.once()
    assert scanner.seen == [PHOTOS["a.jpg"]] and to_scan(chat.house) == 1
    scanning.once()
    assert scanner.seen == list(PHOTOS.values()) and to_scan(chat.house) == 0


def test_files_of_the_web_form_are_scanned_and_the_document_that_holds_them_is_not(house_of, scanner):
    house = house_of(channels=({"kind": "webform"},), scanning={"clamd": scanner.setting})
    files = (attachment("wall.pdf", "application/pdf", PDF, 1), attachment("bill.pdf", "application/pdf", BAD, 2))
    form = HandedIn(once="x1", account="form", at=house.clock.now(), words="complaint! the wall is damp", files=files)
    house.reception.put([inbound(form)])
    settle(house)
    scanning_of(house).once()
    assert scanner.seen == [PDF, BAD]
    assert [task.why.split(" (")[0] for task in rows(house, Task, kind="infected_file")] == ["file 2 is infected"]


def test_whoever_settles_messages_has_their_files_scanned_as_well(house, scanner):
    arrive(house, with_files(PDF))

    async def working():
        bell = Bell()
        work_done = asyncio.create_task(work(house, bell, lambda: None))
        for _ in range(3_000):
            if PDF in scanner.seen and not to_scan(house):
                break
            await asyncio.sleep(0.02)
        work_done.cancel()
        await asyncio.gather(work_done, return_exceptions=True)

    asyncio.run(working())
    assert state(house, PDF) == ("clean", "")


def test_a_house_without_a_scanner_scans_nothing(house_of):
    house = house_of()
    come(house, with_files(BAD))
    assert scanning_of(house) is None and "scanned_files" not in look(house).figures
