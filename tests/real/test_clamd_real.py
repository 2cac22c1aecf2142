"""The real scanner: Debian's clamd says what is in a resident's file, packed or not, and our client and our house understand it."""

import io
import struct
import zipfile
from email.message import EmailMessage

import pytest
from clamd import WHOLE, WORDS, Clamd
from parts import need
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE
from desk.scanner_wiring import scanning_of
from houses import arrive, house_of, settle
from intake.clamd import LOCKED, TOO_LARGE, ClamdAway, Finding
from store.models import OutboxEntry, Task
from store.scan_models import FileScan

__all__ = ["house_of"]
pytestmark = [pytest.mark.real("clamd"), pytest.mark.slow]


@pytest.fixture(scope="module")
def clamd():
    need("clamd", "the package clamav-daemon", "clamd")
    with Clamd.running() as scanner:
        yield scanner


def packed(content, *, locked=False):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", content)
    made = bytearray(kept.getvalue())
    if locked:  # the mark of a password, in the entry itself and in the list of entries
        for head, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            start = made.index(head) + place
            made[start : start + 2] = struct.pack("<H", struct.unpack("<H", made[start : start + 2])[0] | 1)
    return bytes(made)


INFECTED = Finding(state="infected", told="Test.Words.Anywhere.UNOFFICIAL")
FILES = {
    "a letter": (b"%PDF-1.7 my wall is damp", Finding(state="clean")),
    "nothing": (b"", Finding(state="clean")),
    "words of a signature": (b"see the " + WORDS, INFECTED),
    "the same far inside": (b"x" * 1_500_000 + WORDS, INFECTED),
    "the same in a zip": (packed(b"far " * 900 + WORDS), INFECTED),
    "a whole file": (WHOLE, Finding(state="infected", told="Test.Whole.File.UNOFFICIAL")),
    "a zip with a password": (packed(b"secret", locked=True), Finding(state="unscannable", told=LOCKED)),
    "more than it takes": (b"x" * 3_000_000, Finding(state="unscannable", told=TOO_LARGE)),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_asked_and_understood(clamd, name):
    content, finding = FILES[name]
    assert clamd.client.scan(content) == finding


def test_it_says_who_it_is(clamd):
    assert clamd.client.version().startswith("ClamAV ")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_house_has_its_files_scanned_by_it_and_answers_all_the_same(house_of, clamd):
    house = house_of(scanning={"clamd": clamd.setting})
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada Resident <ada@resident.example>", "Damp"
    made.set_content("complaint! The wall is damp")
    for name, content in (("wall.pdf", b"%PDF-1.7 wall"), ("more.zip", packed(WORDS))):
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    arrive(house, made.as_bytes())
    settle(house)
    scanning_of(house).once()
    with house.store.glance() as glance:
        states = sorted((str(scan.state), scan.told) for scan in glance.find(FileScan))
        tasks = [task.why for task in glance.find(Task, kind="infected_file")]
        letters = [letter.kind for letter in glance.find(OutboxEntry)]
        engines = {scan.engine.split("/")[0].split(" ")[0] for scan in glance.find(FileScan)}
    # The scanner finds it in the mail as a whole, too: it unpacks what we only list.
    assert states == [("clean", ""), ("infected", INFECTED.told), ("infected", INFECTED.told)]
    assert len(tasks) == 1 and tasks[0].startswith("file 2 is infected")
    assert letters == ["complaint_acknowledged"] and engines == {"ClamAV"}


def test_check_config_says_what_it_found(clamd, tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(f'{EXAMPLE.read_text()}\n[scanning]\nclamd = "{clamd.setting}"\n')
    done = CliRunner().invoke(app, ["check-config", "--config", str(path)])
    assert done.exit_code == 0 and f"the scanner at {clamd.setting} answers: ClamAV " in done.output


def test_once_it_is_ended_it_is_away(tmp_path):
    need("clamd", "the package clamav-daemon", "clamd")
    with Clamd.running() as scanner:
        scanner.end()
        with pytest.raises(ClamdAway):
            scanner.client.version()
        path = tmp_path / "config.toml"
        path.write_text(f'{EXAMPLE.read_text()}\n[scanning]\nclamd = "{scanner.setting}"\n')
        done = CliRunner().invoke(app, ["check-config", "--config", str(path)])
        assert done.exit_code == 0 and "warning: scanning.clamd: nobody answers at" in done.output
