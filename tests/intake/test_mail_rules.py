"""Every rule for mail has its row in the table, what the row names is there, and the rules' own numbers hold."""

from __future__ import annotations

import ast
import functools
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers import automatic, manners, new_matters
from intake import bodies, contained, mending, parts, quoting
from intake.channels import smtp
from intake.mailbox.settings import Settings as Mailbox
from intake.message import MAIL
from intake.oauth import tokens
from intake.reading import read
from intake.relay.settings import Settings as Relay
from intake.smtp_door.recipients import Served
from intake.smtp_door.settings import Settings as Door

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "mail-rules.md").read_text(encoding="utf-8")
GROUPS = {"A": 15, "B": 6, "C": 8, "D": 5, "E": 9, "F": 9, "G": 3, "H": 9, "I": 8, "J": 5, "K": 4, "Build": 9, "Shown": 7}
RULES = {f"{group}{number}" for group, count in GROUPS.items() for number in range(1, count + 1)}
ROW = re.compile(r"^\| (?:[A-K]|Build|Shown)\d+ \|.*\|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/.-]+\.\w+)::(\w+)`")
A_FILE = re.compile(r"`((?:\w[\w-]*/)+[\w-]+\.\w+)`")
MOST_WORDS = 10
MEBIBYTE = 1024 * 1024


@functools.cache
def defined_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    given = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    noted = {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    return named | given | noted


def test_every_rule_has_one_row_that_says_what_does_it_and_what_proves_it_or_why_not() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in ROW.findall(TABLE)]
    assert sorted(row[0] for row in rows) == sorted(RULES)
    for rule, asked, does, proves, otherwise in rows:
        assert len(asked.split()) <= MOST_WORDS, rule
        assert (does and proves) or otherwise, rule


def test_whatever_the_table_names_is_there() -> None:
    named = NAMED.findall(TABLE)
    assert len(named) > len(RULES)
    missing = [f"{path}::{name}" for path, name in named if name not in defined_in(ROOT / path)]
    assert missing == []
    assert [path for path in A_FILE.findall(TABLE) if not (ROOT / path).exists()] == []


def test_the_rules_own_numbers_are_what_the_house_begins_with() -> None:
    door, mailbox, relay = (
        Door(),
        Mailbox(host="mail.example", username="a", password_file=Path("p")),
        Relay(host="mail.example"),
    )
    assert automatic.MOST_RELAYS == 50, "A8"
    assert timedelta(days=60) == manners.DEAD_FOR, "A10"
    assert relay.timeout_after_dot == 600, "B5"
    assert timedelta(days=14) == new_matters.AFTER_CLOSING, "C6"
    assert (door.max_message_size, door.timeout) == (50 * MEBIBYTE, 600), "E3"
    assert (door.max_recipients, smtp.MOST_HOPS) == (100, 100), "E4, E6"
    assert mailbox.idle_renewal == 9 * 60 and 60 <= mailbox.poll <= 120, "F5"
    assert timedelta(days=30) == tokens.NOTICE, "F7"
    assert (parts.MOST_PARTS, parts.DEEPEST) == (500, 50), "H2"
    assert (quoting.LONGEST_LINE, quoting.MOST_LINES) == (1_000, 5_000), "I7"
    assert (contained.SECONDS, contained.MEMORY) == (10, 512 * MEBIBYTE), "K1"
    assert (mending.LONGEST_HEADER, mending.MOST_FIELDS) == (256 * 1024, 1_000), "K2"
    assert bodies.LONGEST == 2_000_000, "I7"


def test_e1_what_is_committed_is_on_the_disk(store) -> None:  # type: ignore[no-untyped-def]
    asked, told = ("PRAGMA synchronous", 2) if store.embedded else ("SHOW synchronous_commit", "on")
    with store.unit("T1") as unit:
        assert unit.all(text(asked))[0][0] == told


@pytest.mark.parametrize("local", ["postmaster", "abuse", "Abuse", "POSTMASTER"])
def test_e4_whom_every_domain_answers_for_is_served_though_not_listed(local: str) -> None:
    served = Served(("housing@landlord.example",), "mx.landlord.example")
    assert served.serves(f"{local}@landlord.example")
    assert not served.serves(f"{local}@elsewhere.example")


def test_d4_without_an_id_and_a_date_two_recipients_make_two_mails() -> None:
    keys = {read(f"From: a@b.example\r\nTo: {to}@c.example\r\n\r\nNo hot water.".encode(), MAIL).content_key for to in "xy"}
    assert len(keys) == 2


@pytest.mark.parametrize("kind", ["message/partial; id=a; number=1; total=2", "message/external-body; access-type=URL; url=x"])
def test_h6_a_piece_of_a_mail_and_a_pointer_to_one_are_kept_as_they_came(kind: str) -> None:
    reading = read(f"From: a@b.example\r\nSubject: s\r\nContent-Type: {kind}\r\n\r\nThe roof".encode(), MAIL)
    assert [(file.type, file.content) for file in reading.attachments] == [(kind.partition(";")[0], b"The roof")]
