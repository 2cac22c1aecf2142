"""Loops that no header shows: they end, what ends them is told once, and nobody is left without a task."""

import email
import email.policy
from datetime import timedelta

import pytest

from handlers.providers import is_provided
from houses import arrive, mail, settle
from intake.composing import compose
from promises.looking import everything, send
from store.models import Case, OutboxEntry, OutboxState, Task


def sent_by(house):
    """Send what is due; return each letter as the mail that its recipient gets."""
    return [email.message_from_bytes(compose(reply), policy=email.policy.default) for reply in send(house).sent]


def test_the_brake_holds_within_one_batch_too(house_of):
    house = house_of()
    arrive(house, mail("complaint! The lift is broken."))
    settle(house)
    (letter,) = sent_by(house)
    for number in range(70):
        sender = f"b{number}@x{number}.example"
        words = f"complaint! Robot {'x' * number} speaks."
        arrive(house, mail(words, sender=sender, subject="Re: yours", In_Reply_To=letter["Message-ID"]), sender=sender)
    settle(house)
    assert len(sent_by(house)) == 50
    assert len(everything(house, Case)) == 71
    assert len(everything(house, Task, kind="loop_stopped")) == 1


def test_a_busy_morning_of_residents_with_words_of_their_own_is_no_loop(house_of):
    house = house_of()
    for number in range(70):
        words = f"complaint! {'The damp is back and nobody came. ' * (number + 1)}"
        arrive(house, mail(words, sender=f"t{number}@resident.example"), sender=f"t{number}@resident.example")
    settle(house)
    assert len(sent_by(house)) == 70
    assert not everything(house, Task, kind="loop_stopped")


def test_tags_after_a_plus_make_nobody_new(house_of):
    house = house_of()
    for number in range(30):
        sender = f"bot+{number}@mail.example"
        arrive(house, mail(f"complaint! {'x' * number}", sender=sender, subject=f"s{number}"), sender=sender)
        settle(house)
    assert len(sent_by(house)) == 20
    assert {letter.rule for letter in everything(house, OutboxEntry, state=OutboxState.SUPPRESSED)} == {"hourly-cap"}


def test_a_day_after_a_loop_residents_are_answered_again_and_a_new_loop_is_told_again(house_of):
    house = house_of(manners={"same_words": 3})
    for day in range(2):
        for number in range(6):
            sender = f"b{day}{number}@x.example"
            arrive(house, mail("complaint! Always the same.", sender=sender, subject=f"{day} {number}"), sender=sender)
            settle(house)
        assert len(everything(house, Task, kind="loop_stopped")) == day + 1
        house.clock.at += timedelta(days=1, minutes=1)


def test_letters_to_ever_new_domains_stop_within_one_batch_and_residents_at_large_providers_never_notice(house_of):
    house = house_of(manners={"elsewhere": 10})
    for number in range(30):
        domain = "gmail.com" if number % 2 else f"x{number}.example"
        sender, words = f"somebody{number}@{domain}", f"complaint! It {'leaks ' * (number + 1)}."
        arrive(house, mail(words, sender=sender, subject="y" * (number + 1)), sender=sender)
    settle(house)
    told = [letter.recipient.rpartition("@")[2] == "gmail.com" for letter in send(house).sent]
    assert (told.count(True), told.count(False)) == (15, 10)
    held = everything(house, OutboxEntry, state=OutboxState.SUPPRESSED)
    assert [letter.rule for letter in held] == ["elsewhere-brake"] * 5
    assert len(everything(house, Task, kind="loop_stopped")) == 1


@pytest.mark.parametrize(
    "address", ["a@gmail.com", "a@Hotmail.co.uk", "a@live.com", "a@yahoo.co.uk", "a@btinternet.com", "a@outlook.fr"]
)
def test_large_providers_are_known_by_their_names_in_every_country(address):
    assert is_provided(address)


@pytest.mark.parametrize(
    "address",
    ["a@live.bots.example.com", "a@gmail.com.example", "a@notgmail.com", "a@example.org", "a@aol", "a@live.bots.com", ""],
)
def test_nobody_becomes_a_large_provider_by_a_likeness(address):
    assert not is_provided(address)
