"""What is taken out of words before a letter repeats them, and what is left alone."""

from __future__ import annotations

import time

import pytest

from handlers.redaction import is_abusive, visible, without_places


@pytest.mark.parametrize(
    ("said", "repeated"),
    [
        ("see https://evil.example/pay?x=1 now", "see [link] now"),
        ("see https://jo@evil.example/a", "see [link]"),
        ("see HTTP://EVIL.EXAMPLE", "see [link]"),
        ("see www.evil.example/pay.", "see [link]"),
        ("go to evil.co.uk/pay or evil.com", "go to [link] or [link]"),
        ("go to bit.ly/abc", "go to [link]"),
        ("click javascript:alert(1)", "click [link]"),
        ("write to jo.bloggs@example.org please", "write to [email address] please"),
        ("mailto:jo@example.org", "[link]"),
        ("ring 07700 900123", "ring [phone number]"),
        ("ring 0770 090 0123.", "ring [phone number]."),
        ("ring +44 7700 900123", "ring [phone number]"),
        ("ring (01632) 960-101 today", "ring [phone number] today"),
        ("ring 01632960101", "ring [phone number]"),
        ("account 1234567890", "account [number]"),
        ("card 4444 3333 2222 1111", "card [number]"),
        ("I live at 14 Elm Road, NM1 2AB", "I live at [address], [postcode]"),
        ("I live at 14 elm road nm12ab", "I live at [address] [postcode]"),
        ("at 3 Kestrel Court since May", "at [address] since May"),
        ("the people in flat 12b", "the people in [address]"),
    ],
)
def test_what_leads_away_or_tells_where_somebody_lives_is_taken_out(said, repeated):
    assert without_places(said) == repeated


@pytest.mark.parametrize(
    "said",
    [
        "I rang on 01/02/2024 and on 3.4.2024 at 10.30",
        "on 2024-03-12 and 12-03-2024 nobody came",
        "job 770231 and repair R1234567",
        "I waited 3 weeks in the cold and 2 men came to the house",
        "I pay £1,106.40 and lost £2000",
        "it was 19.5 degrees at 6.50am",
        "the 2 lifts down my road",
        "block 2, floor 14, 31 October 2023",
    ],
)
def test_dates_sums_and_repair_numbers_stay(said):
    assert without_places(said) == said


def test_a_missing_blank_after_a_full_stop_loses_the_link_and_keeps_the_words():
    assert without_places("it was done.me and my son waited") == "it was done. me and my son waited"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a\u202eb\u200bc\u2066d\ufeff", "abcd"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("a\u00a0b\tc", "a b c"),
        ("\ud800x\U000e0041", "x"),
        ("Ünïcödé “quotes” – żółw 漢字 عربى 👍", "Ünïcödé “quotes” – żółw 漢字 عربى 👍"),
    ],
)
def test_what_cannot_be_seen_is_left_out(said, shown):
    assert visible(said) == shown


@pytest.mark.parametrize(
    "words",
    [
        "you IDIOTS",
        "f**k off",
        "what a f*cking joke",
        "sh1t",
        "I'll smash your face",
        "i will kill you",
        "Bastards",
        "cunt",
        "shitty",
        "you total idiot",
        "fuk this",
        "fuckers",
    ],
)
def test_abuse_and_threats_are_known(words):
    assert is_abusive(words)


@pytest.mark.parametrize(
    "words",
    [
        "the bloody lift",
        "Scunthorpe",
        "the bastardised plan",
        "I'll kill time",
        "cockroaches everywhere",
        "the fire retardant cladding",
        "a fuchsia door",
        "scum on the water",
        "chinks in the window frame",
        "spastic diplegia",
        "I felt like an idiot",
        "shitake",
        "I will find out",
        "damn cold",
        "Mr Prickett came",
        "I will find the form",
        "pakora",
        "shift work",
        "retained",
    ],
)
def test_plain_anger_and_look_alikes_are_no_abuse(words):
    assert not is_abusive(words)


@pytest.mark.parametrize("unit", ["a", "0", "@", ".", "a.", "0 ", "(0", "www.", "://", "flat ", "1 ab ", "[", "f", "f*", "£0"])
def test_the_work_grows_no_faster_than_the_text(unit):
    def cost(repeats: int) -> float:
        text, best = unit * repeats, float("inf")
        for _ in range(3):
            began = time.process_time()
            is_abusive(without_places(visible(text)))
            best = min(best, time.process_time() - began)
        return best

    # Ten times the text at a hundred times the cost would be quadratic; a floor keeps the clock's grain out of it.
    assert cost(20_000) < 40 * max(cost(2_000), 0.002)
