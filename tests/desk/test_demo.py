"""The first minute: a demo is invented, whole, harmless and apart; an empty queue says why; the start says how to sign in."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from all_commands import app
from classifiers.taxonomy import Category
from desk.commands.serve import welcome
from desk.config import EXAMPLE, Mistake, Settings
from desk.demo_filling import fill
from desk.demo_house import PEOPLE, accounts, apart
from desk.demo_messages import chosen, messages
from desk.demo_people import ACCOUNT, DOMAIN, invented
from desk.first_minute import first_complaint
from desk.web.sign_passwords import Passwords
from desks import client_of, sign_in, signed_in
from houses import NOON, arrive, mail, settings_in, settle
from intake.message import MAIL
from intake.reading import read
from store.desk_models import Staff
from store.models import Case, Message, OutboxEntry, RawContent, Task
from store.schema import migrate


def everything(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, **equals)


def test_the_same_messages_are_chosen_every_time_of_every_kind_and_channel():
    found = chosen(60)
    assert [example.id for example in found] == [example.id for example in chosen(60)]
    assert len({example.id for example in found}) == 60
    assert set(Counter(example.labels.category for example in found)) == set(Category)
    assert {example.text.channel for example in found} == {"email", "dm", "chat"}
    assert sum(bool(example.labels.flags & {"emergency", "safeguarding", "hazard"}) for example in found) >= 5
    assert all(example.held_back for example in found)


@pytest.mark.parametrize("count", [1, 7, 600])
def test_as_many_are_chosen_as_were_asked_for(count):
    assert len({example.id for example in chosen(count)}) == count


def test_nobody_in_a_demo_is_real_and_each_is_marked_as_invented():
    people = [invented(number) for number in range(400)]
    assert len({person.address for person in people}) == len({person.name for person in people}) == 400
    assert all(person.address.endswith("@demo.example") and person.name.endswith("(demo)") for person in people)
    assert all(person.phone.startswith("07700 900") for person in people)


def test_messages_come_over_the_last_days_with_photos_and_scans_that_open():
    found = list(messages(chosen(30), NOON, "housing@landlord.example"))
    assert [message.received_at for message in found] == sorted(message.received_at for message in found)
    assert all(message.received_at < NOON for message in found)
    files = [file for message in found if message.media_type == MAIL for file in read(message.raw, MAIL).attachments]
    assert {file.type for file in files} == {"image/jpeg", "application/pdf"}
    assert all(file.content.startswith((b"\xff\xd8", b"%PDF")) for file in files)


def test_a_demo_has_something_of_everything_and_fills_a_store_once(house_of):
    house = house_of()
    counts = fill(house, 24)
    assert counts == {"messages": 28, "case": 26, "follow_up": 1, "quarantined": 1}
    rows = everything(house, Message)
    assert {row.account for row in rows} == {ACCOUNT}
    assert "telephone" in {row.channel for row in rows}
    kinds = {task.kind for task in everything(house, Task)}
    assert {"quarantine", "possible_reply", "reply", "unsent_letter"} <= kinds
    assert all("(demo)" in (case.resident_name or "(demo)") for case in everything(house, Case))
    assert fill(house, 24) == {"messages": 0}
    assert len(everything(house, Message)) == 28


def test_every_letter_of_a_demo_is_for_an_address_that_no_mail_reaches(house_of):
    house = house_of()
    fill(house, 24)
    letters = everything(house, OutboxEntry)
    assert len(letters) > 20
    assert {(letter.recipient or f"@{DOMAIN}").rpartition("@")[2] for letter in letters} == {"demo.example"}


class Landlord:
    """A landlord's folder with a configuration; commands run in it."""

    def __init__(self, folder: Path, *, outgoing: str = "") -> None:
        self.folder, self.url = folder, f"sqlite:///{folder}/intake.db"
        text = (
            EXAMPLE.read_text().replace("sqlite:///var/intake.db", self.url).replace("var/intake.key", f"{folder}/intake.key")
        )
        text = text.replace('kind = "maildir"\npath = "var/sent"', outgoing or f'kind = "maildir"\npath = "{folder}/sent"')
        self.config = folder / "config.toml"
        self.config.write_text(text)

    def run(self, *words: str):
        return CliRunner().invoke(app, [*words, "--config", str(self.config)])


def test_the_command_fills_an_empty_store_with_what_the_real_classifier_makes_of_it(tmp_path):
    landlord = Landlord(tmp_path)
    done = landlord.run("demo-data", "--count", "12", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["messages"] >= 15
    queue = json.loads(landlord.run("queue", "--json").stdout)
    assert len(queue) > 5
    again = landlord.run("demo-data", "--count", "12")
    assert "0 messages" in again.stdout
    assert "All of it is invented" in again.stdout


def test_a_store_with_real_messages_takes_no_demo_unless_told_outright(tmp_path):
    landlord = Landlord(tmp_path)
    migrate(landlord.url)
    (tmp_path / "real.eml").write_bytes(mail("A real resident's words."))
    assert landlord.run("import", str(tmp_path / "real.eml")).exit_code == 0
    refused = landlord.run("demo-data", "--count", "1")
    assert isinstance(refused.exception, Mistake)
    assert "other messages" in str(refused.exception)
    assert landlord.run("demo-data", "--count", "1", "--anyway").exit_code == 0


def test_where_letters_would_leave_the_machine_there_is_no_demo(tmp_path):
    landlord = Landlord(tmp_path, outgoing='kind = "smtp"\nhost = "relay.example"')
    refused = landlord.run("demo-data")
    assert isinstance(refused.exception, Mistake)
    assert "maildir" in str(refused.exception)
    served = landlord.run("serve", "--demo")
    assert isinstance(served.exception, Mistake)
    assert "invented people must never be written to" in str(served.exception)
    assert not (tmp_path / "intake.db").exists()


def demo_settings(tmp_path: Path, **changes: object) -> Settings:
    return settings_in(tmp_path, f"sqlite:///{tmp_path}/intake.db", **changes)


def test_a_demo_is_served_apart_and_reads_no_mailbox(tmp_path, monkeypatch):
    mailbox = {"kind": "imap", "account": "real", "host": "mail.example", "username": "x", "password_file": "/nowhere"}
    doors = [{"kind": "smtp", "account": "local", "port": 8025}, {"kind": "smtp", "account": "out", "host": "0.0.0.0"}, mailbox]
    told = apart(demo_settings(tmp_path, channels=doors[:2]))
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = demo_settings(tmp_path, channels=doors[:2])
    assert settings.store_url == "sqlite:///var/demo.db"
    assert str(settings.key_file) == "var/demo.key"
    assert str(settings.outgoing.own().path) == "var/demo-sent"
    assert [channel.own().account for channel in settings.channels] == ["local"]


@pytest.mark.slow
def test_demo_people_sign_in_with_passwords_that_are_new_at_each_start(house_of):
    house = house_of()
    first, second = accounts(house.settings), accounts(house.settings)
    assert first[2:] != second[2:]
    people = {staff.username: staff for staff in everything(house, Staff)}
    assert {name: people[name].roles for name in people} == {name: [str(role)] for name, _, role in PEOPLE}
    told = {line.split()[0]: line.split()[2] for line in second[2:]}
    for name, staff in people.items():
        assert Passwords().check(told[name], staff.password_hash)[0]
    assert client_of(house).get("/queue").status_code == 303
    assert sign_in(house, client_of(house), "olive").get("/queue").status_code == 200


@pytest.mark.parametrize(
    "desk", [{"local_accounts": False}, {"local_accounts": True, "host": "0.0.0.0", "url": "https://desk.example"}]
)
def test_no_demo_person_is_made_where_others_could_sign_in_as_them(house_of, desk):
    house = house_of(desk=desk)
    assert "No demo accounts" in accounts(house.settings)[0]
    assert everything(house, Staff) == []


def test_the_start_says_how_to_make_an_account_and_how_to_send_a_first_complaint(tmp_path):
    settings = demo_settings(tmp_path)
    said = welcome(settings, ["Make yourself an account:", "intake users add NAME --role officer"])
    assert "users add NAME" in said
    assert first_complaint(settings) in said
    assert first_complaint(demo_settings(tmp_path, channels=())) is None


def test_a_desk_to_which_nothing_ever_came_says_how_messages_come_and_how_to_try(house_of):
    page = signed_in(house_of()).get("/queue").text
    assert "Nothing has come yet" in page
    assert "smtplib" in page
    assert "DEMO=1" in page


def test_an_empty_queue_tells_what_was_done_from_what_the_filters_hide(house_of):
    house = house_of()
    client = signed_in(house)
    arrive(house, mail("complaint! Nobody came."))
    settle(house)
    assert "Nothing waits that fits the filters" in client.get("/queue?kind=quarantine").text
    mine = client.get("/queue?view=mine").text
    assert "Nothing of yours waits" in mine
    assert "for everybody" in mine
    with house.store.unit("T6") as unit:
        for task in unit.find(Task):
            unit.update(Task, task.id, closed_at=NOON, closed_by="olive", outcome="done")
        unit.commit()
    done = client.get("/queue").text
    assert "All done" in done
    assert "23 November 2026 at 12:00pm" in done


def test_the_bytes_of_what_no_program_can_read_are_kept(house_of):
    house = house_of()
    fill(house, 6)
    (message,) = everything(house, Message, state="shunted")
    (kept,) = everything(house, RawContent, message_id=message.id)
    assert len(kept.body) == message.raw_size == 400 + 256 * 8
