"""Photos by chat are fetched at once, byte for byte; what comes late is added, and what never comes is a task."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest

from chatting import ACCOUNT, Chat, chat_in
from handlers.fetching import BACK_OFF, MOST_ATTEMPTS, Fetching
from handlers.late_files import HEAD
from handlers.one_matter import matters
from intake.channel import PermanentFailure, TemporaryFailure
from intake.chat import FetchedFile
from store.chat_models import MediaContent, MediaFile
from store.media_rows import END, files_of
from store.models import Case, CaseEvent, Message, OutboxEntry, Task

PHOTO = b"\xff\xd8\xff\xe0 a photo of the mould " * 40
FILE = {"id": "f1", "name": "mould.jpg", "type": "image/jpeg", "size": len(PHOTO)}


class Holding:
    """A platform that holds files; ``faults`` are raised first, one an attempt."""

    def __init__(self, *faults, content=PHOTO):
        self.faults = list(faults)
        self.content = content
        self.asked = 0

    async def fetch(self, file):
        self.asked += 1
        if self.faults:
            raise self.faults.pop(0)
        return FetchedFile(content=self.content, name=file.name, type=file.type)


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


def fetch(chat, platform, limit=8):
    fetching = Fetching(chat.house.store, {f"signed_json:{ACCOUNT}": platform}, chat.house.clock, "triage team")
    return asyncio.run(fetching.once(limit))


def test_words_wait_for_their_photo_and_are_read_with_it(chat):
    chat.tell({"text": "complaint! Look at this mould, nobody comes.", "files": [FILE]})
    assert chat.wait(seconds=10) == 0, "the photo is on its way"
    assert fetch(chat, Holding()) == 1
    chat.wait(seconds=1)
    (row,) = chat.all(Message)
    assert row.attachment_names == ["mould.jpg"] and row.case_id is not None
    with chat.house.store.glance() as glance:
        (kept,) = files_of(glance, row.id)
    assert kept.body == PHOTO
    assert chat.all(MediaFile)[0].sha256 == hashlib.sha256(PHOTO).hexdigest()


def test_a_photo_that_comes_at_once_does_not_end_the_quiet_in_which_more_words_come(chat):
    chat.tell({"text": "", "files": [FILE]})
    assert fetch(chat, Holding()) == 1
    assert chat.wait(seconds=3) == 0, "there may be more to come"
    chat.tell({"text": "complaint! It has been like that for a year."})
    assert chat.wait(seconds=4) == 0
    chat.wait(seconds=2)
    (case,), (letter,) = chat.all(Case), chat.all(OutboxEntry)
    assert case.category == "complaint" and letter.kind != "receipt"
    assert [row.attachment_names for row in chat.all(Message, case_id=case.id)] == [["mould.jpg"], []]


def test_an_album_told_of_in_pieces_is_read_as_one_though_its_first_picture_is_here_already(chat):
    for number in range(3):
        chat.tell({"text": "complaint! Look at this mould" if number == 2 else "", "files": [{**FILE, "id": f"f{number}"}]})
        assert fetch(chat, Holding()) == 1
        assert chat.wait(seconds=1) == 0
    chat.wait(seconds=5)
    assert len(chat.all(Case)) == 1 and len(chat.all(OutboxEntry)) == 1
    assert all(row.attachment_names for row in chat.all(Message))


def test_a_file_said_to_be_larger_than_any_number_of_32_bits_is_kept_like_any_other(chat):
    chat.tell({"text": "complaint! See the video.", "files": [{**FILE, "size": 3_900_000_000}]})
    assert [file.said_size for file in chat.all(MediaFile)] == [3_900_000_000]


def test_a_photo_that_comes_late_is_added_to_the_case(chat):
    platform = Holding(TemporaryFailure("busy"))
    chat.tell({"text": "complaint! Look at this mould, nobody comes.", "files": [FILE]})
    fetch(chat, platform)
    chat.wait(seconds=25)
    (case,) = chat.all(Case)
    assert chat.all(Message)[0].attachment_names == [], "the words did not wait for ever"
    fetch(chat, platform)
    assert chat.all(Message)[0].attachment_names == ["mould.jpg"]
    assert "file_arrived" in [event.kind for event in chat.all(CaseEvent, case_id=case.id)]
    assert fetch(chat, platform) == 0


def missing(chat):
    return [task for task in chat.all(Task) if task.kind == "file_missing"]


def test_a_photo_that_never_comes_is_a_task_and_is_not_tried_again(chat):
    platform = Holding(*[PermanentFailure("it is larger than 20 MB")] * 9)
    chat.say("complaint! Look at this mould, nobody comes.", files=[FILE])
    chat.wait(seconds=30)
    for _ in range(5):
        fetch(chat, platform)
        chat.house.clock.at += timedelta(hours=7)
    (task,) = missing(chat)
    assert task.case_id == chat.all(Case)[0].id and "it is larger than 20 MB" in task.why
    assert platform.asked == 1 and not chat.all(MediaContent)


def test_a_photo_of_a_platform_that_is_away_over_the_weekend_comes_after_all(chat):
    platform = Holding(*[TemporaryFailure("away")] * 15)
    chat.say("complaint! Look at this mould, nobody comes.", files=[FILE])
    chat.wait(seconds=30)
    for _ in range(100):
        fetch(chat, platform)
        if missing(chat):
            break
        chat.house.clock.at += timedelta(minutes=15)
    (task,) = missing(chat)
    assert platform.asked == len(BACK_OFF) + 1 and task.case_id is not None and task.closed_at is None
    for _ in range(10):
        chat.house.clock.at += timedelta(hours=6)
        fetch(chat, platform)
    assert len(chat.all(MediaContent)) == 1 and chat.all(Message)[0].attachment_names == ["mould.jpg"]
    (task,) = missing(chat)
    assert task.closed_at is not None


def test_after_a_week_a_photo_is_given_up(chat):
    platform = Holding(*[TemporaryFailure("away")] * 200)
    chat.say("complaint! Look at this mould, nobody comes.", files=[FILE])
    for _ in range(60):
        fetch(chat, platform)
        chat.house.clock.at += timedelta(hours=6)
    assert platform.asked == MOST_ATTEMPTS and chat.all(MediaFile)[0].state == "missing" and len(missing(chat)) == 1


def test_a_pause_that_a_platform_asks_for_is_no_failure_and_holds_for_all_its_files(chat):
    platform = Holding(*[TemporaryFailure("slowly", retry_after=40.0)] * 12)
    chat.tell(*({"text": f"complaint! mould {number}", "files": [{**FILE, "id": f"f{number}"}]} for number in range(3)))
    assert fetch(chat, platform, 1) == 1 and fetch(chat, platform) == 0
    for _ in range(11):
        chat.house.clock.at += timedelta(seconds=41)
        assert fetch(chat, platform, 1) == 1 and fetch(chat, platform) == 0
    chat.house.clock.at += timedelta(seconds=41)
    assert fetch(chat, platform) == 3 and len(chat.all(MediaContent)) == 3
    assert {file.attempts for file in chat.all(MediaFile)} == {1}


def test_what_fails_before_its_words_are_read_stands_on_the_case_that_they_open(chat):
    chat.tell({"text": "complaint! See the video.", "files": [FILE]})
    fetch(chat, Holding(PermanentFailure("it is larger than 20 MB")))
    assert missing(chat)[0].case_id is None
    chat.wait()
    (task,), (case,) = missing(chat), chat.all(Case)
    assert (task.case_id, task.team) == (case.id, case.team)
    assert "file_missing" in [event.kind for event in chat.all(CaseEvent, case_id=case.id)]
    letter = chat.letter()
    assert "A file did not reach us." in letter.short and "did not reach us" in letter.text


def test_who_sent_files_that_came_is_told_of_none_that_did_not(chat):
    chat.tell({"text": "complaint! See the mould.", "files": [FILE]})
    fetch(chat, Holding())
    chat.wait()
    assert "did not reach us" not in chat.letter().short + chat.letter().text


def test_a_photo_that_comes_while_its_words_are_judged_is_named_with_them(chat):
    chat.tell({"text": "complaint! hello"}, {"text": "Look at this mould.", "files": [FILE]})
    chat.house.clock.at += timedelta(seconds=30)
    triage = chat.house.triage()
    _, claimed = triage._claim(10)
    assert fetch(chat, Holding()) == 1
    triage._unsettled = [triage._judged(triage._read(group)) for group in matters(claimed)]
    triage._settle_held()
    assert [row.attachment_names for row in chat.all(Message)] == [["mould.jpg"], ["mould.jpg"]]


def test_one_platform_that_hangs_keeps_no_other_file_waiting(chat):
    class Hanging(Holding):
        async def fetch(self, file):
            if self.asked == 0:
                self.asked = 1
                while not chat.all(MediaContent):  # noqa: ASYNC110 - it happens in a thread
                    await asyncio.sleep(0.01)
            return await super().fetch(file)

    chat.tell(*({"text": "complaint! mould", "files": [{**FILE, "id": f"f{number}"}]} for number in range(2)))
    assert fetch(chat, Hanging()) == 2 and len(chat.all(MediaContent)) == 2


def test_of_a_large_file_only_what_it_is_is_read_with_its_words(chat):
    video = PHOTO * 1000
    chat.tell({"text": "complaint! See the video.", "files": [FILE]})
    fetch(chat, Holding(content=video))
    chat.house.clock.at += timedelta(seconds=30)
    _, (claimed,) = chat.house.triage()._claim(10)
    (file,) = claimed.files
    assert (
        HEAD <= len(file.content) <= HEAD + END < file.size == len(video) and file.sha256 == hashlib.sha256(video).hexdigest()
    )


def test_a_fetch_that_dies_is_begun_again_by_another(chat):
    chat.tell({"text": "complaint! Look at this mould, nobody comes.", "files": [FILE]})
    with pytest.raises(KeyboardInterrupt):
        fetch(chat, Holding(KeyboardInterrupt()))
    assert fetch(chat, Holding()) == 0, "somebody may still be at it"
    chat.house.clock.at += timedelta(minutes=11)
    assert fetch(chat, Holding()) == 1 and len(chat.all(MediaContent)) == 1
