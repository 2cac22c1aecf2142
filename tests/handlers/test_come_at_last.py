"""A mail that comes at last, after a note or a part of it had stood in its place, goes onto the case that waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_house import must_stand, open_tasks, rows

from handlers.quarantine import discard
from houses import house_of, mail, settle
from intake.message import InboundMessage, Position
from store.holes import holes
from store.models import Case, CaseEvent, Message, OutboxEntry, Task

__all__ = ["house_of"]
WORDS = "complaint! my heating is off and nobody came"
MAIL = b"Received: from a by b; Mon, 23 Nov 2026 11:58:01 +0000\r\n" + mail(WORDS).replace(b"\n", b"\r\n")
HEAD = MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
NOTE = b"Comments: in the place of message box INBOX/1/5\r\n"
UNFETCHED = "the message could not be fetched; the original is in INBOX or Unprocessable, and is tried again"


def comes(house, raw, uid=5, *, note=False, problem=None, account="box"):
    name = f"INBOX/1/{uid}{'/note' if note else ''}"
    position = Position(folder="INBOX", uidvalidity=1, uid=uid)
    told = {"channel": "imap", "account": account, "external_id": name, "position": position, "problem": problem}
    house.reception.put([InboundMessage(received_at=house.clock.now(), raw=raw, **told)])


def noted(house, raw=NOTE + HEAD):
    comes(house, raw, note=True, problem=UNFETCHED)
    settle(house)
    house.clock.at += timedelta(hours=1)


def all_is_there(house):
    with house.store.glance() as glance:
        assert holes(glance) == []
    must_stand(house)


@pytest.mark.parametrize("note", [NOTE + HEAD, NOTE + b"\r\n"], ids=["with its header", "without"])
def test_it_goes_onto_the_notes_case_which_is_decided_by_its_words(house_of, note):
    house = house_of()
    noted(house, note)
    (before,) = rows(house, Case)
    comes(house, MAIL)
    settle(house)
    (case,) = rows(house, Case)
    assert (case.reference, case.category, case.subject) == (before.reference, "complaint", "My home")
    assert case.received_at == before.received_at
    assert [(row.state, row.case_id) for row in rows(house, Message)] == [("handled", case.id)] * 2
    assert open_tasks(house) == ["confirm_definition"]
    assert "complaint_acknowledged" in [letter.kind for letter in rows(house, OutboxEntry)]
    assert "came_at_last" in [event.kind for event in rows(house, CaseEvent)]
    all_is_there(house)


def test_dragged_back_from_unprocessable_it_has_another_number_and_its_whole_header(house_of):
    house = house_of()
    noted(house)
    comes(house, MAIL, uid=9)
    settle(house)
    assert [case.category for case in rows(house, Case)] == ["complaint"]
    all_is_there(house)


def test_one_that_was_given_in_halves_and_comes_whole_has_one_case_too(house_of):
    house = house_of()
    comes(house, MAIL[:-20], problem="the mail server could not give this message whole")
    settle(house)
    comes(house, MAIL, uid=9)
    settle(house)
    assert [case.category for case in rows(house, Case)] == ["complaint"]
    all_is_there(house)


@pytest.mark.parametrize(
    "raw",
    [
        MAIL.replace(b"from a by b", b"from forger by b"),
        MAIL.replace(b"My home", b"My flat"),
        MAIL.replace(b"Message-ID: <", b"Message-ID: <x"),
    ],
    ids=["other traces", "another subject", "another name"],
)
def test_whoever_knows_only_its_message_id_opens_a_case_of_their_own(house_of, raw):
    house = house_of()
    noted(house)
    comes(house, raw, uid=9)
    settle(house)
    assert len(rows(house, Case)) == 2
    assert "quarantine" in open_tasks(house)
    all_is_there(house)


def test_another_mailbox_with_the_same_number_is_another_mail(house_of):
    house = house_of()
    noted(house)
    comes(house, mail("complaint! another matter", sender="bo@resident.example"), account="other")
    settle(house)
    assert len(rows(house, Case)) == 2


def test_a_note_that_its_mail_overtakes_opens_nothing(house_of):
    house = house_of()
    comes(house, NOTE + HEAD, note=True, problem=UNFETCHED)
    comes(house, MAIL)
    settle(house)
    assert [case.category for case in rows(house, Case)] == ["complaint"]
    assert sorted(str(row.disposition) for row in rows(house, Message)) == ["case", "duplicate"]
    all_is_there(house)


def test_what_a_person_decided_without_its_words_is_theirs_to_look_at_again(house_of):
    house = house_of()
    noted(house)
    (note,) = rows(house, Message)
    house.deciding().decide(note.id, "service_request", "olive", "by its subject")
    comes(house, MAIL)
    settle(house)
    (case,) = rows(house, Case)
    assert case.category == "service_request"
    assert "decided without its words: read them" in rows(house, Task, kind="reply")[0].why
    all_is_there(house)


def test_what_was_put_aside_and_closed_is_opened_anew_by_the_mail_itself(house_of):
    house = house_of()
    noted(house)
    discard(house.acts, rows(house, Task, kind="quarantine")[0].id, "olive", "an empty note", hold=timedelta(0))
    comes(house, MAIL)
    settle(house)
    assert [str(case.status) for case in rows(house, Case)] == ["closed", "open"]
    all_is_there(house)
