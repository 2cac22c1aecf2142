"""Files that stand in the words of a mail are files, an invitation is one line of ours, and every name is kept as it was given."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import kept, page_pictures
from intake.invitations import invitation
from intake.message import MAIL
from intake.reading import as_json, read

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
LETTERS = base64.b64encode(PNG)
HEAD = b"From: ann@resident.example\r\nSubject: Damp\r\nContent-Type: %s\r\n\r\n"


def of(kind, body):
    return read(HEAD % kind + body, MAIL)


def page(body):
    return of(b"text/html", body)


@pytest.mark.parametrize(
    "picture",
    [
        b'<img src="data:image/png;base64,%s">' % LETTERS,
        b"<IMG SRC='DATA:IMAGE/PNG;BASE64,%s'>" % LETTERS,
        b"<img src=data:image/png;charset=utf-8;base64,%s>" % LETTERS,
        b'<img src="data:image/png;base64,%s">' % LETTERS.replace(b"=", b"%3D"),
        b'<img src="data:image/png;base64,%s\r\n %s">' % (LETTERS[:9], LETTERS[9:]),
        b"<p style=\"background:url('data:image/png;base64,%s')\">" % LETTERS,
    ],
)
def test_a_picture_in_the_page_is_a_file_and_the_page_shows_where_it_stood(picture):
    found = page(b"<p>The wall is wet: " + picture + b" Please come.")
    assert [(file.name, file.type, file.content, file.inline) for file in found.attachments] == [
        ("picture-1.png", "image/png", PNG, True)
    ]
    assert found.text.split() == ["The", "wall", "is", "wet:", "Please", "come."]
    assert "cid:picture-1" in found.html
    assert found.problems == ()


def test_pictures_are_counted_and_what_is_too_much_is_said(monkeypatch):
    many = page(b"<p>Wet" + b"<img src='data:image/jpeg;base64,%s'>" % LETTERS * (page_pictures.MOST + 5))
    assert len(many.attachments) == page_pictures.MOST
    assert many.problems == ("pictures_left_out",)
    assert len({file.name for file in many.attachments}) == page_pictures.MOST
    monkeypatch.setattr(page_pictures, "LARGEST", 10)
    assert page(b"<img src='data:image/png;base64,%s'>Wet" % LETTERS).problems == ("pictures_left_out",)
    monkeypatch.undo()
    monkeypatch.setattr(kept, "LARGEST", 200)
    assert "too_large" in page(b"<p>Wet" + b"<img src='data:image/png;base64,%s'>" % LETTERS * 2).problems


def test_a_large_picture_does_not_push_words_out():
    found = page(b"<p>Before<img src='data:image/jpeg;base64," + base64.b64encode(bytes(3_000_000)) + b"'><p>After")
    assert found.text.split() == ["Before", "After"]
    assert found.problems == ()


def test_other_addresses_of_data_stay_as_they_are():
    found = page(b"<p>Wet<a href='data:text/html;base64,PGI+'>x</a> ;base64, data:image/png,abc")
    assert found.attachments == ()
    assert "data:text/html" in found.html


def yenc(data, name, *, line=128):
    letters = b""
    lines = []
    for value in data:
        shifted = (value + 42) % 256
        letters += b"=%c" % ((shifted + 64) % 256) if shifted in b"\x00\r\n=" else b"%c" % shifted
        if len(letters) >= line:
            lines.append(letters)
            letters = b""
    lines.append(letters)
    return (
        b"=ybegin line=%d size=%d name=%s\r\n" % (line, len(data), name)
        + b"\r\n".join(lines)
        + b"\r\n=yend size=%d\r\n" % len(data)
    )


@given(st.binary(min_size=1, max_size=600))
@settings(max_examples=150, deadline=None)
def test_every_byte_of_a_yenc_file_comes_back(data):
    found = of(
        b"text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit", b"Look:\r\n" + yenc(data, b"a b.jpg") + b"Yours"
    )
    assert found.text.split() == ["Look:", "[file:", "a", "b.jpg]", "Yours"]
    assert [(file.name, file.content) for file in found.attachments] == [("a b.jpg", data)]


@pytest.mark.parametrize(
    "body",
    [
        b"=ybegin line=128 size=9 name=a.jpg\r\nno end\r\n",
        b"=ybegin line=128 size=9\r\nxxx\r\n=yend size=9\r\n",
        yenc(PNG, b"a.png").replace(b"=yend size=28", b"=yend size=29"),
        b"I write =ybegin line=1 size=1 name=a\r\nb\r\n",
    ],
)
def test_words_that_only_look_so_stay(body):
    found = of(b"text/plain\r\nContent-Transfer-Encoding: 8bit", body)
    assert found.attachments == ()
    assert "=ybegin" in found.text


EVENT = (
    "BEGIN:VCALENDAR\r\nMETHOD:%s\r\nBEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:19701025T020000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    "BEGIN:VEVENT\r\nDTSTART;TZID=Europe/London:20261120T090000\r\nSUMMARY;LANGUAGE=en:Repair\\, roof\r\n  and wall\r\n"
    "LOCATION:1 High St\\nflat 2\r\nBEGIN:VALARM\r\nSUMMARY:Alarm\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
TOLD = "Repair, roof and wall, 20261120T090000 (Europe/London), 1 High St flat 2"


@pytest.mark.parametrize(
    ("method", "lines"),
    [
        ("REQUEST", [f"Invitation: {TOLD}"]),
        ("request", [f"Invitation: {TOLD}"]),
        ("CANCEL", [f"Cancelled invitation: {TOLD}"]),
        ("PUBLISH", [f"Calendar entry: {TOLD}"]),
        ("REPLY", []),
        ("COUNTER", []),
    ],
)
def test_an_invitation_is_one_line_and_an_answer_to_ours_is_none(method, lines):
    assert invitation((EVENT % method).encode()) == lines


def test_the_line_is_read_only_where_there_are_no_other_words():
    alone = of(b"text/calendar; method=REQUEST", (EVENT % "REQUEST").encode())
    assert (alone.text, alone.new_text) == (f"Invitation: {TOLD}", f"Invitation: {TOLD}")
    assert [file.type for file in alone.attachments] == ["text/calendar"]
    parts = (
        b"--b\r\n\r\nI cannot come.\r\n--b\r\nContent-Type: text/calendar\r\n\r\n" + (EVENT % "REQUEST").encode() + b"--b--\r\n"
    )
    for kind in (b"mixed", b"alternative"):
        beside = of(b"multipart/%s; boundary=b" % kind, parts)
        assert (beside.text.strip(), len(beside.attachments)) == ("I cannot come.", 1)


@pytest.mark.parametrize("place", ["Europe", "Repair", "High"])
def test_no_sign_that_a_database_refuses_comes_into_the_line(place):
    assert invitation((EVENT % "REQUEST").replace(place, place + "\x00\x01").encode()) == [f"Invitation: {TOLD}"]


def test_words_in_a_file_come_before_the_line():
    file = b"--b\r\nContent-Type: text/plain; name=a.txt\r\n\r\nThe roof leaks.\r\n"
    calendar = b"--b\r\nContent-Type: text/calendar\r\n\r\n" + (EVENT % "REQUEST").encode() + b"--b--\r\n"
    assert of(b"multipart/mixed; boundary=b", file + calendar).text == "The roof leaks."


@pytest.mark.parametrize("data", [b"", b"BEGIN:VEVENT", b"BEGIN:VEVENT\nSUMMARY", b"SUMMARY:x\nEND:VEVENT", b"\xff\x00:" * 50])
def test_no_calendar_is_too_odd(data):
    assert all(line.startswith("Calendar entry: ") for line in invitation(data))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("damp.jpg", "damp.jpg"),
        ("Re: damp? 10:30.pdf", "Re_ damp_ 10_30.pdf"),
        ("../../etc/passwd", "passwd"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("con.txt", "_con.txt"),
    ],
)
def test_a_name_is_kept_as_it_was_given_beside_the_one_that_is_shown(given, shown):
    head = f'From: a@b.example\r\nContent-Type: image/png; name="{given}"\r\n\r\n'
    found = read(head.encode() + PNG, MAIL)
    printed = as_json("x", found, None)["attachments"][0]
    assert (printed["name"], printed["given_name"]) == (shown, given)
