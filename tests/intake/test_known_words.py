"""What we sent, quoted without any mark, is taken out of a reply's new words; a resident's own words never are."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.known_runs import AT_ONCE, WORD, held
from intake.known_words import difference
from intake.quoting import split

HERS = "There is black mould in my son's bedroom and he has asthma and coughs all night. Please send somebody."
OURS = f"""We have your message

Your reference: LBL-26-4F7K2P-9D
We got your message on: Tuesday 3 March 2026

Thank you for writing to us. Your message is safe with us. You can use your reference when you write or phone.

What happens next

The Repairs Team looks after your message. A person will read it by Wednesday 4 March 2026.

As we understand it:
1. {HERS}

Housing, 1 Example Street, Northmere
"""
SENT, RECEIVED = held([OURS]), held([HERS])
FLAT = " ".join(OURS.split())
WROTE = "On 3 March 2026 at 10:02, Housing <housing@landlord.example> wrote:"
TAKEN_OUT = [
    ("below the answer", f"Still wet.\n\n{OURS}", "Still wet."),
    ("above the answer", f"{OURS}\n\nStill wet, and nobody came.", "Still wet, and nobody came."),
    ("around the answer", OURS.replace("What happens next", "Still wet.\n\nWhat happens next"), "Still wet."),
    ("on the same line", f"Still wet. {FLAT}", "Still wet."),
    ("on the next line, without a full stop", f"Still wet\n{OURS}", "Still wet"),
    ("broken into other lines", "Still wet.\n\n" + OURS.replace("safe with us", "safe\nwith us"), "Still wet."),
    ("with the program's line above it", f"Still wet.\n\n{WROTE}\n{OURS}", "Still wet."),
    ("with the marks of a program", "Still wet.\n\n" + "\n".join(f"| {line}" for line in OURS.split("\n")), "Still wet."),
    ("in capitals", f"Still wet.\n\n{OURS.upper()}", "Still wet."),
    (
        "one sentence of it",
        "You wrote:\nA person will read it by Wednesday 4 March 2026.\nNobody did.",
        "You wrote:\nNobody did.",
    ),
    ("below one word", f"Yes\n\n{OURS}", "Yes"),
    ("below a sign", f"\N{THUMBS UP SIGN}\n\n{OURS}", "\N{THUMBS UP SIGN}"),
    ("with what she wrote first below it", f"Still wet.\n\n{OURS}\n{WROTE.replace('Housing', 'Ada')}\n{HERS}", "Still wet."),
]
STAYS = [
    ("her own words, said again", HERS),
    ("our words in a sentence of hers", "It says a person will read it by Wednesday 4 March 2026, and nobody has."),
    ("our words in lines of hers", "You said\nthat your message is safe with us. You can use your reference\nand I did."),
    ("our letter alone", OURS),
    ("few words of ours", "Your message is safe with us. What happens next"),
]
SAID_AGAIN = [f"{HERS}\n\n{OURS}", f"{OURS}\n\n{HERS}"]


def left(text: str) -> str | None:
    found = difference(text, ((0, len(text)),), SENT, RECEIVED)
    return found and found.new_text


@pytest.mark.parametrize(("text", "new"), [row[1:] for row in TAKEN_OUT], ids=[row[0] for row in TAKEN_OUT])
def test_a_letter_of_ours_goes_though_no_mark_says_that_it_is_quoted(text, new):
    assert left(text) == new


@pytest.mark.parametrize("text", [row[1] for row in STAYS], ids=[row[0] for row in STAYS])
def test_what_a_resident_may_have_meant_to_say_stays(text):
    assert left(text) is None


@pytest.mark.parametrize("text", SAID_AGAIN, ids=["above our letter", "below our letter"])
def test_a_resident_may_say_again_what_our_letter_repeats(text):
    assert left(text) == HERS


def test_it_adds_to_what_quote_marks_tell():
    text = f"Still wet.\n\n{OURS}\n\n> {WROTE}\n> something older"
    found = difference(text, split(text).new_ranges, SENT, RECEIVED)
    assert found is not None
    assert found.new_text == "Still wet."


SENTENCES = st.sampled_from([*OURS.splitlines(), *HERS.split(". "), FLAT, WROTE, "Ada wrote:", "> Thank you", "", "-- "])
OWN = st.text(alphabet="abcdefghij .,\n?!", min_size=1, max_size=60)


@given(st.lists(st.one_of(SENTENCES, OWN), max_size=25).map("\n".join))
@settings(max_examples=300)
def test_no_word_goes_that_is_not_held_in_a_run_of_words(text):
    found = difference(text, ((0, len(text)),), SENT, RECEIVED)
    if found is None:
        return
    words = [match[0].casefold() for match in WORD.finditer(text)]
    runs = SENT.runs | RECEIVED.runs
    places = [match.start() for match in WORD.finditer(text)]
    covered = set()
    for place in range(len(words) - AT_ONCE + 1):
        if " ".join(words[place : place + AT_ONCE]) in runs:
            covered |= set(range(place, place + AT_ONCE))
    lines_of_programs = {"on", "wrote", "ada", "housing", "landlord", "example", "at", "02", "10", "3", "march", "2026"}
    for number, place in enumerate(places):
        gone = any(start <= place < end for start, end in found.known)
        assert not gone or number in covered or words[number] in lines_of_programs


@given(st.lists(st.one_of(SENTENCES, OWN), max_size=25).map("\n".join))
@settings(max_examples=300)
def test_what_stays_and_what_goes_are_the_text_itself(text):
    found = difference(text, ((0, len(text)),), SENT, RECEIVED)
    if found is None:
        return
    pieces = sorted([*found.new_ranges, *found.known])
    assert all(one[1] <= other[0] for one, other in pairwise(pieces))
    words = [word for start, end in pieces for word in WORD.findall(text[start:end])]
    assert words == WORD.findall(text)
    assert WORD.findall(found.new_text) == [w for start, end in found.new_ranges for w in WORD.findall(text[start:end])]


@given(st.lists(OWN, min_size=1, max_size=10).map(" ".join))
@settings(max_examples=200)
def test_a_residents_own_words_stay_beside_a_quoted_letter(own):
    kept = left(f"{own}\n\n{OURS}")
    assert kept is None or kept.split() == own.split() or not WORD.search(own)


HOSTILE = {
    "our letter over and over": OURS * 200,
    "one word": "safe " * 25_000,
    "half a sentence": "Thank you for writing to us. Your message is safe with us x " * 2_000,
    "program's lines": f"{WROTE}\n{OURS}" * 150,
    "header lines": ("From: a <a@b.example>\nSent: today 10:00\nTo: b\nSubject: c\n" + OURS) * 120,
    "blank lines": "\n" * 60_000 + OURS,
    "blanks": " " * 60_000 + OURS,
    "marks": ">" * 60_000 + OURS,
}


def test_hostile_mails_take_no_more_than_linear_time():
    program = (
        "from intake.known_runs import held\nfrom intake.known_words import difference\n"
        f"ours, hers = held([{OURS!r}]), held([{HERS!r}])\n"
        f"for text in {list(HOSTILE.values())!r}: difference(text, ((0, len(text)),), ours, hers)"
    )
    # A hang guard only: each is done in a tenth of a second, and a quadratic step would take minutes.
    done = subprocess.run([sys.executable, "-"], input=program.encode(), timeout=60, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
