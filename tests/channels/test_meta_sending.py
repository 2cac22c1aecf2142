"""Letters to Meta's channels: limits, buttons, the 24 hours, templates, and what each error means for the letter."""

import asyncio
import hashlib
import logging
from datetime import timedelta

import pytest

from channels.meta_fakes import BENCHES, NOON, Box, letter
from handlers.clock import FixedClock
from intake.channel import Outgoing, PermanentFailure, RouteClosed, TemporaryFailure, UncertainOutcome
from intake.chat import Button
from intake.identity import Identity
from standins.meta import ACCEPTED, TOKEN

KINDS = list(BENCHES)
PAGES = ["messenger", "instagram"]
PATIENT = 60
"""Seconds for an answer that does come: a busy machine must not look like a broken link."""
REFERENCE = "LBL-26-4F7K2P-9D"
CHOICES = tuple(Button(label=f"Choice {number}", payload=f"q1:{number}") for number in range(1, 5))


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def sending(tmp_path, box):
    """Return a function that sends letters, one after the other, to the stand-in, and gives the bench and what came of each."""

    def send(kind, *letters, refuse=(), **settings):
        async def run():
            bench = BENCHES[kind]()
            async with bench:
                before = settings.pop("before", lambda _bench: None)
                before(bench)
                channel = bench.channel(tmp_path, box, FixedClock(NOON), **({"timeout": PATIENT} | settings))
                assert isinstance(channel, Outgoing)
                for how in refuse:
                    bench.refuse(how)
                outcomes = []
                for each in letters:
                    try:
                        outcomes.append(await channel.send(each(bench)))
                    except Exception as failure:  # noqa: BLE001 - the test looks at it
                        outcomes.append(failure)
                await channel.close()
                return bench, outcomes

        return asyncio.run(run())

    return send


def to(text="We have your message.", person=1, **more):
    return lambda bench: letter(bench.person(person), text, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_arrives_and_its_id_is_known(sending, kind):
    bench, [sent] = sending(kind, to(f"Your reference is {REFERENCE}.", heard_at=NOON - timedelta(hours=23)))
    assert bench.sent() == [(bench.person(1), f"Your reference is {REFERENCE}.")]
    assert sent.provider_id == bench.meta.letters[0]["id"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_token_goes_in_a_header_with_its_proof_and_nowhere_else(sending, kind, caplog):
    with caplog.at_level(logging.DEBUG):
        bench, _ = sending(kind, to("my flat is damp"))
    [asked] = bench.meta.asked
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in str(asked.query) + asked.path + asked.body.decode()
    assert TOKEN not in caplog.text
    assert "damp" not in caplog.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [f"{REFERENCE}. " * 600, "é" * 3000, "😀 " * 2200, "a\n\nb " * 2000])
def test_a_long_letter_goes_in_parts_that_meta_takes_and_nothing_is_lost(sending, kind, text):
    bench, [sent] = sending(kind, to(text, buttons=CHOICES))
    assert sent.provider_id == bench.meta.letters[-1]["id"]
    parts = [words for _, words in bench.sent()]
    assert len(parts) > 1
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert sum(part.count(REFERENCE) for part in parts) == text.count(REFERENCE)


@pytest.mark.parametrize("kind", PAGES)
def test_buttons_are_quick_replies_under_the_last_part(sending, kind):
    bench, _ = sending(kind, to("word " * 500, buttons=CHOICES))
    *before, last = bench.meta.letters
    assert all("quick_replies" not in each["message"] for each in before)
    assert last["message"]["quick_replies"][0] == {"content_type": "text", "title": "Choice 1", "payload": "q1:1"}
    assert len(last["message"]["quick_replies"]) == 4


@pytest.mark.parametrize(("count", "shape"), [(1, "button"), (3, "button"), (4, "list"), (10, "list")])
def test_whatsapp_has_buttons_for_three_choices_and_a_list_for_ten(sending, count, shape):
    buttons = tuple(Button(label=f"Choice {number}", payload=f"q:{number}") for number in range(count))
    bench, _ = sending("whatsapp", to("What is it about?", buttons=buttons))
    [sent] = bench.meta.letters
    action = sent["interactive"]["action"]
    assert sent["interactive"]["type"] == shape
    ids = (
        [each["reply"]["id"] for each in action["buttons"]]
        if shape == "button"
        else [r["id"] for r in action["sections"][0]["rows"]]
    )
    assert ids == [button.payload for button in buttons]


@pytest.mark.parametrize("kind", KINDS)
def test_more_choices_than_a_platform_has_buttons_for_stand_in_the_words(sending, kind):
    buttons = tuple(Button(label=f"Choice {number}", payload=f"q:{number}") for number in range(14))
    bench, _ = sending(kind, to("What is it about?", buttons=buttons))
    assert all(button.label in bench.sent()[0][1] for button in buttons)


def test_above_buttons_whatsapp_takes_1024_characters_and_the_rest_goes_before(sending):
    bench, _ = sending("whatsapp", to("word " * 700, buttons=CHOICES))
    assert [each["type"] for each in bench.meta.letters][-1] == "interactive"
    assert len(bench.meta.letters) > 1


@pytest.mark.parametrize(
    ("user", "field"),
    [("447700900001", "to"), ("GB.AbC123", "recipient"), ("US.ENT.118", "recipient"), ("GB.12345", "recipient")],
)
def test_a_number_is_addressed_as_a_number_and_a_scoped_id_as_a_recipient(sending, user, field):
    whom = str(Identity(channel="whatsapp", account="housing-line", user=user))
    bench, _ = sending("whatsapp", lambda _bench: letter(whom))
    assert bench.meta.letters[0][field] == user
    assert bench.sent() == [(whom, "We have your message.")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("whom", ["ada@mail.example", "telegram:bot:1", "messenger:another-page:7001", "whatsapp:another:44"])
def test_somebody_whom_this_account_does_not_know_gets_nothing(sending, kind, whom):
    bench, [failure] = sending(kind, lambda _bench: letter(whom))
    assert type(failure) is PermanentFailure
    assert not bench.meta.asked


MEANT = {
    "busy": (TemporaryFailure, None),
    "429": (TemporaryFailure, None),
    "cut_before": (TemporaryFailure, None),
    "token": (TemporaryFailure, None),
    "permission": (TemporaryFailure, None),
    "timeout_after_accept": (UncertainOutcome, None),
    "refused": (PermanentFailure, None),
    "window": (RouteClosed, "window"),
    "gone": (RouteClosed, "gone"),
    "expired": (TemporaryFailure, None),
    "later": (TemporaryFailure, None),
    "limit": (TemporaryFailure, None),
    "accepted_and_error": (UncertainOutcome, None),
    **dict.fromkeys(ACCEPTED, (UncertainOutcome, None)),
    "503": (TemporaryFailure, None),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", MEANT)
def test_each_error_says_what_to_do_next_and_quotes_nobody(sending, kind, how, caplog):
    failure, code = MEANT[how]
    with caplog.at_level(logging.DEBUG):
        _, [outcome] = sending(kind, to("my flat is damp"), refuse=[how], timeout=1 if "timeout" in how else PATIENT)
    assert isinstance(outcome, failure)
    assert isinstance(outcome, RouteClosed) == (code is not None)
    assert getattr(outcome, "code", None) == code
    assert "damp" not in str(outcome) + caplog.text


@pytest.mark.parametrize("kind", PAGES)
def test_who_has_blocked_the_page_is_known_as_blocked(sending, kind):
    _, [outcome] = sending(kind, to(), refuse=["blocked"])
    assert (type(outcome), outcome.code) == (RouteClosed, "blocked")


@pytest.mark.parametrize(
    ("kind", "how"),
    [*((kind, how) for kind in KINDS for how in ("token", "permission", "expired")), ("messenger", "restricted")],
)
def test_what_our_own_people_must_mend_is_told_to_the_desk(sending, box, kind, how):
    _, [outcome] = sending(kind, to(), refuse=[how])
    [(matter, trouble)] = box.standing
    assert matter == "sending"
    assert "mend" in trouble
    assert isinstance(outcome, RouteClosed if how == "restricted" else TemporaryFailure)


@pytest.mark.parametrize("kind", KINDS)
def test_what_passes_by_itself_is_not_told_as_a_fault_of_ours(sending, box, kind):
    sending(kind, to(), refuse=["busy"])
    assert box.standing == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_that_goes_out_again_ends_the_trouble_and_tells_so_once(sending, box, kind):
    sending(kind, to(), to("again"), to("and again"), refuse=["token"])
    assert [trouble is None for _, trouble in box.standing] == [False, True]


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_that_is_sent_on_to_another_id_begins_there_with_its_first_words(sending, kind):
    text = "\n\n".join(f"Paragraph {number}: {'word ' * 500}" for number in range(3))
    for refused in ("busy", "gone"):
        bench, [_, second] = sending(kind, to(text), to(text, person=2), refuse=["none", refused])
        assert not isinstance(second, Exception)
        other = [words for who, words in bench.sent() if who == bench.person(2)]
        assert "".join("".join(other).split()) == "".join(text.split())


def test_a_token_file_that_is_missing_keeps_the_letter_for_later(sending, tmp_path):
    _, [outcome] = sending("messenger", to(), access_token_file=str(tmp_path / "none"))
    assert isinstance(outcome, TemporaryFailure)


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_busy_moment_only_the_parts_that_were_not_taken_go_again(sending, kind):
    text = "\n\n".join(f"Paragraph {number}: {'word ' * 500}" for number in range(6))
    bench, [first, second] = sending(kind, to(text), to(text), refuse=["none", "none", "busy"])
    assert isinstance(first, TemporaryFailure)
    assert (*second.earlier_ids, second.provider_id) == tuple(each["id"] for each in bench.meta.letters)
    assert "".join("".join(words for _, words in bench.sent()).split()) == "".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("automatic", [True, False])
def test_a_letter_after_24_hours_is_not_even_tried(sending, kind, automatic):
    bench, [outcome] = sending(kind, to(heard_at=NOON - timedelta(hours=24, seconds=1), automatic=automatic))
    assert (type(outcome), outcome.code) == (RouteClosed, "window")
    assert not bench.meta.asked


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize(
    ("days", "automatic", "goes"),
    [(3, False, True), (3, True, False), (8, False, False), (0.5, False, True), (0.5, True, True)],
)
def test_the_human_agent_tag_is_for_what_a_person_wrote_within_seven_days(sending, kind, days, automatic, goes):
    late = to(heard_at=NOON - timedelta(days=days), automatic=automatic)
    bench, [outcome] = sending(kind, late, human_agent=True)
    assert isinstance(outcome, RouteClosed) != goes
    tags = [each.get("tag") for each in bench.meta.letters]
    assert tags == ([] if not goes else ["HUMAN_AGENT" if days > 1 else None])


@pytest.mark.parametrize("late", ["by our clock", "by theirs"])
@pytest.mark.parametrize("takes", [True, False])
def test_outside_the_window_whatsapp_sends_the_approved_template_and_no_word_of_the_complaint(sending, late, takes):
    heard = NOON - timedelta(hours=30 if late == "by our clock" else 1)
    bench, [sent] = sending(
        "whatsapp",
        to(f"My flat is damp. Reference {REFERENCE}.", heard_at=heard),
        refuse=["window"] if late == "by theirs" else [],
        template={"name": "case_update", "language": "en_GB", "takes_reference": takes},
        before=lambda bench: bench.meta.templates.update(case_update=int(takes)),
    )
    [template] = bench.meta.letters
    assert sent.provider_id == template["id"]
    assert template["template"]["name"] == "case_update"
    assert "only announced" in sent.answer
    assert "damp" not in str(bench.meta.letters)
    assert (REFERENCE in str(template)) == takes


def test_a_template_that_wants_a_reference_is_not_sent_without_one(sending):
    bench, [outcome] = sending(
        "whatsapp", to("Hello.", heard_at=NOON - timedelta(days=2)), template={"name": "case_update", "takes_reference": True}
    )
    assert (type(outcome), outcome.code) == (RouteClosed, "window")
    assert not bench.meta.asked


@pytest.mark.parametrize(("how", "code"), [("refused", "window"), ("blocked", "gone")])
def test_where_the_template_is_refused_too_the_letter_can_go_another_way(sending, how, code):
    late = to("Hello.", heard_at=NOON - timedelta(days=2))
    _, [outcome] = sending("whatsapp", late, refuse=[how], template={"name": "case_update"})
    assert (type(outcome), outcome.code) == (RouteClosed, code)


def test_a_letter_whose_first_part_was_taken_inside_the_window_is_still_announced_when_the_rest_is_too_late(sending):
    bench, [sent] = sending(
        "whatsapp",
        to("word " * 2000),
        refuse=["none", "window"],
        template={"name": "case_update"},
        before=lambda bench: bench.meta.templates.update(case_update=0),
    )
    assert [each["type"] for each in bench.meta.letters] == ["text", "template"]
    assert sent.provider_id == bench.meta.letters[-1]["id"]


def test_a_letter_to_a_page_carries_a_mark_by_which_its_echo_is_known(sending):
    bench, _ = sending("messenger", to())
    digest = hashlib.sha256(b"<letter-1@housing.example>").hexdigest()[:16]
    assert bench.meta.letters[0]["message"]["metadata"] == f"council-intake:{digest}"


def test_a_letter_without_words_is_refused_and_not_tried(sending):
    bench, [outcome] = sending("whatsapp", lambda bench: letter(bench.person(1), " ", buttons=CHOICES))
    assert isinstance(outcome, PermanentFailure)
    assert not bench.meta.asked


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("user", ["comment.1_2", "post.9_8"])
@pytest.mark.parametrize(("days", "goes"), [(6, True), (8, False)])
def test_a_comment_is_answered_once_privately_for_seven_days(sending, kind, user, days, goes):
    def invitation(bench):
        whom = str(Identity(channel=kind, account=bench.account, user=user))
        return letter(whom, "Please send us a message.", heard_at=NOON - timedelta(days=days))

    bench, [outcome] = sending(kind, invitation)
    what, _, name = user.partition(".")
    assert [each["recipient"] for each in bench.meta.letters] == ([{f"{what}_id": name}] if goes else [])
    assert isinstance(outcome, RouteClosed) != goes


def test_a_comment_is_not_answered_by_several_messages(sending):
    whom = str(Identity(channel="messenger", account="housing-page", user="comment.1"))
    bench, [outcome] = sending("messenger", lambda _bench: letter(whom, "word " * 500))
    assert isinstance(outcome, PermanentFailure)
    assert not bench.meta.asked
