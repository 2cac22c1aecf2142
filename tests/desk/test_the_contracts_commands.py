"""The commands as contracts.md fixes them, run as a person or a script runs them."""

from __future__ import annotations

import json
import mailbox
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from all_commands import app
from desk.config import EXAMPLE
from houses import mail
from store.schema import migrate

COMPLAINT = "I was promised a plumber on Tuesday and again on Thursday. Nobody came and nobody rang. I am fed up with waiting."


class Office:
    """A landlord's folder in which commands are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = EXAMPLE.read_text()
        for old, new in (
            ("sqlite:///var/intake.db", f"sqlite:///{folder}/intake.db"),
            ('"var/intake.key"', f'"{folder}/intake.key"'),
            ('"var/sent"', f'"{folder}/sent"'),
        ):
            text = text.replace(old, new)
        (folder / "config.toml").write_text(text)
        migrate(f"sqlite:///{folder}/intake.db")

    def run(self, *words: str, stdin: str | None = None) -> Result:
        takes_config = words[0] not in {"classify", "score"}
        config = ("--config", str(self.folder / "config.toml")) if takes_config else ()
        return CliRunner().invoke(app, [*words, *config], input=stdin)

    def json(self, *words: str, stdin: str | None = None):
        done = self.run(*words, "--json", stdin=stdin)
        assert done.exit_code in (0, 1), done.output
        return json.loads(done.stdout)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_import_takes_every_kind_of_file_once_and_keeps_the_true_receipt(office):
    inbox = office.folder / "in"
    inbox.mkdir()
    (inbox / "one.eml").write_bytes(b"Received: from a by b; Mon, 16 Nov 2026 09:00:00 +0000\r\n" + mail(COMPLAINT))
    box = mailbox.mbox(office.folder / "two.mbox")
    box.add(mail("The kitchen tap drips, could somebody come and look at it please?", sender="bo@resident.example"))
    box.close()
    line = {"id": "x-1", "channel": "email", "subject": "Noise", "text": "My neighbour plays drums at 3am every single night."}
    line |= {"sender": "cy@resident.example", "received_at": "2026-11-17T10:00:00+00:00"}
    (office.folder / "three.jsonl").write_text(json.dumps(line) + "\n")
    paths = [str(inbox), str(office.folder / "two.mbox"), str(office.folder / "three.jsonl")]
    assert office.json("import", *paths) == {"received": 3, "duplicates": 0, "quarantined": 0}
    assert office.json("import", *paths) == {"received": 3, "duplicates": 3, "quarantined": 0}
    cases = office.json("cases")
    assert len(cases) == 3
    received = {case["category"]: case["received_at"] for case in cases}
    assert received["complaint"].startswith("2026-11-16T09:00:00")
    assert received["asb_report"].startswith("2026-11-17T10:00:00")


def test_a_case_is_shown_whole_however_its_reference_is_typed(office):
    (office.folder / "one.eml").write_bytes(mail(COMPLAINT))
    office.json("import", str(office.folder / "one.eml"))
    (listed,) = office.json("cases", "--open")
    reference = listed["reference"]
    whole = office.json("case", reference.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    assert whole["reference"] == reference
    assert "promised a plumber" in whole["messages"][0]["new_text"]
    assert [verdict["category"] for verdict in whole["verdicts"]] == ["complaint"]
    assert {"rule", "provision", "due_on", "counted", "calendar"} <= set(whole["deadlines"][0])
    assert whole["letters"][0]["kind"] == "complaint_acknowledged"
    assert whole["events"][0]["kind"] == "received"
    shown = office.run("case", reference)
    assert shown.exit_code == 0
    assert "promised a plumber" in shown.stdout


def test_a_reference_that_is_none_says_how_one_looks(office):
    done = office.run("case", "LBL-26-AAAAAA-AA")
    assert done.exit_code != 0


def test_what_waits_is_decided_by_a_person_with_a_reason(office):
    (office.folder / "one.eml").write_bytes(mail("hm"))
    office.json("import", str(office.folder / "one.eml"))
    waiting = office.json("queue")
    assert "triage" in [task["kind"] for task in waiting]
    number = str(waiting[0]["message_id"])
    refused = office.run("decide", number, "--as", "complaint", "--by", " ", "--why", "x")
    assert refused.exit_code != 0
    done = office.run("decide", number, "--as", "complaint", "--by", "A. Officer", "--why", "rang and said nobody came")
    assert done.exit_code == 0, done.output
    (case,) = office.json("cases")
    assert case["category"] == "complaint"
    whole = office.json("case", case["reference"])
    assert [event["by"] for event in whole["events"] if event["kind"] == "logged_as_complaint"] == ["A. Officer"]
    assert "triage" not in [task["kind"] for task in office.json("queue")]
    assert office.run("decide", "999", "--as", "complaint", "--by", "A", "--why", "x").exit_code == 1


def test_read_gives_the_contracts_fields_and_writes_nothing(office):
    (office.folder / "one.eml").write_bytes(mail(COMPLAINT + "\n\nOn Mon, 2 Nov 2026 Bo wrote:\n> old words\n"))
    before = sorted(path.name for path in office.folder.iterdir())
    found = office.json("read", str(office.folder / "one.eml"))
    fields = ["file", "message_id", "references", "from", "from_name", "to", "subject", "date", "text", "new_text", "quoted"]
    assert list(found) == [*fields, "attachments", "automatic", "bounce", "problems"]
    assert found["from"] == "ada@resident.example"
    assert "old words" in found["text"]
    assert "old words" not in found["new_text"]
    assert "old words" in found["quoted"]
    assert found["automatic"] is None
    assert sorted(path.name for path in office.folder.iterdir()) == before


def test_status_says_that_nobody_is_needed_and_that_all_adds_up(office):
    done = office.run("status", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["balanced"] is True
    assert found["troubles"] == []
    assert found["calendar"]["to"] >= "2028-12-31"
    assert office.run("verify").exit_code == 0


def test_f8_status_calls_a_person_when_something_is_in_quarantine(office):
    (office.folder / "none.eml").write_bytes(b"\r\n \r\n")
    office.run("import", str(office.folder / "none.eml"))
    assert office.run("status").exit_code == 1


def test_classify_reads_lines_and_answers_with_the_contracts_fields(office):
    line = {"id": "a", "channel": "chat", "subject": None, "text": COMPLAINT}
    done = office.run("classify", "-", "--json", stdin=json.dumps(line) + "\n")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    fields = [
        "id",
        "category",
        "also",
        "flags",
        "reason",
        "confidence",
        "scores",
        "route",
        "why",
        "evidence",
        "language",
        "model",
    ]
    assert list(found) == fields
    assert found["category"] == "complaint"
    assert set(found["scores"]) == {"complaint", "asb_report", "service_request", "out_of_scope"}
    for span in found["evidence"]:
        assert set(span) == {"start", "end", "text", "for"}
        assert COMPLAINT[span["start"] : span["end"]] == span["text"]


def test_read_gives_a_mails_own_date_however_long_ago_and_the_same_each_time(office):
    raw = mail(COMPLAINT).replace(b"Mon, 23 Nov 2026 11:58:00", b"Mon, 16 Nov 2015 11:58:00")
    (office.folder / "old.eml").write_bytes(raw)
    assert office.json("read", str(office.folder / "old.eml"))["date"] == "2015-11-16T11:58:00+00:00"


def test_read_reads_the_others_where_one_file_is_gone_and_says_which(office):
    (office.folder / "one.eml").write_bytes(mail(COMPLAINT))
    done = office.run("read", str(office.folder / "gone.eml"), str(office.folder / "one.eml"), "--json")
    assert done.exit_code == 2
    assert "gone.eml cannot be read" in done.stderr
    assert json.loads(done.stdout)["from"] == "ada@resident.example"
