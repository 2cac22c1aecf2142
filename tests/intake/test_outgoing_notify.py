"""Letters by GOV.UK Notify: what it is told, what each of its answers means, and that nothing goes twice."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from handlers.clock import FixedClock
from intake.channel import (
    Correspondent,
    InboxUnavailable,
    PermanentFailure,
    Reply,
    Sent,
    TemporaryFailure,
    UncertainOutcome,
    Webhook,
    WebhookRequest,
)
from intake.notify.words import escaped, personalisation
from intake.outgoing import notify
from intake.reading import read
from standins import loopback
from standins.loopback import Said
from standins.notify import REPLY_TO, SECRETS, SERVICE, TEMPLATE, TOKEN, NotifyServer, key

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REFERENCE = "intake.complaint_acknowledged.1.1.k.abcdefghijklmnop@letters.landlord.example"
LETTER_ID = "201b576e-c09b-467b-9dfa-9c3b689ee730"


class Box:
    """An inbox that remembers what it was told."""

    def __init__(self):
        self.kept, self.standing, self.contacts, self.refusals, self.is_away = [], {}, [], 0, False

    def put(self, messages):
        if self.is_away:
            raise InboxUnavailable("away")
        self.kept += messages

    def stands(self, channel, account, matter, trouble):
        self.standing[matter] = trouble

    def heard(self, channel, account, error=None):
        self.contacts.append(error)

    def refused(self, channel, account):
        self.refusals += 1


@pytest.fixture
def server():
    standin = NotifyServer()
    standin.open()
    yield standin
    standin.close()


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def way(server, box, tmp_path):
    """Return what makes a way out with these changes to its settings."""
    built = []

    def make(**changes):
        built.append(notify.build(settings(tmp_path, server.url, **changes), box, FixedClock(NOON)))
        return built[-1]

    yield make
    for one in built:
        asyncio.run(one.close())


def settings(folder, url, *, secret=None, key_type="live", **changes):
    (folder / "key").write_text(secret or key(key_type))
    (folder / "token").write_text(f"{TOKEN}\n")
    usual = {"timeout": 1.5, "deadline": 5, "reconcile_within": 0.2, "reconcile_every": 0.02, "reply_to_id": REPLY_TO}
    files = {"key_file": folder / "key", "callback_token_file": folder / "token"}
    given = {"template_id": TEMPLATE, "base_url": url, "key_type": key_type} | usual | files | changes
    return notify.Settings(**given)


def reply(**changes):
    usual = {
        "message_id": f"<{REFERENCE}>",
        "sender": "housing@landlord.example",
        "sender_name": "Housing",
        "recipient": "ada@resident.example",
        "subject": "Your complaint LBL-26-4F7K2P-9D",
        "text": "We are looking into it.\n",
        "written_at": NOON,
    }
    return Reply(**(usual | changes))


def sent(way, letter=None):
    return asyncio.run(way.send(letter or reply()))


# What Notify is told.


def test_a_letter_is_taken_once_with_its_reference_and_the_proof_of_it_is_kept(server, way, box):
    proof = sent(way())
    (letter,) = server.letters
    assert letter["asked"]["reference"] == letter["reference"] == REFERENCE
    assert letter["asked"]["email_reply_to_id"] == REPLY_TO
    assert (letter["subject"], letter["body"].strip()) == ("Your complaint LBL-26-4F7K2P-9D", "We are looking into it.")
    answer = f"GOV.UK Notify took it: {letter['id']}, template {TEMPLATE} version 3"
    assert proof == Sent(answer=answer, provider_id=letter["id"])
    assert box.standing == {"sending": None}


def test_it_is_a_way_out_a_listener_and_a_webhook_and_the_reference_tells_of_nobody(way):
    built = way()
    assert isinstance(built, Correspondent)
    assert isinstance(built, Webhook)
    assert "ada" not in REFERENCE


TEXT = """Dear resident,

Who deals with it: https://landlord.example/how_we-work_[1]

1. The boiler [click](https://bad.example) is *dead*
2. # Nobody came

We know of it: https://landlord.example/policy_a.
"""


def test_their_words_are_in_a_field_that_notify_sanitises_and_our_links_stay(server, way):
    theirs = ("The boiler [click](https://bad.example) is *dead*", "# Nobody came")
    filled = personalisation(reply(text=TEXT.replace("https://bad", "bad"), theirs=theirs[1:]))
    assert filled["resident_words"] == "2. # Nobody came"
    assert filled["rest"] == "We know of it: https://landlord.example/policy_a."
    assert "https://landlord.example/how_we-work_[1]" in filled["body"]
    sent(way(), reply(text=TEXT.replace("https://bad", "bad"), theirs=theirs[1:]))
    (letter,) = server.letters
    assert letter["asked"]["sanitise_content_for"] == ["resident_words"]
    assert "2. \\# Nobody came" in letter["body"]
    assert "https://landlord.example/policy_a" in letter["body"]


def test_where_an_address_of_ours_stands_between_their_words_all_is_escaped_by_us():
    text = "1. One *thing*\n\nSee https://landlord.example/a_b\n\n2. Another"
    filled = personalisation(reply(text=text, theirs=("One *thing*", "Another")))
    assert filled["resident_words"] == filled["rest"] == ""
    assert filled["body"] == "1. One \\*thing\\*\n\nSee https://landlord.example/a_b\n\n2. Another"


def test_nothing_of_theirs_leaves_their_fields_empty():
    filled = personalisation(reply(text="Hello", theirs=("not in it", " ")))
    assert filled == {"subject": "Your complaint LBL-26-4F7K2P-9D", "body": "Hello", "resident_words": "", "rest": ""}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, (stage 1)", "plain words, (stage 1)"),
        ("[Pay here](https://bad.example/a_b)", "\\[Pay here\\](https://bad.example/a_b)"),
        ("# Big\n  ## Less", "\\# Big\n  \\## Less"),
        ("^ Set in\n ^^ more", "Set in\nmore"),
        ("a\\b `c` *d* _e_", "a\\\\b \\`c\\` \\*d\\* \\_e\\_"),
        ("1. one\n- two", "1. one\n- two"),
        ("Call # 5", "Call # 5"),
        ("((name)) asked", "((name)) asked"),
    ],
)
def test_plain_text_stays_as_it_is_under_notifys_markdown(text, shown):
    assert escaped(text) == shown


@pytest.mark.parametrize("bad", ["\0", "\ud800"])
def test_what_no_mail_may_carry_is_given_up_before_anybody_is_called(server, way, bad):
    with pytest.raises(PermanentFailure):
        sent(way(), reply(text=f"words {bad}"))
    assert server.asked == []


# What each answer means.


@pytest.mark.parametrize(
    ("how", "failure", "is_told"),
    [
        ("429", TemporaryFailure, False),
        ("daily", TemporaryFailure, True),
        ("500", TemporaryFailure, False),
        ("trial", PermanentFailure, False),
        ("too_large", PermanentFailure, False),
        ("gateway", UncertainOutcome, False),
    ],
)
def test_each_refusal_is_for_now_for_good_or_for_our_people_to_mend(server, way, box, *, how, failure, is_told):
    server.how = how
    with pytest.raises(failure):
        sent(way())
    assert bool(box.standing.get("sending")) is is_told
    assert server.letters == []


def test_an_address_that_cannot_be_is_given_up_and_troubles_nobody_else(way, box):
    with pytest.raises(PermanentFailure, match=r"400 \(ValidationError\)$"):
        sent(way(), reply(recipient="ada"))
    assert box.standing == {}


def gone(server):
    server.templates.clear()


def renamed(server):
    server.templates[TEMPLATE]["body"] = "((body))\n((name))"


def no_reply_to(server):
    server.reply_tos.clear()


def clock_off(server):
    server.clock = lambda: 0.0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(gone, "template_id"), (renamed, "the template"), (no_reply_to, "reply_to_id"), (clock_off, "clock")],
)
def test_what_our_people_set_up_wrongly_gives_no_letter_up_and_stands_until_mended(server, way, box, wrong, said):
    built = way()
    kept = {name: dict(template) for name, template in server.templates.items()}
    wrong(server)
    with pytest.raises(TemporaryFailure):
        sent(built)
    assert said in box.standing["sending"]
    server.templates, server.reply_tos, server.clock = kept, {REPLY_TO}, NotifyServer().clock
    sent(built)
    assert box.standing["sending"] is None


@pytest.mark.parametrize("secret", [f"a_live_key-{SERVICE}-{SECRETS['live'][:-1]}9", f"live-{TEMPLATE}-{SECRETS['live']}"])
def test_a_key_that_notify_does_not_know_stands_as_trouble(way, box, secret):
    with pytest.raises(TemporaryFailure, match="403"):
        sent(way(secret=secret))
    assert "look at the key" in box.standing["sending"]


def test_a_team_key_gives_up_letters_to_others_and_sends_to_the_team(server, way):
    built = way(key_type="team")
    with pytest.raises(PermanentFailure):
        sent(built)
    sent(built, reply(recipient="officer@landlord.example"))
    assert [letter["email_address"] for letter in server.letters] == ["officer@landlord.example"]


def test_while_notify_is_away_a_letter_waits(server, way):
    built = way()
    server.go_away()
    with pytest.raises(TemporaryFailure, match="cannot be reached"):
        sent(built)
    server.come_back()
    sent(built)
    assert len(server.letters) == 1


def test_a_redirect_is_not_followed_and_is_ours_to_mend(server, way, box):
    server.faults = [Said(302, None, {"Location": f"{server.url}/v2/elsewhere"})]
    with pytest.raises(TemporaryFailure, match="302"):
        sent(way())
    assert len(server.asked) == 1
    assert box.standing["sending"]


def test_nothing_that_notify_says_of_a_letter_reaches_a_log_or_an_answer(server, way, caplog):
    caplog.set_level(logging.DEBUG, logger="intake")
    server.faults = [
        Said(400, {"status_code": 400, "errors": [{"error": "ValidationError", "message": "Ada lives at 4 Elm Road"}]})
    ]
    with pytest.raises(PermanentFailure) as raised:
        sent(way())
    assert "Elm" not in str(raised.value)
    assert not any("Elm" in record.getMessage() for record in caplog.records if record.name.startswith("intake"))


# Nothing goes twice.


def test_a_letter_that_was_taken_without_an_answer_is_found_and_not_sent_again(server, way):
    server.how = "timeout_after_accept"
    proof = sent(way())
    assert proof.provider_id == server.letters[0]["id"]
    assert "found" in proof.answer
    assert len(server.letters) == 1


def test_it_is_asked_for_until_it_is_found(server, way):
    server.how, server.unknown_for = "timeout_after_accept", 3
    assert sent(way(reconcile_within=5)).provider_id == server.letters[0]["id"]
    assert server.asked_for == [REFERENCE] * 4


def test_what_is_never_found_is_uncertain(server, way):
    server.how = "lost"
    with pytest.raises(UncertainOutcome, match="does not know the letter"):
        sent(way())
    assert len(server.asked_for) > 1


def test_where_nobody_can_be_asked_it_waits_and_is_asked_for_before_it_goes_again(server, way):
    server.faults = [Said(201, {}, late=True), *[Said(500, {"errors": [{"error": "Exception"}]})] * 40]
    with pytest.raises(TemporaryFailure, match="asked for before it goes again"):
        sent(way(reconcile_within=0.1))
    server.faults = [Said(500, {"errors": [{"error": "Exception"}]})]
    with pytest.raises(TemporaryFailure, match="could not be asked"):
        sent(way(), reply(again=True))
    assert server.letters == []


TIMED_OUT = {"status_code": 504, "errors": [{"error": "Timeout", "message": "took too long"}]}


@pytest.mark.parametrize(
    "said", [Said(408), Said(502, b"<html>"), Said(503), Said(504, TIMED_OUT)], ids=lambda said: said.status
)
def test_what_those_before_notify_answer_leaves_open_whether_it_went(server, way, box, said):
    server.faults = [said]
    with pytest.raises(UncertainOutcome, match="does not know the letter"):
        sent(way(reconcile_within=0))
    assert box.standing == {}


@pytest.mark.parametrize("said", [Said(201, {}), Said(201, [1]), Said(201, b"taken"), Said(204), Said(200, {"id": 7})])
def test_a_yes_that_makes_no_sense_is_asked_about(server, way, said):
    server.faults = [said]
    with pytest.raises(UncertainOutcome, match="does not know the letter"):
        sent(way(reconcile_within=0))
    assert server.asked_for == [REFERENCE]


def test_a_second_attempt_asks_first_and_sends_only_what_is_not_there(server, way):
    built = way()
    sent(built)
    assert sent(built, reply(again=True)).provider_id == server.letters[0]["id"]
    other = reply(again=True, message_id="<intake.receipt.2.2.k.abc@letters.landlord.example>")
    assert sent(built, other).provider_id == server.letters[1]["id"]
    # The same letter that went to somebody else before goes to this address for the first time.
    assert sent(built, reply(again=True, recipient="ben@resident.example")).provider_id == server.letters[2]["id"]
    assert len(server.letters) == 3


def test_a_letter_that_had_no_turn_in_time_is_surely_not_sent(server, way, monkeypatch):
    monkeypatch.setattr(loopback, "HANGS", 1.0)
    server.how = "timeout_after_accept"
    built = way(connections=1, timeout=2, deadline=0.3, reconcile_within=0)

    async def both():
        second = reply(message_id="<another@letters.landlord.example>")
        return await asyncio.gather(built.send(reply()), built.send(second), return_exceptions=True)

    first, second = asyncio.run(both())
    assert isinstance(first, TemporaryFailure)
    assert isinstance(second, TemporaryFailure)
    assert "no turn" in str(second)
    assert [letter["reference"] for letter in server.letters] == [REFERENCE]


# Keys and settings.


@pytest.mark.parametrize(
    ("secret", "key_type", "said"),
    [
        (key("live"), "test", "key_type"),
        (key("live"), "team", "key_type"),
        (key("test"), "live", "key_type"),
        (key("live").replace("live", "alive"), "live", "key_type"),
        ("a password", "live", "no key"),
        ("", "live", "no key"),
        (key("live")[:-1], "live", "no key"),
    ],
)
def test_a_key_that_the_settings_do_not_name_by_its_type_is_never_shown_to_anybody(server, way, box, *, secret, key_type, said):
    built = way(secret=secret or "\n", key_type=key_type)
    with pytest.raises(TemporaryFailure, match=said) as raised:
        sent(built)
    assert server.asked == []
    assert SECRETS["live"] not in str(raised.value) + box.standing["sending"]
    assert any(said in sentence for sentence in built._settings.mistakes())


@pytest.mark.parametrize(
    ("key_type", "token", "mistakes"),
    [("live", TOKEN, []), ("test", TOKEN, ["delivers none"]), ("live", "short", ["fewer than 10"])],
)
def test_what_the_settings_should_be_told_of_key_and_token(tmp_path, key_type, token, mistakes):
    made = settings(tmp_path, notify.Settings.model_fields["base_url"].default, key_type=key_type)
    (tmp_path / "token").write_text(token)
    found = made.mistakes()
    assert [any(part in sentence for sentence in found) for part in mistakes] == [True] * len(found)
    (tmp_path / "key").unlink()
    assert made.mistakes() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "http://notify.example"},
        {"template_id": "acknowledgement"},
        {"deadline": 300},
        {"key_type": "production", "secret": "x"},
        {"account": "Notify hook"},
        {"reply_to_id": "housing@landlord.example"},
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path, wrong):
    with pytest.raises(ValidationError):
        settings(tmp_path, "https://api.example", **wrong)


@pytest.mark.parametrize(("wrong", "trouble"), [(None, None), (gone, "template_id"), (renamed, "lacks"), (clock_off, "clock")])
def test_key_and_template_are_looked_at_without_a_letter(server, way, box, wrong, trouble):
    if wrong is not None:
        wrong(server)
    asyncio.run(listened(way(), lambda: box.contacts))
    assert box.contacts == [None]
    assert (box.standing["upkeep"] is None) if trouble is None else trouble in box.standing["upkeep"]
    assert server.letters == []


def test_that_notify_cannot_be_reached_is_told_and_mends_nothing(server, way, box):
    server.go_away()
    asyncio.run(listened(way(), lambda: box.contacts))
    assert "cannot be reached" in box.contacts[0]
    assert box.standing == {}


async def listened(built, enough):
    listening = asyncio.create_task(built.listen())
    async with asyncio.timeout(10):
        while not enough():  # noqa: ASYNC110 - what is waited for happens in a thread
            await asyncio.sleep(0.01)
    listening.cancel()
    await asyncio.wait([listening])


# What became of letters.


def told(status="permanent-failure", **changes):
    usual = {
        "id": LETTER_ID,
        "reference": REFERENCE,
        "to": "ada@resident.example",
        "status": status,
        "completed_at": "2026-11-23T12:01:00.000000Z",
        "notification_type": "email",
    }
    return json.dumps(usual | changes).encode()


def asked(body, token=f"Bearer {TOKEN}", method="POST"):
    headers = () if token is None else (("authorization", token),)
    return WebhookRequest(method=method, query=(), headers=headers, body=body)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (asked(told()), 200),
        (asked(told("sending")), 200),
        (asked(told("a-state-of-tomorrow")), 200),
        (asked(told(), token=None), 401),
        (asked(told(), token=TOKEN), 401),
        (asked(told(), token=f"Bearer {TOKEN}x"), 401),
        (asked(told(), token="Bearer "), 401),
        (asked(told(), token="Bearer \xff"), 401),
        (asked(told(), method="GET"), 401),
        (asked(b"{"), 400),
        (asked(b"[" * 100_000), 400),
        (asked(b"[]"), 400),
        (asked(told(id="../x")), 400),
        (asked(told(status=5)), 400),
    ],
)
def test_a_callback_is_believed_by_its_token_and_kept_where_it_is_an_end(way, box, request_, status):
    assert way().answer(request_).status == status
    assert len(box.kept) == (request_.body == told() and status == 200)
    assert box.refusals == (status == 401)


def test_yes_is_said_only_when_it_is_kept_and_a_file_that_is_gone_is_told(way, box, tmp_path):
    built = way()
    box.is_away = True
    assert built.answer(asked(told())).status == 503
    (tmp_path / "token").unlink()
    assert built.answer(asked(told())).status == 500
    assert "callback_token_file" in box.contacts[0]


def test_an_empty_token_lets_nobody_in(way, box, tmp_path):
    built = way()
    (tmp_path / "token").write_text("")
    assert built.answer(asked(told(), token="Bearer ")).status == 401
    assert box.kept == []


def test_a_receipt_has_one_name_however_it_comes_and_keeps_no_address(server, way, box):
    built = way()
    proof = sent(built)
    server.ends(server.letters[0], "permanent-failure")
    asyncio.run(built.ask(proof.provider_id))
    built.answer(asked(told(id=proof.provider_id)))
    first, second = box.kept
    assert first.external_id == second.external_id == f"{proof.provider_id}:permanent-failure"
    assert b"ada@" not in first.raw + second.raw
    chat = read(second.raw, second.media_type, NOON).chat
    assert (chat.act, chat.about, chat.progress, chat.code) == ("receipt", proof.provider_id, "failed", "permanent-failure")
    assert chat.happened_at == datetime(2026, 11, 23, 12, 1, tzinfo=UTC)


def test_what_is_undecided_or_forgotten_is_no_receipt(server, way, box):
    built = way()
    proof = sent(built)
    asyncio.run(built.ask(proof.provider_id))
    asyncio.run(built.ask(LETTER_ID))
    assert box.kept == []


@pytest.mark.parametrize("raw", [b"{}", told("sending"), b'"x"', told()])
def test_what_is_no_kept_receipt_cannot_be_read(raw):
    reading = read(raw, "application/vnd.council-intake.notify+json", NOON)
    assert reading.unreadable
