"""What the rate of reading is measured on is what it says: ordinary mails, read whole and trimmed rightly."""

from __future__ import annotations

from benchmarks.parsing import lines, mails
from intake.message import MAIL
from intake.reading import read


def test_the_mails_are_ordinary_and_every_other_is_a_reply():
    raws = mails()
    assert 8_000 < sum(map(len, raws)) / len(raws) < 12_000
    for place, raw in enumerate(raws):
        found = read(raw, MAIL)
        assert found.problems == ()
        assert bool(found.quoted) is bool(place % 2)
        assert "wrote:" not in found.new_text
        assert found.sender.name == "Ann Müller"


def test_every_way_to_read_has_its_line():
    printed = list(lines(mails(number=2), seconds=0.01))
    assert len(printed) == 6
    assert all(line.count("|") == 5 for line in printed[2:])
