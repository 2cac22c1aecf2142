"""What the encoder is taught to hear past: signatures of every kind, none of which says what a message is about."""

from __future__ import annotations

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from classifiers.tuning.signatures import FIRMS, FIRST, NOTICES, SENT_FROM, signature

MANY = [signature(random.Random(number)) for number in range(2_000)]


@given(st.integers())
def test_the_same_lots_draw_the_same_signature_with_somebodys_name(number):
    drawn = signature(random.Random(number))
    assert drawn == signature(random.Random(number))
    assert any(f"{name} " in drawn for name in FIRST)


def test_of_many_signatures_hardly_two_are_alike_and_every_kind_of_line_comes_up():
    assert len(set(MANY)) > 1_900
    for kind in (*FIRMS, *NOTICES, *SENT_FROM, "Regards", "www.", "London SE", "@"):
        assert any(kind in one for one in MANY), kind


def test_nobody_can_be_rung_or_written_to_by_them():
    hosts = {host for one in MANY for host in re.findall(r"(?:@|www\.|https://)([^\s/]+)", one)}
    assert hosts and all(host.endswith(".example") for host in hosts)
    # Ofcom keeps these ranges free for drama.
    numbers = {found for one in MANY for found in re.findall(r"\b0[\d ]{8,}\d", one)}
    assert numbers and all(re.match(r"0(20 7946|7700 900|161 496|113 496) \d{3}$", number) for number in numbers)
