"""Rows for tests of the store, whole but for what a test is about."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from store.models import Case, Message, OutboxEntry, RawContent

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def message_row(number, **values):
    body = values.get("body", b"mail %d" % number)
    row = {
        "channel": "smtp",
        "account": "front door",
        "external_id": f"mail-{number}",
        "media_type": "message/rfc822",
        "received_at": NOON,
        "accepted_at": NOON,
        "raw_sha256": sha256(body).hexdigest(),
        "raw_size": len(body),
        "due_at": NOON,
        "body": body,
    }
    return {**row, **values}


def case_row(number, **values):
    row = {
        "reference": f"LBL-26-{number:06}-00",
        "status": "open",
        "team": "complaints",
        "channel_kind": "email",
        "subject": "No heating",
        "received_at": NOON,
        "opened_at": NOON,
    }
    return {**row, **values}


def letter_row(number, case_id, message_id, **values):
    row = {
        "case_id": case_id,
        "message_id": message_id,
        "kind": f"letter-{number}",
        "template": "receipt",
        "way": "maildir",
        "recipient": "resident@example.org",
        "subject": "We have your message",
        "text": "Dear resident",
        "header_id": f"<letter-{number}@landlord.example>",
        "state": "due",
        "created_at": NOON,
        "next_at": NOON,
    }
    return {**row, **values}


def deadline_row(case_id, rule, due_at, **values):
    row = {
        "case_id": case_id,
        "rule": rule,
        "provision": "Code 6.2",
        "due_on": due_at.date(),
        "due_at": due_at,
        "counted_from": NOON.date(),
        "counted": ["2026-11-24", "2026-11-25"],
        "calendar": "holidays 0.109 GB-ENG",
        "set_at": NOON,
    }
    return {**row, **values}


def task_row(case_id, kind, due_at, **values):
    row = {
        "case_id": case_id,
        "kind": kind,
        "team": "complaints",
        "why": "a person decides",
        "opened_at": NOON,
        "due_at": due_at,
    }
    return {**row, **values}


def event_row(case_id, kind, **values):
    return {"case_id": case_id, "at": NOON, "by": "machine", "kind": kind, "why": f"because of {kind}", **values}


def keep_messages(store, number, **values):
    """Put so many messages straight into their table; return their ids."""
    with store.unit("T1") as unit:
        rows = [message_row(count, **values) for count in range(number)]
        ids = unit.insert(Message, [{name: value for name, value in row.items() if name != "body"} for row in rows])
        unit.add(RawContent, [{"message_id": id_, "body": row["body"]} for id_, row in zip(ids, rows, strict=True)])
        unit.commit()
    return ids


def keep_case(store, number=1, **values):
    with store.unit("T3") as unit:
        (case_id,) = unit.insert(Case, [case_row(number, **values)])
        unit.commit()
    return case_id


def keep_letters(store, number, **values):
    """Put so many due letters of one case into the outbox; return their ids."""
    (message_id,) = keep_messages(store, 1)
    case_id = keep_case(store)
    with store.unit("T3") as unit:
        ids = unit.insert(OutboxEntry, [letter_row(count, case_id, message_id, **values) for count in range(number)])
        unit.commit()
    return ids
