"""The machine's reasons as staff read them, whatever it was unsure of."""

import json
import re
from pathlib import Path

import pytest

from classifiers.pipeline import load
from classifiers.verdict import Text
from desk.web.words import plain

CORPUS = Path(__file__).resolve().parents[3] / "classifiers" / "corpus" / "elsewhere-and-chat.jsonl"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("unsure: 0.93 for out_of_scope, 0.98 is asked", "the machine is 93% sure that it is out of scope, and needs 98%"),
        ("torn: 0.45 for asb_report, 0.40 for complaint", "the machine is torn between ASB report (45%) and complaint (40%)"),
        (
            "complaint_possible: 0.062 for complaint, under 0.030 is asked",
            "it may be a complaint: 6.2%, where only less than 3% rules that out",
        ),
        ("sure: 1.00 for service_request", "the machine is sure: service request, 100%"),
        ("no_words: holds no words", "holds no words"),
        ("confirm or correct the drafted definition (Code 5.6)", "confirm or correct the drafted definition (Code 5.6)"),
        ("a colleague wrote: torn: between two", "a colleague wrote: torn: between two"),
    ],
)
def test_a_reason_is_said_in_words(why, said):
    assert plain(why) == said


def test_no_reason_that_the_classifier_gives_is_left_in_its_own_code():
    judge = load(None)
    entries = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    texts = [Text(channel=entry["channel"], subject=entry["subject"], text=entry["text"]) for entry in entries]
    reasons = {judge.classify(text).why for text in (*texts, Text(channel="email", subject="", text="?"))}
    assert len({why.split(":")[0] for why in reasons}) > 4
    assert not {why: plain(why) for why in reasons if re.search(r"_|\d\.\d\d|: .* is asked", plain(why))}
