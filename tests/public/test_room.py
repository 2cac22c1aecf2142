"""However many hold large posts open, memory is not theirs to fill, and the words of everybody come in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from open_door import client_of, door_of, hand_in
from starlette.requests import Request

from intake.public.door import MEGABYTE, Limits
from intake.public.room import FREE, Full, Room
from intake.public.uploads import taken

EDGE = "------------------edge"
JPEG = b"\xff\xd8\xff\xe0" + bytes(2 * FREE)
TIGHT = Limits(bytes_of_one=MEGABYTE, bytes_at_once=2 * MEGABYTE)


def test_what_one_network_holds_is_bounded_and_what_all_hold_too_and_it_is_free_again():
    room = Room(for_all=5, for_one=3)
    with room.seat("one") as one, room.seat("two") as two, room.seat("three") as three:
        one.take(FREE + 3)
        with pytest.raises(Full):
            one.take(1)
        two.take(FREE)
        two.take(2)
        three.take(FREE)
        with pytest.raises(Full):
            three.take(1)
    with room.seat("one") as again:
        again.take(FREE + 3)


def test_words_need_no_room():
    room = Room(for_all=0, for_one=0)
    with room.seat("one") as first, room.seat("one") as second:
        first.take(FREE)
        second.take(FREE)


def post(*parts, host="192.0.2.1", ends=True):
    """Return a request that brings these parts of a body and then ends, or never does."""
    left = iter(parts)

    async def receive():
        for part in left:
            return {"type": "http.request", "body": part, "more_body": True}
        if not ends:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    kind = f"multipart/form-data; boundary={EDGE}".encode()
    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind)], "client": (host, 1)}
    return Request(scope, receive)


def body(megabytes, *, ends=True):
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="words"\r\n\r\nThe roof leaks.\r\n--{EDGE}\r\n'
    head += 'Content-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'
    parts = [head.encode(), *[bytes(MEGABYTE // 8)] * int(8 * megabytes)]
    return [*parts, f"\r\n--{EDGE}--\r\n".encode()] if ends else parts


async def brought(door, request):
    async with taken(request, door) as found:
        return found.form.get("words"), found.whole, found.crowded


async def held(door, host):
    """Begin a post that never ends, and return its task as soon as all that it brings was taken."""
    task = asyncio.create_task(brought(door, post(*body(1, ends=False), host=host, ends=False)))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not task.done()
    return task


def test_whoever_holds_posts_open_fills_no_more_than_their_share():
    door = door_of(limits=TIGHT)
    words, whole, crowded = "The roof leaks.", (True, False), (False, True)

    async def run():
        open_posts = [await held(door, "192.0.2.1")]
        assert await brought(door, post(*body(1))) == (words, *crowded), "one network has its share"
        assert await brought(door, post(*body(0.1))) == (words, *whole), "and everybody's words come in"
        assert await brought(door, post(*body(1), host="192.0.2.2")) == (words, *whole)
        open_posts.append(await held(door, "192.0.2.2"))
        assert await brought(door, post(*body(1), host="192.0.2.3")) == (words, *crowded), "all together have theirs"
        for task in open_posts:
            task.cancel()
        await asyncio.gather(*open_posts, return_exceptions=True)
        assert await brought(door, post(*body(1))) == (words, *whole)

    asyncio.run(run())


def test_a_post_that_does_not_end_is_answered_with_its_words():
    door = door_of(limits=replace(TIGHT, longest=timedelta(milliseconds=20)))
    assert asyncio.run(brought(door, post(*body(0.1, ends=False), ends=False))) == ("The roof leaks.", False, True)


@pytest.mark.parametrize("path", ["/form", "/chat"])
def test_whose_files_do_not_come_through_is_told_so_and_keeps_the_words(path):
    door = door_of(limits=Limits(bytes_at_once=0))
    client = client_of(door)
    answer = client.post(path, data={"words": "The roof leaks."}, files=[("files", ("roof.jpg", JPEG, "image/jpeg"))])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "The roof leaks." in answer.text
    assert "Your files do not come through at this moment." in answer.text
    assert not door.inbox.messages
    assert hand_in(client, words="The roof leaks.").status_code == 303
