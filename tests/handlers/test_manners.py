"""When no automatic letter is sent, by which rule, and why the case is opened all the same."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.automatic import MACHINES as MARKED_MACHINES
from handlers.automatic import MAILBOX_RULES, RULES
from handlers.manners import WHY, History, Limits, Manners, OwnAddresses, PastLetter, automatic, may_answer, opens_no_case
from handlers.tokens import TokenKey, message_id_for
from intake.message import Attachment, Bounce, Envelope, Reading, Sender

KEY = TokenKey(secret=bytes(32))
OWN = OwnAddresses(
    addresses=("Complaints@homes.example", "housing@bücher.example"),
    domains=("cases.homes.example",),
    message_id_domain="homes.example",
    keys=(KEY,),
    loop_mark="homes-intake-1",
)
OURS = message_id_for(KEY, "receipt", 7, 8, domain="homes.example")
ANOTHERS = message_id_for(TokenKey(secret=bytes(31) + b"x"), "receipt", 7, 8, domain="homes.example")
"""Of another service of the council, under the same domain."""
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
FRESH = History(now=NOW)
PERSON = Sender(address="amina@mail.example", name="Amina Khan")
WORDS = "The lift in Maple House has been broken for three weeks and nobody answers."


def mail(address="amina@mail.example", *, headers=None, **fields):
    """A mail with these headers, each value given alone or in a tuple."""
    values = {name: value if isinstance(value, tuple) else (value,) for name, value in (headers or {}).items()}
    given = {"sender": Sender(address=address), "subject": "The lift", "text": WORDS, "new_text": WORDS} | fields
    return Reading(headers=values, **given)


def envelope(mail_from="amina@mail.example"):
    return Envelope(mail_from=mail_from, rcpt_to=("complaints@homes.example",))


def calendar_file(*lines):
    content = "\r\n".join(("BEGIN:VCALENDAR", *lines, "END:VCALENDAR")).encode()
    return Attachment(
        name="invite.ics", type="text/calendar", size=len(content), sha256="0" * 64, inline=False, content=content
    )


PEOPLE = [
    {},
    {"headers": {"auto-submitted": "no"}},
    {"headers": {"auto-submitted": ""}},
    {"headers": {"auto-submitted": "(nothing)"}},
    {"headers": {"auto-submitted": "No (a person wrote this)"}},
    {"headers": {"auto-submitted": "(by hand; (really)) no; owner=me"}},
    {"headers": {"x-auto-response-suppress": "DR, RN, NRN"}},
    {"headers": {"x-auto-response-suppress": "DR"}},
    {"headers": {"precedence": "normal"}},
    {"headers": {"precedence": "first-class"}},
    {"headers": {"x-autoreply": "no"}},
    {"headers": {"x-post-messageclass": "0"}},
    {"headers": {"x-loop": "another-office"}},
    {"headers": {"received": ("by relay",) * 50}},
    {"headers": {"disposition-notification-to": "amina@mail.example"}},
    {"headers": {"return-path": "<amina@mail.example>"}},
    {"subject": "Automatic reply: your doors"},
    {"subject": "Read: my letter of May"},
    {"subject": "Out of office hours nobody answers"},
    {
        "media_type": "multipart/mixed",
        "part_types": ("multipart/mixed", "text/plain", "message/rfc822", "message/delivery-status"),
    },
    {"attachments": (calendar_file("METHOD:REQUEST"),)},
    {"message_id": "<20261122.form@homes.example>"},
    {"message_id": "<CAF@mail.gmail.com>"},
    {"address": "noel.reply@mail.example"},
    {"address": "bounty@mail.example"},
    {"address": "requests.r.us@mail.example"},
    {"address": "anna.postmaster-smith@mail.example"},
    {"address": "complaints@homes.example.org"},
    {"address": "josé@bücher.example"},
]


@pytest.mark.parametrize("message", PEOPLE)
def test_a_persons_mail_is_answered_and_opens_a_case(message):
    reading = mail(**message)
    assert automatic(reading, envelope(), OWN) is None
    assert opens_no_case(reading, envelope(), OWN) is None
    assert may_answer(reading, envelope(), OWN, FRESH, "unknown").answer


MACHINES = [
    ("auto-submitted", {"headers": {"auto-submitted": "auto-generated"}}),
    ("auto-submitted", {"headers": {"auto-submitted": "Auto-Replied (vacation); owner-email=x@y.example"}}),
    ("auto-submitted", {"headers": {"auto-submitted": ("no", "auto-notified")}}),
    ("auto-submitted", {"headers": {"auto-submitted": "(no) yes"}}),
    ("list", {"headers": {"list-id": "<tenants.lists.example>"}}),
    ("list", {"headers": {"list-unsubscribe": "<mailto:off@lists.example>"}}),
    ("list", {"headers": {"mailing-list": "tenants@lists.example"}}),
    ("list", {"headers": {"feedback-id": "1:2:sender"}}),
    ("precedence", {"headers": {"precedence": "Bulk"}}),
    ("precedence", {"headers": {"precedence": " junk "}}),
    ("precedence", {"headers": {"precedence": "list"}}),
    ("precedence", {"headers": {"x-precedence": "auto_reply"}}),
    ("precedence", {"headers": {"precedence": "auto-reply"}}),
    ("auto-response-suppress", {"headers": {"x-auto-response-suppress": "All"}}),
    ("auto-response-suppress", {"headers": {"x-auto-response-suppress": "DR, OOF, AutoReply"}}),
    ("auto-response-suppress", {"headers": {"x-auto-response-suppress": "oof"}}),
    ("report", {"media_type": "multipart/report"}),
    ("report", {"media_type": "message/delivery-status"}),
    ("report", {"media_type": "multipart/mixed", "part_types": ("multipart/mixed", "text/plain", "message/feedback-report")}),
    ("failed-recipients", {"headers": {"x-failed-recipients": "a@b.example"}}),
    ("auto-reply-mark", {"headers": {"x-autoreply": "yes"}}),
    ("auto-reply-mark", {"headers": {"x-autorespond": "away"}}),
    ("auto-reply-mark", {"headers": {"x-autoresponse": ""}}),
    ("auto-reply-mark", {"headers": {"x-mail-autoreply": "1"}}),
    ("auto-reply-mark", {"headers": {"x-post-messageclass": "9; Autoresponder"}}),
    *(("auto-reply-mark", {"headers": {name: "1"}}) for name in (*MARKED_MACHINES, *MAILBOX_RULES)),
    ("auto-reply-mark", {"headers": {"delivered-to": "Autoresponder"}}),
    ("calendar-reply", {"media_type": "text/calendar", "media_parameters": {"method": "REPLY"}}),
    ("calendar-reply", {"attachments": (calendar_file("METHOD:COUNTER"),)}),
    ("no-sender", {"address": None}),
    ("no-sender", {"address": ""}),
    ("no-sender", {"address": "root@localhost"}),
    ("no-sender", {"address": "two words@mail.example"}),
    ("no-sender", {"address": "@mail.example"}),
    ("no-reply-sender", {"address": "MAILER-DAEMON@mail.example"}),
    ("no-reply-sender", {"address": "postmaster@mail.example"}),
    ("no-reply-sender", {"address": "housing-no-reply@mail.example"}),
    ("no-reply-sender", {"address": "NoReply+12@mail.example"}),
    ("no-reply-sender", {"address": "do-not-reply@mail.example"}),
    ("no-reply-sender", {"address": "do_not_reply@mail.example"}),
    ("no-reply-sender", {"address": "donotreply@mail.example"}),
    ("no-reply-sender", {"address": "bounces+7@mail.example"}),
    ("no-reply-sender", {"address": "owner-tenants@mail.example"}),
    ("no-reply-sender", {"address": "tenants-request@mail.example"}),
    ("no-reply-sender", {"address": "listserv@mail.example"}),
    ("own-address", {"address": "complaints@HOMES.example"}),
    ("own-address", {"address": "Complaints+case5@homes.example"}),
    ("own-address", {"address": "case+abc@cases.homes.example"}),
    ("own-address", {"address": "housing@xn--bcher-kva.example"}),
    ("own-message-id", {"message_id": OURS}),
    ("own-message-id", {"message_id": OURS.strip("<>").upper()}),
    ("own-message-id", {"message_id": OURS.replace("homes.example", "old.example")}),
    ("own-message-id", {"message_id": ANOTHERS}),
    ("loop", {"headers": {"x-loop": ("another-office", "homes-intake-1")}}),
    ("loop", {"headers": {"received": ("by relay",) * 51}}),
]


@pytest.mark.parametrize(("rule", "message"), MACHINES)
def test_automatic_mail_is_not_answered_and_the_rule_is_named(rule, message):
    reading = mail(**message)
    assert automatic(reading, envelope(), OWN) == rule
    manners = may_answer(reading, envelope(), OWN, FRESH, "authentic")
    assert (manners.answer, manners.rule) == (False, rule)
    assert manners.why.startswith("not answered by machine: ")


@pytest.mark.parametrize(
    ("reading", "sent"),
    [
        (mail(), envelope("")),
        (mail(headers={"return-path": "<amina@mail.example>"}), envelope("")),
        (mail(headers={"return-path": ("<>", "<amina@mail.example>")}), None),
        (mail(headers={"return-path": " < > "}), None),
    ],
)
def test_the_null_sender_is_known_by_the_envelope_or_else_by_the_topmost_return_path(reading, sent):
    assert automatic(reading, sent, OWN) == "null-sender"


@pytest.mark.parametrize(
    ("reading", "sent"),
    [
        (mail(headers={"return-path": "<>"}), envelope()),
        (mail(headers={"return-path": ("<amina@mail.example>", "<>")}), None),
        (mail(), None),
    ],
)
def test_what_a_sender_writes_below_the_envelope_makes_no_null_sender(reading, sent):
    assert automatic(reading, sent, OWN) is None


def test_the_reverse_path_of_a_robot_counts_as_the_from_does():
    assert automatic(mail(), envelope("bounces-7@mail.example"), OWN) == "no-reply-sender"
    assert automatic(mail(headers={"return-path": "<owner-x@mail.example>"}), None, OWN) == "no-reply-sender"


def test_the_first_rule_that_fits_is_the_reason():
    reading = mail(headers={"auto-submitted": "auto-generated", "precedence": "bulk", "x-loop": "homes-intake-1"})
    assert automatic(reading, envelope(""), OWN) == "null-sender"
    assert automatic(reading, envelope(), OWN) == "auto-submitted"


def test_every_rule_has_its_reason_in_words():
    assert {code for code, _ in RULES} < WHY.keys()


def test_chat_has_no_mail_headers_to_be_judged_by():
    reading = Reading(channel_kind="chat", sender=Sender(address="4477009"), new_text=WORDS)
    assert automatic(reading, None, OWN) is None
    assert opens_no_case(reading, None, OWN) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-generated"},
        {"auto-submitted": "auto-replied"},
        {"precedence": "bulk"},
        {"list-id": "<forms.council.example>", "list-unsubscribe": "<https://council.example/off>"},
        {"x-auto-response-suppress": "All"},
        {"x-autoreply": "yes"},
        {"x-auto-generated": "form"},
        {"feedback-id": "form:1"},
    ],
)
@pytest.mark.parametrize("address", ["webform@council.example", "noreply@forms.example", "complaints@homes.example", None])
def test_f13_a_complaint_from_a_form_or_device_that_calls_itself_automatic_still_opens_a_case(headers, address):
    for sent in (envelope(), envelope(""), None):
        assert opens_no_case(mail(address, headers=headers), sent, OWN) is None


def test_f13_a_complaint_called_out_of_office_hours_by_a_form_opens_a_case():
    form = mail(headers={"auto-submitted": "auto-replied"}, subject="Out of office hours line never answers")
    assert opens_no_case(form, envelope(), OWN) is None


def test_f13_a_resident_who_passes_on_a_bounce_of_their_own_mail_opens_a_case():
    parts = ("multipart/mixed", "text/plain", "message/rfc822", "multipart/report", "text/plain", "message/delivery-status")
    forward = mail(
        subject="Undeliverable: my complaint",
        media_type="multipart/mixed",
        part_types=parts,
        bounce=Bounce(recipient="repairs@homes.example", status="5.1.1", permanent=True),
    )
    assert opens_no_case(forward, envelope(), OWN) is None
    assert automatic(forward, envelope(), OWN) is None


def test_f13_a_resident_who_declines_a_visit_in_their_own_words_opens_a_case():
    angry = calendar_file("METHOD:REPLY", "COMMENT;LANGUAGE=en:Nobody came the last three times. I want to complain.")
    folded = calendar_file("METHOD:REPLY", "COMMENT:", " \\nNobody came.")
    for file in (angry, folded):
        reading = mail(subject="Declined: Inspection", media_type="multipart/alternative", attachments=(file,))
        assert opens_no_case(reading, envelope(), OWN) is None
        assert automatic(reading, envelope(), OWN) == "calendar-reply"


def test_f13_a_resident_who_attaches_somebodys_calendar_answer_opens_a_case():
    letter = mail(media_type="multipart/mixed", attachments=(calendar_file("METHOD:REPLY"),))
    assert opens_no_case(letter, envelope(), OWN) is None


def test_f13_council_mail_under_our_own_domain_opens_a_case():
    assert opens_no_case(mail("staff@homes.example", message_id="<0102@homes.example>"), envelope(), OWN) is None
    assert opens_no_case(mail("complaints@homes.example"), envelope(), OWN) is None


DELIVERY_REPORT = {
    "media_type": "multipart/report",
    "part_types": ("multipart/report", "text/plain", "message/delivery-status", "message/rfc822"),
}
RETURNED = Bounce(recipient=None, status=None, permanent=True, message_id=OURS)
PASSED_ON = Bounce(recipient="repairs@homes.example", status="5.1.1", permanent=True, message_id=ANOTHERS)
NO_CASE = [
    ("delivery-report", envelope(""), DELIVERY_REPORT),
    ("delivery-report", None, DELIVERY_REPORT),
    ("delivery-report", envelope(""), {"media_type": "message/delivery-status"}),
    (
        "read-receipt",
        envelope(),
        {
            "media_type": "multipart/report",
            "part_types": ("multipart/report", "text/plain", "message/disposition-notification"),
        },
    ),
    (
        "feedback-report",
        envelope(),
        {"media_type": "multipart/report", "part_types": ("multipart/report", "text/plain", "message/feedback-report")},
    ),
    ("bounce", envelope(""), {"address": "Mailer-Daemon@mx.example", "subject": "failure notice"}),
    ("bounce", envelope(""), {"address": "postmaster@mx.example", "subject": "Problem"}),
    ("bounce", envelope(""), {"headers": {"x-failed-recipients": "amina@mail.example"}}),
    ("bounce", None, {"address": "MAILER-DAEMON@mx.example", "subject": "Undelivered Mail Returned to Sender"}),
    ("bounce", envelope(""), {"address": "MAILER_DAEMON@mx.example", "subject": "Problem"}),
    ("bounce", envelope(""), {"address": "mdaemon@mx.example", "subject": "Problem"}),
    ("bounce", envelope(""), {"address": None, "subject": "Returned mail: no such user"}),
    ("bounce", envelope(""), {"bounce": RETURNED}),
    ("bounce", envelope(""), {"part_types": ("multipart/mixed", "text/plain", "text/rfc822-headers")}),
    ("bounce", envelope(""), {"part_types": ("multipart/mixed", "text/plain", "message/delivery-status")}),
    *(
        ("bounce", envelope(""), {"sender": Sender(address="it@mx.example", name=name), "subject": "Undeliverable: Hello"})
        for name in ("System Administrator", "Mail Delivery System", "Internet Mail Delivery", "mailer-daemon")
    ),
    ("own-mail", envelope("amina@mail.example"), {"message_id": OURS}),
    ("own-mail", envelope("amina@mail.example"), {"message_id": OURS.replace("homes.example", "old.example")}),
    ("calendar-reply", envelope(), {"subject": "Accepted: Inspection", "attachments": (calendar_file("METHOD:REPLY"),)}),
    (
        "calendar-reply",
        envelope(),
        {
            "media_type": "multipart/alternative",
            "attachments": (calendar_file("METHOD:REPLY", "COMMENT;LANGUAGE=en-GB:\\n  "),),
        },
    ),
    ("out-of-office", envelope(), {"headers": {"auto-submitted": "auto-replied"}, "subject": "Automatic reply: LBL-26"}),
    ("out-of-office", envelope(""), {"headers": {"auto-submitted": "auto-replied"}, "in_reply_to": (OURS,), "subject": "x"}),
    ("out-of-office", envelope(), {"headers": {"auto-submitted": "auto-replied"}, "references": ("<a@b>", OURS)}),
    (
        "out-of-office",
        envelope(""),
        {"headers": {"auto-submitted": "auto-generated"}, "in_reply_to": (OURS,), "subject": "Automatic reply: The lift"},
    ),
    ("out-of-office", envelope(), {"headers": {"auto-submitted": "auto-replied"}, "subject": "Abwesenheitsnotiz: Aufzug"}),
    ("out-of-office", envelope(), {"headers": {"x-autoreply": "yes", "precedence": "bulk"}, "in_reply_to": (OURS,)}),
    ("out-of-office", envelope(), {"headers": {"x-autorespond": "away"}, "subject": "Out of Office: Re: The lift"}),
    ("out-of-office", envelope(), {"headers": {"precedence": "auto_reply"}, "in_reply_to": (OURS,)}),
    ("out-of-office", envelope(), {"headers": {"x-precedence": "auto-reply"}, "references": (OURS,)}),
    *(
        ("out-of-office", envelope(""), {"in_reply_to": (OURS,), "subject": subject})
        for subject in ("I am on leave", "Away from my mail", "On holiday until 5 May", "Out of office", "Annual leave")
    ),
    ("out-of-office", envelope(""), {"in_reply_to": (OURS,), "headers": {"precedence": "bulk"}}),
    ("out-of-office", envelope(""), {"in_reply_to": (OURS,), "headers": {"auto-submitted": "auto-generated"}}),
    *(
        ("out-of-office", envelope(), {"in_reply_to": (OURS,), "headers": {name: "1"}, "subject": "Automatic reply: x"})
        for name in MAILBOX_RULES
    ),
    ("out-of-office", envelope(), {"headers": {"precedence": "junk"}, "in_reply_to": (OURS,), "subject": "Out of office"}),
    ("out-of-office", envelope(), {"headers": {"delivered-to": "Autoresponder"}, "in_reply_to": (OURS,)}),
]


@pytest.mark.parametrize(("code", "sent", "message"), NO_CASE)
def test_only_what_machines_wrote_about_our_mail_opens_no_case(code, sent, message):
    reading = mail(**message)
    assert opens_no_case(reading, sent, OWN) == code
    assert not may_answer(reading, sent, OWN, FRESH, "unknown").answer


@pytest.mark.parametrize(
    "message",
    [
        {"in_reply_to": (OURS,), "subject": "Automatic reply: The lift"},
        {"headers": {"auto-submitted": "auto-generated"}, "subject": "Automatic reply: The lift"},
        {"headers": {"auto-submitted": "auto-generated"}, "in_reply_to": (OURS,)},
        {"headers": {"auto-submitted": "auto-replied"}},
        {"headers": {"auto-submitted": "auto-replied"}, "in_reply_to": ("<them@homes.example>",)},
        {"headers": {"auto-submitted": "auto-replied"}, "in_reply_to": (ANOTHERS,)},
        {"headers": {"x-autoreply": "yes"}},
        {"headers": {"precedence": "bulk"}, "in_reply_to": (OURS,)},
        {"headers": {"precedence": "bulk"}, "subject": "Out of office"},
        {"message_id": ANOTHERS},
        {"message_id": OURS[:-16] + "a@homes.example>"},
        {"media_type": "multipart/report"},
        {"headers": {"x-loop": "homes-intake-1"}},
        *({"headers": {name: "1"}, "in_reply_to": (OURS,)} for name in MAILBOX_RULES),
    ],
)
def test_one_sign_of_an_absence_note_is_not_enough_to_open_no_case(message):
    assert opens_no_case(mail(**message), envelope(), OWN) is None


@pytest.mark.parametrize(
    "message",
    [
        {"in_reply_to": (OURS,)},
        {"in_reply_to": (OURS,), "subject": "Away from home the water comes in"},
        {"in_reply_to": (OURS,), "subject": "Home office"},
        {"in_reply_to": (OURS,), "headers": {"precedence": "bulk", "x-ms-exchange-inbox-rules-loop": "us@homes.example"}},
        {"in_reply_to": (OURS,), "headers": {"list-id": "<tenants.lists.example>"}},
        {"subject": "Away from my mail"},
        {"subject": "Undeliverable: my letter of May"},
        {"bounce": PASSED_ON},
        {"bounce": PASSED_ON, "subject": "Mail delivery failed"},
        {"sender": Sender(address="it@mx.example", name="System Administrator")},
        {"sender": Sender(address=None, name="Amina Khan"), "subject": "Undeliverable: my letter of May"},
        {"sender": Sender(address="it@mx.example", name="Mail Delivery Systems Smith"), "subject": "Undeliverable: x"},
        {"headers": {"x-loop": "homes-intake-1"}, "in_reply_to": (OURS,)},
    ],
)
def test_a_persons_mail_that_a_gateway_gave_an_empty_reverse_path_opens_a_case(message):
    for sent, headers in ((envelope(""), {}), (None, {"return-path": "<>"})):
        reading = mail(**message | {"headers": message.get("headers", {}) | headers})
        assert opens_no_case(reading, sent, OWN) is None
        assert automatic(reading, sent, OWN) == "null-sender"


def test_what_cannot_be_read_is_never_put_aside_as_a_machines():
    assert opens_no_case(mail(unreadable=True, **DELIVERY_REPORT), envelope(""), OWN) is None


def letters(*ages, subject="Something else"):
    return tuple(PastLetter(at=NOW - age, subject=subject) for age in ages)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HELD_BACK = [
    ("already-answered", History(now=NOW, answered=True)),
    ("same-subject", History(now=NOW, letters=letters(23 * HOUR, subject="The lift"))),
    ("same-subject", History(now=NOW, letters=letters(MINUTE, subject="RE: Fwd:  the LIFT"))),
    ("hourly-cap", History(now=NOW, letters=letters(*(number * 10 * MINUTE for number in range(5))))),
    ("daily-cap", History(now=NOW, letters=letters(*(number * 2 * HOUR for number in range(1, 11))))),
    ("global-brake", History(now=NOW, all_lately=100)),
    ("dead-address", History(now=NOW, received_at=NOW - HOUR, bounced_at=NOW - MINUTE)),
]


@pytest.mark.parametrize(("rule", "history"), HELD_BACK)
def test_f14_an_address_gets_only_so_many_letters_and_the_rule_is_named(rule, history):
    manners = may_answer(mail(), envelope(), OWN, history, "authentic")
    assert (manners.answer, manners.rule) == (False, rule)


@pytest.mark.parametrize(
    "history",
    [
        History(now=NOW, letters=letters(DAY, subject="The lift")),
        History(now=NOW, letters=letters(*(number * 10 * MINUTE for number in range(4)))),
        History(now=NOW, letters=letters(*(number * 2 * HOUR for number in range(1, 10)))),
        History(now=NOW, letters=letters(*(DAY + number * HOUR for number in range(50)))),
        History(now=NOW, all_lately=99),
    ],
)
def test_below_the_caps_an_answer_is_sent(history):
    assert may_answer(mail(), envelope(), OWN, history, "authentic").answer


def test_f14_a_robot_that_answers_everything_gets_five_letters_an_hour_and_ten_a_day():
    sent = []
    for minute in range(60 * 24):
        now = NOW + minute * MINUTE
        history = History(now=now, letters=tuple(sent))
        reading = mail(subject=f"Your ticket {minute}")
        manners = may_answer(reading, envelope(), OWN, history, "authentic")
        if manners.answer:
            sent.append(PastLetter(at=now, subject=reading.subject))
        else:
            assert manners.rule in {"hourly-cap", "daily-cap"}
    assert len(sent) == 10
    assert sum(letter.at - NOW < HOUR for letter in sent) == 5


def test_f14_a_robot_that_changes_its_address_is_stopped_by_the_brake():
    answered = 0
    for number in range(500):
        history = History(now=NOW, all_lately=answered)
        manners = may_answer(mail(f"robot{number}@mail.example"), envelope(), OWN, history, "unknown")
        answered += manners.answer
    assert answered == 100
    assert manners.rule == "global-brake"


def test_the_brake_can_be_set_and_taken_off():
    busy = History(now=NOW, all_lately=5_000)
    assert may_answer(mail(), envelope(), OWN, busy, "authentic", limits=Limits(brake=0)).answer
    assert may_answer(mail(), envelope(), OWN, busy, "authentic", limits=Limits(brake=6_000)).answer
    assert not may_answer(mail(), envelope(), OWN, busy, "authentic", limits=Limits(brake=5_000)).answer


def test_two_messages_without_a_subject_are_both_answered():
    history = History(now=NOW, letters=letters(MINUTE, subject=" "))
    assert may_answer(mail(subject=""), envelope(), OWN, history, "authentic").answer


def test_f16_an_old_bounce_never_outlives_a_fresh_message():
    fresh = History(now=NOW, received_at=NOW - MINUTE, bounced_at=NOW - DAY)
    assert may_answer(mail(), envelope(), OWN, fresh, "authentic").answer
    waited = History(now=NOW, received_at=NOW - 90 * DAY, bounced_at=NOW - 61 * DAY)
    assert may_answer(mail(), envelope(), OWN, waited, "authentic").answer


def test_f16_a_bounce_cannot_be_weighed_without_the_messages_own_time():
    with pytest.raises(ValueError, match="give received_at"):
        History(now=NOW, bounced_at=NOW)


@pytest.mark.parametrize(("answer", "rule"), [(False, None), (True, "list")])
def test_f16_silence_without_a_rules_name_cannot_be_said(answer, rule):
    with pytest.raises(ValueError, match="a rule is named"):
        Manners(answer=answer, rule=rule, why="")


def test_a_forged_sender_gets_no_letter():
    manners = may_answer(mail(), envelope(), OWN, FRESH, "failed")
    assert (manners.answer, manners.rule) == (False, "failed-authenticity")


def test_a_sender_nobody_vouches_for_is_answered():
    assert may_answer(mail(), envelope(), OWN, FRESH, "unknown").answer


def test_subject_words_only_add_to_a_reason():
    with_word = may_answer(
        mail(headers={"precedence": "bulk"}, subject="Out of office: Amina"), envelope(), OWN, FRESH, "unknown"
    )
    without = may_answer(mail(headers={"precedence": "bulk"}), envelope(), OWN, FRESH, "unknown")
    assert with_word.rule == without.rule == "precedence"
    assert with_word.why == f"{without.why}; its subject speaks of automatic mail too"
