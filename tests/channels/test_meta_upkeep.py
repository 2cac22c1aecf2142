"""Files from Meta, the watch over subscriptions and versions, and settings that could do harm."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from channels.meta_fakes import BENCHES, NOON, Box
from handlers.clock import FixedClock
from intake.channel import PermanentFailure, TemporaryFailure
from intake.channels import instagram, messenger, whatsapp
from intake.chat import FileToFetch
from intake.meta.versions import ENDS, warning_of

KINDS = list(BENCHES)
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 40


def using(kind, tmp_path, act, box=None, **settings):
    """Run ``act(bench, channel)`` with a channel against the stand-in."""

    async def run():
        bench = BENCHES[kind]()
        async with bench:
            channel = bench.channel(tmp_path, box or Box(), FixedClock(NOON), **({"timeout": 60} | settings))
            return await act(bench, channel)

    return asyncio.run(run())


async def fetched(bench, channel, content=PHOTO, said_size=None):
    box = channel._receiver._inbox
    await bench.bring(channel, [bench.file(1, content, said_size=said_size)])
    [file] = box.messages[0].files
    return await channel.fetch(file)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_comes_byte_for_byte(tmp_path, kind):
    file = using(kind, tmp_path, fetched)
    assert (file.content, file.type) == (PHOTO, "image/jpeg")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("size", "said"), [(2000, None), (1000, 3000)])
def test_a_file_that_is_larger_than_taken_or_says_so_is_refused(tmp_path, kind, size, said):
    with pytest.raises(PermanentFailure, match="larger"):
        using(kind, tmp_path, lambda bench, channel: fetched(bench, channel, b"x" * size, said), max_file_size=1500)


def test_only_whatsapps_own_store_is_shown_the_token(tmp_path):
    async def look(bench, channel):
        await fetched(bench, channel)
        return [asked.headers.get("authorization") for asked in bench.meta.asked if asked.path.startswith("/media/")]

    assert using("messenger", tmp_path, look) == [None]
    assert using("whatsapp", tmp_path, look)[0].startswith("Bearer ")


@pytest.mark.parametrize(
    "url",
    [
        "http://scontent.fbcdn.net/1.jpg",
        "https://fbcdn.net.evil.example/1.jpg",
        "https://evilfbcdn.net/1.jpg",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.7/",
        "http://127.0.0.1:1/",
        "https://scontent.fbcdn.net:8443/1.jpg",
        "https://user@scontent.fbcdn.net/1.jpg",
        "https://evil.example#.fbcdn.net",
        "https://[::1/",
        "file:///etc/passwd",
        "gopher://x.fbcdn.net",
        "",
    ],
)
def test_a_file_elsewhere_is_never_asked_for(tmp_path, url):
    (tmp_path / "s").write_text("s")
    files = dict.fromkeys(("app_secret_file", "verify_token_file", "access_token_file"), tmp_path / "s")
    channel = messenger.build(messenger.Settings(page_id="1", **files), Box(), FixedClock(NOON))
    with pytest.raises(PermanentFailure, match=r"host|address"):
        asyncio.run(channel.fetch(FileToFetch(reference=json.dumps({"url": url}))))


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_has_gone_is_a_permanent_failure_and_a_server_that_is_away_a_temporary_one(tmp_path, kind):
    async def gone(bench, channel):
        await bench.bring(channel, [bench.file(1, PHOTO)])
        bench.meta.media.clear()
        [file] = channel._receiver._inbox.messages[0].files
        with pytest.raises(PermanentFailure):
            await channel.fetch(file)
        bench.meta.go_away()
        with pytest.raises(TemporaryFailure):
            await channel.fetch(file)

    using(kind, tmp_path, gone)


WATCHED = {"messenger": {}, "instagram": {"page_id": "1002"}, "whatsapp": {"business_account_id": "WABA1"}}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("subscribed", "trouble"), [(True, None), (False, "our app is not subscribed")])
def test_a_subscription_that_has_gone_is_told_to_the_desk_whichever_app_still_has_one(tmp_path, kind, subscribed, trouble):
    box = Box()

    async def listen(bench, channel):
        bench.meta.subscribed = subscribed
        task = asyncio.create_task(channel.listen())
        while len(bench.meta.asked) < 4:  # noqa: ASYNC110 - the inbox is told from a thread
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return bench.meta.asked[0].path

    path = using(kind, tmp_path, listen, box, check_seconds=0.01, **WATCHED[kind])
    whose = {"messenger": "100200300400", **{kind: one for kind in WATCHED for one in WATCHED[kind].values()}}
    assert path == f"/v26.0/{whose[kind]}/subscribed_apps"
    [(matter, told)] = box.standing
    assert matter == "upkeep"
    assert told is None if trouble is None else trouble in told
    assert all(error is None for _, _, error in box.health)
    assert bool(box.health) == subscribed


@pytest.mark.parametrize(("fields", "missing"), [(["messages"], False), (["feed", "messaging_postbacks"], True), ([], True)])
def test_a_page_that_is_not_subscribed_to_messages_is_told_to_the_desk(tmp_path, fields, missing):
    async def look(bench, channel):
        bench.meta.fields = fields
        return await channel._watch.look(channel.subscribed, channel.field)

    trouble = using("messenger", tmp_path, look)
    assert ("not to messages" in trouble) if missing else trouble is None


def test_an_app_whose_id_is_set_is_not_asked_for(tmp_path):
    async def look(bench, channel):
        trouble = await channel._watch.look(channel.subscribed, channel.field)
        return trouble, [asked.path for asked in bench.meta.asked]

    trouble, paths = using("messenger", tmp_path, look, app_id="4711")
    assert "our app is not subscribed" in trouble
    assert len(paths) == 1


def test_trouble_that_was_mended_is_told_as_mended(tmp_path):
    box = Box()

    async def listen(bench, channel):
        bench.meta.subscribed = False
        task = asyncio.create_task(channel.listen())
        while not box.standing:  # noqa: ASYNC110 - the inbox is told from a thread
            await asyncio.sleep(0.005)
        bench.meta.subscribed = True
        while not box.health:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    using("messenger", tmp_path, listen, box, check_seconds=0.01)
    assert [told is None for _, told in box.standing] == [False, True]


@pytest.mark.parametrize("fault", ["away", "token"])
def test_a_check_that_fails_is_told_and_the_watch_goes_on(tmp_path, fault):
    box = Box()

    async def listen(bench, channel):
        if fault == "away":
            bench.meta.go_away()
        else:
            (tmp_path / "messenger.token").write_text("wrong")
        task = asyncio.create_task(channel.listen())
        while not box.standing:  # noqa: ASYNC110 - the inbox is told from a thread
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    using("messenger", tmp_path, listen, box, check_seconds=0.01)
    assert "could not be checked" in box.standing[0][1]
    assert box.health == []


@pytest.mark.parametrize(
    ("version", "day", "expected"),
    [
        ("v26.0", datetime(2030, 1, 1, tzinfo=UTC), None),
        ("v27.0", datetime(2030, 1, 1, tzinfo=UTC), None),
        ("v25.0", datetime(2028, 4, 29, tzinfo=UTC), None),
        ("v25.0", datetime(2028, 4, 30, tzinfo=UTC), "ends on 29 July 2028"),
        ("v25.0", datetime(2028, 7, 30, tzinfo=UTC), "ended on 29 July 2028"),
        ("v21.0", datetime(2026, 11, 23, tzinfo=UTC), "ends on 21 January 2027"),
        ("v19.0", datetime(2026, 11, 23, tzinfo=UTC), "has ended"),
    ],
)
def test_the_end_of_a_version_is_told_90_days_before(version, day, expected):
    warning = warning_of(version, day)
    assert warning is None if expected is None else expected in warning


def test_every_end_is_after_the_one_before():
    assert list(ENDS.values()) == sorted(ENDS.values())


@pytest.mark.parametrize("module", [messenger, instagram, whatsapp])
@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "http://graph.facebook.com"},
        {"base_url": "http://127.0.0.1.evil.example"},
        {"base_url": "ftp://127.0.0.1"},
        {"api_version": "latest"},
        {"account": "Big Page"},
        {"also": {"1": "Big Page"}},
        {"page_token": "in the file itself"},
        {"quiet_seconds": -1},
    ],
)
def test_settings_that_could_do_harm_are_refused(module, wrong, tmp_path):
    own = {messenger: "page_id", instagram: "instagram_id", whatsapp: "phone_number_id"}[module]
    files = dict.fromkeys(("app_secret_file", "verify_token_file", "access_token_file"), tmp_path / "s")
    right = {own: "1", **files}
    assert module.Settings(**right).base_url == "https://graph.facebook.com"
    with pytest.raises(ValidationError):
        module.Settings(**(right | wrong))


def test_instagrams_own_login_has_its_own_host(tmp_path):
    files = dict.fromkeys(("app_secret_file", "verify_token_file", "access_token_file"), tmp_path / "s")
    assert instagram.Settings(instagram_id="1", login="instagram", **files).base_url == "https://graph.instagram.com"
    assert (
        instagram.Settings(instagram_id="1", login="instagram", base_url="https://x.example", **files).base_url
        == "https://x.example"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_window_is_24_hours(tmp_path, kind):
    bench = BENCHES[kind]()
    bench.meta.port = 9
    assert bench.channel(tmp_path, Box(), FixedClock(NOON)).window == timedelta(hours=24)


def test_a_file_that_says_no_size_is_cut_off_where_it_becomes_too_large(tmp_path):
    served = []

    async def endless(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 4096)
                await writer.drain()
                served.append(4096)
        except ConnectionError:
            writer.close()

    async def fetch(_bench, channel):
        server = await asyncio.start_server(endless, "127.0.0.1", 0)
        async with server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/1"
            with pytest.raises(PermanentFailure, match="larger"):
                await channel.fetch(FileToFetch(reference=json.dumps({"url": url})))

    using("messenger", tmp_path, fetch, max_file_size=10_000)
    assert sum(served) < 50_000_000


def test_the_watch_tells_that_the_version_ends_soon(tmp_path):
    box = Box()

    async def look(_bench, channel):
        task = asyncio.create_task(channel.listen())
        while not box.standing:  # noqa: ASYNC110 - the inbox is told from a thread
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    using("instagram", tmp_path, look, box, api_version="v21.0")
    assert "v21.0 ends on 21 January 2027" in box.standing[0][1]
