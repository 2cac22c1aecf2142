"""Two at once and in order: nothing is lost, nothing waits for what comes later, and memory does not grow with the file."""

import contextlib
import io
import json
import signal
import subprocess
import sys
import threading
from itertools import count

import pytest

from desk.commands.judging_lines import read_lines
from desk.commands.two_at_once import AHEAD, AT_ONCE, two_at_once

PATIENCE = 120


def test_results_come_in_the_order_of_what_was_given():
    late = threading.Event()

    def work(number):
        if number == 0:
            late.wait(PATIENCE)
        if number == 5:
            late.set()
        return number * number

    assert list(two_at_once(work, range(100))) == [number * number for number in range(100)]


def test_two_are_in_work_at_once_and_never_three():
    both = threading.Barrier(2)
    busy, most = [], []

    def work(number):
        busy.append(number)
        most.append(len(busy))
        both.wait(PATIENCE)
        busy.remove(number)

    assert len(list(two_at_once(work, range(20)))) == 20
    assert max(most) == 2


def test_no_more_is_taken_ahead_than_fits():
    taken = []

    def endless():
        for number in count():
            taken.append(number)
            yield number

    results = two_at_once(lambda number: number, endless())
    assert [next(results) for _ in range(5)] == list(range(5))
    results.close()
    # What was given out, what waits, what is in work, and one that waits for room.
    assert len(taken) <= 5 + AHEAD + AT_ONCE + 2


def test_who_gives_one_line_and_waits_gets_its_answer_before_the_next():
    answered = threading.Event()

    def one_by_one():
        yield "first"
        assert answered.wait(PATIENCE)
        yield "second"

    got = []
    for result in two_at_once(str.upper, one_by_one()):
        got.append(result)
        answered.set()
    assert got == ["FIRST", "SECOND"]


def test_what_the_work_raises_is_raised_at_its_place():
    results = two_at_once(lambda number: 1 // (number - 2), range(10))
    assert [next(results), next(results)] == [-1, -1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_what_giving_raises_is_raised_after_what_was_given():
    def broken():
        yield 1
        raise OSError("the disk is gone")

    results = two_at_once(lambda number: number, broken())
    assert next(results) == 1
    with pytest.raises(OSError, match="the disk is gone"):
        next(results)


def test_nothing_given_is_nothing_done():
    assert list(two_at_once(len, [])) == []


LINE = b'{"id": "1", "channel": "email", "subject": null, "text": "The tap in my kitchen drips, please send someone."}\n'


@pytest.fixture
def classifying():
    """Start `intake classify` as a process of its own, with pipes to write to and to read from."""
    started = []

    def start():
        # A shell lets what it starts in the background ignore interrupts, and that is handed on.
        heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        asked = [sys.executable, "-c", f"{heeding}; from desk.cli import main; main()", "classify"]
        process = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(PATIENCE)
        for pipe in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def end_of(process):
    """Wait until a process ends by itself though nobody closes its input, and return what it complained of."""
    process.wait(PATIENCE)
    return process.stderr.read().decode()


def test_an_answer_comes_while_the_input_is_still_open_and_an_interrupt_ends_the_program_cleanly(classifying):
    process = classifying()
    process.stdin.write(LINE)
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == "1"
    process.send_signal(signal.SIGINT)
    said = end_of(process)
    assert process.returncode > 0
    assert "Fatal" not in said
    assert "Traceback" not in said


def test_whoever_stops_listening_ends_the_program_cleanly(classifying):
    process = classifying()
    process.stdin.write(LINE)
    process.stdin.flush()
    assert process.stdout.readline()
    process.stdout.close()
    process.stdin.write(LINE * 3)
    process.stdin.flush()
    said = end_of(process)
    assert process.returncode > 0
    assert "Fatal" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("more", [b"", b"\n\n", LINE.rstrip(b"\n"), LINE * 2000])
def test_all_lines_of_standard_input_are_judged_the_last_without_its_end_too(more, monkeypatch):
    wanted = [json.loads(line) for line in (LINE + more).splitlines() if line]
    with io.BytesIO(LINE + more) as held:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(held))
        assert [line.fields for line in read_lines(())] == wanted
