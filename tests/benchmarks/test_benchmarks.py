"""The benchmarks themselves: the mails are what they say, and a wrong count is noticed. Nothing here is timed."""

import email
import email.policy
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.client import order
from benchmarks.databases import Databases
from benchmarks.ledger import Arrived, WrongCount, check_floor
from benchmarks.load import arrivals
from benchmarks.mailset import MailSet
from benchmarks.measure import percentile
from benchmarks.offering import WARMING, Offer, offer_to
from benchmarks.subjects import FloorSubject

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def mails():
    return list(MailSet(200, seed=7, start=START))


def test_the_kinds_come_in_their_shares(mails):
    assert Counter(mail.kind for mail in mails) == {"plain": 86, "automatic": 4, "html": 60, "pdf": 20, "reply": 30}


def test_no_two_mails_are_alike(mails):
    assert len({mail.message_id for mail in mails}) == len({mail.raw for mail in mails}) == len(mails)


def test_the_same_seed_gives_the_same_mails_and_another_seed_others(mails):
    assert list(MailSet(200, seed=7, start=START)) == mails
    assert not {mail.message_id for mail in MailSet(200, seed=8, start=START)} & {mail.message_id for mail in mails}


def test_a_reply_answers_an_earlier_mail_of_its_own_sender(mails):
    places = {mail.message_id: place for place, mail in enumerate(mails)}
    replies = [(place, mail) for place, mail in enumerate(mails) if mail.answers]
    assert replies
    for place, reply in replies:
        assert place - places[reply.answers] >= 20
        assert mails[places[reply.answers]].sender == reply.sender
        assert email.message_from_bytes(reply.raw)["In-Reply-To"] == reply.answers


def test_every_mail_can_be_read_by_a_mail_parser_without_a_defect(mails):
    ways = Counter()
    for mail in mails:
        read = email.message_from_bytes(mail.raw, policy=email.policy.default)
        assert not [defect for part in read.walk() for defect in part.defects]
        assert max(map(len, mail.raw.split(b"\r\n"))) < 998
        body = read.get_body(("plain",))
        assert ("I am out of the office" if mail.kind == "automatic" else "I live at ") in body.get_content().replace("\n", " ")
        ways[body.get_content_charset(), body["content-transfer-encoding"]] += 1
    assert {"us-ascii", "utf-8", "iso-8859-1"} == {charset for charset, _ in ways}
    assert {"7bit", "8bit", "quoted-printable", "base64"} == {way for _, way in ways}


def test_a_set_without_attachments_keeps_its_size():
    assert Counter(mail.kind for mail in MailSet(100, start=START, attachments=False))["plain"] == 53


def test_a_line_that_begins_with_a_dot_is_stuffed(mails):
    dotted = order(replace(mails[0], raw=b"Subject: x\r\n\r\n.\r\n..\r\n"))
    assert dotted.data == b"Subject: x\r\n\r\n..\r\n...\r\n.\r\n"


@pytest.mark.parametrize("spacing", ["poisson", "fixed"])
def test_an_open_loop_keeps_its_mean_rate(spacing):
    times = arrivals(4_000, 100.0, spacing, 3)
    assert times == sorted(times)
    assert 36 < times[-1] < 44


@pytest.mark.parametrize(("share", "wanted"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share, wanted):
    assert percentile(range(100, 0, -1), share) == wanted


@pytest.mark.parametrize("rate", [None, 200.0])
def test_every_mail_offered_is_kept_and_answered_once(tmp_path: Path, rate):
    with Databases("sqlite", tmp_path) as databases:
        url = databases.fresh()
        run = offer_to(lambda port: FloorSubject(url, port), Offer(messages=20, sessions=4, rate=rate), tmp_path / "run")
    assert run.messages == 20
    assert run.came_to["kept"] == 20 + WARMING
    assert len(run.latencies) == 20
    assert run.cpu > 0
    assert run.peak_mb > 10


def letter(number: int, answers: int) -> Arrived:
    return Arrived(at_ns=number, message_id=f"letter.{number}", in_reply_to=f"mail.{answers}")


@pytest.mark.parametrize(
    "letters",
    [
        pytest.param([letter(1, 1)], id="one letter is missing"),
        pytest.param([letter(1, 1), letter(2, 2), letter(3, 2)], id="one mail was answered twice"),
    ],
)
def test_a_lost_or_doubled_letter_fails_the_run(letters):
    with pytest.raises(WrongCount):
        check_floor(2, letters, automatic=0)
