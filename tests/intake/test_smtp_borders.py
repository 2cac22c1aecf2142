"""Who may speak to the SMTP door: clients behind a balancer (PROXY protocol), listed clients, clients with a certificate."""

import asyncio
import smtplib
import ssl
import struct
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import certificates
import pytest
from doors import Clock, MemoryInbox, Wire, open_door, wire

from intake.channels import smtp
from intake.smtp_door import borders
from intake.smtp_door.certificate import Certificate

MAIL = b"Subject: Damp\r\n\r\nThe wall is wet."
LOOPBACK = ("127.0.0.0/8",)
SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"


def first(address, port=5555):
    return f"PROXY TCP4 {address} 10.0.0.1 {port} 25\r\n".encode()


def second(address, command=1):
    source = ip_address(address)
    family, packed = (0x11, source.packed) if source.version == 4 else (0x21, source.packed)
    target = ip_address("10.0.0.1" if source.version == 4 else "2001:db8::1").packed
    block = packed + target + struct.pack("!HH", 5555, 25)
    return SIGNATURE + bytes([0x20 | command, family]) + struct.pack("!H", len(block)) + block


def play(scene, **settings):
    inbox = MemoryInbox()

    async def whole():
        async with open_door(inbox, **settings) as door, asyncio.timeout(20):
            await scene(door)

    asyncio.run(whole())
    return inbox


async def said_to(door, opening):
    """Return a client that began with these bytes, and the door's first answer, "" when it hung up."""
    client = await Wire.connect(door)
    client.send(opening)
    try:
        return client, await client.answer()
    except ConnectionError:
        return client, ""


@pytest.mark.parametrize(
    ("opening", "address"),
    [
        (first("203.0.113.9"), "203.0.113.9"),
        (b"PROXY TCP6 2001:db8::9 2001:db8::1 5555 25\r\n", "2001:db8::9"),
        (second("203.0.113.9"), "203.0.113.9"),
        (second("2001:db8::9"), "2001:db8::9"),
    ],
)
def test_e8_the_client_that_the_balancer_names_stands_in_the_envelope_and_the_trace(opening, address):
    async def scene(door):
        client, greeting = await said_to(door, opening)
        assert greeting.startswith("220")
        await client.say("EHLO relay.example")
        assert (await client.deliver(MAIL)).startswith("250")
        await client.close()

    (kept,) = play(scene, proxies=LOOPBACK).messages
    assert kept.envelope.peer == address
    assert address.encode() in kept.raw.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "opening",
    [
        b"EHLO relay.example\r\n",
        b"PROXY TCP4 203.0.113.9\r\n",
        b"PROXY TCP4 999.0.113.9 10.0.0.1 5555 25\r\n",
        b"PROXY UNKNOWN\r\n",
        b"PROXY TCP4 " + b"9" * 300 + b"\r\n",
        SIGNATURE + b"\xff\xff\xff\xff",
        b"\x00\r\n",
    ],
)
def test_e8_who_does_not_name_a_client_is_cut_off_without_a_word(opening):
    async def scene(door):
        client, greeting = await said_to(door, opening)
        assert greeting == ""
        await client.close()

    inbox = play(scene, proxies=LOOPBACK)
    assert inbox.messages == []
    assert inbox.tallies == {"refused_client": 1}


def test_e8_a_balancer_that_says_nothing_is_cut_off(monkeypatch):
    monkeypatch.setattr(borders, "ANNOUNCED_WITHIN", 0.1)

    async def scene(door):
        client = await Wire.connect(door)
        assert await client.answer() == ""
        await client.close()

    play(scene, proxies=LOOPBACK)


def test_e8_a_stranger_cannot_name_itself():
    async def scene(door):
        client, greeting = await said_to(door, first("203.0.113.9"))
        assert greeting == ""
        await client.close()

    play(scene, proxies=("192.0.2.0/24",))


def test_e8_the_balancer_may_look_whether_the_door_stands():
    async def scene(door):
        client, greeting = await said_to(door, second("203.0.113.9", command=0))
        assert greeting.startswith("220")
        await client.close()

    play(scene, proxies=LOOPBACK)


def test_e8_seats_are_counted_for_each_real_client():
    async def scene(door):
        clients = [await said_to(door, first(f"203.0.113.{number}")) for number in (1, 2, 3, 3)]
        assert [greeting[:3] for _, greeting in clients] == ["220", "220", "220", "421"]
        for client, _ in clients:
            await client.close()

    play(scene, proxies=LOOPBACK, max_connections_per_address=1)


@pytest.mark.parametrize(
    ("clients", "opening", "code"),
    [
        (("203.0.113.0/24",), first("203.0.113.9"), "220"),
        (("203.0.113.0/24",), first("198.51.100.9"), "554"),
        (("203.0.113.0/24",), second("::ffff:203.0.113.9"), "220"),
        (("2001:db8::/32",), second("2001:db8::9"), "220"),
        (("2001:db8::/32",), first("203.0.113.9"), "554"),
    ],
)
def test_e7_only_listed_clients_are_heard_and_the_real_address_counts(clients, opening, code):
    async def scene(door):
        client, greeting = await said_to(door, opening)
        assert greeting[:3] == code
        await client.close()

    play(scene, proxies=LOOPBACK, clients=clients)


@pytest.mark.parametrize(("clients", "code"), [(LOOPBACK, "220"), (("192.0.2.0/24",), "554"), ((), "220")])
def test_e7_without_a_balancer_the_connections_own_address_counts(clients, code):
    async def scene(door):
        async with wire(door, greet=False) as client:
            assert (await client.answer())[:3] == code

    play(scene, clients=clients)


@pytest.fixture
def own(tmp_path):
    cert, key = certificates.make(tmp_path / "door", days=90)
    return {"tls_cert": cert, "tls_key": key}


def test_e8_starttls_behind_a_balancer_keeps_the_clients_address(own):
    async def scene(door):
        client, _ = await said_to(door, first("203.0.113.9"))
        await client.say("EHLO relay.example")
        assert (await client.say("STARTTLS")).startswith("220")
        await client.writer.start_tls(ssl.create_default_context(cafile=own["tls_cert"]), server_hostname="127.0.0.1")
        await client.say("EHLO relay.example")
        assert (await client.deliver(MAIL)).startswith("250")
        await client.close()

    (kept,) = play(scene, proxies=LOOPBACK, **own).messages
    assert kept.envelope.peer == "203.0.113.9"
    assert b" with ESMTPS id " in kept.raw


@pytest.mark.parametrize("shown", ["known", "strange", None])
def test_e7_a_client_without_a_known_certificate_delivers_nothing(own, tmp_path, shown):
    known, strange = (certificates.make(tmp_path / name) for name in ("known", "strange"))

    async def scene(door):
        def deliver():
            context = ssl.create_default_context(cafile=own["tls_cert"])
            if shown is not None:
                context.load_cert_chain(*(known if shown == "known" else strange))
            with smtplib.SMTP("127.0.0.1", door.port, timeout=5) as client:
                client.starttls(context=context)
                client.sendmail("a@b.example", ["c@d.example"], MAIL)

        if shown == "known":
            await asyncio.to_thread(deliver)
        else:
            with pytest.raises((OSError, smtplib.SMTPException)):
                await asyncio.to_thread(deliver)

    kept = play(scene, require_tls=True, tls_client_ca=known[0], **own).messages
    assert len(kept) == (1 if shown == "known" else 0)


def test_e7_a_renewed_certificate_is_used_without_a_restart_and_a_broken_one_is_told(own, tmp_path):
    new_cert, new_key = certificates.make(tmp_path / "renewed", days=90)
    loop_of = {}

    async def scene(door):
        def handshake(trusted):
            with smtplib.SMTP("127.0.0.1", door.port, timeout=5) as client:
                client.starttls(context=ssl.create_default_context(cafile=trusted))

        old = tmp_path / "old.pem"
        old.write_bytes(own["tls_cert"].read_bytes())
        await asyncio.to_thread(handshake, old)
        for file, text in ((own["tls_cert"], b"half a file"), (own["tls_key"], b"")):
            file.write_bytes(text)
        await asyncio.to_thread(door._look_after_itself)
        await asyncio.to_thread(handshake, old)
        loop_of["broken"] = door._inbox.standing["certificate"]
        new_cert.replace(own["tls_cert"])
        new_key.replace(own["tls_key"])
        await asyncio.to_thread(door._look_after_itself)
        await asyncio.to_thread(handshake, own["tls_cert"])
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.to_thread(handshake, old)

    inbox = play(scene, **own)
    assert "the old one goes on" in loop_of["broken"]
    assert inbox.standing["certificate"] is None


@pytest.mark.parametrize(("days", "said"), [(60, None), (89, "ends on"), (91, "ended on")])
def test_a_month_before_its_end_the_certificate_is_told(own, days, said):
    certificate = Certificate(own["tls_cert"], own["tls_key"], None)
    trouble = certificate.trouble(datetime.now(UTC) + timedelta(days=days) - timedelta(hours=12))
    assert trouble is None if said is None else said in trouble


def test_a_folder_to_watch_that_is_not_there_is_told(tmp_path):
    inbox = MemoryInbox()
    door = smtp.build(smtp.Settings(disk=tmp_path / "tpyo"), inbox, Clock())
    door._look_after_itself()
    assert "there is no folder" in inbox.standing["disk"]
    (tmp_path / "tpyo").mkdir()
    door._look_after_itself()
    assert inbox.standing["disk"] is None


@pytest.mark.parametrize(
    "changes",
    [{"clients": ("somewhere",)}, {"proxies": ("10.0.0.1/8",)}, {"tls_client_ca": "ca.pem"}, {"proxies": ("10.0.0.0/99",)}],
)
def test_wrong_borders_are_refused(changes):
    with pytest.raises(ValueError):
        smtp.Settings(**changes)
