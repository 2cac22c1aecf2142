"""The house is killed at every transaction border while mail comes in; afterwards nothing is lost and nothing is double."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from itertools import islice
from pathlib import Path

import pytest
from upstream import Minder, Relay, Sink, mails, smtp_door

from handlers.clock import SystemClock
from store.casefile import cases_by_ids
from store.chain import verify_chain
from store.engine import open_store
from store.figures import counts
from store.holes import holes, spoilt
from store.models import Case, Disposition, Message, MessageState, OutboxEntry, OutboxState, RawContent
from store.worklist import ATTEMPTS

PLACES = [(border, moment) for border in ("T1", "T2", "T3", "T4", "T5") for moment in ("before", "after")]
ON_POSTGRESQL = [("T1", "after"), ("T3", "before"), ("T3", "after"), ("T5", "before")]
FEW, MANY = (24, 16), (60, 40)
"""How many mails come by SMTP and how many by IMAP."""
ONE_KILL, MANY_KILLS = (2,), (1, 3)
"""At which passage of the border each life of the house ends; the last life goes on, and has nothing left to do."""

QUICK = [("sqlite", *place, FEW, ONE_KILL) for place in PLACES] + [
    ("postgresql", *place, FEW, ONE_KILL) for place in ON_POSTGRESQL
]
EVERYWHERE = os.environ.get("KILLS") == "all"
"""Whether all ten places are tried on PostgreSQL too, and not only those at which the two databases go about it differently."""
WHOLE = [("sqlite", *place, MANY, MANY_KILLS) for place in PLACES] + [
    ("postgresql", *place, MANY, MANY_KILLS) for place in (PLACES if EVERYWHERE else ON_POSTGRESQL)
]

TABLE_HEAD = (
    "| store, border and moment | kills | mails | rows at each kill | rows at the end | second cases | letters repeated |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)
COMES_TO = {Disposition.QUARANTINED: Disposition.CASE}
"""What nobody could read has a case of its own too."""


@dataclass(kw_only=True)
class Told:
    """What the world around the house saw: who was told yes, what was moved out of the mailbox, which letters came."""

    mails: dict[str, bytes]
    relay: Relay
    sink: Sink
    kills: int
    moved: list[bytes]
    rows_at_kills: list[int]


@pytest.mark.real("dovecot")
@pytest.mark.parametrize(
    ("database", "border", "moment", "numbers", "passages"),
    [
        *([] if os.environ.get("REQUIRE_REAL") == "1" else QUICK),
        *(pytest.param(*case, marks=pytest.mark.slow) for case in WHOLE),
    ],
    indirect=["database"],
    ids=lambda value: f"{len(value)}-kills" if value in (ONE_KILL, MANY_KILLS) else str(value),
)
def test_f1_killed_at_a_border_nothing_is_lost_and_nothing_is_double(  # noqa: PLR0917 - pytest names what it needs
    border, moment, numbers, passages, migrated_url, tmp_path, dovecot
):
    plan = {"folder": str(tmp_path), "store_url": migrated_url, "border": border, "moment": moment}
    told = asyncio.run(through_the_kills(plan, numbers, passages, dovecot))
    with open_store(migrated_url) as store, store.glance() as glance:
        every_mail_is_one_case(glance, told)
        every_case_is_answered_under_its_reference(glance, told)
        assert verify_chain(glance) == []
        assert counts(glance, SystemClock().now()).balanced
        assert [*holes(glance), *spoilt(glance)] == []
        tell(table_row(glance, told, f"{migrated_url.partition(':')[0].partition('+')[0]} {border} {moment}"))


def table_row(glance, told, name):
    """Return what was kept before the last life and at the end, as a row of a table; no case may be a second one."""
    rows, cases = len(glance.find(Message)), len(glance.find(Case))
    letters = sum(told.sink.copies().values())
    before = ", ".join(str(number) for number in told.rows_at_kills)
    return f"| {name} | {told.kills} | {len(told.mails)} | {before} | {rows} | {cases - len(told.mails)} | {letters - cases} |"


def tell(row):
    """Add the row to the file that KILLS_TABLE names, if it names one: the evidence of a run is printed by asking for it."""
    if "KILLS_TABLE" in os.environ:
        path = Path(os.environ["KILLS_TABLE"])
        with path.open("a", encoding="utf-8") as table:
            table.write(row + "\n" if path.exists() and path.stat().st_size else f"{TABLE_HEAD}\n{row}\n")


async def through_the_kills(plan, numbers, passages, dovecot):
    """Offer the mails while the house is killed again and again; return when all is at rest."""
    by_smtp, by_imap = numbers
    all_mails = mails(by_smtp + by_imap)
    sent = dict(islice(all_mails.items(), by_smtp))
    lying = [raw for name, raw in all_mails.items() if name not in sent]
    user, sink, door = dovecot.new_user(), Sink(), smtp_door()
    await asyncio.to_thread(dovecot.deliver, user, lying[: by_imap // 2])
    mailbox = dovecot.settings(user, Path(plan["folder"]), poll=0.3).model_dump(mode="json")
    async with sink.open() as port:
        way_out = {"kind": "smtp", "host": "127.0.0.1", "port": port, "tls": "none"}
        minder = Minder(plan | {"channels": [door, mailbox], "outgoing": way_out}, passages, rows_in)
        relay = Relay(door["port"])
        async with asyncio.timeout(300), asyncio.TaskGroup() as group:
            group.create_task(minder.mind())
            coming = [
                group.create_task(relay.deliver(sent)),
                group.create_task(asyncio.to_thread(dovecot.deliver, user, lying[by_imap // 2 :])),
            ]
            await asyncio.wait(coming)
            await until(lambda: minder.kills and at_rest(plan["store_url"], len(all_mails)))
            await until(lambda: not dovecot.contents(user, "INBOX"))
            minder.stop()
        moved = await asyncio.to_thread(dovecot.contents, user, "Processed")
    return Told(
        mails=all_mails,
        relay=relay,
        sink=sink,
        kills=minder.kills,
        moved=[raw for raw, _flags in moved],
        rows_at_kills=minder.rows,
    )


async def until(condition):
    while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(0.2)


def rows_in(url):
    with open_store(url) as store, store.glance() as glance:
        return len(glance.find(Message))


def at_rest(url, number):
    with open_store(url) as store, store.glance() as glance:
        found = counts(glance, SystemClock().now())
    return found.cases >= number and not found.waiting and not found.letters.get(OutboxState.DUE)


def every_mail_is_one_case(glance, told):
    kept = glance.find(Message)
    bodies = {raw.message_id: raw.body for raw in glance.find(RawContent)}
    # Claimed with its neighbours at one death, and in hand alone at two more: by design such a message is a person's.
    of_a_person = [message for message in kept if message.state is MessageState.SHUNTED]
    assert len(of_a_person) <= told.kills // ATTEMPTS
    assert all(message.attempts == ATTEMPTS and message.case_id for message in of_a_person)
    assert all(message.state is MessageState.HANDLED for message in kept if message not in of_a_person)
    # Such a one is kept unread: its name is taken from its bytes, as everyone's is.
    names = {id_: message_from_bytes(body)["Message-ID"] for id_, body in bodies.items()}
    assert set(names.values()) == set(told.mails)
    # What upstream was told yes for, or had moved out of the mailbox, is kept byte for byte.
    assert told.relay.told_yes == {name for name in told.mails if told.relay.offered[name]}
    for message in kept:
        assert bodies[message.id].endswith(told.mails[names[message.id]])
    assert sorted(told.moved) == sorted(raw for name, raw in told.mails.items() if not told.relay.offered[name])
    came_to = Counter((names[message.id], COMES_TO.get(message.disposition, message.disposition)) for message in kept)
    assert {name: came_to[name, Disposition.CASE] for name in told.mails} == dict.fromkeys(told.mails, 1)
    assert {disposition for _name, disposition in came_to} <= {Disposition.CASE, Disposition.DUPLICATE}
    # A mail that came once can only be kept once: a second row is a second arrival, whose 250 was lost.
    arrivals = Counter(names[message.id] for message in kept)
    assert all(number <= max(1, told.relay.offered[name]) for name, number in arrivals.items())
    assert len(glance.find(Case)) == len(told.mails)


def every_case_is_answered_under_its_reference(glance, told):
    letters = glance.find(OutboxEntry)
    cases = cases_by_ids(glance, [letter.case_id for letter in letters])
    assert Counter(letter.case_id for letter in letters) == dict.fromkeys([case.id for case in glance.find(Case)], 1)
    assert {letter.state for letter in letters} == {OutboxState.SENT}
    copies = told.sink.copies()
    assert set(copies) == {(letter.in_reply_to, letter.header_id) for letter in letters}
    # Each crash may repeat what was under way when it came, and nothing else repeats anything.
    assert max(copies.values()) <= 1 + told.kills
    assert all(copies[letter.in_reply_to, letter.header_id] <= letter.attempts for letter in letters)
    references = {letter.header_id: cases[letter.case_id].reference for letter in letters}
    assert all(references[letter["Message-ID"]] in letter["Subject"] for letter in told.sink.letters)
