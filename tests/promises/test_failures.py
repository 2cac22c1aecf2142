"""The failures of other systems that mail alone can show, each named after its number and shown on a whole house."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from looking import events_of, everything, later, must_hold, send, silence_is_told

from classifiers.taxonomy import Category
from desk.health import look
from handlers.clock import LONDON
from houses import Judge, Postbag, arrive, mail, settle
from intake.channel import TemporaryFailure
from intake.channels import imap
from intake.message import Envelope, InboundMessage
from store.models import (
    Case,
    Deadline,
    Disposition,
    Message,
    MessageState,
    OutboxEntry,
    OutboxState,
    Party,
    Table,
    Task,
)
from store.overview import shunted

COMPLAINT = "complaint! Nobody came to mend the boiler on Tuesday. Please send somebody."
MAILS = Path(__file__).parents[1] / "intake" / "mails"


def inbound(house, raw, *, external_id, channel="imap", account="box", envelope=None, **more):
    return InboundMessage(
        channel=channel,
        account=account,
        external_id=external_id,
        received_at=house.clock.now(),
        raw=raw,
        envelope=envelope,
        **more,
    )


# F2 after an outage, and with another program having read everything, every mail is taken.


async def listened(door, enough):
    """Keep a door open until there is enough."""
    listening = asyncio.create_task(door.listen())
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(enough):  # noqa: ASYNC110 - what is waited for happens in a thread
            await asyncio.sleep(0.05)
    listening.cancel()
    await asyncio.wait([listening])


@pytest.mark.real("dovecot")
def test_f2_after_a_month_without_us_every_mail_is_a_case_with_its_true_date(house_of, dovecot, tmp_path):
    house, user = house_of(), dovecot.new_user()
    arrived = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
    mails = [mail(f"complaint! Number {n} drips.", sender=f"tenant{n}@resident.example") for n in range(12)]
    dovecot.deliver(user, mails, at=arrived)
    with dovecot.client(user) as staff:
        staff.select_folder("INBOX")
        staff.add_flags(staff.search("ALL"), [b"\\Seen"])
    door = imap.build(dovecot.settings(user, tmp_path), house.reception, house.clock)
    asyncio.run(listened(door, lambda: len(everything(house, Message)) == 12))
    settle(house)
    assert len(everything(house, Case)) == 12
    assert {case.received_at for case in everything(house, Case)} == {arrived}
    # Our outage buys no time: the acknowledgement was due within five working days of the true date.
    assert {deadline.due_on for deadline in everything(house, Deadline, rule="acknowledge_1")} == {date(2026, 11, 19)}
    must_hold(house)


# F3 one bad mail among a hundred.


class Choking(Judge):
    """Gives a verdict that no database can hold for one of all messages."""

    def classify(self, text):
        verdict = super().classify(text)
        if "choke" in text.text:
            object.__setattr__(verdict, "why", "\ud800")
        return verdict


def undecodable(house):
    return inbound(house, b"", external_id="INBOX/1/50")


def huge(house):
    raw, why = mail("complaint! With a film of my ceiling.")[:400], "only the first 400 of 90000000 bytes were taken"
    return inbound(house, raw, external_id="INBOX/1/50", problem=why)


def choking(house):
    return inbound(house, mail("complaint! choke on this"), external_id="INBOX/1/50")


@pytest.mark.parametrize("bad", [undecodable, huge, choking])
def test_f3_one_bad_mail_among_a_hundred_keeps_none_of_the_others_waiting(house_of, bad):
    house = house_of(classifier=Choking())
    good = [mail(f"complaint! Number {n} drips.", sender=f"tenant{n}@resident.example") for n in range(99)]
    batch = [inbound(house, raw, external_id=f"INBOX/2/{n}") for n, raw in enumerate(good)]
    house.reception.put([*batch[:50], bad(house), *batch[50:]])
    settle(house)
    # Without a moment's waiting: the clock has not moved.
    assert len([case for case in everything(house, Case) if case.logged_at]) == 99
    for _attempt in range(3):
        later(house, minutes=2)
        settle(house)
    with house.store.glance() as glance:
        (waits,) = shunted(glance)
    assert waits.external_id == "INBOX/1/50"
    assert waits.problem
    assert "quarantine" in [task.kind for task in everything(house, Task, message_id=waits.id)]
    assert len([case for case in everything(house, Case) if case.logged_at]) == 99


# F4 a mail that always fails.


class Counting(Choking):
    """Counts how often each message was judged."""

    def __init__(self):
        self.seen = 0

    def classify(self, text):
        self.seen += 1
        return super().classify(text)


def size_of(house, tmp_path):
    """Return the rows of every table, and of the embedded store the bytes of its files."""
    tables = [table for table in Table.__subclasses__() if hasattr(table, "__table__")]
    files = sum(file.stat().st_size for file in tmp_path.glob("intake.db*"))
    return {table.__name__: len(everything(house, table)) for table in tables}, files


def test_f4_a_mail_that_always_fails_is_tried_three_times_and_a_thousand_polls_leave_no_trace(house_of, tmp_path):
    judge = Counting()
    house = house_of(classifier=judge)
    arrive(house, mail("complaint! choke on this"))
    triage, sweep = house.triage(), house.sweep()
    for _poll in range(5):
        triage.once()
        later(house, minutes=2)
    (waits,) = everything(house, Message)
    assert waits.state is MessageState.SHUNTED
    assert waits.attempts <= 3
    before, seen = size_of(house, tmp_path), judge.seen
    assert seen <= 3
    for _poll in range(1000):
        triage.once()
        later(house, seconds=30)
    sweep.once()
    send(house)
    assert judge.seen == seen
    rows, size = size_of(house, tmp_path)
    assert {name: number for name, number in rows.items() if name not in ("CaseEvent", "OutboxEntry")} == {
        name: number for name, number in before[0].items() if name not in ("CaseEvent", "OutboxEntry")
    }
    assert size <= before[1] + 200_000


def test_f4_a_letter_that_never_goes_is_tried_a_bounded_number_of_times(house_of):
    house, tries = house_of(), []

    def always(reply):
        tries.append(reply)
        raise TemporaryFailure("451 try again later")

    arrive(house, mail(COMPLAINT))
    settle(house)
    postbag = Postbag(always)
    for _hour in range(24 * 14):
        send(house, postbag)
        later(house, hours=1)
    assert len(tries) == 12
    assert [letter.state for letter in everything(house, OutboxEntry)] == [OutboxState.FAILED]
    must_hold(house)


# F5 two workers, two doors, one mail.


def test_f5_two_workers_at_once_and_the_same_mails_by_smtp_and_imap_make_one_case_and_one_letter_each(house_of):
    houses = [house_of(), house_of()]
    number = 24
    mails = [mail(f"complaint! Number {n} drips.", sender=f"tenant{n}@resident.example") for n in range(number)]
    start = threading.Barrier(4)
    postbag, faults = Postbag(), []

    def door(house, channel):
        start.wait()
        for n, raw in enumerate(mails):
            envelope = Envelope(mail_from=f"tenant{n}@resident.example", rcpt_to=("housing@landlord.example",))
            given = {"envelope": envelope} if channel == "smtp" else {}
            house.reception.put([inbound(house, raw, external_id=f"{channel}-{n}", channel=channel, **given)])

    def worker(house):
        start.wait()
        while counted() < 2 * number:
            house.triage().once(7)
            asyncio.run(house.outbox(postbag).once(5))

    def counted():
        return sum(message.state is not MessageState.WAITING for message in everything(houses[0], Message))

    def watched(work, *given):
        try:
            work(*given)
        except BaseException as error:  # noqa: BLE001 - a thread's fault is told at the end
            faults.append(error)

    jobs = [(door, houses[0], "smtp"), (door, houses[1], "imap"), (worker, houses[0]), (worker, houses[1])]
    threads = [threading.Thread(target=watched, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not faults
    send(houses[0], postbag)
    assert len(everything(houses[0], Case)) == len(everything(houses[0], OutboxEntry)) == number
    dispositions = [message.disposition for message in everything(houses[0], Message)]
    assert dispositions.count(Disposition.CASE) == dispositions.count(Disposition.DUPLICATE) == number
    assert sorted(letter.recipient for letter in postbag.sent) == sorted(f"tenant{n}@resident.example" for n in range(number))
    assert len({letter.message_id for letter in postbag.sent}) == number
    must_hold(houses[0])


# F6 Message-IDs that are missing, empty, odd or shared.


def without_id(words):
    return mail(words, message_id=None)


def with_empty_id(words):
    return b"Message-ID:\r\n" + mail(words, message_id=None)


def with_shouted_id(words):
    return mail(words, message_id="<One@Resident.example>").replace(b"Message-ID:", b"MESSAGE-ID:")


@pytest.mark.parametrize("odd", [without_id, with_empty_id, with_shouted_id])
def test_f6_a_mail_with_an_odd_message_id_is_one_case_however_often_it_is_seen(house_of, odd):
    house, raw = house_of(), odd(COMPLAINT)
    for _round in range(3):
        house.reception.put([inbound(house, raw, external_id="INBOX/1/1")])
        arrive(house, raw)
        settle(house)
    assert len(everything(house, Case)) == len(everything(house, OutboxEntry)) == 1
    assert len(everything(house, Message)) == 4
    must_hold(house)


def test_f6_two_mails_without_a_message_id_are_two_cases(house_of):
    house = house_of()
    arrive(house, without_id("complaint! The lift is dead."))
    arrive(house, without_id("complaint! The roof leaks."))
    settle(house)
    assert len(everything(house, Case)) == 2


def test_f6_two_different_mails_that_share_an_id_are_both_kept_and_marked(house_of):
    house = house_of()
    for words in ("complaint! The lift is dead.", "complaint! The roof leaks."):
        arrive(house, mail(words, message_id="<1@phone.example>", sender=f"{words[15:19]}@resident.example"))
        settle(house)
    first, second = everything(house, Case)
    notes = [event.why for event in events_of(house, second.id, "noted")]
    assert any("the same Message-ID" in note for note in notes)
    assert [letter.case_id for letter in everything(house, OutboxEntry)] == [first.id, second.id]


# F9 one mail to two of our addresses.


def test_f9_one_mail_to_two_of_our_addresses_is_one_case_with_both_routes_and_one_letter(house_of):
    ours = ("housing@landlord.example", "repairs@landlord.example")
    house = house_of(mail={"from_address": ours[0], "from_name": "Housing", "own_addresses": ours})
    raw = mail(COMPLAINT, to=", ".join(ours))
    arrive(house, raw, to="housing@landlord.example")
    arrive(
        house, b"Received: from gateway by repairs; Mon, 23 Nov 2026 12:00:01 +0000\r\n" + raw, to="repairs@landlord.example"
    )
    house.reception.put([inbound(house, raw, external_id="INBOX/9/9", account="complaints mailbox")])
    settle(house)
    assert len(send(house).sent) == 1
    (case,) = everything(house, Case)
    routes = [event.details for event in events_of(house, case.id, "also_arrived")]
    assert len(routes) == 2
    assert "repairs@landlord.example" in routes[0]
    assert "complaints mailbox" in routes[1]
    assert [message.case_id for message in everything(house, Message)] == [case.id] * 3
    # Our own addresses are no parties: who writes from one of them is not the resident.
    assert {party.address for party in everything(house, Party)} == {"ada@resident.example"}


# F12 replies of people in Cc, of residents to their own mail, from odd addresses.


OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "trusted_authservs": ("border.example",)}


def sent_by(sender):
    return {"sender": sender}


@pytest.mark.parametrize(
    ("writer", "answers"),
    [
        ("ada@resident.example", "our letter"),
        ("ada@resident.example", "her own mail"),
        ("councillor@ward.example", "our letter"),
        ("councillor@ward.example", "her own mail"),
        ("ADA@Resident.Example", "our letter"),
    ],
)
def test_f12_replies_of_parties_join_the_case_whichever_mail_they_answer(house_of, writer, answers):
    house = house_of(mail=OURS)
    arrive(house, mail(COMPLAINT, message_id="<own@resident.example>", Cc="The Councillor <councillor@ward.example>"))
    settle(house)
    (case,), (letter,) = everything(house, Case), everything(house, OutboxEntry)
    words, told = "service_request! And the lamp on the landing.", {"In_Reply_To": letter.header_id}
    if answers == "her own mail":  # its id is in every copy of it: the border must have found the sender authentic
        passed = f"border.example; dmarc=pass header.from={writer.rpartition('@')[2]}"
        told = {"In_Reply_To": "<own@resident.example>", "Authentication_Results": passed}
    arrive(house, mail(words, sender=writer, **told), sender=writer)
    settle(house)
    reply = everything(house, Message)[1]
    assert (reply.disposition, reply.case_id) == (Disposition.FOLLOW_UP, case.id)
    assert "reply" in [task.kind for task in everything(house, Task, case_id=case.id)]
    assert len(everything(house, Case)) == 1


def test_f12_a_reply_from_a_no_reply_address_joins_its_case_and_is_not_dropped(house_of):
    house = house_of(mail=OURS)
    writer, passed = "ada+noreply@resident.example", "border.example; dmarc=pass header.from=resident.example"
    arrive(house, mail(COMPLAINT, message_id="<own@resident.example>", sender=writer), sender=writer)
    settle(house)
    (case,), letters = everything(house, Case), everything(house, OutboxEntry)
    assert case.logged_at is not None
    silence_is_told(house, case.id, letters)
    told = {"In_Reply_To": "<own@resident.example>", "Authentication_Results": passed}
    arrive(house, mail("Still nobody.", sender=writer, **told), sender=writer)
    settle(house)
    assert [message.case_id for message in everything(house, Message)] == [case.id] * 2
    assert "reply" in [task.kind for task in everything(house, Task, case_id=case.id)]


def test_f12_a_reply_from_another_address_of_the_same_person_is_put_before_a_person(house_of):
    house = house_of()
    arrive(house, mail(COMPLAINT, message_id="<own@resident.example>"))
    settle(house)
    writer = "ada+noreply@resident.example"
    arrive(house, mail("Still nobody.", sender=writer, In_Reply_To="<own@resident.example>"), sender=writer)
    settle(house)
    first, second = everything(house, Case)
    assert second.related_case_id == first.id
    assert "possible_reply" in [task.kind for task in everything(house, Task, case_id=second.id)]


# F13 genuine complaints that call themselves automatic.

MARKS = {
    "a web form": {"Auto_Submitted": "auto-generated", "X_Mailer": "FormMail"},
    "a device": {"Precedence": "bulk", "X_Auto_Response_Suppress": "All"},
    "a tenants' list": {"List_Id": "<tenants.estate.example>", "List_Unsubscribe": "<mailto:u@estate.example>"},
    "an office system": {"X_Autoreply": "yes", "X_Auto_Generated": "hd_ticket"},
}


@pytest.mark.parametrize("maker", MARKS)
def test_f13_a_complaint_that_calls_itself_automatic_is_logged_and_only_the_letter_waits_for_a_person(house_of, maker):
    house = house_of()
    arrive(house, mail(COMPLAINT, **MARKS[maker]))
    settle(house)
    (case,) = everything(house, Case)
    (message,) = everything(house, Message)
    assert (message.disposition, case.category) == (Disposition.CASE, Category.COMPLAINT)
    assert case.logged_at is not None
    assert {deadline.rule for deadline in everything(house, Deadline)} == {"acknowledge_1", "respond_1"}
    letters = everything(house, OutboxEntry)
    assert [letter.state for letter in letters] == [OutboxState.SUPPRESSED]
    silence_is_told(house, case.id, letters)


# F16 no rule may hold back an acknowledgement unseen.


def test_f16_of_a_day_of_every_kind_of_mail_no_case_is_without_a_letter_or_a_task_that_says_why(house_of):
    house = house_of(manners={"in_hour": 3})
    for n, marks in enumerate([{}, {}, {}, *MARKS.values()] * 4):
        words = f"{list(Category)[n % len(Category)]}{'!?'[n % 2]} Number {n}."
        arrive(house, mail(words, subject=f"Thing {n}", sender=f"tenant{n % 3}@resident.example", **marks))
        settle(house)
        later(house, minutes=2)
    send(house, Postbag(lambda reply: None))
    letters = everything(house, OutboxEntry)
    held = [letter for letter in letters if letter.state is OutboxState.SUPPRESSED]
    assert held
    assert {letter.rule for letter in held} >= {"auto-submitted", "list", "precedence", "auto-reply-mark", "hourly-cap"}
    for letter in held:
        silence_is_told(house, letter.case_id, [letter])
    must_hold(house)
    # Whoever was held back yesterday is answered today: no rule outlives its time.
    later(house, days=1, hours=1)
    arrive(house, mail("complaint! A new day.", subject="New", sender="tenant1@resident.example"))
    settle(house)
    assert everything(house, OutboxEntry)[-1].state is OutboxState.DUE


def bounce_of(letter):
    return (
        b"From: Mail Delivery System <mailer-daemon@relay.example>\r\nTo: housing@landlord.example\r\n"
        b"Subject: Undelivered\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt came back.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        b"Final-Recipient: rfc822; ada@resident.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + letter.header_id.encode() + b"\r\n\r\n--b--\r\n"
    )


def test_f16_a_bounce_becomes_a_task_and_never_silences_a_fresh_message(house_of):
    house = house_of()
    arrive(house, mail(COMPLAINT))
    settle(house)
    send(house)
    (letter,) = everything(house, OutboxEntry)
    arrive(house, bounce_of(letter), sender="")
    settle(house)
    assert "undelivered_letter" in [task.kind for task in everything(house, Task, case_id=letter.case_id)]
    assert len(everything(house, OutboxEntry)) == 1
    later(house, hours=2)
    arrive(house, mail("complaint! The roof leaks too.", subject="The roof"))
    settle(house)
    assert everything(house, OutboxEntry)[-1].state is OutboxState.DUE


# F17 the relay is down.


def test_f17_with_the_relay_down_cases_are_made_nothing_is_called_sent_and_day_three_is_a_task(house_of):
    house, down = house_of(), [True]

    def relay(reply):
        if down[0]:
            raise TemporaryFailure("no route to the relay")

    for n in range(3):
        arrive(house, mail(f"complaint! Number {n} drips.", sender=f"tenant{n}@resident.example"))
    settle(house)
    postbag = send(house, Postbag(relay))
    assert len(everything(house, Case)) == 3
    late = []
    while not late:
        assert {letter.state for letter in everything(house, OutboxEntry)} == {OutboxState.DUE}
        assert not any(letter.sent_at for letter in everything(house, OutboxEntry))
        assert not any(case.acknowledged_at for case in everything(house, Case))
        later(house, hours=6)
        send(house, postbag)
        house.sweep().once()
        late = everything(house, Task, kind="undelivered_letter")
    # From Monday 23 November, working day 3 is Thursday.
    assert house.clock.now().astimezone(LONDON).date() == date(2026, 11, 26)
    assert {task.case_id for task in late} == {case.id for case in everything(house, Case)}
    house.sweep().once()
    assert len(everything(house, Task, kind="undelivered_letter")) == 3
    down[0] = False
    later(house, hours=13)
    send(house, postbag)
    assert sorted(reply.recipient for reply in postbag.sent) == [f"tenant{n}@resident.example" for n in range(3)]
    assert all(case.acknowledged_at == house.clock.now() for case in everything(house, Case))


def test_f17_when_one_letter_fails_only_that_one_is_tried_again(house_of):
    house, tried = house_of(), []

    def relay(reply):
        tried.append(reply.recipient)
        if reply.recipient == "tenant1@resident.example" and len(tried) < 4:
            raise TemporaryFailure("450 mailbox busy")

    for n in range(3):
        arrive(house, mail(f"complaint! Number {n} drips.", sender=f"tenant{n}@resident.example"))
    settle(house)
    postbag = send(house, Postbag(relay))
    later(house, minutes=5)
    send(house, postbag)
    assert sorted(tried) == [f"tenant{n}@resident.example" for n in (0, 1, 1, 2)]


# F18 deadlines agree with a slow count, in the store too.

ENGLAND = {
    date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3)
}  # fmt: skip
"""Bank holidays of England as published on GOV.UK, for the times below."""


def slowly(day, number):
    """Count working days one by one."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5 and day not in ENGLAND
    return day


@pytest.mark.parametrize(
    "received",
    [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the hour that comes twice
        datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 12, 18, 23, 30, tzinfo=UTC),
        datetime(2026, 12, 24, 23, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 12, 0, tzinfo=UTC),
        datetime(2027, 3, 25, 9, 0, tzinfo=UTC),  # before Easter
        datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC),  # a second before summer time
        datetime(2027, 4, 30, 23, 15, tzinfo=UTC),  # a quarter past midnight in London
    ],
)
def test_f18_dates_in_the_store_agree_with_a_slow_count(house_of, received):
    house = house_of(at=received)
    arrive(house, mail(COMPLAINT))
    settle(house)
    day = received.astimezone(LONDON).date()
    kept = {deadline.rule: deadline for deadline in everything(house, Deadline)}
    assert kept["acknowledge_1"].due_on == slowly(day, 5)
    # Acknowledged at once, so the answer is due ten working days after the same day (Code 6.3).
    assert kept["respond_1"].due_on == slowly(day, 10)
    for deadline in kept.values():
        end = datetime(deadline.due_on.year, deadline.due_on.month, deadline.due_on.day, 23, 59, 59, tzinfo=LONDON)
        assert deadline.due_at == end
    (letter,) = everything(house, OutboxEntry)
    assert f"{slowly(day, 10).day} {slowly(day, 10):%B %Y}" in letter.text


# F19 a calendar that does not reach far enough is loud.


def test_f19_when_the_calendar_nears_its_end_staff_are_told_and_nothing_is_computed_beyond_it(house_of):
    house = house_of(at=datetime(2028, 9, 1, 12, tzinfo=UTC))
    assert any("bank holidays are known only to 2028-12-31" in trouble for trouble in look(house).troubles)
    house = house_of(at=datetime(2028, 12, 29, 12, tzinfo=UTC))
    arrive(house, mail(COMPLAINT))
    arrive(house, mail("service_request? The tap."))
    settle(house)
    assert not everything(house, Deadline)
    assert len(everything(house, Task, kind="quarantine")) == 2
    assert any("quarantine" in trouble for trouble in look(house).troubles)
    # A newer release, or a year that somebody compared with the published list, would let a person take them up again.
    house = house_of(at=datetime(2026, 9, 1, 12, tzinfo=UTC))
    assert not any("bank holidays" in trouble for trouble in look(house).troubles)


# F20 a changed calendar moves nothing that stands.


def test_f20_a_proclaimed_holiday_counts_for_new_cases_and_moves_no_date_that_stands(house_of):
    house = house_of()
    arrive(house, mail(COMPLAINT, message_id="<1@r.example>"))
    arrive(house, mail("service_request? The tap.", sender="bob@resident.example"))
    settle(house)
    before = everything(house, Deadline)
    ours = everything(house, OutboxEntry, case_id=1)[0].header_id
    house = house_of(calendar={"extra_holidays": [date(2026, 11, 26)]})
    arrive(house, mail("complaint! The roof leaks.", subject="Roof", message_id="<2@r.example>"))
    arrive(house, mail("Still nobody.", In_Reply_To=ours))
    settle(house)
    send(house)
    fresh = [deadline for deadline in everything(house, Deadline) if deadline.case_id == 3]
    assert {deadline.rule: deadline.due_on for deadline in fresh} == {
        "acknowledge_1": date(2026, 12, 1),
        "respond_1": date(2026, 12, 8),
    }
    assert fresh[0].calendar != before[0].calendar
    # The sweep logs what nobody looked at, under the new calendar, and leaves the date that stood.
    later(house, days=6)
    house.sweep().once()
    assert all(case.logged_at for case in everything(house, Case))
    after = {deadline.id: deadline.model_dump(exclude={"met_at"}) for deadline in everything(house, Deadline)}
    assert [after[deadline.id] for deadline in before] == [deadline.model_dump(exclude={"met_at"}) for deadline in before]
    rules = [(deadline["case_id"], deadline["rule"]) for deadline in after.values()]
    assert len(rules) == len(set(rules))


# F21 charsets and names of files.


def test_f21_every_hard_mail_becomes_a_case_with_all_its_bytes(house_of):
    house = house_of()
    mails = sorted(MAILS.glob("*.eml"))
    for path in mails:
        arrive(house, path.read_bytes(), sender="someone@resident.example")
    settle(house)
    kept = everything(house, Message)
    assert [message.disposition for message in kept].count(Disposition.AUTOMATIC) <= 1
    assert all(message.case_id or message.disposition is Disposition.AUTOMATIC for message in kept)
    assert len(kept) == len(mails) > 15
    must_hold(house)


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("windows-1252", "complaint! You owe me £120 – “nobody” came."),
        ("iso-8859-1", "complaint! You owe me £120 for the café's floor."),
        ("utf-8", "complaint! You owe me £120 🏚️ and nobody came."),
        ("gb18030", "complaint! 我欠 £120 屋顶漏水"),
    ],
)
@pytest.mark.parametrize("labelled", [True, False], ids=["labelled", "unlabelled"])
def test_f21_the_pound_sign_survives_into_the_letter(house_of, charset, words, labelled):
    house = house_of()
    label = f"; charset={charset}" if labelled else ""
    head = "From: ada@resident.example\r\nTo: h@landlord.example\r\nSubject: Money\r\nMessage-ID: <1@r.example>\r\n"
    head += f"MIME-Version: 1.0\r\nContent-Type: text/plain{label}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    arrive(house, head.encode() + words.encode(charset) + b"\r\n")
    settle(house)
    (message,), (letter,) = everything(house, Message), everything(house, OutboxEntry)
    assert "£120" in message.new_text
    assert "£120" in letter.text
    assert message.new_text.strip() == words or not labelled


def test_f21_bytes_that_mean_nothing_in_any_charset_stop_nobody(house_of):
    house = house_of()
    junk = bytes(range(128, 256)) * 3
    arrive(house, mail("complaint! x").replace(b"complaint! x", b"complaint! \x00" + junk))
    arrive(house, mail(COMPLAINT, sender="bob@resident.example"))
    settle(house)
    assert len(everything(house, Case)) == 2
    must_hold(house)
