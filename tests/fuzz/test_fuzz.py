"""Mails that nobody wrote keep every promise of reading; a few here, and for as long as one likes by ``python -m tests.fuzz``."""

from __future__ import annotations

import dataclasses
import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from intake.html_text import HtmlText
from intake.message import Attachment, Reading, Sender
from intake.quoting import NewText
from tests.fuzz import book as books
from tests.fuzz import checks
from tests.fuzz.book import Book, TooSlow
from tests.fuzz.mutating import LONGEST, mutated, seeds
from tests.fuzz.shapes import Raw, shape

# Building a mail may take long on a busy machine, and that says nothing of the reader.
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@calm
@given(shape("mail"))
def test_mails_of_any_shape_keep_every_promise(raw: Raw) -> None:
    checks.check_mail(raw)


@calm
@given(shape("files"))
def test_files_of_any_shape_are_looked_into(raw: Raw) -> None:
    checks.check_files(raw)


@calm
@given(shape("quoting"))
def test_words_and_html_of_any_shape_are_split_without_a_loss(raw: Raw) -> None:
    checks.check_quoting(raw)


@calm
@given(shape("html"))
def test_html_of_any_shape_is_walked(raw: Raw) -> None:
    checks.check_html(raw)


GOOD = Reading(text="a b", new_text="a b", new_ranges=((0, 3),), content_key="k")
FILE = Attachment(name="a.txt", type="text/plain", size=1, sha256=hashlib.sha256(b"x").hexdigest(), inline=False, content=b"x")
BROKEN = {
    "an exception that the reader caught": {"problems": ("could_not_be_read:ValueError",), "unreadable": True},
    "a NUL": {"subject": "a\x00b"},
    "a lone surrogate deep inside": {"headers": {"x": ("a", "\udcff")}},
    "a lone surrogate in a name": {"sender": Sender(address=None, name="\ud800")},
    "a range beyond the text": {"new_ranges": ((0, 4),)},
    "ranges out of order": {"new_ranges": ((2, 3), (0, 1))},
    "a new word that stands nowhere": {"new_text": "a b c"},
    "a new word lost": {"new_text": "a"},
    "a file that leads elsewhere": {"attachments": (dataclasses.replace(FILE, name="../a"),)},
    "a file without a name": {"attachments": (dataclasses.replace(FILE, name=".."),)},
    "a file of another size": {"attachments": (dataclasses.replace(FILE, size=2),)},
    "no key": {"content_key": ""},
    "unreadable without a reason": {"unreadable": True},
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_promise_of_a_reading_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "read", lambda *_: dataclasses.replace(GOOD, attachments=(FILE,)))
    checks.check_mail(b"")
    monkeypatch.setattr(checks, "read", lambda *_: dataclasses.replace(GOOD, **BROKEN[fault]))
    with pytest.raises((AssertionError, UnicodeEncodeError)):
        checks.check_mail(b"")


def test_a_word_that_the_splitter_loses_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "split", lambda *_, **__: NewText(new_text="a", quoted="", new_ranges=((0, 1),)))
    with pytest.raises(AssertionError):
        checks.check_quoting(b"a b")


def test_a_quotation_that_stands_nowhere_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "html_text", lambda _: HtmlText(text="a", quoted=((0, 2),)))
    with pytest.raises(AssertionError):
        checks.check_html(b"a")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(folder=tmp_path, target="mail", check=_choosy)


def _choosy(raw: bytes) -> None:
    if raw == b"bad":
        raise ValueError("bad")


def test_a_fault_is_raised_until_it_is_known_and_then_counted(book: Book) -> None:
    book.tried(b"good")
    with pytest.raises(ValueError, match="bad") as fault:
        book.tried(b"bad")
    book.found(fault.value)
    book.tried(b"bad")
    assert (book.told.executions, book.told.repeats) == (2, 1)
    assert [Path(path).read_bytes() for path in book.told.findings.values()] == [b"bad"]
    book.write()
    assert Book(folder=book.folder, target="mail", check=_choosy).told == book.told


@pytest.mark.parametrize(
    ("size", "spent", "is_slow"), [(10, 0.9, False), (10, 1.1, True), (LONGEST, 1.1, True), (2 * LONGEST, 1.9, False)]
)
def test_more_than_a_second_for_a_mail_of_100_kb_is_a_fault(
    book: Book, monkeypatch: pytest.MonkeyPatch, size: int, spent: float, is_slow: bool
) -> None:
    ticks: Iterator[float] = (number * 5.0 for number in count())
    monkeypatch.setattr(books.time, "process_time", lambda: next(ticks))
    monkeypatch.setattr(books, "alone", lambda *_: spent)
    if is_slow:
        with pytest.raises(TooSlow):
            book.tried(b"x" * size)
    else:
        book.tried(b"x" * size)
    assert (book.told.slowest, book.told.slowest_size) == (spent, size)


@pytest.mark.parametrize("target", checks.CHECKS)
def test_what_was_drawn_and_what_it_is_drawn_from_print_short(target: str) -> None:
    # Hypothesis warns of a print of 30 kB, and as a warning is an error the finding itself would never be shown.
    assert len(repr(shape(target))) < 20_000
    assert len(repr(Raw(b"x" * LONGEST))) < 500
    assert repr(Raw(b"short")) == "Raw(b'short')"


@pytest.mark.parametrize("target", checks.CHECKS)
def test_changed_seeds_differ_and_stay_as_long_as_may_be(target: str) -> None:
    known = seeds(target)
    assert len(known) > 20
    made = {mutated(known[0], random.Random(number), known, 5_000) for number in range(50)}
    assert len(made) > 30
    assert max(map(len, made)) <= 5_000


@pytest.mark.parametrize("engine", ["hypothesis", "atheris"])
def test_a_run_says_what_it_did_or_what_it_needs(engine: str, tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "tests.fuzz", "--engine", engine, "--minutes", "0.02", "--folder", str(tmp_path)]
    done = subprocess.run(asked, cwd=books.ROOT, capture_output=True, check=False, text=True, timeout=120)
    if find_spec(engine) is None:
        assert done.returncode == 1
        assert "docs/mail.md" in done.stderr
    else:
        assert done.returncode == 0, done.stdout
        assert "FOUND" not in done.stdout
        assert " 0 executions" not in done.stdout
