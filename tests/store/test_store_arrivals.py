"""T1: what arrives is kept once, byte for byte, with how far its mailbox was read."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sample_rows import message_row

from store.arrivals import Cursor, mailbox_position, receive, storable
from store.models import Message, MessageState, RawContent
from store.overview import raw_of


def put(store, rows, cursors=()):
    with store.unit("T1") as unit:
        answers = receive(unit, rows, cursors)
        unit.commit()
    return answers


def test_an_arrival_is_kept_with_its_bytes_as_they_came(store):
    body = bytes(range(256)) * 3 + b"\r\n.\r\n"
    ((message_id, fresh),) = put(store, [message_row(1, body=body, rcpt_to=["complaints@landlord.example"])])
    with store.glance() as glance:
        assert raw_of(glance, message_id) == body
        message = glance.get(Message, message_id)
    assert fresh
    assert (message.state, message.attempts, message.lease) == (MessageState.WAITING, 0, None)
    assert message.rcpt_to == ["complaints@landlord.example"]


def test_a_mail_without_any_bytes_is_an_arrival_too(store):
    ((message_id, _),) = put(store, [message_row(1, body=b"")])
    with store.glance() as glance:
        assert raw_of(glance, message_id) == b""
        assert raw_of(glance, message_id + 1) is None


def test_what_is_already_held_is_answered_with_its_id_and_not_kept_again(store):
    first = put(store, [message_row(1, body=b"first"), message_row(2)])
    again = put(store, [message_row(3), message_row(1, body=b"second"), message_row(3)])
    assert [fresh for _, fresh in first] == [True, True]
    assert [fresh for _, fresh in again] == [True, False, False]
    assert again[1][0] == first[0][0]
    assert again[2][0] == again[0][0]
    with store.glance() as glance:
        assert raw_of(glance, first[0][0]) == b"first"
        assert len(glance.find(RawContent)) == len(glance.find(Message)) == 3


@pytest.mark.parametrize("part", ["channel", "account", "external_id"])
def test_a_message_is_another_one_when_any_part_of_its_name_differs(store, part):
    answers = put(store, [message_row(1), message_row(1, **{part: "another"})])
    assert [fresh for _, fresh in answers] == [True, True]


def test_nothing_given_is_nothing_kept(store):
    assert put(store, []) == []


def test_of_many_doors_with_the_same_mails_each_mail_is_fresh_once(store):
    rows = [message_row(number) for number in range(40)]

    def bring(door):
        turned = rows[door * 5 :] + rows[: door * 5]
        return [(row["external_id"], *answer) for row, answer in zip(turned, put(store, turned), strict=True)]

    with ThreadPoolExecutor(8) as threads:
        answers = [answer for answers in threads.map(bring, range(8)) for answer in answers]
    fresh = Counter(name for name, _, is_fresh in answers if is_fresh)
    assert fresh == Counter({row["external_id"]: 1 for row in rows})
    assert len({(name, message_id) for name, message_id, _ in answers}) == 40


def test_text_from_outside_that_no_database_keeps_does_not_keep_a_message_out(store):
    row = message_row(1, external_id="a\0b\ud800", mail_from="\udce4@example.org", problem="\0")
    ((message_id, fresh), (same, again)) = put(store, [row, row])
    assert (fresh, again, message_id == same) == (True, False, True)
    with store.glance() as glance:
        message = glance.get(Message, message_id)
    assert (message.external_id, message.mail_from, message.problem) == ("a\ufffdb\ufffd", "\ufffd@example.org", "\ufffd")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("plain", "plain"), ("Kälte 🥶", "Kälte 🥶"), ("\0", "\ufffd"), ("\ud83d", "\ufffd"), ("a\udcffb", "a\ufffdb"), ("", "")],
)
def test_storable_text_stays_and_other_text_is_marked(text, kept):
    assert storable(text) == kept


def cursor(uid, uidvalidity=1_700_000_000, folder="INBOX"):
    return Cursor(account="imap", folder=folder, uidvalidity=uidvalidity, uid=uid)


def test_a_folder_never_read_has_no_position(store):
    with store.glance() as glance:
        assert mailbox_position(glance, "imap", "INBOX") is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ([cursor(5), cursor(9)], cursor(9)),
        ([cursor(9), cursor(5)], cursor(9)),
        ([cursor(9), cursor(2, uidvalidity=1_800_000_000)], cursor(2, uidvalidity=1_800_000_000)),
        ([cursor(9, uidvalidity=2), cursor(2, uidvalidity=1)], cursor(2, uidvalidity=1)),
        ([cursor(2**32 - 1, uidvalidity=2**32 - 1)], cursor(2**32 - 1, uidvalidity=2**32 - 1)),
        ([cursor(3), cursor(8, folder="Junk")], cursor(3)),
    ],
    ids=["forward", "never back", "numbered afresh", "numbered afresh by a server that was moved", "largest", "other folder"],
)
def test_a_position_moves_forward_unless_the_folder_is_numbered_afresh(store, told, kept):
    for number, one in enumerate(told):
        put(store, [message_row(number)], [one])
    with store.glance() as glance:
        assert mailbox_position(glance, "imap", "INBOX") == kept


def test_a_position_is_committed_with_its_message_or_not_at_all(store):
    with store.unit("T1") as unit:
        receive(unit, [message_row(1)], [cursor(5)])
    with store.glance() as glance:
        assert mailbox_position(glance, "imap", "INBOX") is None
        assert glance.find(Message) == []
