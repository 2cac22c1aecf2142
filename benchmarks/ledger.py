"""Looks into a store with plain SQL, from outside: what waits, and whether all is there and every letter was sent."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg


class WrongCount(Exception):
    """A run lost, doubled or left something; its times are worth nothing."""


class Ledger:
    """A connection that only asks."""

    def __init__(self, url: str) -> None:
        self._db: Any
        if url.startswith("sqlite:///"):
            self._db = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
        else:
            self._db = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        found: list[tuple[Any, ...]] = self._db.execute(query).fetchall()
        return found

    def number(self, query: str) -> int:
        """Return the one number a query finds."""
        return int(self.rows(query)[0][0])

    def close(self) -> None:
        """Let go of the connection."""
        self._db.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """One letter at the sink; identities without their angle brackets."""

    at_ns: int
    message_id: str
    in_reply_to: str


def read_letters(log: Path) -> list[Arrived]:
    """Read the sink's log."""
    rows = (line.split("\t") for line in log.read_text(encoding="utf-8").splitlines())
    return [Arrived(at_ns=int(at), message_id=bare(own), in_reply_to=bare(answers)) for at, own, answers, _ in rows]


def bare(identity: str | None) -> str:
    """Take the angle brackets off a Message-ID."""
    return (identity or "").strip().strip("<>")


def check_floor(offered: int, letters: Sequence[Arrived], automatic: int) -> dict[str, int]:
    """Prove that the floor answered everything once; automatic mail has no return path, and gets nothing."""
    must("letters", len({letter.in_reply_to for letter in letters}), offered - automatic)
    must("letters twice", twice(letter.in_reply_to for letter in letters), 0)
    return {"kept": offered, "letters": len(letters)}


def check_intake(ledger: Ledger, offered: int, letters: Sequence[Arrived], after: int = 0) -> dict[str, int]:
    """Prove that every mail came to something, every complaint was acknowledged, and no letter was doubled.

    ``after`` is the highest message id from before the run: only what came later is reckoned.
    """
    came = check_decided(ledger, offered, after)
    sent = ledger.rows(f"SELECT header_id, in_reply_to FROM outbox WHERE message_id > {after} AND state = 'sent'")
    must(
        "letters sent that are not at the sink",
        len({bare(own) for own, _ in sent} - {letter.message_id for letter in letters}),
        0,
    )
    must("letters twice", twice(letter.message_id for letter in letters), 0)
    answered = {letter.in_reply_to for letter in letters} | _held_back(ledger, after)
    must("complaints without a letter", len(_complaints(ledger, after) - answered), 0)
    return came | {"letters": len(sent)} | not_sent(ledger, after)


def check_imported(ledger: Ledger, offered: int) -> dict[str, int]:
    """Prove that every imported mail came to something, and that each complaint has its letter written."""
    came = check_decided(ledger, offered, 0)
    written = {bare(row[0]) for row in ledger.rows("SELECT in_reply_to FROM outbox WHERE state <> 'suppressed'")}
    must("complaints without a letter", len(_complaints(ledger, 0) - written - _held_back(ledger, 0)), 0)
    return came | not_sent(ledger, 0)


def check_decided(ledger: Ledger, offered: int, after: int) -> dict[str, int]:
    """Prove that every mail after this id came to a case, a follow-up, a duplicate or automatic mail; return the counts."""
    came = dict(ledger.rows(f"SELECT coalesce(disposition, state), count(*) FROM message WHERE id > {after} GROUP BY 1"))
    must("messages", sum(came.values()), offered)
    must("quarantined or waiting", sum(came.get(what, 0) for what in ("quarantined", "waiting", "shunted")), 0)
    must(
        "cases",
        ledger.number(f"SELECT count(DISTINCT case_id) FROM message WHERE id > {after} AND disposition = 'case'"),
        came.get("case", 0),
    )
    return came


def not_sent(ledger: Ledger, after: int) -> dict[str, int]:
    """Return how many letters are not sent, by state or by the rule that held them back."""
    held = ledger.rows(
        f"SELECT coalesce(rule, state), count(*) FROM outbox WHERE message_id > {after} AND state <> 'sent' GROUP BY 1"
    )
    return {f"not sent: {why}": count for why, count in held}


def check_kept(ledger: Ledger, offered: int) -> dict[str, int]:
    """Prove that the receiving role alone kept everything."""
    must("messages", ledger.number("SELECT count(*) FROM message"), offered)
    must("contents", ledger.number("SELECT count(*) FROM raw_content"), offered)
    return {"kept": offered}


def _complaints(ledger: Ledger, after: int) -> set[str]:
    query = (
        "SELECT m.header_id FROM case_file c JOIN message m ON m.case_id = c.id AND m.disposition = 'case'"
        f" WHERE m.id > {after} AND (c.category = 'complaint' OR c.logged_at IS NOT NULL)"
    )
    return {bare(row[0]) for row in ledger.rows(query)}


def _held_back(ledger: Ledger, after: int) -> set[str]:
    """Return the mails whose letter a rule of manners held back: automatic mail alone, which has no return path."""
    query = (
        "SELECT m.header_id, m.mail_from FROM outbox o JOIN message m ON m.id = o.message_id"
        f" WHERE m.id > {after} AND o.state = 'suppressed' AND o.rule IS NOT NULL"
    )
    return {bare(header_id) for header_id, mail_from in ledger.rows(query) if mail_from == ""}


def twice(names: Iterable[str]) -> int:
    """Return how many names come more than once."""
    return sum(count > 1 for count in Counter(names).values())


def must(what: str, found: int, wanted: int) -> None:
    """Stop the benchmark when a count is wrong."""
    if found != wanted:
        raise WrongCount(f"{what}: {found}, but {wanted} were wanted")
