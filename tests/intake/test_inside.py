"""What a file holds is seen without unpacking or opening it: names, senders, and marks of what could act."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.web.file_kinds import MARKS, about, kind_of, problem_of
from houses import READER
from intake.inspecting import inside_of
from intake.message import MAIL, Attachment, Inside, Sender
from intake.reading import read
from intake.words_of_files import words_of
from outlook import msg, saved_mail, wide


def zipped(files, method=zipfile.ZIP_DEFLATED):
    """Make a zip whose entries bear no time of making: workers that collect at different seconds get the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return made.getvalue()


def tarred(files):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def locked(content):
    """Set the bit that says "encrypted" in the directory of a zip."""
    at = content.find(b"PK\x01\x02")
    return content[: at + 8] + b"\x01" + content[at + 9 :]


def relations(kind, target="External"):
    tag = f'<Relationships><Relationship Type="http://x/{kind}" Target="https://x.example/a.dotm" TargetMode="{target}"/></Relationships>'
    return {"[Content_Types].xml": "x", "word/document.xml": "x", "word/_rels/settings.xml.rels": tag}


def pdf(words):
    return b"%PDF-1.7\n1 0 obj\n<<" + words + b">>\nendobj\n%%EOF"


def packed_object(words):
    return b"<</Type /ObjStm /Filter /FlateDecode>>\nstream\r\n" + zlib.compress(words) + b"\nendstream"


OLE = msg({"Macros/VBA_PROJECT_CUR": b"x" * 4096})
DEEP = {f"{number}.txt": b"x" for number in range(1_001)}


@pytest.mark.parametrize(
    ("content", "names", "marks"),
    [
        (zipped({"a.pdf": b"x", "photos/": b"", "photos/b.jpg": b"y"}), ("a.pdf", "b.jpg"), ()),
        (tarred({"a.pdf": b"x", "../b.jpg": b"y"}), ("a.pdf", "b.jpg"), ()),
        (zipped({"invoice.exe": b"MZ"}), ("invoice.exe",), ("program_inside",)),
        (zipped({"a/reset.settingcontent-ms": b"x"}), ("reset.settingcontent-ms",), ("program_inside",)),
        (tarred({"run.sh": b"x"}), ("run.sh",), ("program_inside",)),
        (zipped({"inner.zip": b"PK"}), ("inner.zip",), ("archive_nested",)),
        (zipped({"zeros": bytes(3_000_000)}), ("zeros",), ("archive_ratio",)),
        (zipped({"zeros": bytes(900_000)}), ("zeros",), ()),
        (zipped(DEEP), tuple(DEEP)[:100], ("archive_many",)),
        (locked(zipped({"a.pdf": b"x"})), ("a.pdf",), ("archive_locked",)),
        (zipped({"a.pdf": b"x"})[:-30], (), ("archive_not_listed",)),
        (b"Rar!\x1a\x07 and more", (), ()),
        (b"\x1f\x8b\x08 and more", (), ()),
    ],
)
def test_an_archive_is_listed_and_what_is_odd_about_it_is_said(content, names, marks):
    found = inside_of("file", content)
    assert (found.names, found.marks) == (names, marks)
    assert kind_of(content) == "archive"


@pytest.mark.parametrize(("files", "marks"), [({"a.pdf": b"x"}, ("archive_many",)), (relations("frame"), ())])
def test_a_directory_without_end_is_never_read(files, marks):
    whole = bytearray(zipped(files))
    end = whole.rfind(b"PK\x05\x06")
    whole[end + 12 : end + 16] = (2_000_000).to_bytes(4, "little")
    assert inside_of("file", bytes(whole)).marks == marks


HOSTILE = {
    "names without streams": b"%PDF-1.7 " + b"/ObjStm" * 100_000,
    "scripts": b"%PDF-1.7 " + b"/JS " * 200_000,
    "numbers for letters": b"%PDF-1.7 " + b"/#4a#61" * 100_000,
    "relations that never end": zipped({"[Content_Types].xml": b"x", "word/_rels/a.xml.rels": b"<Relationship " * 7_000}),
    "a tar of long names": b"".join(tarfile.TarInfo("a" * 300).tobuf(tarfile.GNU_FORMAT) for _ in range(300)),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_looked_at_in_its_process_like_any_other(content):
    raw = attached(content, b"application/octet-stream", words=b"Words.")
    found = READER.read(raw, MAIL)
    assert (found.text.strip(), found.unreadable) == ("Words.", False)


@pytest.mark.parametrize(
    ("name", "content", "mark"),
    [
        ("add-in.xll", b"words", "program"),
        ("a.settingcontent-ms", b"<PCSettings>", "program"),
        ("page.one", bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(40), "notebook"),
        ("old.doc", OLE, "macros"),
        ("new.docm", zipped({"word/document.xml": b"x", "word/vbaProject.bin": b"x"}), "macros"),
        ("new.docx", zipped(relations("attachedTemplate")), "far_template"),
        ("new.docx", zipped(relations("oleObject")), "far_template"),
        ("a.pdf", pdf(b"/S /JavaScript /JS (app.alert)"), "pdf_script"),
        ("a.pdf", pdf(b"/S /J#61vaScript"), "pdf_script"),
        ("a.pdf", pdf(b"/S /Launch"), "pdf_launch"),
        ("a.pdf", pdf(b"/OpenAction 5 0 R"), "pdf_opens"),
        ("a.pdf", pdf(b"/Type /EmbeddedFile"), "pdf_file"),
        ("a.pdf", pdf(b"") + packed_object(b"<</S /JavaScript>>"), "pdf_script"),
    ],
)
def test_what_could_act_is_marked_and_the_desk_says_so(name, content, mark):
    found = inside_of(name, content)
    assert mark in found.marks
    assert problem_of(name, kind_of(content), content, found) == MARKS[mark]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdf(b"/OpenAction [3 0 R /Fit] /Title (JavaScript) /JSX 1")),
        ("a.docx", zipped(relations("hyperlink"))),
        ("a.docx", zipped(relations("attachedTemplate", "Internal"))),
        ("a.doc", msg({"WordDocument": b"x" * 4096})),
        ("a.txt", b"The roof leaks."),
        ("a.one.txt", b"The roof leaks."),
    ],
)
def test_what_acts_in_no_way_has_no_mark(name, content):
    assert inside_of(name, content) == Inside()
    assert problem_of(name, kind_of(content), content, inside_of(name, content)) is None


def test_every_mark_has_its_sentence():
    seen = {"mail_not_read", *inside_of("a", zipped(DEEP)).marks}
    assert seen <= set(MARKS)


SAVED = saved_mail("Damp", "The wall is wet.", "Ann Lee", "ann@resident.example", ["damp.jpg", "letter.pdf"])
KEPT = (
    b"From: Ann Lee <ann@resident.example>\r\nTo: b@council.example\r\nSubject: =?utf-8?q?D=C3=A4mp?=\r\n\r\nThe wall is wet."
)


def attached(content, kind, *, words=b""):
    head = (
        b"From: officer@council.example\r\nSubject: Fwd: Damp\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
    )
    part = b"\r\n--b\r\nContent-Type: " + kind + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head + words + part + content + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("content", "kind", "subject"),
    [(SAVED, b"application/vnd.ms-outlook; name=damp.msg", "Damp"), (KEPT, b"message/rfc822", "Dämp")],
)
def test_an_attached_mail_tells_its_sender_and_its_words_are_not_the_writers(content, kind, subject):
    found = read(attached(content, kind), MAIL)
    assert found.enclosed == (Sender(address="ann@resident.example", name="Ann Lee"),)
    assert found.attachments[0].inside.subject == subject
    assert found.problems == ("words_only_in_attached_mail",)
    assert "wet" not in found.text
    beside = read(attached(content, kind, words=b"See below."), MAIL)
    assert (beside.text.strip(), beside.problems) == ("See below.", ())
    assert READER.read(attached(content, kind), MAIL) == found


def test_a_piece_of_a_mail_alone_is_a_persons():
    raw = (
        b"From: a@b.example\r\nSubject: s\r\nContent-Type: message/partial; id=x; number=1\r\n\r\nSubject: Damp\r\n\r\nThe roof"
    )
    assert read(raw, MAIL).problems == ("words_only_in_attached_mail",)


def test_a_mail_that_outlook_saved_can_be_searched_and_the_desk_says_what_it_is():
    content = SAVED
    file = Attachment(name="a.msg", type="x/y", size=len(content), sha256="0", inline=False, content=content)
    assert words_of(file).text.split("\n") == ["Damp", "The wall is wet.", "damp.jpg", "letter.pdf"]
    assert READER.words_of(file) == words_of(file)
    assert READER.inside_of(file) == inside_of("a.msg", content)
    told = about("x", inside_of("a.msg", content))
    assert told == "from Ann Lee <ann@resident.example>; “Damp”; 2 files: damp.jpg, letter.pdf"
    assert kind_of(content) == "email saved by Outlook"


def test_a_broken_saved_mail_is_kept_and_says_so():
    broken = SAVED[:700] + bytes(len(SAVED) - 1_400) + SAVED[-700:] + "__properties_version1.0".encode("utf-16-le")
    assert inside_of("a.msg", broken).marks == ("mail_not_read",)
    plain = msg({"__properties_version1.0": bytes(32)} | wide("0C1F", "/O=COUNCIL/CN=ANN"))
    assert inside_of("a.msg", plain).sender == Sender(address=None)


def test_a_picture_that_the_desk_cannot_show_says_so():
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(20)
    found = read(attached(heic, b"image/heic; name=IMG_1.HEIC"), MAIL)
    assert [(file.name, file.content) for file in found.attachments] == [("IMG_1.HEIC", heic)]
    assert "no small picture" in about(kind_of(heic), found.attachments[0].inside)


@given(st.binary(max_size=300), st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_no_bytes_are_too_strange(data, place, value):
    for whole in (data, b"PK\x03\x04" + data, zipped({"a": data}), tarred({"a": data}), SAVED, zipped(relations("frame"))):
        changed = bytearray(whole or b"x")
        changed[place % len(changed)] = value
        assert isinstance(inside_of("a", bytes(changed)), Inside)
