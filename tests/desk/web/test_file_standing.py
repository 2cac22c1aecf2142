"""What the desk says of a file's scan, in words; what opens with one click, what is asked about, and what is a manager's alone."""

import hashlib
import re
from email.message import EmailMessage

import pytest
from test_files import jpeg

from desks import add_person, client_of, sign_in
from houses import arrive, house_of, settle
from store.models import Case, CaseEvent, Message, Task
from store.scan_rows import keep_scans
from store.states import FileState

__all__ = ["house_of"]
ENGINE = "ClamAV 1.4.6/27500"
CLAMD = {"clamd": "unix:/nowhere/clamd.ctl"}
CLEAN, BAD, LOCKED, NEW = b"%PDF clean", b"%PDF bad", b"%PDF locked", b"%PDF new"
SCANS = {CLEAN: ("clean", ""), BAD: ("infected", "Evil.Test-1"), LOCKED: ("unscannable", "it is locked")}
one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
pytestmark = one_database


def with_files(*contents):
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada Resident <ada@resident.example>", "Damp"
    made.set_content("complaint! The wall is damp")
    for content in contents:
        picture = content.startswith(b"\xff\xd8")
        name = "wall.jpg" if picture else f"{content[5:].decode()}.pdf"
        made.add_attachment(
            content, maintype="image" if picture else "application", subtype="jpeg" if picture else "pdf", filename=name
        )
    return made.as_bytes()


def said(house, scans):
    """Let the scanner have said this of these bytes."""
    now = house.clock.now()
    with house.store.unit("T5") as unit:
        keep_scans(unit, [{"sha256": hashlib.sha256(content).hexdigest(), "state": FileState(state), "told": told,
                           "engine": ENGINE, "at": now} for content, (state, told) in scans.items()])  # fmt: skip
        unit.commit()


def come(house, *contents):
    raw = with_files(*contents)
    arrive(house, raw)
    settle(house)
    return raw


def desk_of(house):
    """Return the clients of an officer, a manager and an auditor."""
    clients = []
    for username, role in (("olive", "officer"), ("mina", "manager"), ("audrey", "auditor")):
        add_person(house, username, role)
        clients.append(sign_in(house, client_of(house, clients[0].app if clients else None), username))
    return clients


@pytest.fixture
def desk(house_of):
    """A house with a scanner, and one mail with a file of each state."""
    house = house_of(scanning=CLAMD)
    raw = come(house, CLEAN, BAD, LOCKED, NEW)
    said(house, SCANS)
    return house, raw, *desk_of(house)


def case_page(house, client):
    with house.store.glance() as glance:
        (case,) = glance.find(Case)
    return client.get(f"/cases/{case.reference}").text


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def links(html):
    return re.findall(r'href="(/messages/1/[^"]+)"( download)?', html)


def test_every_file_says_in_words_how_it_stands_and_only_a_clean_one_is_one_click_away(desk):
    house, _raw, olive, *_ = desk
    page = case_page(house, olive)
    told = plain(page)
    for words in (
        "clean.pdf text, 1 kB, scanned, nothing found",
        "Infected: the scanner found Evil.Test-1. Do not open it.",
        "could not be scanned: it is locked",
        "new.pdf text, 1 kB, not scanned yet",
    ):
        assert words in told, told[told.find("4 files") :][:600]
    assert [link for link in links(page) if "files" in link[0]] == [
        ("/messages/1/files/1", " download"),
        ("/messages/1/files/2/ask", ""),
        ("/messages/1/files/3/ask", ""),
        ("/messages/1/files/4/ask", ""),
        ("/messages/1/files/0/ask", ""),
    ]


def test_the_task_about_an_infected_file_shows_its_message_with_the_states(desk):
    house, _raw, olive, *_ = desk
    with house.store.unit("T5") as unit:
        now = house.clock.now()
        told = {"kind": "infected_file", "case_id": 1, "message_id": 1, "team": "complaints", "why": "file 2 is infected"}
        (task,) = unit.insert(Task, [told | {"opened_at": now, "due_at": now}])
        unit.commit()
    assert "Infected file" in plain(olive.get("/queue?view=all").text)
    card = olive.get(f"/tasks/{task}")
    assert "Infected: the scanner found Evil.Test-1. Do not open it." in plain(card.text)
    assert ("/messages/1/files/2/ask", "") in links(card.text) and ("/messages/1/files/1", " download") in links(card.text)


@pytest.mark.parametrize(
    ("number", "words", "takes"),
    [
        (2, "The scanner found Evil.Test-1 in it on 23 November 2026", (403, 200, 403)),
        (3, "could not say whether it is safe: it is locked", (200, 200, 403)),
        (4, "It has not been scanned yet", (200, 200, 403)),
        (0, "The scanner found Evil.Test-1 in it", (403, 200, 403)),
    ],
)
def test_what_is_not_known_as_clean_is_given_out_after_a_page_that_says_why(desk, number, words, takes):
    _house, raw, *people = desk
    address = f"/messages/1/files/{number}" if number else "/messages/1/raw"
    ask = f"/messages/1/files/{number}/ask"
    content = (raw, CLEAN, BAD, LOCKED, NEW)[number]
    for client, status in zip(people, takes, strict=True):
        straight = client.get(address)
        assert (straight.status_code, straight.headers.get("location"), straight.content) == (303, ask, b"")
        page = client.get(ask)
        assert page.status_code == 200 and words in plain(page.text)
        assert ("Download it anyway" in page.text) is (status == 200)
        answer = client.post(ask, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == status
        assert (answer.content == content) is (status == 200)


def test_an_infected_file_is_saved_under_a_name_that_nothing_opens_and_whoever_took_it_is_written_down(desk):
    house, raw, _olive, mina, _audrey = desk
    for number, content, name in ((2, BAD, "bad.pdf.infected"), (0, raw, "message-1.eml.infected")):
        answer = mina.post(f"/messages/1/files/{number}/ask")
        assert answer.content == content
        assert answer.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
    mina.post("/messages/1/files/3/ask")
    with house.store.glance() as glance:
        events = glance.find(CaseEvent, kind="infected_file_taken")
    assert [(event.by, event.why) for event in events] == [
        ("mina", "file 2 was downloaded although it is infected"),
        ("mina", "the mail itself was downloaded although it is infected"),
    ]


def test_a_clean_file_is_given_at_once_and_its_page_leads_straight_to_it(desk):
    _house, _raw, olive, *_ = desk
    assert olive.get("/messages/1/files/1").content == CLEAN
    assert olive.get("/messages/1/files/1/ask").headers["location"] == "/messages/1/files/1"


def test_another_sites_page_can_have_nothing_given_out(desk):
    *_, mina, _audrey = desk
    assert mina.post("/messages/1/files/3/ask", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_original_opens_at_once_when_it_and_all_in_it_are_clean(house_of):
    house = house_of(scanning=CLAMD)
    raw = come(house, CLEAN)
    olive, *_ = desk_of(house)
    assert olive.get("/messages/1/raw").status_code == 303
    said(house, {CLEAN: ("clean", ""), raw: ("clean", "")})
    assert olive.get("/messages/1/raw").content == raw
    assert ("/messages/1/raw", " download") in links(case_page(house, olive))


def test_a_mail_without_files_is_asked_about_by_nobody(house_of):
    house = house_of(scanning=CLAMD)
    raw = come(house)
    olive, *_ = desk_of(house)
    assert olive.get("/messages/1/raw").content == raw


def test_without_a_scanner_nothing_is_harder_and_the_page_says_not_scanned(house_of):
    house = house_of()
    raw = come(house, NEW, BAD)
    olive, *_ = desk_of(house)
    assert olive.get("/messages/1/files/1").content == NEW and olive.get("/messages/1/raw").content == raw
    page = case_page(house, olive)
    assert "new.pdf text, 1 kB, not scanned" in plain(page) and "not scanned yet" not in page
    assert ("/messages/1/files/1", " download") in links(page)
    # What a scanner found while there was one is still known.
    said(house, {BAD: ("infected", "Evil.Test-1")})
    assert olive.get("/messages/1/files/2").status_code == 303
    assert olive.get("/messages/1/files/1").content == NEW


def test_an_infected_picture_is_not_even_looked_at_small(house_of):
    house = house_of(scanning=CLAMD)
    photo = jpeg(60, 40)
    come(house, photo)
    olive, *_ = desk_of(house)
    ways = [f"/messages/1/files/1/{way}" for way in ("thumbnail", "large", "picture")]
    assert [olive.get(way).status_code for way in ways] == [200] * 3
    assert "not scanned yet" in olive.get(ways[2]).text and 'href="/messages/1/files/1/ask"' in olive.get(ways[2]).text
    said(house, {photo: ("infected", "Evil.Picture")})
    assert [olive.get(way).status_code for way in ways] == [404] * 3
    assert "thumbnail" not in case_page(house, olive)


def test_who_may_open_a_file_may_have_it_scanned_again(desk):
    house, _raw, olive, mina, _audrey = desk
    assert "Scan it again" in olive.get("/messages/1/files/3/ask").text
    assert "Scan it again" not in olive.get("/messages/1/files/4/ask").text
    assert olive.post("/messages/1/files/2/scan").status_code == 403
    assert olive.post("/messages/1/files/3/scan").headers["location"] == "/messages/1/files/3/ask"
    assert "It has not been scanned yet" in olive.get("/messages/1/files/3/ask").text
    mina.post("/messages/1/files/0/scan")
    told = plain(case_page(house, olive))
    assert "Evil.Test-1" not in told.split("4 files")[1].split("Download the original")[0]
    with house.store.glance() as glance:
        assert [event.by for event in glance.find(CaseEvent, kind="scan_asked")] == ["olive", "mina"]
        assert glance.get(Message, 1).files_scanned_at is None


@pytest.mark.parametrize("way", ["files/9/ask", "files/-1/ask", "files/x/ask"])
def test_what_is_not_there_is_not_asked_about(desk, way):
    _house, _raw, olive, *_ = desk
    assert olive.get(f"/messages/1/{way}").status_code in (404, 422)
    assert olive.get(f"/messages/99/{way.replace('9', '1')}").status_code in (404, 422)


def test_a_restricted_case_keeps_these_pages_too(desk):
    house, _raw, olive, mina, _audrey = desk
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, restricted=True)
        unit.commit()
    for number in (0, 2, 3, 4):
        assert olive.get(f"/messages/1/files/{number}/ask").status_code == 404
        assert olive.post(f"/messages/1/files/{number}/ask").status_code == 404
        assert olive.post(f"/messages/1/files/{number}/scan").status_code == 404
    assert mina.get("/messages/1/files/2/ask").status_code == 200
