"""Letters kept as files."""

import asyncio
import mailbox
from datetime import UTC, datetime

import pytest

from intake.channel import Outgoing, PermanentFailure, Reply, TemporaryFailure
from intake.outgoing import maildir


def reply(number=1, **changes):
    values = {
        "message_id": f"<{number}@landlord.example>",
        "sender": "housing@landlord.example",
        "sender_name": "Housing",
        "recipient": "tenant@example.org",
        "subject": f"Letter {number}",
        "text": "We have it.",
        "written_at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    }
    return Reply(**(values | changes))


def send(folder, *replies):
    way_out = maildir.build(maildir.Settings(path=folder))
    assert isinstance(way_out, Outgoing)

    async def all_at_once():
        return await asyncio.gather(*(way_out.send(one) for one in replies))

    return asyncio.run(all_at_once())


def test_letters_are_read_back_by_any_maildir_reader(tmp_path):
    sent = send(tmp_path / "sent", *(reply(number) for number in range(20)))
    subjects = {mail["Subject"] for mail in mailbox.Maildir(tmp_path / "sent")}
    assert subjects == {f"Letter {number}" for number in range(20)}
    assert not list((tmp_path / "sent" / "tmp").iterdir())
    assert all("kept as" in one.answer for one in sent)


def test_the_same_letter_sent_again_after_a_crash_is_one_file(tmp_path):
    send(tmp_path, reply())
    send(tmp_path, reply())
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_a_letter_that_a_mail_program_has_seen_is_not_doubled(tmp_path):
    send(tmp_path, reply())
    (first,) = (tmp_path / "new").iterdir()
    first.rename(tmp_path / "cur" / f"{first.name}:2,S")
    send(tmp_path, reply())
    assert not list((tmp_path / "new").iterdir())


def test_a_folder_that_cannot_be_written_is_a_temporary_failure(tmp_path):
    (tmp_path / "sent").write_text("a file stands in the way")
    with pytest.raises(TemporaryFailure, match="cannot be written"):
        send(tmp_path / "sent", reply())


def test_a_letter_that_cannot_be_a_mail_fails_for_good(tmp_path):
    with pytest.raises(PermanentFailure):
        send(tmp_path, reply(recipient="not an address"))
