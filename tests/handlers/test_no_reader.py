"""No process can be started to read mail: nothing becomes a person's for that, all of it waits, and the desk is told."""

from __future__ import annotations

import pytest
from desk_house import rows

from desk.health import look
from desks import signed_in
from handlers.triage import READER_PAUSE
from houses import READER, arrive, house_of, mail, settle
from intake.contained import ContainedReader
from intake.message import InboundMessage
from store.models import Case, Message, Task

__all__ = ["house_of"]
COMPLAINT = "complaint! The boiler is broken and nobody came."


@pytest.fixture
def unread(house_of):
    """Yield a house whose reader's process ends before it is ready, and where a mail waits."""
    house = house_of()
    house.__dict__["reader"] = reader = ContainedReader(program="raise SystemExit(1)")
    for number in range(3):
        arrive(house, mail(f"{COMPLAINT} {number}", sender=f"t{number}@r.example"), sender=f"t{number}@r.example")
    yield house
    reader.close()


def test_mail_waits_with_no_attempt_used_up_and_is_read_as_soon_as_it_can_be(unread):
    house = unread
    for _round in range(5):
        assert settle(house) == 0
        house.clock.at += READER_PAUSE
    assert [(row.state, row.attempts, row.disposition) for row in rows(house, Message)] == [("waiting", 0, None)] * 3
    assert (rows(house, Case), rows(house, Task)) == ([], [])
    assert any("store all: no mail can be read, and all of it waits" in trouble for trouble in look(house).troubles)
    house.__dict__["reader"] = READER
    assert settle(house) == 3
    assert len([case for case in rows(house, Case) if case.logged_at]) == 3
    assert not any("no mail can be read" in trouble for trouble in look(house).troubles)


def test_what_needs_no_reader_does_not_wait_for_one(unread):
    house = unread
    line = b'{"id": "a", "channel": "email", "subject": "Noise", "text": "complaint! Drums at night."}'
    told = {"channel": "folder", "account": "test", "external_id": "a", "received_at": house.clock.now(), "raw": line}
    house.reception.put([InboundMessage(**told, media_type="application/json")])
    settle(house)
    assert sorted(row.state for row in rows(house, Message)) == ["handled", "waiting", "waiting", "waiting"]


def test_the_page_of_a_message_opens_without_a_reader_and_says_so(unread):
    house = unread
    house.__dict__["reader"], broken = READER, house.reader
    settle(house)
    house.__dict__["reader"] = broken
    (case, *_others) = rows(house, Case)
    page = signed_in(house).get(f"/cases/{case.reference}")
    assert page.status_code == 200
    assert "It cannot be read just now" in page.text
    assert "nobody came" in page.text
