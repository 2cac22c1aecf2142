"""The rules of manners on whole mails, as they come out of the reader."""

from datetime import UTC, datetime
from textwrap import dedent

import pytest

from handlers.manners import OwnAddresses, automatic, opens_no_case
from handlers.tokens import TokenKey, message_id_for
from intake.message import MAIL, Envelope
from intake.reading import read

KEY = TokenKey(secret=bytes(32))
OWN = OwnAddresses(
    addresses=("complaints@homes.example",), message_id_domain="homes.example", keys=(KEY,), loop_mark="homes-intake-1"
)
OURS = message_id_for(KEY, "receipt", 7, 8, domain="homes.example")
NOTICE = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: complaints@homes.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am the mail system. I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; amina@mail.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: {ours}
From: complaints@homes.example
Subject: We have your message

Hello.
--b--
"""
FORWARDED_NOTICE = """\
From: Amina <amina@mail.example>
To: complaints@homes.example
Subject: Fwd: Undeliverable: the lift
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: text/plain

I wrote to repairs and it came back. The lift has been broken for three weeks.

--outer
Content-Type: message/rfc822

{notice}
--outer--
"""
EXIM = """\
Return-Path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example>
To: complaints@homes.example
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: amina@mail.example
Auto-Submitted: auto-replied

A message that you sent could not be delivered: unknown user.
"""
QMAIL = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example
To: complaints@homes.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example. I'm afraid I wasn't able to deliver your message.
"""
AWAY = """\
From: Amina <amina@mail.example>
To: complaints@homes.example
Subject: Automatic reply: We have your message
In-Reply-To: {ours}
References: {ours}
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All

I am away until Monday.
"""
READ = """\
From: Amina <amina@mail.example>
To: complaints@homes.example
Subject: Read: We have your message
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain

Your message was read.

--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; amina@mail.example
Disposition: manual-action/MDN-sent-manually; displayed

--b--
"""
ACCEPTED = """\
From: Amina <amina@mail.example>
To: complaints@homes.example
Subject: Accepted: Inspection
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain

Amina has accepted this invitation.

--b
Content-Type: text/calendar; charset="UTF-8"; method=REPLY

BEGIN:VCALENDAR
METHOD:REPLY
BEGIN:VEVENT
COMMENT;LANGUAGE=en-GB:{note}
END:VEVENT
END:VCALENDAR

--b--
"""
FORM = """\
Return-Path: <>
From: Council web form <noreply@homes.example>
Reply-To: amina@mail.example
To: complaints@homes.example
Subject: Contact form: complaint
Message-ID: <form.20261122.17@homes.example>
Auto-Submitted: auto-generated
Precedence: bulk
X-Auto-Response-Suppress: All
List-Unsubscribe: <mailto:off@homes.example>

Name: Amina Khan
My complaint: the lift has been broken for three weeks and nobody answers.
"""
PERSON = """\
From: Amina <amina@mail.example>
To: complaints@homes.example
Subject: The lift
In-Reply-To: {ours}
X-Auto-Response-Suppress: DR, RN, NRN
Auto-Submitted: no (typed by hand)

The lift is still broken.
"""
UNABLE = """\
Return-Path: <>
From: Amina <amina@mail.example>
To: complaints@homes.example
Subject: Undeliverable: my letter of May

I was unable to reach you, it failed again.
amina@mail.example is my address. The ceiling fell on my daughter.
"""
RETURNED = """\
Return-Path: <>
From: {name} <amina@mail.example>
To: complaints@homes.example
Subject: Undeliverable: the lift
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

This came back, and the lift is still dead.

--b
Content-Type: message/rfc822

Message-ID: {returned}
From: complaints@homes.example
Subject: The lift

Hello.
--b--
"""
OF_MANY_SYSTEMS = [
    ("MAILER-DAEMON@mx.example", "failure notice", ""),
    ("MAILER-DAEMON@mx.example (Mail Delivery Subsystem)", "Returned mail: User unknown", ""),
    ("Mail Delivery Subsystem <MAILER-DAEMON>", "Returned mail: see transcript for details", ""),
    ("<MAILER-DAEMON@mx.example>", "mail failed, returning to sender", ""),
    ("Mail Delivery System <Mailer-Daemon@mx.example>", "Warning: message 1 delayed 24 hours", ""),
    ("System Administrator <postmaster@mx.example>", "Undeliverable: We have your message", ""),
    ("System Administrator <it@mx.example>", "Undeliverable: We have your message", ""),
    ("Delivery failure report <Postmaster@mx.example>", "DELIVERY FAILURE: nobody of this name", ""),
    ("MDaemon at mx.example <MDAEMON@mx.example>", "Permanent Delivery Failure", ""),
    ("Electronic Postmaster <Postmaster@mx.example>", "Postmaster notify: no such user", ""),
    ("postmaster@mx.example", "[Postmaster] Email Delivery Failure", ""),
    ("Mail Administrator <Postmaster@mx.example>", "Mail System Error - Returned Mail", ""),
    ("Mail Delivery System <noreply@mx.example>", "Mail delivery failed: returning message to sender", ""),
    ("<>", "Undelivered Mail Returned to Sender", ""),
    ("MAILER_DAEMON@mx.example", "Unzustellbar", ""),
    ("smtp-daemon@mx.example", "Your mail", ""),
    ("Help <help@mx.example>", "Your mail", "X-Failed-Recipients: amina@mail.example\n"),
]


@pytest.mark.parametrize(("sender", "subject", "header"), OF_MANY_SYSTEMS)
@pytest.mark.parametrize(
    "envelope", [None, Envelope(mail_from="", rcpt_to=("complaints@homes.example",))], ids=["imap", "smtp"]
)
def test_bounces_that_are_no_reports_are_known_whatever_system_wrote_them(sender, subject, header, envelope):
    path = "" if envelope else "Return-Path: <>\n"
    raw = f"{path}{header}From: {sender}\nTo: complaints@homes.example\nSubject: {subject}\n\nIt could not be delivered.\n"
    assert opens_no_case(read(raw.encode(), MAIL), envelope, OWN) == "bounce"


@pytest.mark.parametrize(
    ("raw", "no_answer", "no_case"),
    [
        (NOTICE.format(ours=OURS), "null-sender", "delivery-report"),
        (EXIM, "null-sender", "bounce"),
        (QMAIL, "null-sender", "bounce"),
        (AWAY.format(ours=OURS), "auto-submitted", "out-of-office"),
        (READ, "report", "read-receipt"),
        (ACCEPTED.format(note=r"\n"), "calendar-reply", "calendar-reply"),
        (ACCEPTED.format(note="Last time nobody came!"), "calendar-reply", None),
        (f"X-Loop: homes-intake-1\n{PERSON.format(ours=OURS)}", "loop", None),
        (f"Message-ID: {OURS}\n{PERSON.format(ours='<a@b.example>')}", "own-message-id", "own-mail"),
        (FORM, "null-sender", None),
        (f"Return-Path: <>\n{PERSON.format(ours=OURS)}", "null-sender", None),
        (UNABLE, "null-sender", None),
        (UNABLE.replace("Amina <amina@mail.example>", "Mail Delivery Subsystem <mds@mx.example>"), "null-sender", "bounce"),
        (RETURNED.format(name="Amina", returned=OURS), "null-sender", "bounce"),
        (RETURNED.format(name="Amina", returned="<mine@mail.example>"), "null-sender", None),
        (RETURNED.format(name="System Administrator", returned="<mine@mail.example>"), "null-sender", "bounce"),
        (f"X-MS-Exchange-Inbox-Rules-Loop: all@homes.example\n{PERSON.format(ours=OURS)}", "auto-reply-mark", None),
        (FORWARDED_NOTICE.format(notice=NOTICE.format(ours=OURS)), None, None),
        (PERSON.format(ours=OURS), None, None),
    ],
)
def test_whole_mails_are_judged_by_what_they_are(raw, no_answer, no_case):
    reading = read(dedent(raw).replace("\n", "\r\n").encode(), MAIL, datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert automatic(reading, None, OWN) == no_answer
    assert opens_no_case(reading, None, OWN) == no_case
