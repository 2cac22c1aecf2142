"""What goes out arrives once, whole and as it was written, and every refusal says what to do next."""

from __future__ import annotations

import asyncio
import re

import pytest

from channels.bench import Refusal
from intake.channel import DeliveryFailure, PermanentFailure, RouteClosed, TemporaryFailure, UncertainOutcome
from intake.chat import Button

REFERENCE = "LBL-26-4F7K2P-9D"
MARKED = "We have it: *not bold* _or_ <b>this</b> [link](x) & `code`. Reference LBL-26-4F7K2P-9D."


def words_to(scene, person=1):
    """Return what this resident was shown, part by part."""
    return [words for identity, words in scene.bench.sent() if identity == scene.bench.person(person)]


async def test_a_letter_arrives_as_it_was_written_and_the_platforms_id_of_it_is_kept(stage):
    async with stage() as scene:
        sent = await scene.channel.send(scene.letter(MARKED, person=2))
        (shown,) = words_to(scene, 2)
        assert MARKED in shown
        assert sent.answer and sent.provider_id
        assert len(scene.bench.sent()) == 1


async def test_the_short_form_is_what_is_sent_where_there_is_one(stage):
    async with stage() as scene:
        await scene.channel.send(scene.letter("the long letter", short="the short letter", html="<p>the long letter</p>"))
        (shown,) = words_to(scene)
        assert "the short letter" in shown and "long" not in shown


async def test_buttons_go_with_the_letter(stage):
    async with stage() as scene:
        buttons = tuple(Button(label=f"choice {number}", payload=f"case:{REFERENCE}:{number}") for number in range(1, 5))
        await scene.channel.send(scene.letter("What is it about?", buttons=buttons))
        assert sum("What is it about?" in shown for shown in words_to(scene)) == 1


async def test_letters_under_way_at_once_do_not_mix(stage):
    async with stage() as scene:
        channel = scene.channel
        letters = [scene.letter(f"for person {number} alone", person=number, number=number) for number in range(1, 6)]
        await asyncio.gather(*(channel.send(letter) for letter in letters))
        assert all(f"for person {number} alone" in words_to(scene, number)[0] for number in range(1, 6))
        assert len(scene.bench.sent()) == 5


async def test_a_long_letter_arrives_in_parts_in_order_with_nothing_lost_and_no_reference_cut(stage):
    async with stage() as scene:
        sentences = [
            f"Sentence {number} of the letter names {REFERENCE} once more." for number in range(scene.bench.longest // 12)
        ]
        paragraphs = ["\n".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4)]
        await scene.channel.send(scene.letter("\n\n".join(paragraphs)))
        parts = words_to(scene)
        whole = "\n".join(parts)
        assert len(parts) > 2 and all(0 < len(part) <= scene.bench.longest for part in parts)
        assert [int(number) for number in re.findall(r"Sentence (\d+) of the letter", whole)] == list(range(len(sentences)))
        assert whole.count(REFERENCE) == len(sentences)


async def test_a_word_longer_than_a_message_arrives_with_every_letter_of_it(stage):
    async with stage() as scene:
        await scene.channel.send(scene.letter("see " + "ж" * (2 * scene.bench.longest + 7) + " there"))
        parts = words_to(scene)
        assert all(len(part) <= scene.bench.longest for part in parts)
        assert "".join(parts).count("ж") == 2 * scene.bench.longest + 7 and "there" in parts[-1]


MEANS = {
    "busy": TemporaryFailure,
    "429": TemporaryFailure,
    "cut_before": TemporaryFailure,
    "refused": PermanentFailure,
    "blocked": RouteClosed,
    "window": RouteClosed,
}


@pytest.mark.parametrize("how", MEANS)
async def test_each_refusal_says_what_to_do_next(stage, how):
    async with stage() as scene:
        if how not in scene.bench.refusals:
            pytest.skip(f"{scene.bench.kind} knows no such refusal")
        scene.bench.refuse(how)
        with pytest.raises(DeliveryFailure) as caught:
            await scene.channel.send(scene.letter("the letter"))
        assert isinstance(caught.value, MEANS[how])
        assert isinstance(caught.value, RouteClosed) == (MEANS[how] is RouteClosed)
        if isinstance(caught.value, RouteClosed):
            assert caught.value.code in ({"blocked", "gone"} if how == "blocked" else {"window"})
        assert words_to(scene) == []


@pytest.mark.parametrize("how", ["busy", "429", "cut_before"])
async def test_what_failed_for_now_arrives_once_when_it_is_tried_again(stage, how):
    async with stage() as scene:
        if how not in scene.bench.refusals:
            pytest.skip(f"{scene.bench.kind} knows no such refusal")
        scene.bench.refuse(how)
        letter = scene.letter("the letter")
        with pytest.raises(TemporaryFailure):
            await scene.channel.send(letter)
        assert words_to(scene) == []
        await scene.channel.send(letter)
        assert len(words_to(scene)) == 1


async def test_a_letter_that_was_taken_without_an_answer_is_never_shown_twice(stage):
    async with stage() as scene:
        scene.bench.refuse("timeout_after_accept")
        letter = scene.letter("the letter")
        try:
            await scene.channel.send(letter)
        except TemporaryFailure:
            # Only a platform that knows a repeat by its key may be asked again.
            await scene.channel.send(letter)
        except UncertainOutcome:
            pass
        assert len(words_to(scene)) == 1


def test_every_refusal_has_its_meaning():
    assert {*MEANS, "timeout_after_accept"} == set(Refusal.__args__)
