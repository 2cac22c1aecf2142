"""Logging a contact as an officer does it: two fields, nothing lost, one case, the true receipt, files byte for byte."""

import os
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from desk.web.contact_files import MOST_BYTES
from desk.web.contact_numbers import telephone
from desk.web.contact_times import Unclear, received
from desk.web.spelling import groups, spoken
from desks import client_of, officer, signed_in
from handlers.clock import LONDON
from houses import NOON, Broken, arrive, house_of, mail, settle
from intake.message import CONTACT
from intake.reading import read
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, RawContent, Task, Verdicting

__all__ = ["house_of", "officer"]

WORDS = "complaint! She rang: the lift has been out for three weeks and nobody rings back."


def everything(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, **equals)


def tree(response):
    return LexborHTMLParser(response.text)


def first(client):
    """Ask for the first page and return the contact's one-time name."""
    page = client.get("/contacts/new")
    assert page.status_code == 200
    return tree(page).css_first("input[name=id]").attributes["value"]


def log(client, **fields):
    """Send the whole form; a test changes what it is about."""
    files = fields.pop("files", None)
    told = {"id": fields.pop("id", None) or first(client), "page": "whole", "step": "log", "way": "telephone", "words": WORDS}
    return client.post("/contacts/new", data=told | fields, files=files or [("files", ("", b"", "application/octet-stream"))])


def logged(house, client, **fields):
    """Log a contact, settle it, and return its message and its case."""
    done = log(client, **fields)
    assert done.status_code == 303, [node.text() for node in tree(done).css(".govuk-error-message")]
    settle(house)
    (message,) = everything(house, Message, external_id=done.headers["location"].removeprefix("/contacts/"))
    (case,) = everything(house, Case, id=message.case_id)
    return message, case


def test_two_fields_and_one_button_open_a_case_with_its_reference_and_dates(officer):
    house, client = officer
    told = {"id": first(client), "page": "first", "step": "log", "way": "telephone", "words": WORDS}
    done = client.post("/contacts/new", data=told)
    assert done.status_code == 303
    settle(house)
    (case,) = everything(house, Case)
    page = client.get(done.headers["location"])
    assert tree(page).css_first("h1").text().strip() == f"Logged as {case.reference}"
    assert "Acknowledge by" in page.text and "30 November 2026" in page.text
    assert "no acknowledgement went out" in page.text
    assert f'href="/cases/{case.reference}"' in page.text


def test_a_building_safety_manager_logs_what_was_said_and_reads_no_case(officer):
    house, olive = officer
    theirs, case = logged(house, olive, email="ada@resident.example")
    client = signed_in(house, "bea", "building_safety")
    assert client.get("/").headers["location"] == "/contacts/new"
    assert "Log a contact" in client.get("/contacts/new").text
    assert 'href="/queue"' not in client.get("/contacts/new").text
    words = "complaint! The cladding is coming off the ninth floor and nobody answers."
    message, own = logged(house, client, email="ada@resident.example", words=words)
    assert (own.id != case.id, own.category) == (True, "complaint"), "nothing of her other case was shown"
    page = client.get(f"/contacts/{message.external_id}")
    assert f"Logged as {own.reference}" in " ".join(tree(page).css_first("h1").text().split())
    assert f'href="/cases/{own.reference}"' not in page.text
    assert client.get(f"/contacts/{theirs.external_id}").status_code == 404
    assert client.get(f"/cases/{own.reference}").status_code == 403
    refused = log(client, reference=case.reference)
    assert refused.status_code == 422
    assert "You open no cases" in refused.text


def test_before_the_case_is_open_the_page_says_that_the_contact_is_safe_and_asks_again_by_itself(officer):
    house, client = officer
    where = log(client).headers["location"]
    page = client.get(where)
    assert "safe" in tree(page).css_first("h1").text()
    assert page.headers["refresh"] == "1"
    assert everything(house, Message)[0].raw_size > 0
    house.clock.at += timedelta(minutes=2)
    assert "refresh" not in client.get(where).headers
    settle(house)
    assert "refresh" not in client.get(where).headers
    assert "Logged as" in client.get(where).text


def test_continue_shows_the_rest_with_what_was_typed_and_keeps_nothing_yet(officer):
    house, client = officer
    told = {"id": first(client), "page": "first", "step": "more", "way": "visit", "words": "Line one\n  <b>line</b> two"}
    page = client.post("/contacts/new", data=told)
    assert page.status_code == 200
    found = tree(page)
    assert found.css_first("textarea[name=words]").text() == told["words"]
    assert found.css_first("input[name=way][checked]").attributes["value"] == "visit"
    assert found.css_first("input[name=id]").attributes["value"] == told["id"]
    assert found.css_first("input[type=file]") is not None
    assert everything(house, Message) == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"way": ""}, "way"),
        ({"way": "pigeon"}, "way"),
        ({"words": "  "}, "words"),
        ({"words": "x" * 100_001}, "words"),
        ({"phone": "ring me"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "ada at home"}, "email"),
        ({"email": "ada@localhost"}, "email"),
        ({"name": "x" * 301}, "name"),
        ({"category": "out_of_scope"}, "reason"),
        ({"reference": "LBL-26-AAAAAA-00"}, "reference"),
        ({"reference": "nonsense"}, "reference"),
        ({"day": "31", "month": "2", "year": "2026"}, "received-day"),
        ({"day": "x", "month": "2", "year": "2026"}, "received-day"),
        ({"day": "24", "month": "11", "year": "2026"}, "received-day"),
        ({"time": "13:30"}, "received-day"),
        ({"time": "25:00"}, "received-time"),
        ({"time": "13am"}, "received-time"),
        ({"day": "20", "month": "11", "year": "2021"}, "received-day"),
        ({"day": "20", "month": "11", "year": "2026"}, "late_why"),
        ({"time": "10:30"}, "late_why"),
        ({"day": "2", "month": "11", "year": "2026", "late_why": "found today"}, "late_ok"),
    ],
)
def test_what_cannot_be_logged_is_refused_with_everything_typed_kept(officer, fields, wrong):
    house, client = officer
    typed = {"name": "Zoë O'Neill", "home": "Flat 3, 14 Pelham Court", "behalf": "Joyce", "flags": "vulnerable"} | fields
    page = log(client, **typed)
    assert page.status_code == 422
    found = tree(page)
    assert found.css_first("title").text().strip().startswith("Error: Log a contact")
    assert f'href="#{wrong}"' in page.text
    assert found.css_first(f"[id='{wrong}']") is not None
    for name in set(typed) - {"way", "category", "flags", "words"}:
        assert found.css_first(f"input[name={name}]").attributes["value"] == typed[name]
    assert found.css_first("textarea").text() == typed.get("words", WORDS).strip()
    assert found.css_first("input[name=flags][value=vulnerable]").attributes.get("checked", "no") != "no"
    assert everything(house, Message) == []


def test_pressing_twice_reloading_and_changing_the_kind_gives_one_case(officer):
    house, client = officer
    name = first(client)
    places = [log(client, id=name).headers["location"] for _ in range(2)]
    settle(house)
    places += [log(client, id=name, way=way).headers["location"] for way in ("telephone", "letter")]
    settle(house)
    assert set(places) == {f"/contacts/{name}"}
    assert len(everything(house, Case)) == len(everything(house, Message)) == 1


def test_two_presses_at_the_same_moment_as_two_kinds_are_one_case(officer):
    house, client = officer
    name = first(client)
    log(client, id=name)
    (kept,) = everything(house, RawContent)
    with house.store.unit("T1") as unit:  # as if the other press had not seen the first: another channel, another row
        row = {"channel": "visit", "account": "desk", "external_id": name, "media_type": CONTACT, "received_at": NOON}
        row |= {"accepted_at": NOON, "raw_sha256": "x", "raw_size": len(kept.body), "due_at": NOON}
        (id_,) = unit.insert(Message, [row])
        unit.add(RawContent, [{"message_id": id_, "body": kept.body.replace(b"telephone", b"visit")}])
        unit.commit()
    settle(house)
    assert len(everything(house, Case)) == 1
    assert [message.disposition for message in everything(house, Message)] == ["case", "duplicate"]
    assert "Logged as" in client.get(f"/contacts/{name}").text


def test_a_form_sent_again_with_other_words_is_not_swallowed(officer):
    _, client = officer
    name = first(client)
    log(client, id=name)
    page = log(client, id=name, words="something else altogether")
    assert page.status_code == 422
    assert "logged already" in page.text
    found = tree(page)
    assert found.css_first("textarea").text() == "something else altogether"
    assert found.css_first("input[name=id]").attributes["value"] != name


def test_scans_and_photos_are_kept_byte_for_byte(officer):
    house, client = officer
    contents = [b"%PDF-1.7\n\x00\xff" + os.urandom(200_000), os.urandom(5_000), b"\r\n--x\r\n", b"tail\n"]
    names = ["scan of letter.pdf", "IMG_0001.HEIC", "odd\u202e.txt", "page 4.jpg"]
    files = [("files", (name, content, "image/jpeg")) for name, content in zip(names, contents, strict=True)]
    message, _ = logged(house, client, files=files)
    (kept,) = everything(house, RawContent, message_id=message.id)
    reading = read(kept.body, message.media_type)
    assert [file.content for file in reading.attachments] == contents
    assert [file.name for file in reading.attachments] == ["scan of letter.pdf", "IMG_0001.HEIC", "odd.txt", "page 4.jpg"]
    assert message.attachment_names == [file.name for file in reading.attachments]
    assert client.get(f"/messages/{message.id}/files/1").content == contents[0]


def test_files_of_a_refused_form_are_carried_along_and_can_be_left_out(officer):
    house, client = officer
    contents = [os.urandom(70_000), os.urandom(10), b"third"]
    files = [("files", (f"{n}.bin", content, "application/x-thing")) for n, content in enumerate(contents)]
    page = log(client, time="23:59", files=files)
    assert page.status_code == 422
    found = tree(page)
    fields = {
        name: [node.attributes["value"] for node in found.css(f"input[name={name}]")]
        for name in ("kept_name", "kept_type", "kept_data")
    }
    assert fields["kept_name"] == ["0.bin", "1.bin", "2.bin"]
    again = [("files", ("more.txt", b"fourth", "text/plain"))]
    message, _ = logged(house, client, **fields, kept_drop="1", files=again)
    (kept,) = everything(house, RawContent, message_id=message.id)
    reading = read(kept.body, message.media_type)
    assert [file.content for file in reading.attachments] == [contents[0], contents[2], b"fourth"]
    assert reading.attachments[0].type == "application/x-thing"


def test_more_bytes_than_can_be_kept_are_refused_with_the_words_kept(officer):
    house, client = officer
    page = log(client, files=[("files", ("big.bin", b"\x00" * (MOST_BYTES + 1), "application/octet-stream"))])
    assert page.status_code == 422
    assert 'href="#files"' in page.text
    assert tree(page).css_first("textarea").text() == WORDS
    assert everything(house, Message) == []


LONG_AGO = {"late_why": "came to the wrong office"}
WORKED = [
    (datetime(2026, 12, 24, 16, 45, tzinfo=LONDON), datetime(2026, 12, 29, 9, tzinfo=UTC), date(2027, 1, 5)),
    (datetime(2026, 12, 26, 12, 0, tzinfo=LONDON), datetime(2026, 12, 29, 9, tzinfo=UTC), date(2027, 1, 5)),
    (datetime(2026, 12, 31, 23, 59, tzinfo=LONDON), datetime(2027, 1, 4, 9, tzinfo=UTC), date(2027, 1, 8)),
    (datetime(2027, 1, 1, 0, 1, tzinfo=LONDON), datetime(2027, 1, 4, 9, tzinfo=UTC), date(2027, 1, 8)),
    (datetime(2027, 3, 25, 23, 59, tzinfo=LONDON), datetime(2027, 3, 30, 9, tzinfo=UTC), date(2027, 4, 5)),
    (datetime(2027, 3, 28, 2, 30, tzinfo=LONDON), datetime(2027, 3, 30, 9, tzinfo=UTC), date(2027, 4, 5)),
    (datetime(2027, 5, 7, 0, 30, tzinfo=LONDON), datetime(2027, 5, 10, 9, tzinfo=UTC), date(2027, 5, 14)),
    (datetime(2027, 2, 4, 23, 30, tzinfo=LONDON), datetime(2027, 2, 8, 9, tzinfo=UTC), date(2027, 2, 11)),
]


@pytest.mark.parametrize(("at", "now", "acknowledge"), WORKED)
def test_deadlines_run_from_the_true_receipt_and_not_from_the_logging(house_of, at, now, acknowledge):
    house = house_of(at=now)
    client = signed_in(house)
    when = {"day": at.day, "month": at.month, "year": at.year, "time": f"{at:%H:%M}"}
    message, case = logged(house, client, **when, **LONG_AGO)
    assert message.received_at == case.received_at == at.astimezone(UTC)
    (due,) = everything(house, Deadline, case_id=case.id, rule="acknowledge_1")
    assert (due.due_on, due.counted_from) == (acknowledge, at.date())
    (event,) = everything(house, CaseEvent, case_id=case.id, kind="contact_logged")
    assert event.by == "olive"
    assert "came to the wrong office" in event.why
    assert case.received_at.isoformat(timespec="microseconds") in event.details


def test_a_receipt_whose_deadline_has_passed_is_taken_once_it_is_confirmed_and_the_page_says_so(officer):
    house, client = officer
    late = {"day": "2", "month": "11", "year": "26", "late_why": "found behind a radiator"}
    refused = log(client, **late)
    tick = tree(refused).css_first("input[name=late_ok]").attributes["value"]
    assert "had to be acknowledged by 9 November 2026" in refused.text
    assert log(client, **(late | {"day": "3"}), late_ok=tick).status_code == 422  # the tick was for another day
    message, _ = logged(house, client, **late, late_ok=tick)
    assert message.received_at == datetime(2026, 11, 2, tzinfo=UTC)
    page = client.get(f"/contacts/{message.external_id}")
    assert "already missed" in page.text
    assert "do it today" in page.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("", "", "", ""), NOON),
        (("23", "11", "2026", ""), NOON),
        (("", "", "", "11:30am"), datetime(2026, 11, 23, 11, 30, tzinfo=UTC)),
        (("22", "11", "", "5pm"), datetime(2026, 11, 22, 17, tzinfo=UTC)),
        (("22", "11", "26", "17.05"), datetime(2026, 11, 22, 17, 5, tzinfo=UTC)),
        (("22", "11", "2026", "12:10am"), datetime(2026, 11, 22, 0, 10, tzinfo=UTC)),
        (("22", "11", "2026", "12pm"), datetime(2026, 11, 22, 12, tzinfo=UTC)),
        (("1", "7", "2026", "9:00"), datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (("1", "7", "2026", ""), datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (("25", "10", "2026", "1:30"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (("", "", "", "12:01pm"), NOON),
    ],
)
def test_days_and_times_are_read_as_people_write_them(typed, meant):
    assert received(*typed, NOON) == meant


@pytest.mark.parametrize(
    "typed",
    [
        ("0", "1", "2026", ""),
        ("1", "13", "2026", ""),
        ("1", "", "", ""),
        ("", "", "2026", ""),
        ("1", "1", "99999", ""),
        ("1", "1", "-5", ""),
    ],
)
def test_a_day_that_is_none_is_refused(typed):
    with pytest.raises(Unclear, match=r"three numbers|years ago"):
        received(*typed, NOON)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900123", "07700 900123"),
        ("+44 7700 900123", "07700 900123"),
        ("+44 (0)7700-900123", "07700 900123"),
        ("(020) 7946 0123", "020 7946 0123"),
        ("+33 1 23 45 67 89", "+33123456789"),
        ("999", "999"),
        ("call me", None),
        ("1" * 16, None),
        ("", None),
    ],
)
def test_a_telephone_number_has_one_spelling(typed, kept):
    assert telephone(typed) == kept


def test_the_case_knows_who_it_was_and_the_acknowledgement_goes_to_the_address_given(officer):
    house, client = officer
    who = {"name": "Ada Resident", "phone": "+447700900123", "email": "Ada@Resident.example", "home": "3 Pelham Court"}
    message, case = logged(house, client, **who)
    assert (case.resident_name, case.resident_phone, case.home) == ("Ada Resident", "07700 900123", "3 Pelham Court")
    assert (message.channel, message.account, message.trust) == ("telephone", "desk", "unknown")
    (letter,) = everything(house, OutboxEntry)
    assert (letter.kind, letter.recipient, letter.state) == ("complaint_acknowledged", "ada@resident.example", "due")
    assert "goes by email to ada@resident.example" in client.get(f"/contacts/{message.external_id}").text


@pytest.mark.parametrize(
    ("who", "how"),
    [
        ({"phone": "07700 900123"}, "ring 07700 900123"),
        ({"home": "3 Pelham Court"}, "write to 3 Pelham Court"),
        ({"phone": "07700 900123", "home": "3 Pelham Court"}, "ring 07700 900123 or write to 3 Pelham Court"),
        ({}, "find them out"),
    ],
)
def test_without_an_email_address_a_task_says_how_to_acknowledge(officer, who, how):
    house, client = officer
    message, case = logged(house, client, **who)
    (task,) = everything(house, Task, case_id=case.id, kind="unsent_letter")
    assert how in task.why
    assert "_" not in task.why
    (letter,) = everything(house, OutboxEntry)
    assert letter.state == "suppressed"
    page = client.get(f"/contacts/{message.external_id}")
    assert how in page.text


def test_somebody_who_speaks_for_a_resident_is_told_apart_from_them(officer):
    house, client = officer
    message, case = logged(house, client, name="Denise Abara", behalf="Joyce Abara")
    assert (message.sender_name, case.resident_name) == ("Denise Abara", "Joyce Abara")
    assert "representative" in case.flags
    assert "Abara" not in "".join(event.why + event.details for event in everything(house, CaseEvent))


def test_the_officers_word_stands_and_the_machines_is_kept_beside_it(officer):
    house, client = officer
    words = "service_request! [damp_mould] Please send somebody."
    message, case = logged(house, client, words=words, category="complaint", flags=["emergency", "nonsense"])
    assert (case.category, case.status, case.looked_by) == ("complaint", "open", "olive")
    assert set(case.flags) == {"emergency", "damp_mould"}
    machine, person = everything(house, Verdicting, message_id=message.id)
    assert (machine.by, machine.category, machine.flags) == ("machine", "service_request", ["damp_mould"])
    assert (person.by, person.category) == ("olive", "complaint")
    (judged,) = everything(house, CaseEvent, case_id=case.id, kind="judged")
    assert judged.by == "olive"
    assert any(task.danger for task in everything(house, Task, case_id=case.id))


def test_the_officers_word_stands_where_the_machine_is_down(house_of):
    house = house_of(classifier=Broken())
    client = signed_in(house)
    _, case = logged(house, client, category="asb_report")
    assert case.category == "asb_report"
    assert [row.by for row in everything(house, Verdicting)] == ["olive"]
    _, other = logged(house, client, words="no word of the officer's")
    assert other.status == "triage"


def test_left_alone_the_machine_judges_and_doubt_waits_for_a_person(officer):
    house, client = officer
    message, case = logged(house, client, words="service_request? hard to say", flags="vulnerable")
    assert (case.status, case.category) == ("triage", None)
    assert "vulnerable" in case.flags
    assert [row.by for row in everything(house, Verdicting)] == ["machine"]
    assert "not decided yet" in client.get(f"/contacts/{message.external_id}").text


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ({"email": "ADA@resident.example"}, True),
        ({"phone": "+44 7700 900123"}, True),
        ({"name": "ada resident", "home": "3 pelham court"}, True),
        ({"name": "Ada Resident"}, False),
        ({"name": "Ada Resident", "home": "4 Pelham Court"}, False),
        ({"phone": "07700 900124"}, False),
    ],
)
def test_an_open_case_of_the_same_person_is_shown_before_another_is_opened(officer, who, asked):
    house, client = officer
    known = {"name": "Ada Resident", "phone": "07700 900123", "email": "ada@resident.example", "home": "3 Pelham Court"}
    _, case = logged(house, client, **known)
    page = log(client, **who, words="complaint! another thing")
    assert (page.status_code == 422) == asked
    assert (case.reference in page.text) == asked
    if asked:
        _, new = logged(house, client, **who, words="complaint! another thing", belongs="new")
        assert new.id != case.id


def test_a_contact_joins_the_case_that_the_officer_gives_it_to(officer):
    house, client = officer
    arrive(house, mail("complaint! My boiler is broken still.", sender="ada@resident.example"))
    settle(house)
    (case,) = everything(house, Case)
    files = [("files", ("photo.jpg", b"jpeg", "image/jpeg"))]
    message, joined = logged(house, client, email="ada@resident.example", belongs=case.reference, files=files)
    assert joined.id == case.id
    assert message.disposition == "follow_up"
    assert "Olive found that it belongs to this case" in message.disposition_why
    kinds = [event.kind for event in everything(house, CaseEvent, case_id=case.id)]
    assert kinds[-2:] == ["contact_logged", "reply_received"]
    assert len(everything(house, Case)) == 1
    assert "joined it" in client.get(f"/contacts/{message.external_id}").text


def test_a_reference_typed_with_slips_is_understood_and_a_closed_case_is_not_joined(officer):
    house, client = officer
    _, case = logged(house, client)
    _, joined = logged(house, client, reference=case.reference.lower().replace("-", " "), words="complaint! and more")
    assert joined.id == case.id
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, status="closed")
        unit.commit()
    page = log(client, reference=case.reference)
    assert page.status_code == 422
    assert "is closed" in page.text


def test_words_that_only_name_a_case_do_not_join_it(officer):
    house, client = officer
    _, case = logged(house, client)
    _, other = logged(house, client, words=f"complaint! I am calling about {case.reference}.")
    assert other.id != case.id
    assert [task.kind for task in everything(house, Task, case_id=other.id)].count("possible_reply") == 1


def test_a_restricted_case_is_offered_to_nobody_and_its_logger_may_only_read_the_reference_out(house_of):
    house = house_of(desk={"restricted_flags": ["staff_conduct"], "local_accounts": True})
    client = signed_in(house)
    message, case = logged(house, client, phone="07700 900123", flags="staff_conduct", category="complaint")
    assert case.restricted
    page = client.get(f"/contacts/{message.external_id}")
    assert page.status_code == 200
    assert case.reference in page.text
    assert f'href="/cases/{case.reference}"' not in page.text
    assert log(client, reference=case.reference).status_code == 422
    assert log(client, phone="07700 900123").status_code == 303
    other = signed_in(house, "oscar")
    assert other.get(f"/contacts/{message.external_id}").status_code == 404


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_only_looks_or_only_administers_logs_nothing(house_of, role):
    house = house_of()
    client = signed_in(house, "al", role)
    assert client.get("/contacts/new").status_code == 403
    assert client.post("/contacts/new", data={"way": "visit", "words": "x", "step": "log"}).status_code == 403
    assert everything(house, Message) == []


def test_nobody_logs_without_signing_in(house_of):
    client = client_of(house_of())
    assert client.get("/contacts/new").status_code == 303
    assert client.post("/contacts/new", data={"words": "x"}).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("name", ["0" * 24, "x", "new%00", "é" * 24])
def test_a_contact_that_nobody_logged_is_not_found(officer, name):
    _, client = officer
    assert client.get(f"/contacts/{name}").status_code == 404


def test_a_reference_is_spelled_in_groups_as_one_reads_it_out():
    assert groups("LBL-26-4F7K2P-9D") == ["LBL", "26", "4F7", "K2P", "9D"]
    assert spoken("LBL-26-4F7K2P-9D")[2] == "four Foxtrot seven"


def test_a_case_named_in_the_address_is_carried_through(officer):
    house, client = officer
    _, case = logged(house, client)
    found = tree(client.get(f"/contacts/new?case={case.reference}"))
    assert found.css_first("input[name=reference]").attributes["value"] == case.reference


def test_what_was_typed_is_never_markup(officer):
    _, client = officer
    page = log(client, words='<script>alert(1)</script>"&', name='"><img src=x>', time="99:99")
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert not re.search(r"\son\w+=", page.text)
